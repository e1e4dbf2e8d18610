#include "harness/check/dkim/spf_term.h"

#include "fakedns/wire/name.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

static bool is_number_up_to(const char *text, size_t len, unsigned max)
{
    unsigned value = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || i == 3) {
            return false;
        }
        value = 10 * value + (unsigned)(text[i] - '0');
    }
    return len > 0 && (len == 1 || text[0] != '0') && value <= max;
}

// "/24", "//64", "/24//64", or nothing.
static bool is_dual_cidr(const char *text)
{
    const char *six = strstr(text, "//");
    size_t len = six != NULL ? (size_t)(six - text) : strlen(text);
    bool four_good = len == 0 || (text[0] == '/' && is_number_up_to(text + 1, len - 1, 32));
    return four_good && (six == NULL || is_number_up_to(six + 2, strlen(six + 2), 128));
}

static bool is_network(const char *text, int family, unsigned longest)
{
    char address[INET6_ADDRSTRLEN];
    uint8_t octets[16];
    size_t len = strcspn(text, "/");
    if (len >= sizeof address) {
        return false;
    }
    memcpy(address, text, len);
    address[len] = '\0';
    return inet_pton(family, address, octets) == 1 &&
           (text[len] == '\0' || is_number_up_to(text + len + 1, strlen(text + len + 1), longest));
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

// The macro at the start of text (RFC 7208 7.1): octets that it takes, 0 if it is none.
static size_t macro_len(const char *text)
{
    if (is_one_of(text[1], "%_-")) {
        return strlen("%%");
    }
    if (text[1] != '{' || !is_one_of(text[2], "slodiphcrtvSLODIPHCRTV")) {
        return 0;
    }
    size_t len = strlen("%{s");
    len += strspn(text + len, "0123456789");
    len += is_one_of(text[len], "rR") ? 1 : 0;
    len += strspn(text + len, ".-+,/_=");
    return text[len] == '}' ? len + 1 : 0;
}

// A label of letters, digits and inner hyphens, and not of digits alone.
static bool is_top_label(const char *text, size_t len)
{
    static const char digits[] = "0123456789";
    static const char others[] = "-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t n_others = 0;
    for (size_t i = 0; i < len; i++) {
        n_others += is_one_of(text[i], others) ? 1 : 0;
        if (!is_one_of(text[i], others) && !is_one_of(text[i], digits)) {
            return false;
        }
    }
    return n_others > 0 && text[0] != '-' && text[len - 1] != '-';
}

// Text that ends in ".toplabel", with or without a final dot.
static bool ends_in_top_label(const char *text)
{
    size_t len = strlen(text);
    len -= len > 0 && text[len - 1] == '.' ? 1 : 0;
    size_t start = len;
    while (start > 0 && text[start - 1] != '.') {
        start--;
    }
    return start > 0 && is_top_label(text + start, len - start);
}

// A domain-spec (RFC 7208 7.1): what has no macros is a name, too.
static bool is_domain(const char *text)
{
    uint8_t name[FDNS_NAME_MAX];
    bool macros = strchr(text, '%') != NULL;
    bool ends_in_macro = false;
    if (strchr(text, '\\') != NULL || strchr(text, '#') != NULL ||
        (!macros && fdns_name_parse(text, NULL, name) != FDNS_OK)) {
        return false;
    }
    for (const char *at = text; (at = strchr(at, '%')) != NULL;) {
        size_t len = macro_len(at);
        if (len == 0) {
            return false;
        }
        at += len;
        ends_in_macro = *at == '\0' && len > strlen("%%");
    }
    return ends_in_macro || ends_in_top_label(text);
}

static bool is_modifier_name(const char *text, size_t len)
{
    bool good = len > 0 && strchr("0123456789-_.", text[0]) == NULL;
    for (size_t i = 0; i < len; i++) {
        bool letter = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z');
        good = good && (letter || strchr("0123456789-_.", text[i]) != NULL);
    }
    return good;
}

static bool word_is(const char *text, size_t len, const char *word)
{
    return strlen(word) == len && strncasecmp(text, word, len) == 0;
}

static struct dc_spf_term read_modifier(const char *text, size_t name_len)
{
    const char *value = text + name_len + 1;
    struct dc_spf_term term = {.kind = DC_SPF_OTHER, .domain = value};
    bool redirect = word_is(text, name_len, "redirect");
    bool exp = word_is(text, name_len, "exp");
    if (!is_modifier_name(text, name_len) || ((redirect || exp) && !is_domain(value))) {
        term.kind = DC_SPF_WRONG;
    } else if (redirect || exp) {
        term.kind = redirect ? DC_SPF_REDIRECT : DC_SPF_EXP;
    }
    return term;
}

// a, mx: the domain, if there is one, ends at a slash.
static struct dc_spf_term read_address(struct fdns_arena *arena, enum dc_spf_kind kind,
                                       const char *rest)
{
    struct dc_spf_term term = {.kind = kind};
    if (*rest == ':') {
        size_t len = strcspn(rest + 1, "/");
        term.domain = fdns_arena_string_n(arena, rest + 1, len);
        rest += 1 + len;
    }
    bool good = (term.domain == NULL || is_domain(term.domain)) && is_dual_cidr(rest);
    term.kind = good ? kind : DC_SPF_WRONG;
    return term;
}

static struct dc_spf_term read_mechanism(struct fdns_arena *arena, const char *text)
{
    size_t len = strcspn(text, ":/");
    const char *rest = text + len;
    const char *value = *rest == ':' ? rest + 1 : NULL;
    struct dc_spf_term wrong = {.kind = DC_SPF_WRONG};
    if (word_is(text, len, "a")) {
        return read_address(arena, DC_SPF_A, rest);
    }
    if (word_is(text, len, "mx")) {
        return read_address(arena, DC_SPF_MX, rest);
    }
    if (word_is(text, len, "all")) {
        return *rest == '\0' ? (struct dc_spf_term){.kind = DC_SPF_ALL} : wrong;
    }
    if (word_is(text, len, "ptr")) {
        bool good = *rest == '\0' || (value != NULL && is_domain(value));
        return good ? (struct dc_spf_term){.kind = DC_SPF_PTR, .domain = value} : wrong;
    }
    if (value == NULL) {
        return wrong;
    }
    if (word_is(text, len, "ip4")) {
        return is_network(value, AF_INET, 32) ? (struct dc_spf_term){.kind = DC_SPF_OTHER} : wrong;
    }
    if (word_is(text, len, "ip6")) {
        return is_network(value, AF_INET6, 128) ? (struct dc_spf_term){.kind = DC_SPF_OTHER}
                                                : wrong;
    }
    bool include = word_is(text, len, "include");
    if ((!include && !word_is(text, len, "exists")) || !is_domain(value)) {
        return wrong;
    }
    return (struct dc_spf_term){.kind = include ? DC_SPF_INCLUDE : DC_SPF_EXISTS, .domain = value};
}

struct dc_spf_term dc_spf_term_parse(struct fdns_arena *arena, const char *text)
{
    size_t name_len = strcspn(text, "=:/");
    if (text[name_len] == '=') {
        return read_modifier(text, name_len);
    }
    return read_mechanism(arena, text + (strchr("+-?~", text[0]) != NULL ? 1 : 0));
}
