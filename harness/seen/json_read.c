#include "harness/seen/json.h"

#include <string.h>

void dc_json_wrong(struct dc_json_reader *reader, const char *format, ...)
{
    if (reader->why != NULL) {
        return;
    }
    va_list args;
    va_start(args, format);
    const char *what = fdns_arena_vformat(reader->arena, format, args);
    va_end(args);
    reader->why = reader->where != NULL
                      ? fdns_arena_format(reader->arena, "%s: %s", reader->where, what)
                      : what;
}

// The member, or NULL if it is absent, null, or the reader has failed.
static const json_t *member(const struct dc_json_reader *reader, const json_t *object,
                            const char *key)
{
    const json_t *value = reader->why == NULL ? json_object_get(object, key) : NULL;
    return value != NULL && !json_is_null(value) ? value : NULL;
}

const char *dc_json_text(struct dc_json_reader *reader, const json_t *object, const char *key,
                         bool required)
{
    const json_t *value = member(reader, object, key);
    if (value == NULL) {
        if (required) {
            dc_json_wrong(reader, "\"%s\" is missing", key);
        }
        return NULL;
    }
    if (!json_is_string(value)) {
        dc_json_wrong(reader, "\"%s\" is not a string", key);
        return NULL;
    }
    return fdns_arena_string_n(reader->arena, json_string_value(value), json_string_length(value));
}

int64_t dc_json_integer(struct dc_json_reader *reader, const json_t *object, const char *key,
                        int64_t min, int64_t max, int64_t otherwise)
{
    const json_t *value = member(reader, object, key);
    if (value == NULL) {
        return otherwise;
    }
    if (!json_is_integer(value)) {
        dc_json_wrong(reader, "\"%s\" is not an integer", key);
        return otherwise;
    }
    int64_t number = json_integer_value(value);
    if (number < min || number > max) {
        dc_json_wrong(reader, "\"%s\" is out of range", key);
        return otherwise;
    }
    return number;
}

static int nibble(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

static bool unhex(const char *hex, size_t n_octets, uint8_t *out)
{
    for (size_t i = 0; i < n_octets; i++) {
        int high = nibble(hex[2 * i]);
        int low = nibble(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

const uint8_t *dc_json_octets(struct dc_json_reader *reader, const json_t *object, const char *key,
                              size_t max, size_t *len)
{
    const json_t *value = member(reader, object, key);
    *len = 0;
    if (value == NULL) {
        return NULL;
    }
    size_t n_digits = json_string_length(value);
    if (!json_is_string(value) || n_digits % 2 != 0) {
        dc_json_wrong(reader, "\"%s\" is not a hexadecimal string", key);
        return NULL;
    }
    if (n_digits / 2 > max) {
        dc_json_wrong(reader, "\"%s\" is longer than %zu octets", key, max);
        return NULL;
    }
    uint8_t *octets = fdns_arena_alloc(reader->arena, n_digits / 2);
    if (!unhex(json_string_value(value), n_digits / 2, octets)) {
        dc_json_wrong(reader, "\"%s\" is not a hexadecimal string", key);
        return NULL;
    }
    *len = n_digits / 2;
    return octets;
}

const json_t *dc_json_list(struct dc_json_reader *reader, const json_t *object, const char *key,
                           size_t max)
{
    const json_t *value = member(reader, object, key);
    if (value == NULL) {
        return NULL;
    }
    if (!json_is_array(value)) {
        dc_json_wrong(reader, "\"%s\" is not an array", key);
        return NULL;
    }
    if (json_array_size(value) > max) {
        dc_json_wrong(reader, "\"%s\" has more than %zu elements", key, max);
        return NULL;
    }
    return value;
}

const char *const *dc_json_texts(struct dc_json_reader *reader, const json_t *object,
                                 const char *key, size_t max, size_t *n)
{
    const json_t *list = dc_json_list(reader, object, key, max);
    *n = json_array_size(list);
    const char **texts = fdns_arena_array(reader->arena, *n, sizeof *texts);
    for (size_t i = 0; i < *n; i++) {
        const json_t *text = json_array_get(list, i);
        if (!json_is_string(text)) {
            dc_json_wrong(reader, "\"%s\" holds something that is not a string", key);
            *n = 0;
            break;
        }
        texts[i] =
            fdns_arena_string_n(reader->arena, json_string_value(text), json_string_length(text));
    }
    return texts;
}
