#include "harness/run/saved_key.h"

#include <string.h>

enum { BITS_MAX = 1 << 20, OCTETS_MAX = 64 * 1024 };
#define CHARS_MAX (INT64_C(1) << 30)

static const char *const encodings[] = {
#define WORD(name, text) text,
    DC_KEY_ENCODINGS(WORD)};
static const char *const forms[] = {DC_KEY_FORMS(WORD)};

json_t *dc_given_key_json(const struct dc_given_key *key)
{
    if (key == NULL) {
        return json_null();
    }
    json_t *object = dc_json_object();
    dc_json_set(object, "notes", json_integer(key->notes));
    dc_json_set(object, "encoding", dc_json_string(encodings[key->encoding]));
    dc_json_set(object, "form", dc_json_string(forms[key->form]));
    dc_json_set(object, "algorithm", dc_json_string(key->algorithm));
    dc_json_set(object, "bits", json_integer(key->bits));
    dc_json_set(object, "chars", json_integer((json_int_t)key->n_chars));
    dc_json_set(object, "bad_at", json_integer((json_int_t)key->bad_at));
    dc_json_set(object, "public", dc_json_hex(key->octets, key->n_octets));
    return object;
}

static unsigned read_word(struct dc_json_reader *reader, const json_t *object, const char *name,
                          const char *const *words, unsigned n)
{
    const char *word = dc_json_text(reader, object, name, true);
    for (unsigned i = 0; word != NULL && i < n; i++) {
        if (strcmp(words[i], word) == 0) {
            return i;
        }
    }
    dc_json_wrong(reader, "\"%s\" of a key is none of ours", name);
    return 0;
}

static struct dc_given_key *read_object(struct dc_json_reader *reader, const json_t *object)
{
    struct dc_given_key *key = fdns_arena_alloc(reader->arena, sizeof *key);
    key->notes = (unsigned)dc_json_integer(reader, object, "notes", 0, DC_KEY_TEXT_NOTES, 0);
    key->encoding = (enum dc_key_encoding)read_word(reader, object, "encoding", encodings,
                                                    sizeof encodings / sizeof encodings[0]);
    key->form =
        (enum dc_key_form)read_word(reader, object, "form", forms, sizeof forms / sizeof forms[0]);
    key->algorithm = dc_json_text(reader, object, "algorithm", false);
    key->bits = (unsigned)dc_json_integer(reader, object, "bits", 0, BITS_MAX, 0);
    key->n_chars = (size_t)dc_json_integer(reader, object, "chars", 0, CHARS_MAX, 0);
    key->bad_at = (size_t)dc_json_integer(reader, object, "bad_at", 0, CHARS_MAX, 0);
    key->octets = dc_json_octets(reader, object, "public", OCTETS_MAX, &key->n_octets);
    return key;
}

// Some findings name the algorithm.
static void check_algorithm(struct dc_json_reader *reader, const struct dc_given_key *key)
{
    if (key->octets != NULL && key->algorithm == NULL) {
        dc_json_wrong(reader, "a key has no \"algorithm\"");
    }
}

const struct dc_given_key *dc_given_key_from_json(struct dc_json_reader *reader,
                                                  const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (json_is_string(value)) {
        return dc_given_key_read(reader->arena, json_string_value(value),
                                 json_string_length(value));
    }
    if (value == NULL || json_is_null(value)) {
        return NULL;
    }
    struct dc_given_key *key = read_object(reader, value);
    check_algorithm(reader, key);
    return key;
}
