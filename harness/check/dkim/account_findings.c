// Findings about the account side (4.G of the catalogue of modes): what is switched or missing
// there although the DNS may be right.
#include "harness/check/dkim/account.h"
#include "harness/check/dkim/diagnose.h"

#include <string.h>

enum { DISABLED, ADDRESS, REGION, ACCOUNT, NOT_CONFIGURED, NO_IDENTITY, REMOVED, N_ROWS };

const struct dc_finding_row dc_account_rows[DC_ACCOUNT_ROWS] = {
    [DISABLED] = {.id = "account/signing-disabled",
                  .level = DC_ERROR,
                  .title = "DKIM signing is switched off for the identity",
                  .cause = "DKIM has been set up, but nothing is signed while signing is switched "
                           "off for the identity that mail is sent with.",
                  .remedy = "In the console choose the identity in the list of identities, expand "
                            "DKIM, and choose Enable.",
                  .refs = "seed:R03; seed:R04; seed:R05"},
    [ADDRESS] = {.id = "account/individual-address-identity",
                 .level = DC_ERROR,
                 .title = "The address was verified individually, without DKIM",
                 .cause = "Addresses that were verified individually use separate settings. The "
                          "DKIM set-up of their domain does not count for them.",
                 .remedy = "Delete the address from the list of identities, so that the domain's "
                           "settings count; or configure and enable DKIM for the address.",
                 .refs = "seed:R06; seed:R07; seed:R08; seed:R09; seed:R10"},
    [REGION] = {.id = "account/region-not-configured",
                .level = DC_ERROR,
                .title = "DKIM is not configured in the Region that mail is sent from",
                .cause = "DKIM is set up for each Region separately. What is configured in "
                         "another one does not count.",
                .remedy = "Set up DKIM for the domain in that Region too, and publish its records "
                          "beside those of the other Region.",
                .refs = "seed:R11"},
    [ACCOUNT] = {.id = "account/account-not-configured",
                 .level = DC_ERROR,
                 .title = "DKIM is not configured in the account that mail is sent from",
                 .cause = "DKIM is set up for each account separately. What is configured in "
                          "another one does not count.",
                 .remedy = "Set up DKIM for the domain in that account too, and publish its "
                           "records beside those of the other account.",
                 .refs = "seed:R12"},
    [NOT_CONFIGURED] = {.id = "account/not-configured",
                        .level = DC_ERROR,
                        .title = "DKIM has never been configured for the identity",
                        .cause = "Without a DKIM set-up there is no key to sign with.",
                        .remedy = "Set up DKIM for the identity and publish its records.",
                        .refs = "seed:R03; seed:R04"},
    [NO_IDENTITY] = {.id = "account/no-identity",
                     .level = DC_ERROR,
                     .title = "No identity of the account covers the sender",
                     .cause = "Neither the address nor its domain is an identity there, so nothing "
                              "signs for it.",
                     .remedy = "Verify the domain of the sender and set up DKIM for it.",
                     .refs = "seed:R04; seed:R07"},
    [REMOVED] = {.id = "account/region-removed",
                 .level = DC_ERROR,
                 .title = "Signing is disabled in one Region or account, because its records were "
                          "removed",
                 .cause = "Each Region and account has records of its own. Those of another one do "
                          "not stand in for them.",
                 .remedy = "Start the DKIM set-up there again and publish its records beside the "
                           "others; or, if nothing is sent from there, delete the identity there.",
                 .refs = "seed:R13; seed:R14; seed:R30"},
};
_Static_assert((int)N_ROWS == (int)DC_ACCOUNT_ROWS, "diagnose.h counts the rows");

// NULL: what is wrong is told by the findings about the set-up.
static const struct dc_finding_row *row_of(enum dc_signing_cause cause)
{
    switch (cause) {
    case DC_SIGNING_DISABLED:
        return &dc_account_rows[DISABLED];
    case DC_SIGNING_ADDRESS:
        return &dc_account_rows[ADDRESS];
    case DC_SIGNING_REGION:
        return &dc_account_rows[REGION];
    case DC_SIGNING_ACCOUNT:
        return &dc_account_rows[ACCOUNT];
    case DC_SIGNING_NOT_CONFIGURED:
        return &dc_account_rows[NOT_CONFIGURED];
    case DC_SIGNING_NO_IDENTITY:
        return &dc_account_rows[NO_IDENTITY];
    case DC_SIGNING_SIGNED:
    case DC_SIGNING_PENDING:
    case DC_SIGNING_FAILED:
    case DC_SIGNING_REVOKED:
        break;
    }
    return NULL;
}

// Whom a finding is about: the identity that decides, else the one that is lacking.
static struct dc_identity about(const struct dc_signing *signing)
{
    struct dc_identity identity = signing->identity;
    if (identity.name == NULL) {
        identity = signing->sender;
        identity.name = dc_address_domain(signing->sender.name);
    }
    return identity;
}

static bool says_the_same(const struct dc_signing *a, const struct dc_signing *b)
{
    struct dc_identity left = about(a);
    struct dc_identity right = about(b);
    return a->cause == b->cause && dc_identity_equal(&left, &right);
}

static bool is_first(const struct dc_report *report, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (says_the_same(&report->signing[k], &report->signing[i])) {
            return false;
        }
    }
    return true;
}

static const char *senders_text(struct fdns_arena *arena, const struct dc_report *report, size_t i)
{
    const char *text = NULL;
    for (size_t k = i; k < report->n_signing; k++) {
        if (says_the_same(&report->signing[i], &report->signing[k])) {
            const char *name = report->signing[k].sender.name;
            text = text == NULL ? name : fdns_arena_format(arena, "%s, %s", text, name);
        }
    }
    return text;
}

static bool is_dns_right(const struct dc_report *report)
{
    for (size_t i = 0; i < report->n_findings; i++) {
        if (report->findings[i].level != DC_INFO) {
            return false;
        }
    }
    for (size_t i = 0; i < report->n_set_ups; i++) {
        if (report->set_ups[i].status != DC_STATUS_SUCCESS) {
            return false;
        }
    }
    return true;
}

static struct dc_finding finding_of(struct fdns_arena *arena, const struct dc_report *report,
                                    size_t i, bool dns_right)
{
    const struct dc_signing *signing = &report->signing[i];
    const struct dc_finding_row *row = row_of(signing->cause);
    return (struct dc_finding){
        .id = row->id,
        .level = row->level,
        .row = row,
        .identity = about(signing),
        .expected = "a DKIM signature of the domain",
        .actual = fdns_arena_format(
            arena, "mail from %s is sent without one%s", senders_text(arena, report, i),
            dns_right ? "; every DNS record is right: this is not a DNS fault" : ""),
        .remedy = signing->remedy};
}

// Without senders: every address that is an identity, and anybody else at a domain that is one.
static const struct dc_identity *implied_senders(struct fdns_arena *arena,
                                                 const struct dc_account *account, int64_t at_us,
                                                 size_t *n)
{
    struct dc_identity *senders = fdns_arena_array(arena, account->n_identities, sizeof *senders);
    *n = 0;
    for (size_t i = 0; i < account->n_identities; i++) {
        if (!dc_account_at(account, i, at_us).is_there) {
            continue;
        }
        struct dc_identity *sender = &senders[(*n)++];
        *sender = account->identities[i].key;
        if (strchr(sender->name, '@') == NULL) {
            sender->name = fdns_arena_format(arena, "*@%s", sender->name);
        }
    }
    return senders;
}

void dc_account_report(struct fdns_arena *arena, const struct dc_dkim_subject *subject,
                       const struct dc_dkim_state *states, int64_t at_us, struct dc_report *report)
{
    const struct dc_account *account = subject->account;
    size_t n = account->n_senders;
    const struct dc_identity *senders =
        n > 0 ? account->senders : implied_senders(arena, account, at_us, &n);
    struct dc_signing *signing = fdns_arena_array(arena, n, sizeof *signing);
    for (size_t i = 0; i < n; i++) {
        signing[i] = dc_account_signing(arena, account, states, at_us, &senders[i]);
    }
    report->signing = signing;
    report->n_signing = n;
    bool dns_right = is_dns_right(report);
    struct dc_finding *findings = fdns_arena_array(arena, report->n_findings + n, sizeof *findings);
    if (report->n_findings > 0) {
        memcpy(findings, report->findings, report->n_findings * sizeof *findings);
    }
    for (size_t i = 0; i < n; i++) {
        if (row_of(signing[i].cause) != NULL && is_first(report, i)) {
            findings[report->n_findings++] = finding_of(arena, report, i, dns_right);
        }
    }
    report->findings = findings;
}

struct dc_finding dc_account_removed(struct fdns_arena *arena, const struct dc_identity *identity)
{
    const struct dc_finding_row *row = &dc_account_rows[REMOVED];
    return (struct dc_finding){
        .id = row->id,
        .level = row->level,
        .row = row,
        .identity = *identity,
        .expected = "the records of every Region and account",
        .actual = fdns_arena_format(arena,
                                    "those of %s are gone, and signing is disabled there; "
                                    "elsewhere it goes on",
                                    dc_identity_text(arena, identity))};
}
