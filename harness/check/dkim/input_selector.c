// The selector, as Amazon SES takes it: letters and digits, 1 to 63 of them. In DKIM at large a
// selector may have several labels, and hyphens and underscores in them (RFC 6376 3.1).
#include "harness/check/dkim/input.h"

#include <string.h>

enum { DOT, HYPHEN, EMPTY, SYMBOL, LONG, N_ROWS };

#define REFUSED "Amazon SES answers BadRequestException. "

const struct dc_finding_row dc_input_selector_rows[DC_INPUT_SELECTOR_ROWS] = {
    [DOT] = {.id = "input/selector-dot",
             .level = DC_ERROR,
             .title = "The selector has a period in it",
             .cause = REFUSED "DKIM at large allows selectors of several labels, Amazon SES does "
                              "not.",
             .remedy = "Choose a selector without periods, and give the TXT record the same name.",
             .refs = "seed:R37; seed:R41; RFC 6376 3.1"},
    [HYPHEN] = {.id = "input/selector-hyphen",
                .level = DC_ERROR,
                .title = "The selector has a hyphen where none may be",
                .cause = REFUSED "It takes hyphens only between letters or digits, and by the "
                                 "profile seed none at all.",
                .remedy = "Choose a selector that begins and ends with a letter or a digit; one "
                          "without hyphens is always taken.",
                .refs = "seed:R37; seed:R42; RFC 6376 3.1"},
    [EMPTY] = {.id = "input/selector-empty",
               .level = DC_ERROR,
               .title = "The selector is empty",
               .cause = REFUSED "The selector is the first part of the name of the TXT record.",
               .remedy = "Choose a selector of 1 to 63 letters and digits.",
               .refs = "seed:R37; seed:R38; RFC 6376 3.1"},
    [SYMBOL] = {.id = "input/selector-symbol",
                .level = DC_ERROR,
                .title = "The selector has other characters than letters and digits",
                .cause = REFUSED "It takes the letters A to Z and a to z and the digits, no other "
                                 "symbols or punctuation, no blanks and no accented letters.",
                .remedy = "Choose a selector of letters and digits only.",
                .refs = "seed:R37; seed:R40; seed:R42"},
    [LONG] = {.id = "input/selector-64",
              .level = DC_ERROR,
              .title = "The selector is longer than 63 characters",
              .cause = REFUSED "A label of a domain name cannot be longer either.",
              .remedy = "Choose a selector of 1 to 63 letters and digits.",
              .refs = "seed:R37; seed:R39; RFC 1035 2.3.4"},
};
_Static_assert((int)N_ROWS == (int)DC_INPUT_SELECTOR_ROWS, "input.h counts the rows");

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Offset of the first character that is no letter, digit, period or hyphen; len if there is none.
static size_t find_symbol(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && (is_letter_or_digit(text[at]) || text[at] == '.' || text[at] == '-')) {
        at++;
    }
    return at;
}

static bool has_bad_hyphen(const char *text, size_t len, const struct dc_profile *profile)
{
    bool inner = len > 0 && text[0] != '-' && text[len - 1] != '-';
    return strchr(text, '-') != NULL && !(inner && profile->inner_hyphens);
}

static const char *shown(struct fdns_arena *arena, const char *selector)
{
    enum { SHOWN_MAX = 80 };
    size_t len = strlen(selector);
    return len <= SHOWN_MAX
               ? selector
               : fdns_arena_format(arena, "%.*s… (%zu octets)", SHOWN_MAX, selector, len);
}

static const char *symbol_text(struct fdns_arena *arena, const char *selector, size_t at)
{
    unsigned char c = (unsigned char)selector[at];
    const char *what = c > '~' ? "not ASCII" : "a symbol";
    what = c == ' ' || c == '\t' ? "a blank" : c < ' ' || c == 0x7f ? "a control character" : what;
    return fdns_arena_format(arena, "%s (octet %zu is %s)", shown(arena, selector), at + 1, what);
}

void dc_input_selector(struct dc_hits *hits, const char *selector, const struct dc_profile *profile)
{
    size_t len = strlen(selector);
    size_t symbol_at = find_symbol(selector, len);
    const struct dc_finding_row *rows = dc_input_selector_rows;
    const char *expected = profile->inner_hyphens
                               ? "1 to 63 letters, digits, and hyphens between them"
                               : "1 to 63 letters and digits";
    if (len == 0) {
        dc_input_hit(hits, &rows[EMPTY], expected, "nothing");
    }
    if (len > DC_SELECTOR_MAX) {
        dc_input_hit(hits, &rows[LONG], expected,
                     fdns_arena_format(hits->arena, "%zu characters", len));
    }
    if (strchr(selector, '.') != NULL) {
        dc_input_hit(hits, &rows[DOT], expected, shown(hits->arena, selector));
    }
    if (has_bad_hyphen(selector, len, profile)) {
        dc_input_hit(hits, &rows[HYPHEN], expected, shown(hits->arena, selector));
    }
    if (symbol_at < len) {
        dc_input_hit(hits, &rows[SYMBOL], expected, symbol_text(hits->arena, selector, symbol_at));
    }
}
