#include "harness/cli/domain.h"

#include "fakedns/wire/name.h"
#include "harness/report/escape.h"

#include <idn2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *refuse(const char *text, const char *what, const char *why)
{
    struct fdns_buf shown;
    fdns_buf_init(&shown, 64 * 1024);
    dc_escape_text(&shown, text);
    fprintf(stderr, "dnsconform dkim: DOMAIN: \"%s\" %s%s\n", fdns_buf_text(&shown), what, why);
    fdns_buf_clear(&shown);
    return NULL;
}

static bool is_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text >= 0x80) {
            return false;
        }
    }
    return true;
}

// Command lines are taken as UTF-8, whatever the locale says.
static const char *to_ascii(struct fdns_arena *arena, const char *text)
{
    uint8_t *ascii = NULL;
    int rc = idn2_lookup_u8((const uint8_t *)text, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    if (rc != IDN2_OK) {
        return refuse(text, "has no form in ASCII: ", idn2_strerror(rc));
    }
    const char *copy = fdns_arena_string(arena, (const char *)ascii);
    idn2_free(ascii);
    return copy;
}

// What is pasted in place of a domain; it would make a name, which nobody has.
static const char *other_than_domain(const char *text)
{
    return text[strcspn(text, " \t\r\n")] != '\0' ? "holds white space"
           : strchr(text, '/') != NULL            ? "is a URL: give the domain in it"
           : strchr(text, '@') != NULL ? "is an e-mail address: give what stands behind the @"
                                       : NULL;
}

const char *dc_domain_read(struct fdns_arena *arena, const char *text)
{
    enum { DOMAINKEY = 1 + sizeof "_domainkey" - 1 };
    uint8_t name[FDNS_NAME_MAX];
    const char *other = other_than_domain(text);
    if (other != NULL) {
        return refuse(text, other, "");
    }
    const char *ascii = is_ascii(text) ? text : to_ascii(arena, text);
    if (ascii == NULL) {
        return NULL;
    }
    enum fdns_error error = fdns_name_parse(ascii, NULL, name);
    if (error == FDNS_TOO_LARGE) {
        return refuse(text, "is longer than 255 octets, or a label is longer than 63", "");
    }
    if (error != FDNS_OK || fdns_name_labels(name) == 0) {
        return refuse(text, "is no domain name", "");
    }
    if (fdns_name_len(name) + DOMAINKEY + 2 > FDNS_NAME_MAX) {
        return refuse(text, "leaves no room for a selector and _domainkey before it", "");
    }
    return ascii;
}
