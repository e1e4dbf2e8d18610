// Options of the OPT record that effects make (effect_option.c reads them, option_make.c writes
// them).
#pragma once

#include "fakedns/world/effect.h"

enum {
    FDNS_OPTION_MAX = 4096,   // octets of one option,
    FDNS_PADDING_MAX = 65500, // and of one that only pads
    FDNS_COOKIES = 6,
};
extern const char *const fdns_cookie_words[FDNS_COOKIES];

struct fdns_option_maker;
extern const struct fdns_option_maker fdns_option_given, fdns_option_echo, fdns_option_ecs,
    fdns_option_cookie;

// How one option is made.
struct fdns_option_plan {
    const struct fdns_option_maker *maker;
    uint16_t code;
    const uint8_t *octets; // if it is always the same
    size_t len;
    uint64_t number; // else what the maker needs
};

struct fdns_option_list {
    struct fdns_option_plan *items;
    size_t n_items;
};

extern const struct fdns_schema_type fdns_type_cookie, fdns_type_ede, fdns_type_options;
extern const struct fdns_schema_type fdns_type_padding, fdns_type_u8, fdns_type_u16, fdns_type_u32;

// Their keys in the schema of `edns`.
#define FDNS_OPTION_ROWS                                                                           \
    {.name = "echo",                                                                               \
     .type = &fdns_type_boolean,                                                                   \
     .doc = "All options of the query come back as they are.",                                     \
     .example = "yes"},                                                                            \
        {.name = "nsid",                                                                           \
         .type = &fdns_type_text,                                                                  \
         .doc = "The server's identifier (RFC 5001).",                                             \
         .example = "ns1"},                                                                        \
        {.name = "cookie",                                                                         \
         .type = &fdns_type_cookie,                                                                \
         .doc =                                                                                    \
             "A cookie (RFC 7873): `server` is a proper one, the client's with the server's "      \
             "behind it; `changing` has another server part each time; `wrong-client` does not "   \
             "repeat the client's part; `client-only` has no server part; `short` has one of "     \
             "4 octets, `long` one of 33.",                                                        \
         .example = "wrong-client"},                                                               \
        {.name = "ecs",                                                                            \
         .type = &fdns_type_u8,                                                                    \
         .doc = "The client's subnet (RFC 7871) comes back with this scope.",                      \
         .example = "24"},                                                                         \
        {.name = "expire",                                                                         \
         .type = &fdns_type_u32,                                                                   \
         .doc = "The zone's expiry in seconds (RFC 7314).",                                        \
         .example = "604800"},                                                                     \
        {.name = "keepalive",                                                                      \
         .type = &fdns_type_duration,                                                              \
         .doc = "The idle time-out of TCP connections (RFC 7828), in steps of 100ms.",             \
         .example = "10s"},                                                                        \
        {.name = "padding",                                                                        \
         .type = &fdns_type_padding,                                                               \
         .doc = "So many octets of padding (RFC 7830).",                                           \
         .example = "100"},                                                                        \
        {.name = "ede",                                                                            \
         .type = &fdns_type_ede,                                                                   \
         .doc = "An extended error (RFC 8914), or several.",                                       \
         .example = "{ code: 18, text: prohibited }"},                                             \
    {                                                                                              \
        .name = "options", .type = &fdns_type_options,                                             \
        .doc = "Options octet by octet, as `hex` or as `text`.",                                   \
        .example = "[ { code: 65001, hex: c0ffee } ]"                                              \
    }

void fdns_options_read(struct fdns_rule_reading *reading, const struct fdns_node *edns,
                       struct fdns_option_list *list);
// Puts them behind those that the reply has; the length of the last one is overrun too large.
void fdns_options_add(const struct fdns_option_list *list, const struct fdns_exchange *exchange,
                      struct fdns_reply *reply, uint16_t overrun);
