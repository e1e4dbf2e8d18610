#include "fakedns/world/effect.h"

#include <string.h>

// --- numbers

// Digits at *text, which is moved behind them.
static bool take_number(const char **text, uint64_t *number)
{
    enum { MOST_DIGITS = 18 };
    const char *start = *text;
    *number = 0;
    for (; **text >= '0' && **text <= '9'; ++*text) {
        *number = *number * 10 + (uint64_t)(**text - '0');
    }
    return *text > start && *text - start <= MOST_DIGITS;
}

bool fdns_range_parse(const char *text, struct fdns_range *range)
{
    bool has_from = take_number(&text, &range->from);
    range->to = range->from;
    if (*text == '\0') {
        return has_from;
    }
    if (strncmp(text, "..", 2) != 0) {
        return false;
    }
    text += 2;
    bool has_to = take_number(&text, &range->to);
    if (!has_to) {
        range->to = UINT64_MAX;
    }
    return *text == '\0' && (has_from || has_to) && range->from <= range->to;
}

static const char *check_range(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    struct fdns_range range;
    return fdns_range_parse(text, &range) ? NULL : "write 512, 512..1232, 1232.. or ..511";
}

const struct fdns_schema_type fdns_type_range = {.kind = FDNS_SCHEMA_TEXT,
                                                 .name = "range of numbers",
                                                 .pattern =
                                                     "^([0-9]+(\\.\\.[0-9]*)?|\\.\\.[0-9]+)$",
                                                 .check = check_range};

// A number below 1,000 with up to four digits behind the point.
bool fdns_percent_parse(const char *text, uint32_t *ppm)
{
    enum { UNIT = 10000, WHOLE = 100 * UNIT };
    uint64_t whole = 0, value = 0;
    if (!take_number(&text, &whole) || whole > 100) {
        return false;
    }
    value = whole * UNIT;
    if (*text == '.') {
        text++;
        uint64_t unit = UNIT / 10;
        for (; *text >= '0' && *text <= '9' && unit > 0; text++, unit /= 10) {
            value += (uint64_t)(*text - '0') * unit;
        }
    }
    *ppm = (uint32_t)value;
    return strcmp(text, "%") == 0 && value > 0 && value <= WHOLE;
}

static const char *check_percent(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    uint32_t ppm = 0;
    return fdns_percent_parse(text, &ppm) ? NULL : "write 25% or 0.1%, above 0 and at most 100";
}

const struct fdns_schema_type fdns_type_percent = {
    .kind = FDNS_SCHEMA_TEXT, .name = "percentage", .pattern = "%$", .check = check_percent};

const struct fdns_schema_type fdns_type_octets = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "octets", .min = 1, .max = FDNS_MESSAGE_MAX};

// A number up to 65535, after a sign or not.
bool fdns_change_parse(const char *text, struct fdns_change *change)
{
    uint64_t number = 0;
    bool negative = *text == '-';
    change->relative = *text == '+' || negative;
    text += change->relative ? 1 : 0;
    if (!take_number(&text, &number) || *text != '\0' || number > UINT16_MAX) {
        return false;
    }
    change->number = (uint16_t)(negative ? 0 - number : number);
    return true;
}

static const char *check_change(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    struct fdns_change change;
    return fdns_change_parse(text, &change) ? NULL : "write 0 to 65535, or +1 or -1 to change it";
}

const struct fdns_schema_type fdns_type_change = {.kind = FDNS_SCHEMA_TEXT,
                                                  .name = "number or change of it",
                                                  .pattern = "^[+-]?[0-9]+$",
                                                  .check = check_change};

size_t fdns_word_index(const struct fdns_schema_type *type, const char *word)
{
    for (size_t i = 0; word != NULL && i < type->n_words; i++) {
        if (strcmp(word, type->words[i]) == 0) {
            return i;
        }
    }
    return 0;
}

// --- addresses

static unsigned width_of(enum fdns_family family)
{
    return family == FDNS_IPV4 ? 32 : 128;
}

bool fdns_prefix_parse(const char *text, struct fdns_prefix *prefix)
{
    char host[FDNS_ADDRESS_TEXT_MAX];
    struct fdns_address address;
    const char *slash = strchr(text, '/');
    size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
    if (len >= sizeof(host)) {
        return false;
    }
    memcpy(host, text, len);
    host[len] = '\0';
    if (fdns_address_parse(host, 0, &address) != FDNS_OK || address.port != 0) {
        return false;
    }
    uint64_t bits = width_of(address.family);
    if (slash != NULL) {
        const char *digits = slash + 1;
        if (!take_number(&digits, &bits) || *digits != '\0' || bits > width_of(address.family)) {
            return false;
        }
    }
    *prefix = (struct fdns_prefix){.family = address.family, .bits = (unsigned)bits};
    memcpy(prefix->octets, address.octets, sizeof(prefix->octets));
    return true;
}

bool fdns_prefix_holds(const struct fdns_prefix *prefix, enum fdns_family family,
                       const uint8_t *octets)
{
    size_t whole = prefix->bits / 8;
    if (prefix->family != family || memcmp(prefix->octets, octets, whole) != 0) {
        return false;
    }
    unsigned rest = prefix->bits % 8;
    return rest == 0 || ((prefix->octets[whole] ^ octets[whole]) >> (8 - rest)) == 0;
}

static const char *check_prefix(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    struct fdns_prefix prefix;
    return fdns_prefix_parse(text, &prefix)
               ? NULL
               : "write 192.0.2.1, 192.0.2.0/24, 2001:db8::1 or 2001:db8::/32, without a port";
}

const struct fdns_schema_type fdns_type_prefix = {
    .kind = FDNS_SCHEMA_TEXT, .name = "address or subnet", .check = check_prefix};
