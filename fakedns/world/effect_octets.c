// Effects on the octets of the message, whatever they mean.
#include "fakedns/world/effect.h"
#include "fakedns/world/state.h"

#include <string.h>

enum { ID_LEN = 2, BEFORE_END = FDNS_N_SECTIONS };
static const char *const before_words[] = {"answer", "authority", "additional", "end"};

struct octets {
    const uint8_t *data; // NULL: none
    size_t len;
};

struct octets_edit {
    struct octets raw, replace, insert, append;
    size_t replace_at;
    size_t insert_before; // a section, or BEFORE_END
    bool has_keep;
    size_t random, flip, cut, keep;
};

// --- schema

static const struct fdns_schema_type n_octets = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "octets", .min = 0, .max = FDNS_MESSAGE_MAX};
static const struct fdns_schema_type n_bits = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number of bits", .min = 1, .max = FDNS_MESSAGE_MAX};
static const struct fdns_schema_type before_type = {
    .kind = FDNS_SCHEMA_WORD, .name = "section", .words = before_words, .n_words = 4};
static const struct fdns_schema_key replace_keys[] = {
    {.name = "at",
     .type = &n_octets,
     .required = true,
     .doc = "From this offset on, as far as the message goes.",
     .example = "2"},
    {.name = "hex",
     .type = &fdns_type_hex,
     .required = true,
     .doc = "These octets.",
     .example = "\"ffff\""},
};
static const struct fdns_schema_type replace_type = {.kind = FDNS_SCHEMA_RECORD,
                                                     .name = "octets in place",
                                                     .doc = "Octets in the place of others.",
                                                     .keys = replace_keys,
                                                     .n_keys = 2};
static const struct fdns_schema_key insert_keys[] = {
    {.name = "before",
     .type = &before_type,
     .required = true,
     .doc = "The section whose first record they stand before, or the `end` of the message.",
     .example = "authority"},
    {.name = "hex",
     .type = &fdns_type_hex,
     .required = true,
     .doc = "These octets.",
     .example = "\"00\""},
};
static const struct fdns_schema_type insert_type = {.kind = FDNS_SCHEMA_RECORD,
                                                    .name = "octets between",
                                                    .doc = "Octets between two sections.",
                                                    .keys = insert_keys,
                                                    .n_keys = 2};
static const struct fdns_schema_key keys[] = {
    {.name = "raw",
     .type = &fdns_type_hex,
     .doc = "These are the whole message; its first two octets become the query's id.",
     .example = "\"000084000000000000000000\""},
    {.name = "replace",
     .type = &replace_type,
     .doc = "Octets in the place of others.",
     .example = "{ at: 2, hex: \"0000\" }"},
    {.name = "insert",
     .type = &insert_type,
     .doc = "Octets between two sections.",
     .example = "{ before: authority, hex: \"00\" }"},
    {.name = "append",
     .type = &fdns_type_hex,
     .doc = "Octets behind the last record.",
     .example = "c0ffee"},
    {.name = "random",
     .type = &n_octets,
     .doc = "So many octets behind it, drawn by chance.",
     .example = "20"},
    {.name = "flip",
     .type = &n_bits,
     .doc = "So many bits are turned, drawn by chance; never those of the id.",
     .example = "3"},
    {.name = "cut",
     .type = &n_octets,
     .doc = "So many octets are missing at the end.",
     .example = "3"},
    {.name = "keep",
     .type = &n_octets,
     .doc = "At most so many octets are left: 12 is the header alone, 0 an empty message.",
     .example = "12"},
};
const struct fdns_schema_type fdns_type_octets_edit = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "octets",
    .doc = "What becomes of the octets of the encoded message, in the order of this table. The "
           "header's counts stay as they are; `counts` changes them.",
    .keys = keys,
    .n_keys = sizeof(keys) / sizeof(keys[0])};

// --- reading

static struct octets read_hex(struct fdns_rule_reading *reading, const struct fdns_node *map,
                              const char *key)
{
    struct octets octets = {0};
    const char *text = fdns_node_text(map, key);
    if (text != NULL) {
        octets.data = fdns_hex_octets(&reading->world->arena, text, &octets.len);
    }
    return octets;
}

static size_t read_number(const struct fdns_node *map, const char *key)
{
    const struct fdns_node *node = fdns_node_find(map, key);
    return node != NULL ? (size_t)fdns_node_integer(node) : 0;
}

const void *fdns_read_octets_edit(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct octets_edit *edit = fdns_arena_alloc(&reading->world->arena, sizeof(*edit));
    const struct fdns_node *replace = fdns_node_find(node, "replace");
    const struct fdns_node *insert = fdns_node_find(node, "insert");
    edit->raw = read_hex(reading, node, "raw");
    edit->replace = read_hex(reading, replace, "hex");
    edit->replace_at = read_number(replace, "at");
    edit->insert = read_hex(reading, insert, "hex");
    edit->insert_before = fdns_word_index(&before_type, fdns_node_text(insert, "before"));
    edit->append = read_hex(reading, node, "append");
    edit->random = read_number(node, "random");
    edit->flip = read_number(node, "flip");
    edit->cut = read_number(node, "cut");
    edit->has_keep = fdns_node_find(node, "keep") != NULL;
    edit->keep = read_number(node, "keep");
    return edit;
}

// --- the octets

// Puts them in at an offset, if the message does not grow too long.
static void put(struct fdns_message *message, size_t at, const struct octets *octets)
{
    if (octets->len > 0 && fdns_message_insert(message, at, octets->len)) {
        memcpy(message->octets + at, octets->data, octets->len);
    }
}

static void replace_all(struct fdns_message *message, const struct octets *raw)
{
    uint8_t id[ID_LEN] = {0};
    memcpy(id, message->octets, message->len < ID_LEN ? message->len : ID_LEN);
    message->len = 0;
    put(message, 0, raw);
    memcpy(message->octets, id, message->len < ID_LEN ? message->len : ID_LEN);
}

static void replace_some(struct fdns_message *message, size_t at, const struct octets *octets)
{
    if (at < message->len) {
        size_t room = message->len - at;
        memcpy(message->octets + at, octets->data, octets->len < room ? octets->len : room);
    }
}

// Where the first record of a section stands, or would.
static size_t start_of(const struct fdns_message *message, size_t section)
{
    struct fdns_view view;
    fdns_view_init(&view, message->arena, message->octets, message->len);
    for (size_t i = 0; i < view.n_rrs; i++) {
        if (view.rrs[i].section >= section) {
            return view.rrs[i].at;
        }
    }
    return section == BEFORE_END ? message->len : view.end;
}

static void append_random(struct fdns_message *message, size_t n, struct fdns_random *random)
{
    size_t at = message->len;
    if (n > 0 && fdns_message_insert(message, at, n)) {
        for (size_t i = 0; i < n; i++) {
            message->octets[at + i] = (uint8_t)fdns_random_below(random, UINT8_MAX + 1);
        }
    }
}

static void flip(struct fdns_message *message, size_t n, struct fdns_random *random)
{
    for (size_t i = 0; i < n && message->len > ID_LEN; i++) {
        uint64_t bit = fdns_random_below(random, (message->len - ID_LEN) * 8);
        message->octets[ID_LEN + bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

void fdns_bytes_octets(const void *value, const struct fdns_exchange *exchange,
                       struct fdns_message *message)
{
    const struct octets_edit *edit = value;
    struct fdns_random *random = fdns_world_state_random(exchange->state, exchange->rule);
    if (edit->raw.data != NULL) {
        replace_all(message, &edit->raw);
    }
    if (edit->replace.data != NULL) {
        replace_some(message, edit->replace_at, &edit->replace);
    }
    if (edit->insert.data != NULL) {
        put(message, start_of(message, edit->insert_before), &edit->insert);
    }
    put(message, message->len, &edit->append);
    append_random(message, edit->random, random);
    flip(message, edit->flip, random);
    message->len -= edit->cut < message->len ? edit->cut : message->len;
    if (edit->has_keep && edit->keep < message->len) {
        message->len = edit->keep;
    }
}
