#include "harness/check/dkim/sender.h"

#include "fakedns/base/suggest.h"
#include "fakedns/wire/name.h"

#include <string.h>
#include <strings.h>

const struct dc_sender dc_senders[] = {
    {.id = "fastmail",
     .title = "Fastmail",
     .records = "CNAME at fm1, fm2 and fm3 to SELECTOR.DOMAIN.dkim.fmhosted.com",
     .selectors = {"fm1", "fm2", "fm3"},
     .shapes = {{"*", {"{S}.{D}.dkim.fmhosted.com"}}}},
    {.id = "generic",
     .title = "any other sender",
     .records = "TXT with the key, or a CNAME that leads to it; --target says where"},
    {.id = "google",
     .title = "Google Workspace",
     .records = "TXT at google, or at the selector you chose",
     .selectors = {"google"},
     .spf_include = "_spf.google.com"},
    {.id = "icloud",
     .title = "iCloud Mail",
     .records = "CNAME at sig1 to sig1.dkim.DOMAIN.at.icloudmailadmin.com",
     .selectors = {"sig1"},
     .shapes = {{"*", {"{S}.dkim.{D}.at.icloudmailadmin.com"}}},
     .spf_include = "icloud.com"},
    {.id = "mailchimp",
     .title = "Mailchimp",
     .records = "CNAME at k2 and k3 to dkim2.mcsv.net and dkim3.mcsv.net (k1: dkim.mcsv.net)",
     .selectors = {"k2", "k3"},
     .shapes = {{"k1", {"dkim.mcsv.net"}}, {"k2", {"dkim2.mcsv.net"}}, {"k3", {"dkim3.mcsv.net"}}}},
    {.id = "mailgun",
     .title = "Mailgun",
     .records = "CNAME at pdk1 and pdk2 to SELECTOR._domainkey.….mailgun.com or ….mgsend.org; TXT "
                "at any other selector",
     .shapes = {{"pdk1", {"{S}._domainkey.*.mailgun.com", "{S}._domainkey.*.mgsend.org"}},
                {"pdk2", {"{S}._domainkey.*.mailgun.com", "{S}._domainkey.*.mgsend.org"}}},
     .spf_include = "mailgun.org"},
    {.id = "mandrill",
     .title = "Mandrill (Mailchimp Transactional)",
     .records = "CNAME at mte1 and mte2 to dkim1.mandrillapp.com and dkim2.mandrillapp.com",
     .selectors = {"mte1", "mte2"},
     .shapes = {{"mte1", {"dkim1.mandrillapp.com"}}, {"mte2", {"dkim2.mandrillapp.com"}}}},
    {.id = "microsoft",
     .title = "Microsoft 365",
     .records = "CNAME at selector1 and selector2 to SELECTOR-….onmicrosoft.com or "
                "SELECTOR-….dkim.mail.microsoft; one of them may lead to no key yet",
     .selectors = {"selector1", "selector2"},
     .shapes = {{"*",
                 {"{S}-*._domainkey.*.onmicrosoft.com", "{S}-*._domainkey.*.dkim.mail.microsoft"}}},
     .has_spares = true,
     .spf_include = "spf.protection.outlook.com"},
    {.id = "postmark", .title = "Postmark", .records = "TXT at the selector that Postmark shows"},
    {.id = "proton",
     .title = "Proton Mail",
     .records = "CNAME at protonmail, protonmail2 and protonmail3 to "
                "SELECTOR.domainkey.….domains.proton.ch",
     .selectors = {"protonmail", "protonmail2", "protonmail3"},
     .shapes = {{"*", {"{S}.domainkey.*.domains.proton.ch"}}}},
    {.id = "resend", .title = "Resend", .records = "TXT at resend", .selectors = {"resend"}},
    {.id = "salesforce",
     .title = "Salesforce",
     .records = "CNAME at both selectors to SELECTOR.….custdkim.salesforce.com",
     .shapes = {{"*", {"{S}.*.custdkim.salesforce.com"}}}},
    {.id = "sendgrid",
     .title = "SendGrid",
     .records =
         "CNAME at s1 and s2 to SELECTOR.domainkey.….sendgrid.net; TXT at any other selector",
     .selectors = {"s1", "s2"},
     .shapes = {{"s1", {"{S}.domainkey.*.sendgrid.net"}}, {"s2", {"{S}.domainkey.*.sendgrid.net"}}},
     .spf_include = "sendgrid.net"},
    {.id = "sendmarc",
     .title = "Sendmarc",
     .records = "NS at _domainkey, and the keys in that zone",
     .delegates = true},
    {.id = "ses",
     .title = "Amazon SES",
     .records = "CNAME at each token to TOKEN.dkim.amazonses.com (--token), or TXT at a selector",
     .shapes = {{"*", {"{S}.dkim.amazonses.com", "{S}.dkim.*.amazonses.com"}}},
     .spf_include = "amazonses.com"},
    {.id = "valimail",
     .title = "Valimail",
     .records = "NS at _domainkey, and the keys in that zone",
     .delegates = true},
    {.id = "zendesk",
     .title = "Zendesk",
     .records = "CNAME at zendesk1 and zendesk2 to SELECTOR._domainkey.zendesk.com",
     .selectors = {"zendesk1", "zendesk2"},
     .shapes = {{"*", {"{S}._domainkey.zendesk.com"}}}},
    {.id = "zoho", .title = "Zoho Mail", .records = "TXT at the selector that Zoho shows"},
};
const size_t dc_n_senders = sizeof dc_senders / sizeof dc_senders[0];

const struct dc_sender *dc_sender_find(const char *id)
{
    for (size_t i = 0; id != NULL && i < dc_n_senders; i++) {
        if (strcmp(dc_senders[i].id, id) == 0) {
            return &dc_senders[i];
        }
    }
    return NULL;
}

size_t dc_sender_n_selectors(const struct dc_sender *sender)
{
    size_t n = 0;
    while (n < DC_SENDER_SELECTORS && sender->selectors[n] != NULL) {
        n++;
    }
    return n;
}

const char *dc_sender_suggest(const char *id)
{
    const char *ids[sizeof dc_senders / sizeof dc_senders[0]];
    for (size_t i = 0; i < dc_n_senders; i++) {
        ids[i] = dc_senders[i].id;
    }
    return fdns_suggest(id, ids, dc_n_senders);
}

const struct dc_sender *dc_sender_of(const struct dc_dkim_subject *subject)
{
    const struct dc_sender *sender = dc_sender_find(subject->sender);
    return sender != NULL ? sender : dc_sender_find("ses");
}

static const char *fill(struct fdns_arena *arena, const char *pattern, const char *selector,
                        const char *domain)
{
    const char *text = "";
    while (*pattern != '\0') {
        size_t plain = strcspn(pattern, "{");
        text = fdns_arena_format(arena, "%s%.*s", text, (int)plain, pattern);
        pattern += plain;
        if (*pattern == '{') {
            text = fdns_arena_format(arena, "%s%s", text, pattern[1] == 'S' ? selector : domain);
            pattern += strlen("{S}");
        }
    }
    return text;
}

size_t dc_sender_targets(struct fdns_arena *arena, const struct dc_sender *sender,
                         const char *selector, const char *domain,
                         const char *targets[DC_SENDER_TARGETS])
{
    size_t n = 0;
    size_t len = strlen(domain);
    const char *bare =
        len > 1 && domain[len - 1] == '.' ? fdns_arena_string_n(arena, domain, len - 1) : domain;
    for (size_t i = 0; i < DC_SENDER_SHAPES && sender->shapes[i].selector != NULL; i++) {
        const struct dc_sender_shape *shape = &sender->shapes[i];
        if (strcmp(shape->selector, "*") != 0 && strcasecmp(shape->selector, selector) != 0) {
            continue;
        }
        for (size_t k = 0; k < DC_SENDER_TARGETS && shape->targets[k] != NULL; k++) {
            targets[n++] = fill(arena, shape->targets[k], selector, bare);
        }
        break;
    }
    return n;
}

// One label of a target and one of a name.
static bool label_fits(const char *pattern, size_t len, const uint8_t *label)
{
    bool open = len > 0 && pattern[len - 1] == '*';
    size_t fixed = open ? len - 1 : len;
    return (open ? label[0] > fixed : label[0] == fixed) &&
           strncasecmp(pattern, (const char *)label + 1, fixed) == 0;
}

bool dc_sender_fits(const char *target, const uint8_t *name)
{
    size_t len = strcspn(target, ".");
    bool last = target[len] == '\0' || target[len + 1] == '\0';
    if (len == 0 || name[0] == 0) {
        return len == 0 && name[0] == 0;
    }
    const uint8_t *rest = name + 1 + name[0];
    if (len != 1 || target[0] != '*') {
        return label_fits(target, len, name) &&
               (last ? rest[0] == 0 : dc_sender_fits(target + len + 1, rest));
    }
    // one label or more: the first rest that fits
    for (; rest[0] != 0; rest += 1 + rest[0]) {
        if (!last && dc_sender_fits(target + len + 1, rest)) {
            return true;
        }
    }
    return last;
}

const struct dc_sender *dc_sender_of_target(const char *target, const char *selector,
                                            const char *domain)
{
    const struct dc_sender *found = NULL;
    struct fdns_arena arena;
    uint8_t name[FDNS_NAME_MAX];
    if (fdns_name_parse(target, NULL, name) != FDNS_OK) {
        return NULL;
    }
    fdns_arena_init(&arena, 0);
    for (size_t i = 0; i < dc_n_senders && found == NULL; i++) {
        const char *targets[DC_SENDER_TARGETS];
        size_t n = dc_sender_targets(&arena, &dc_senders[i], selector, domain, targets);
        for (size_t k = 0; k < n; k++) {
            found = dc_sender_fits(targets[k], name) ? &dc_senders[i] : found;
        }
    }
    fdns_arena_clear(&arena);
    return found;
}
