// Comments are taken out and quoted strings made harmless first; then addresses are what stands
// between commas, and a domain what follows their last "@".
#include "harness/check/message/from.h"

#include "fakedns/wire/name.h"

#include <string.h>
#include <strings.h>

// What has no meaning for the domain becomes one of these.
enum { BLANK = ' ', QUOTED = 'q' };

static char *plain(struct fdns_arena *arena, const char *text, size_t len)
{
    char *out = fdns_arena_alloc(arena, len + 1);
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        bool escape = c == '\\' && (quoted || depth > 0) && i + 1 < len;
        if (escape) {
            out[i++] = BLANK;
        } else if (c == '"' && depth == 0) {
            quoted = !quoted;
        } else if (c == '(' && !quoted) {
            depth++;
        }
        bool hidden = escape || quoted || c == '"' || depth > 0;
        out[i] = hidden ? (depth > 0 ? BLANK : QUOTED) : c == '\0' ? BLANK : c;
        if (c == ')' && !quoted && !escape && depth > 0) {
            depth--;
        }
    }
    return out;
}

// The domain in one address; NULL if it has none.
static const char *domain_in(struct fdns_arena *arena, const char *text, size_t len)
{
    static const char ends[] = " \t\r\n>;,";
    const char *angle = memchr(text, '<', len);
    if (angle != NULL) {
        const char *end = memchr(angle, '>', len - (size_t)(angle - text));
        len = end != NULL ? (size_t)(end - angle) : len - (size_t)(angle - text);
        text = angle;
    }
    const char *at = memrchr(text, '@', len);
    if (at == NULL) {
        return NULL;
    }
    const char *domain = fdns_arena_string_n(arena, at + 1, len - (size_t)(at + 1 - text));
    domain += strspn(domain, ends);
    size_t domain_len = strcspn(domain, ends);
    while (domain_len > 0 && domain[domain_len - 1] == '.') {
        domain_len--;
    }
    return fdns_arena_string_n(arena, domain, domain_len);
}

static const char *refuse_domain(struct fdns_arena *arena, const char *domain)
{
    uint8_t name[FDNS_NAME_MAX];
    for (const char *p = domain; *p != '\0'; p++) {
        if ((unsigned char)*p >= 0x80) {
            return "the domain in From is not ASCII: name it in A-labels (xn--…)";
        }
    }
    bool good = domain[0] != '[' && strchr(domain, '\\') == NULL &&
                fdns_name_parse(domain, NULL, name) == FDNS_OK;
    return good ? NULL : fdns_arena_format(arena, "\"%s\" in From is no domain name", domain);
}

static const char *only_domain(struct fdns_arena *arena, const char *list, const char **why)
{
    const char *only = NULL;
    for (const char *at = list; at != NULL;) {
        size_t len = strcspn(at, ",");
        const char *domain = domain_in(arena, at, len);
        if (domain != NULL && only != NULL && strcasecmp(domain, only) != 0) {
            *why = "From has addresses of several domains";
            return NULL;
        }
        only = domain != NULL ? domain : only;
        at = at[len] == ',' ? at + len + 1 : NULL;
    }
    *why = only == NULL ? "From has no address with a domain" : refuse_domain(arena, only);
    return *why == NULL ? only : NULL;
}

const char *dc_from_domain(struct fdns_arena *arena, const struct dc_mail *mail, const char **why)
{
    size_t first;
    size_t n = dc_mail_named(mail, "From", 4, &first);
    if (n != 1) {
        *why = n == 0 ? "there is no From field" : "there are several From fields";
        return NULL;
    }
    const struct dc_field *from = mail->by_name[first];
    return only_domain(arena, plain(arena, from->value, from->value_len), why);
}
