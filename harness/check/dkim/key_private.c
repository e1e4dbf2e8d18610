// A private key anywhere in the text of a record, with or without p=, blanks, quotes and armour.
#include "harness/check/dkim/base64.h"
#include "harness/check/dkim/container.h"
#include "harness/check/dkim/key_read.h"
#include "harness/check/dkim/tags.h"

#include <string.h>

static bool contains(const struct dc_key *key, const char *part, size_t *at)
{
    const char *found = memmem(key->text, key->text_len, part, strlen(part));
    if (found != NULL) {
        *at = (size_t)(found - key->text);
    }
    return found != NULL;
}

static bool is_base64(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

// Into run the base64 that begins at *at, without blanks and quotes in it; *at moves past it.
static void take_run(const struct dc_key *key, char *run, size_t *at, size_t *len)
{
    *len = 0;
    for (; *at < key->text_len; (*at)++) {
        char c = key->text[*at];
        if (is_base64(c)) {
            run[(*len)++] = c;
        } else if (!dc_tags_is_blank(c) && c != '"' && c != '\\') {
            break;
        }
    }
    while (*len % 4 > 1) {
        run[(*len)++] = '='; // what padding there was has ended the run
    }
}

void dc_key_find_private(struct dc_key *key, struct fdns_arena *arena)
{
    enum { PRIVATE_MIN = 64 }; // shorter than any in base64
    size_t at = 0;
    if (contains(key, "PRIVATE KEY-----", &at)) {
        key->flaw = DC_KEY_PRIVATE;
        key->place = (struct dc_span){at, strlen("PRIVATE KEY-----")};
        return;
    }
    char *run = fdns_arena_alloc(arena, key->text_len + 4);
    for (at = 0; at < key->text_len; at++) {
        size_t begin = at;
        size_t len;
        size_t n;
        size_t bad_at;
        unsigned bits;
        const uint8_t *octets;
        take_run(key, run, &at, &len);
        if (len >= PRIVATE_MIN && dc_base64_decode(arena, run, len, &octets, &n, &bad_at) &&
            dc_container_of(octets, n, &bits) == DC_CONTAINER_PRIVATE) {
            key->flaw = DC_KEY_PRIVATE;
            key->place = (struct dc_span){begin, at - begin};
            return;
        }
    }
}
