#include "harness/report/escape.h"

#include "fakedns/base/escape.h"
#include "fakedns/base/fatal.h"

#include <stdlib.h>
#include <string.h>

struct replacement {
    char character;
    const char *by;
};

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const struct replacement in_xml[] = {
    {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}, {'\n', "\n"},
};
static const struct replacement in_github[] = {{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}};
static const struct replacement in_github_property[] = {
    {'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}, {':', "%3A"}, {',', "%2C"},
};
static const struct replacement in_tap[] = {{'\\', "\\\\"}, {'#', "\\#"}};
static const struct replacement in_quotes[] = {{'\'', "'\\''"}};
static const struct replacement in_ansi_quotes[] = {{'\'', "\\'"}, {'\\', "\\\\"}};

static const char *replaced(const struct replacement *rules, size_t n, char character)
{
    for (size_t i = 0; i < n; i++) {
        if (rules[i].character == character) {
            return rules[i].by;
        }
    }
    return NULL;
}

// Appends the character at the start of text[0..len) and returns its octets.
static size_t one(struct fdns_buf *out, const char *text, size_t len)
{
    size_t columns;
    size_t n = fdns_escape_visible(text, len, &columns);
    if (n == 0) {
        fdns_buf_format(out, "\\x%02x", (unsigned)(uint8_t)*text);
        return 1;
    }
    fdns_buf_append(out, text, n);
    return n;
}

static void with_rules(struct fdns_buf *out, const char *text, const struct replacement *rules,
                       size_t n)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len;) {
        const char *by = replaced(rules, n, text[i]);
        if (by != NULL) {
            fdns_buf_string(out, by);
            i++;
        } else {
            i += one(out, text + i, len - i);
        }
    }
}

// The second character of what GitHub would take for a command.
static bool completes_command(const char *text, size_t at)
{
    if (at == 0) {
        return false;
    }
    if (text[at] == '#') {
        return text[at - 1] == '#' && text[at + 1] == '[';
    }
    return text[at] == ':' && text[at - 1] == ':' && (at == 1 || text[at - 2] == ' ');
}

void dc_escape_text(struct fdns_buf *out, const char *text)
{
    size_t len = strlen(text);
    size_t shown = len <= DC_SHOWN_MAX ? len : DC_SHOWN_MAX;
    for (size_t i = 0; i < shown;) {
        if (completes_command(text, i)) {
            fdns_buf_format(out, "\\x%02x", (unsigned)text[i++]);
        } else {
            i += one(out, text + i, len - i);
        }
    }
    if (shown < len) {
        fdns_buf_format(out, "... (%zu octets more)", len - shown);
    }
}

void dc_escape_xml(struct fdns_buf *out, const char *text)
{
    with_rules(out, text, in_xml, N(in_xml));
}

void dc_escape_github(struct fdns_buf *out, const char *text)
{
    with_rules(out, text, in_github, N(in_github));
}

void dc_escape_github_property(struct fdns_buf *out, const char *text)
{
    with_rules(out, text, in_github_property, N(in_github_property));
}

void dc_escape_tap(struct fdns_buf *out, const char *text)
{
    with_rules(out, text, in_tap, N(in_tap));
}

static bool is_one_of(char c, const char *others)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr(others, c) != NULL);
}

void dc_escape_markdown(struct fdns_buf *out, const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len;) {
        bool is_markup = text[i] > ' ' && text[i] < 0x7f && !is_one_of(text[i], "-,");
        if (is_markup) {
            fdns_buf_format(out, "&#%d;", text[i++]);
        } else {
            i += one(out, text + i, len - i);
        }
    }
}

static bool is_plain_word(const char *text)
{
    bool plain = *text != '\0' && *text != '~';
    for (const char *p = text; plain && *p != '\0'; p++) {
        plain = is_one_of(*p, "_-./:@%+=,~");
    }
    return plain;
}

static bool is_visible(const char *text)
{
    size_t columns;
    size_t len = strlen(text);
    for (size_t i = 0, n; i < len; i += n) {
        n = fdns_escape_visible(text + i, len - i, &columns);
        if (n == 0) {
            return false;
        }
    }
    return true;
}

void dc_escape_shell(struct fdns_buf *out, const char *text)
{
    if (is_plain_word(text)) {
        fdns_buf_string(out, text);
    } else if (is_visible(text)) {
        fdns_buf_string(out, "'");
        with_rules(out, text, in_quotes, N(in_quotes));
        fdns_buf_string(out, "'");
    } else {
        fdns_buf_string(out, "$'");
        with_rules(out, text, in_ansi_quotes, N(in_ansi_quotes));
        fdns_buf_string(out, "'");
    }
}

// Outside strings JSON has no "#" and no DEL, so both can be written as escapes wherever they are.
void dc_escape_json(struct fdns_buf *out, const json_t *json, unsigned indent)
{
    size_t flags = JSON_ENSURE_ASCII | JSON_ENCODE_ANY | (indent != 0 ? JSON_INDENT(indent) : 0);
    char *text = json_dumps(json, flags);
    if (text == NULL) {
        fdns_fatal("cannot write JSON");
    }
    const char *from = text;
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == 0x7f || (*p == '#' && p[1] == '#')) {
            fdns_buf_append(out, from, (size_t)(p - from));
            fdns_buf_format(out, "\\u%04x", (unsigned)*p);
            from = p + 1;
        }
    }
    fdns_buf_string(out, from);
    free(text);
}
