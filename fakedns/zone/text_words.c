// Words of zone text: names, TTLs, and how they are called in messages.
#include "fakedns/base/suggest.h"
#include "fakedns/wire/words.h"
#include "fakedns/zone/text_parser.h"

#include <string.h>
#include <strings.h>

enum { TTL_MAX = 0x7fffffff };

const char *fdns_text_shown(struct fdns_text_parser *parser, const struct fdns_zone_word *word)
{
    enum { SHOWN_MAX = 80 };
    size_t len = word->len < SHOWN_MAX ? word->len : SHOWN_MAX;
    return fdns_arena_string_n(&parser->scratch, word->text, len);
}

const char *fdns_text_string(struct fdns_text_parser *parser, const struct fdns_zone_word *word)
{
    return fdns_arena_string_n(&parser->scratch, word->text, word->len);
}

bool fdns_text_is(const struct fdns_zone_word *word, const char *text)
{
    return strlen(text) == word->len && strncasecmp(word->text, text, word->len) == 0;
}

const uint8_t *fdns_text_name(struct fdns_text_parser *parser, const struct fdns_zone_word *word)
{
    if (fdns_text_is(word, "@")) {
        return parser->origin;
    }
    uint8_t name[FDNS_NAME_MAX];
    enum fdns_error error = fdns_name_parse(fdns_text_string(parser, word), parser->origin, name);
    if (error == FDNS_OK && word->text[0] != '"') {
        return fdns_name_copy(parser->arena, name);
    }
    FDNS_REPORT(parser, FDNS_ERROR, word,
                error == FDNS_TOO_LARGE ? "\"%s\" is longer than a name may be (RFC 1035 2.3.4)"
                                        : "\"%s\" is no domain name",
                fdns_text_shown(parser, word));
    return NULL;
}

const char *fdns_text_guess(struct fdns_text_parser *parser, const struct fdns_zone_word *word,
                            const char *const *words, size_t n)
{
    const char *guess = fdns_suggest(fdns_text_string(parser, word), words, n);
    return guess == NULL ? "" : fdns_arena_format(&parser->scratch, " (did you mean %s?)", guess);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum fdns_ttl_reading fdns_text_ttl(struct fdns_text_parser *parser,
                                    const struct fdns_zone_word *word, uint32_t *ttl)
{
    uint64_t total = 0;
    bool too_large = false;
    for (size_t i = 0; i < word->len;) {
        uint64_t number = 0;
        size_t start = i;
        for (; i < word->len && is_digit(word->text[i]); i++) {
            number = number * 10 + (uint64_t)(word->text[i] - '0');
            too_large |= number > TTL_MAX;
            number = number > TTL_MAX ? TTL_MAX : number;
        }
        uint64_t unit = i < word->len ? fdns_word_unit(word->text[i]) : 1;
        if (i == start || unit == 0) {
            return FDNS_NO_TTL;
        }
        i++;
        total += number * unit;
        too_large |= total > TTL_MAX;
        total = total > TTL_MAX ? TTL_MAX : total;
    }
    if (word->len == 0) {
        return FDNS_NO_TTL;
    }
    if (too_large) {
        FDNS_REPORT(parser, FDNS_ERROR, word, "TTL \"%s\" is over 2147483647 seconds (RFC 2181 8)",
                    fdns_text_shown(parser, word));
        return FDNS_BAD_TTL;
    }
    *ttl = (uint32_t)total;
    return FDNS_GOOD_TTL;
}
