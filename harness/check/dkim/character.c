#include "harness/check/dkim/character.h"

#include <string.h>

#define ROW(octets, kind, name)                                                                    \
    {                                                                                              \
        octets, sizeof octets - 1, DC_CHARACTER_##kind, name                                       \
    }

// UTF-8 first. What comes from Windows-1252 is one octet, which cannot begin UTF-8.
static const struct dc_character characters[] = {
    ROW("\t", ASCII, "a tab"),
    ROW("\n", ASCII, "a line feed"),
    ROW("\r", ASCII, "a carriage return"),
    ROW("\r\n", ASCII, "carriage return and line feed"),
    ROW(" ", ASCII, "a blank"),
    ROW("\"", ASCII, "a quote"),
    ROW("'", ASCII, "an apostrophe"),
    ROW("\\", ASCII, "a backslash"),
    ROW("\xef\xbb\xbf", BYTE_ORDER, "a byte order mark (U+FEFF)"),
    ROW("\xff\xfe", BYTE_ORDER, "a byte order mark (UTF-16)"),
    ROW("\xfe\xff", BYTE_ORDER, "a byte order mark (UTF-16)"),
    ROW("\xe2\x80\x98", QUOTE, "a typographic quote (U+2018)"),
    ROW("\xe2\x80\x99", QUOTE, "a typographic quote (U+2019)"),
    ROW("\xe2\x80\x9a", QUOTE, "a typographic quote (U+201A)"),
    ROW("\xe2\x80\x9c", QUOTE, "a typographic quote (U+201C)"),
    ROW("\xe2\x80\x9d", QUOTE, "a typographic quote (U+201D)"),
    ROW("\xe2\x80\x9e", QUOTE, "a typographic quote (U+201E)"),
    ROW("\xc2\xab", QUOTE, "a typographic quote (U+00AB)"),
    ROW("\xc2\xbb", QUOTE, "a typographic quote (U+00BB)"),
    ROW("\x84", QUOTE, "a typographic quote of Windows-1252"),
    ROW("\x91", QUOTE, "a typographic quote of Windows-1252"),
    ROW("\x92", QUOTE, "a typographic quote of Windows-1252"),
    ROW("\x93", QUOTE, "a typographic quote of Windows-1252"),
    ROW("\x94", QUOTE, "a typographic quote of Windows-1252"),
    ROW("\xc2\xa0", SPACE, "a no-break space (U+00A0)"),
    ROW("\xe2\x80\x83", SPACE, "an em space (U+2003)"),
    ROW("\xe2\x80\x89", SPACE, "a thin space (U+2009)"),
    ROW("\xe2\x80\xaf", SPACE, "a narrow no-break space (U+202F)"),
    ROW("\xe3\x80\x80", SPACE, "an ideographic space (U+3000)"),
    ROW("\xa0", SPACE, "a no-break space of Windows-1252"),
    ROW("\xc2\xad", INVISIBLE, "a soft hyphen (U+00AD)"),
    ROW("\xad", INVISIBLE, "a soft hyphen of Windows-1252"),
    ROW("\xe2\x80\x8b", INVISIBLE, "a zero-width space (U+200B)"),
    ROW("\xe2\x80\x8c", INVISIBLE, "a zero-width non-joiner (U+200C)"),
    ROW("\xe2\x80\x8d", INVISIBLE, "a zero-width joiner (U+200D)"),
    ROW("\xe2\x80\x8e", INVISIBLE, "a left-to-right mark (U+200E)"),
    ROW("\xe2\x80\x8f", INVISIBLE, "a right-to-left mark (U+200F)"),
    ROW("\xe2\x80\xa8", INVISIBLE, "a line separator (U+2028)"),
    ROW("\xe2\x80\xaa", INVISIBLE, "a mark of direction (U+202A)"),
    ROW("\xe2\x80\xac", INVISIBLE, "a mark of direction (U+202C)"),
    ROW("\xe2\x81\xa0", INVISIBLE, "a word joiner (U+2060)"),
    ROW("\xe2\x80\x93", OTHER, "an en dash (U+2013)"),
    ROW("\xe2\x80\x94", OTHER, "an em dash (U+2014)"),
    ROW("\xe2\x80\xa6", OTHER, "an ellipsis (U+2026)"),
    ROW("\xef\xbc\x9b", OTHER, "a fullwidth semicolon (U+FF1B)"),
    ROW("\xef\xbc\x9d", OTHER, "a fullwidth equals sign (U+FF1D)"),
};

// The longest that fits.
const struct dc_character *dc_character_at(const char *text, size_t len)
{
    const struct dc_character *found = NULL;
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        const struct dc_character *c = &characters[i];
        if (c->len <= len && memcmp(c->octets, text, c->len) == 0 &&
            (found == NULL || c->len > found->len)) {
            found = c;
        }
    }
    return found;
}
