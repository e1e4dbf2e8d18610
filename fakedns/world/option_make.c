// Makers of EDNS options: each writes what it knows of one option, looking at the query where it
// has to. All write into one buffer per answer.
#include "fakedns/world/effect_edns.h"

#include "fakedns/world/state.h"

#include <assert.h>
#include <string.h>

enum {
    OPTIONS_MAX = 65535, // octets of all
    CLIENT_COOKIE = 8,
};

struct writing {
    const struct fdns_option_plan *plan;
    const struct fdns_exchange *exchange;
    uint8_t *out; // OPTIONS_MAX octets
    size_t len;
    size_t last; // where the last option stands
};

struct fdns_option_maker {
    void (*write)(struct writing *writing);
};

static void put_u16(uint8_t *at, uint64_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put_u64(uint8_t *at, uint64_t value)
{
    for (unsigned i = 0; i < sizeof(value); i++) {
        at[i] = (uint8_t)(value >> (56 - 8 * i));
    }
}

// len octets of an option that is being written, zero; NULL if there is no more room.
static uint8_t *put_option(struct writing *writing, uint16_t code, size_t len)
{
    enum { FIXED = 4 };
    if (len > OPTIONS_MAX || writing->len + FIXED + len > OPTIONS_MAX) {
        return NULL;
    }
    uint8_t *at = writing->out + writing->len;
    writing->last = writing->len;
    writing->len += FIXED + len;
    put_u16(at, code);
    put_u16(at + 2, len);
    memset(at + FIXED, 0, len);
    return at + FIXED;
}

static void put_octets(struct writing *writing, uint16_t code, const uint8_t *octets, size_t len)
{
    uint8_t *data = put_option(writing, code, len);
    if (data != NULL && len > 0) {
        memcpy(data, octets, len);
    }
}

static const uint8_t *find_asked(const struct fdns_exchange *exchange, uint16_t wanted,
                                 uint16_t *len)
{
    const uint8_t *data = NULL;
    size_t at = 0;
    uint16_t code = 0;
    while (fdns_edns_next(&exchange->query->edns, &at, &code, &data, len)) {
        if (code == wanted) {
            return data;
        }
    }
    return NULL;
}

// --- makers

static void write_given(struct writing *writing)
{
    const struct fdns_option_plan *plan = writing->plan;
    put_octets(writing, plan->code, plan->octets, plan->len);
}

static void write_echo(struct writing *writing)
{
    const uint8_t *data = NULL;
    size_t at = 0;
    uint16_t code = 0, len = 0;
    while (fdns_edns_next(&writing->exchange->query->edns, &at, &code, &data, &len)) {
        put_octets(writing, code, data, len);
    }
}

static void write_ecs(struct writing *writing)
{
    enum { SCOPE_AT = 3, FIXED = 4 };
    uint16_t len = 0;
    const uint8_t *asked = find_asked(writing->exchange, FDNS_OPTION_ECS, &len);
    uint8_t *data = NULL;
    if (asked == NULL || len < FIXED ||
        (data = put_option(writing, FDNS_OPTION_ECS, len)) == NULL) {
        return;
    }
    memcpy(data, asked, len);
    data[SCOPE_AT] = (uint8_t)writing->plan->number;
}

enum cookie { SERVER, CHANGING, WRONG_CLIENT, CLIENT_ONLY, SHORT, LONG };
static_assert(LONG + 1 == FDNS_COOKIES, "a word for each");
const char *const fdns_cookie_words[FDNS_COOKIES] = {"server",      "changing", "wrong-client",
                                                     "client-only", "short",    "long"};

static size_t server_part_len(enum cookie cookie)
{
    switch (cookie) {
    case SERVER:
    case CHANGING:
    case WRONG_CLIENT:
        return 16;
    case CLIENT_ONLY:
        return 0;
    case SHORT:
        return 4;
    case LONG:
        return 33;
    }
    return 0;
}

// A server part that is the same for the same client and its cookie, unless it is to change. Nobody
// has to verify it, so that any hash will do.
static void fill_server_part(const struct writing *writing, uint8_t *data, size_t len)
{
    const struct fdns_exchange *exchange = writing->exchange;
    uint64_t hash = fdns_hash(0, data - CLIENT_COOKIE, CLIENT_COOKIE);
    hash = fdns_hash(hash, exchange->client.octets, sizeof(exchange->client.octets));
    if (writing->plan->number == CHANGING) {
        hash = fdns_random_next(fdns_world_state_random(exchange->state, exchange->rule));
    }
    for (size_t i = 0; i < len; i += sizeof(hash)) {
        uint8_t octets[sizeof(hash)];
        put_u64(octets, hash);
        memcpy(data + i, octets, len - i < sizeof(octets) ? len - i : sizeof(octets));
        hash = fdns_hash_u64(hash, i);
    }
}

// A query without a cookie is taken for one whose client part is zero.
static void write_cookie(struct writing *writing)
{
    enum cookie cookie = (enum cookie)writing->plan->number;
    uint16_t len = 0;
    const uint8_t *asked = find_asked(writing->exchange, FDNS_OPTION_COOKIE, &len);
    size_t server_len = server_part_len(cookie);
    uint8_t *data = put_option(writing, FDNS_OPTION_COOKIE, CLIENT_COOKIE + server_len);
    if (data == NULL) {
        return;
    }
    if (asked != NULL && len >= CLIENT_COOKIE) {
        memcpy(data, asked, CLIENT_COOKIE);
    }
    fill_server_part(writing, data + CLIENT_COOKIE, server_len);
    for (size_t i = 0; cookie == WRONG_CLIENT && i < CLIENT_COOKIE; i++) {
        data[i] ^= 0xff;
    }
}

const struct fdns_option_maker fdns_option_given = {write_given}, fdns_option_echo = {write_echo},
                               fdns_option_ecs = {write_ecs}, fdns_option_cookie = {write_cookie};

// --- adding

// Where the last of whole options stands.
static size_t last_of(const uint8_t *options, size_t len)
{
    enum { FIXED = 4 };
    size_t at = 0, next = 0;
    while (next + FIXED <= len) {
        at = next;
        next += FIXED + ((size_t)options[at + 2] << 8 | options[at + 3]);
    }
    return at;
}

void fdns_options_add(const struct fdns_option_list *list, const struct fdns_exchange *exchange,
                      struct fdns_reply *reply, uint16_t overrun)
{
    struct writing writing = {.exchange = exchange};
    if (list->n_items == 0 && overrun == 0) {
        return;
    }
    writing.out = fdns_arena_alloc(reply->arena, OPTIONS_MAX);
    if (reply->edns_options_len > 0) {
        memcpy(writing.out, reply->edns_options, reply->edns_options_len);
        writing.len = reply->edns_options_len;
        writing.last = last_of(writing.out, writing.len);
    }
    for (size_t i = 0; i < list->n_items; i++) {
        writing.plan = &list->items[i];
        writing.plan->maker->write(&writing);
    }
    if (overrun > 0) {
        enum { LOCAL_USE = 65001, LEN_AT = 2 };
        if (writing.len == 0) {
            put_option(&writing, LOCAL_USE, 0);
        }
        size_t len = writing.len - writing.last - 4;
        put_u16(writing.out + writing.last + LEN_AT, len + overrun);
    }
    reply->edns_options = writing.out;
    reply->edns_options_len = (uint16_t)writing.len;
}
