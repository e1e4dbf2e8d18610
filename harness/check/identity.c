#include "harness/check/identity.h"

#include "fakedns/base/arena.h"
#include "fakedns/wire/name.h"
#include "harness/seen/words.h"

#include <string.h>

static const char *const notices[] = {DC_NOTICES(DC_WORD)};
static const char *const causes[] = {DC_SIGNING_CAUSES(DC_WORD)};

const char *dc_notice_text(enum dc_notice notice)
{
    return notices[notice];
}

bool dc_notice_parse(const char *text, enum dc_notice *notice)
{
    size_t at;
    if (!dc_word_find(notices, sizeof notices / sizeof notices[0], text, &at)) {
        return false;
    }
    *notice = (enum dc_notice)at;
    return true;
}

const char *dc_notice_meaning(enum dc_notice notice)
{
    switch (notice) {
    case DC_NOTICE_SUCCESSFUL:
        return "the DKIM set-up was successful";
    case DC_NOTICE_FAILED:
        return "the DKIM set-up has failed";
    case DC_NOTICE_WARNING:
        return "the DKIM set-up will be revoked";
    case DC_NOTICE_CANCELLED:
        return "the revocation is cancelled";
    case DC_NOTICE_REVOKED:
        break;
    }
    return "the DKIM set-up has been revoked, and signing is disabled";
}

const char *dc_signing_text(enum dc_signing_cause cause)
{
    return causes[cause];
}

bool dc_signing_parse(const char *text, enum dc_signing_cause *cause)
{
    size_t at;
    if (!dc_word_find(causes, sizeof causes / sizeof causes[0], text, &at)) {
        return false;
    }
    *cause = (enum dc_signing_cause)at;
    return true;
}

const char *dc_address_domain(const char *text)
{
    uint8_t name[FDNS_NAME_MAX];
    const char *at = strrchr(text, '@');
    for (const char *p = text; *p != '\0'; p++) {
        if ((unsigned char)*p <= ' ' || *p == 0x7f) {
            return NULL;
        }
    }
    bool good = at != NULL && at != text && fdns_name_parse(at + 1, NULL, name) == FDNS_OK &&
                fdns_name_labels(name) > 0;
    return good ? at + 1 : NULL;
}

static bool same_domain(const char *a, const char *b)
{
    uint8_t left[FDNS_NAME_MAX];
    uint8_t right[FDNS_NAME_MAX];
    return fdns_name_parse(a, NULL, left) == FDNS_OK &&
           fdns_name_parse(b, NULL, right) == FDNS_OK && fdns_name_equal(left, right);
}

static bool same_name(const char *a, const char *b)
{
    const char *domain_a = strrchr(a, '@');
    const char *domain_b = strrchr(b, '@');
    if (domain_a == NULL || domain_b == NULL) {
        return domain_a == domain_b && same_domain(a, b);
    }
    return domain_a - a == domain_b - b && memcmp(a, b, (size_t)(domain_a - a)) == 0 &&
           same_domain(domain_a + 1, domain_b + 1);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool dc_identity_equal(const struct dc_identity *a, const struct dc_identity *b)
{
    return a->name != NULL && b->name != NULL && same_name(a->name, b->name) &&
           same_text(a->region, b->region) && same_text(a->account_id, b->account_id);
}

bool dc_identity_matches(const struct dc_identity *wanted, const struct dc_identity *identity)
{
    return (wanted->name == NULL ||
            (identity->name != NULL && same_name(wanted->name, identity->name))) &&
           (wanted->region == NULL || same_text(wanted->region, identity->region)) &&
           (wanted->account_id == NULL || same_text(wanted->account_id, identity->account_id));
}

const char *dc_identity_text(struct fdns_arena *arena, const struct dc_identity *identity)
{
    const char *text = identity->name;
    if (identity->region != NULL) {
        text = fdns_arena_format(arena, "%s in %s", text, identity->region);
    }
    if (identity->account_id != NULL) {
        text = fdns_arena_format(arena, "%s (account %s)", text, identity->account_id);
    }
    return text;
}
