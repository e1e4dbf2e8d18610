#include "fakedns/wire/rdata.h"

#include "fakedns/base/buf.h"
#include "fakedns/wire/codes.h"
#include "fakedns/wire/rdata_ldns.h"
#include "fakedns/wire/shape.h"
#include "fakedns/wire/words.h"

#include <arpa/inet.h>
#include <string.h>

enum { STRING_MAX = 255 };

// Where a parse stands. The first mistake is kept in why, and all that comes after it is skipped.
struct parse {
    struct fdns_arena *arena;
    const uint8_t *origin;
    struct fdns_buf out;
    const char *why;
};

#define FAIL(parse, ...) ((parse)->why = fdns_arena_format((parse)->arena, __VA_ARGS__))

static void add_name(struct parse *parse, const struct fdns_word *word)
{
    uint8_t name[FDNS_NAME_MAX];
    const uint8_t *origin = parse->origin != NULL ? parse->origin : fdns_name_root;
    if (strlen(word->text) != word->len || word->quoted) {
        FAIL(parse, "\"%.100s\" stands in quotes where a domain name is expected", word->text);
        return;
    }
    if (strcmp(word->text, "@") == 0) {
        fdns_buf_append(&parse->out, origin, fdns_name_len(origin));
        return;
    }
    switch ((int)fdns_name_parse(word->text, origin, name)) {
    case FDNS_OK:
        fdns_buf_append(&parse->out, name, fdns_name_len(name));
        return;
    case FDNS_TOO_LARGE:
        FAIL(parse, "\"%.100s\" is too long: a label has at most 63 octets, a name 255",
             word->text);
        return;
    default:
        FAIL(parse, "\"%.100s\" is no domain name: it has an empty label or a bad escape",
             word->text);
        return;
    }
}

static void add_number(struct parse *parse, const struct fdns_word *word, unsigned octets)
{
    uint32_t max = octets == 4 ? UINT32_MAX : (UINT32_C(1) << octets * 8) - 1;
    uint32_t number;
    if (!fdns_word_number(word, max, &number)) {
        FAIL(parse, "\"%.100s\" is not a number from 0 to %u", word->text, max);
        return;
    }
    while (octets-- != 0) {
        fdns_buf_u8(&parse->out, (uint8_t)(number >> octets * 8));
    }
}

// 5400, 1h30m: numbers with units add up, the last may stand without.
static bool read_seconds(const struct fdns_word *word, uint32_t *seconds)
{
    uint64_t sum = 0;
    const char *at = word->text;
    do {
        size_t n_digits = strspn(at, "0123456789");
        uint64_t number = 0;
        if (n_digits == 0 || n_digits > 10) {
            return false;
        }
        for (; n_digits != 0; n_digits--) {
            number = number * 10 + (uint64_t)(*at++ - '0');
        }
        uint32_t unit = *at != '\0' ? fdns_word_unit(*at++) : 1;
        sum += number * unit;
        if (unit == 0 || sum > UINT32_MAX) {
            return false;
        }
    } while (*at != '\0');
    *seconds = (uint32_t)sum;
    return !word->quoted;
}

static void add_seconds(struct parse *parse, const struct fdns_word *word)
{
    uint32_t seconds;
    if (read_seconds(word, &seconds)) {
        fdns_buf_u32(&parse->out, seconds);
    } else {
        FAIL(parse, "\"%.100s\" is no time in seconds, or too long", word->text);
    }
}

static void add_address(struct parse *parse, const struct fdns_word *word, int family)
{
    uint8_t address[16];
    if (word->quoted || inet_pton(family, word->text, address) != 1) {
        FAIL(parse, "\"%.100s\" is no %s address", word->text, family == AF_INET ? "IPv4" : "IPv6");
        return;
    }
    fdns_buf_append(&parse->out, address, family == AF_INET ? 4 : 16);
}

// The octets of a word in arena; NULL and the reason at a bad escape.
static const uint8_t *octets_of(struct parse *parse, const struct fdns_word *word, size_t *len)
{
    uint8_t *octets = fdns_arena_alloc(parse->arena, word->len);
    if (!fdns_word_octets(word, octets, len)) {
        FAIL(parse, "\"%.100s\" has a bad escape: \\DDD is a number from 000 to 255", word->text);
        return NULL;
    }
    return octets;
}

static void add_string(struct parse *parse, const struct fdns_word *word)
{
    size_t len;
    const uint8_t *octets = octets_of(parse, word, &len);
    if (octets == NULL) {
        return;
    }
    if (len > STRING_MAX) {
        FAIL(parse, "a string has at most 255 octets and this one has %zu: split it into several",
             len);
        return;
    }
    fdns_buf_u8(&parse->out, (uint8_t)len);
    fdns_buf_append(&parse->out, octets, len);
}

static void add_rest(struct parse *parse, const struct fdns_word *word)
{
    size_t len;
    const uint8_t *octets = octets_of(parse, word, &len);
    if (octets != NULL) {
        fdns_buf_append(&parse->out, octets, len);
    }
}

static void add_tag(struct parse *parse, const struct fdns_word *word)
{
    const char *alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (word->len == 0 || strspn(word->text, alphanumeric) != word->len) {
        FAIL(parse, "\"%.100s\" is no tag: a tag is made of letters and digits", word->text);
        return;
    }
    add_string(parse, word);
}

static void add_field(struct parse *parse, char field, const struct fdns_word *word)
{
    switch (field) {
    case 'n':
    case 'N':
        add_name(parse, word);
        break;
    case '1':
    case '2':
    case '4':
        add_number(parse, word, (unsigned)(field - '0'));
        break;
    case 'd':
        add_seconds(parse, word);
        break;
    case 'a':
        add_address(parse, word, AF_INET);
        break;
    case '6':
        add_address(parse, word, AF_INET6);
        break;
    case 'g':
        add_tag(parse, word);
        break;
    case 'r':
        add_rest(parse, word);
        break;
    default: // s, and each one of S
        add_string(parse, word);
        break;
    }
}

static void parse_shape(struct parse *parse, uint16_t type, const char *shape,
                        const struct fdns_words *words)
{
    char code[FDNS_CODE_TEXT_MAX];
    size_t n_fields = strlen(shape);
    bool open_ended = strcmp(shape, "S") == 0;
    fdns_type_print(type, code);
    if (words->n < n_fields) {
        FAIL(parse, "%s has %zu field%s, the text %zu", code, n_fields, n_fields == 1 ? "" : "s",
             words->n);
        return;
    }
    if (words->n > n_fields && !open_ended) {
        FAIL(parse, "\"%.100s\" is more than %s holds: it has %zu field%s",
             words->items[n_fields].text, code, n_fields, n_fields == 1 ? "" : "s");
        return;
    }
    for (size_t i = 0; i < words->n && parse->why == NULL; i++) {
        add_field(parse, open_ended ? 'S' : shape[i], &words->items[i]);
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static void add_hex(struct parse *parse, const struct fdns_word *word)
{
    if (word->quoted || word->len % 2 != 0) {
        FAIL(parse, "\"%.100s\" is not made of pairs of hex digits", word->text);
        return;
    }
    for (size_t i = 0; i < word->len; i += 2) {
        int high = hex_value(word->text[i]);
        int low = hex_value(word->text[i + 1]);
        if (high < 0 || low < 0) {
            FAIL(parse, "\"%.100s\" is not made of pairs of hex digits", word->text);
            return;
        }
        fdns_buf_u8(&parse->out, (uint8_t)(high << 4 | low));
    }
}

static bool is_generic(const struct fdns_words *words)
{
    return words->n != 0 && !words->items[0].quoted && strcmp(words->items[0].text, "\\#") == 0;
}

// RFC 3597 5. Known types as well, and without a look at what is inside: a record can be made
// wrong.
static void parse_generic(struct parse *parse, const struct fdns_words *words)
{
    uint32_t len;
    if (words->n < 2 || !fdns_word_number(&words->items[1], UINT16_MAX, &len)) {
        FAIL(parse, "after \\# comes the length, a number from 0 to 65535");
        return;
    }
    for (size_t i = 2; i < words->n && parse->why == NULL; i++) {
        add_hex(parse, &words->items[i]);
    }
    if (parse->why == NULL && parse->out.len != len) {
        FAIL(parse, "\\# says %u octets, the hex digits are %zu", len, parse->out.len);
    }
}

const uint8_t *fdns_rdata_parse(struct fdns_arena *arena, uint16_t type, const char *text,
                                const uint8_t *origin, uint16_t *len, const char **why)
{
    struct fdns_words words;
    const char *shape = fdns_shape(type);
    const char *bad_words = fdns_words_split(&words, arena, text);
    if (bad_words != NULL) {
        *why = bad_words;
        return NULL;
    }
    bool generic = is_generic(&words);
    if (!generic && (shape == NULL || !fdns_shape_complete(shape))) {
        return fdns_ldns_rdata(arena, type, &words, origin, len, why);
    }
    struct parse parse = {.arena = arena, .origin = origin};
    const uint8_t *rdata = NULL;
    fdns_buf_init(&parse.out, UINT16_MAX);
    if (generic) {
        parse_generic(&parse, &words);
    } else {
        parse_shape(&parse, type, shape, &words);
    }
    if (parse.why == NULL && parse.out.overflow) {
        FAIL(&parse, "the rdata is longer than 65535 octets");
    }
    if (parse.why == NULL) {
        rdata = fdns_arena_copy(arena, parse.out.data, parse.out.len);
        *len = (uint16_t)parse.out.len;
    } else {
        *why = parse.why;
    }
    fdns_buf_clear(&parse.out);
    return rdata;
}
