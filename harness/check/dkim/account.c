// The effective signing of a sender. What is reported of it stands in account_findings.c.
#include "harness/check/dkim/account.h"

#include <string.h>

struct dc_account_now dc_account_at(const struct dc_account *account, size_t identity,
                                    int64_t at_us)
{
    const struct dc_account_identity *first = &account->identities[identity];
    struct dc_account_now now = {.is_there = first->is_there,
                                 .configured = first->configured,
                                 .signing = first->signing,
                                 .added_us = INT64_MIN};
    for (size_t i = 0; i < account->n_events; i++) {
        const struct dc_account_event *event = &account->events[i];
        if (event->identity != identity || event->at_us > at_us) {
            continue;
        }
        switch (event->change) {
        case DC_ACCOUNT_ADDED:
            now.is_there = true;
            now.added_us = event->at_us;
            break;
        case DC_ACCOUNT_DELETED:
            now.is_there = false;
            break;
        case DC_ACCOUNT_CONFIGURED:
            now.configured = true;
            break;
        case DC_ACCOUNT_SIGNING_ON:
            now.signing = true;
            break;
        case DC_ACCOUNT_SIGNING_OFF:
            now.signing = false;
            break;
        }
    }
    return now;
}

bool dc_account_has_set_up(const struct dc_dkim_subject *subject, size_t i, int64_t at_us,
                           struct dc_dkim_state *state)
{
    const struct dc_account *account = subject->account;
    for (size_t k = 0; account != NULL && k < account->n_identities; k++) {
        if (account->identities[k].set_up != i + 1) {
            continue;
        }
        struct dc_account_now now = dc_account_at(account, k, at_us);
        if (now.is_there && state->started_us < now.added_us) {
            struct dc_dkim_subject anew = *dc_dkim_set_up(subject, i);
            anew.has_last_success = false;
            anew.has_started = true;
            anew.started_us = now.added_us;
            dc_dkim_state_init(state, &anew, now.added_us);
        }
        return now.is_there;
    }
    return true;
}

// ---- which identity decides ------------------------------------------------------------------

struct asking {
    const struct dc_account *account;
    int64_t at_us;
    const struct dc_identity *sender;
};

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_address(const struct dc_account_identity *identity)
{
    return strchr(identity->key.name, '@') != NULL;
}

// How many labels of the sender's domain a domain identity has; 0 if it is none of its domains.
static unsigned covers(const struct dc_account_identity *identity, const struct dc_identity *sender)
{
    uint8_t name[FDNS_NAME_MAX];
    uint8_t domain[FDNS_NAME_MAX];
    const char *text = dc_address_domain(sender->name);
    if (text == NULL || is_address(identity) ||
        fdns_name_parse(identity->key.name, NULL, name) != FDNS_OK ||
        fdns_name_parse(text, NULL, domain) != FDNS_OK) {
        return 0;
    }
    bool at_or_above = fdns_name_equal(domain, name) || fdns_name_below(domain, name);
    return at_or_above ? (unsigned)fdns_name_labels(name) : 0;
}

static bool is_there(const struct asking *asking, size_t i)
{
    return dc_account_at(asking->account, i, asking->at_us).is_there;
}

static bool in_place(const struct asking *asking, size_t i)
{
    const struct dc_identity *key = &asking->account->identities[i].key;
    return is_there(asking, i) && same_text(key->region, asking->sender->region) &&
           same_text(key->account_id, asking->sender->account_id);
}

// Both: 1 + place of the identity, or 0.
static size_t find_domain(const struct asking *asking)
{
    unsigned most = 0;
    size_t found = 0;
    for (size_t i = 0; i < asking->account->n_identities; i++) {
        unsigned n_labels = covers(&asking->account->identities[i], asking->sender);
        if (n_labels > most && in_place(asking, i)) {
            most = n_labels;
            found = i + 1;
        }
    }
    return found;
}

static size_t find_address(const struct asking *asking)
{
    for (size_t i = 0; i < asking->account->n_identities; i++) {
        if (dc_identity_equal(&asking->account->identities[i].key, asking->sender) &&
            is_there(asking, i)) {
            return i + 1;
        }
    }
    return 0;
}

// A domain of the sender's (like: that very one) is configured in another Region of the account, or
// (other_account) in another account.
static bool is_elsewhere(const struct asking *asking, const struct dc_account_identity *like,
                         bool other_account)
{
    const struct dc_identity wanted = {.name = like != NULL ? like->key.name : NULL};
    for (size_t i = 0; i < asking->account->n_identities; i++) {
        const struct dc_account_identity *identity = &asking->account->identities[i];
        bool same_account = same_text(identity->key.account_id, asking->sender->account_id);
        struct dc_account_now now = dc_account_at(asking->account, i, asking->at_us);
        if (same_account != other_account && now.is_there && now.configured &&
            !in_place(asking, i) && covers(identity, asking->sender) > 0 &&
            dc_identity_matches(&wanted, &identity->key)) {
            return true;
        }
    }
    return false;
}

// ---- what it decides ---------------------------------------------------------------------------

static enum dc_signing_cause cause_of_state(const struct dc_dkim_state *state)
{
    switch (state->status) {
    case DC_STATUS_SUCCESS:
    case DC_STATUS_TEMPORARY_FAILURE:
        return DC_SIGNING_SIGNED;
    case DC_STATUS_FAILED:
        return state->revoked ? DC_SIGNING_REVOKED : DC_SIGNING_FAILED;
    case DC_STATUS_UNKNOWN:
    case DC_STATUS_NOT_STARTED:
    case DC_STATUS_PENDING:
        break;
    }
    return DC_SIGNING_PENDING;
}

static enum dc_signing_cause cause_of_nothing(const struct asking *asking,
                                              const struct dc_account_identity *like,
                                              enum dc_signing_cause otherwise)
{
    if (is_elsewhere(asking, like, false)) {
        return DC_SIGNING_REGION;
    }
    return is_elsewhere(asking, like, true) ? DC_SIGNING_ACCOUNT : otherwise;
}

static enum dc_signing_cause cause_of(const struct asking *asking,
                                      const struct dc_dkim_state *states, size_t decider)
{
    if (decider == 0) {
        return cause_of_nothing(asking, NULL, DC_SIGNING_NO_IDENTITY);
    }
    const struct dc_account_identity *identity = &asking->account->identities[decider - 1];
    struct dc_account_now now = dc_account_at(asking->account, decider - 1, asking->at_us);
    size_t set_up = identity->set_up;
    if (now.configured && set_up == 0) { // an address with the records of its domain
        size_t domain = find_domain(asking);
        set_up = domain != 0 ? asking->account->identities[domain - 1].set_up : 0;
    }
    if (!now.configured || set_up == 0) {
        return is_address(identity) ? DC_SIGNING_ADDRESS
                                    : cause_of_nothing(asking, identity, DC_SIGNING_NOT_CONFIGURED);
    }
    return now.signing ? cause_of_state(&states[set_up - 1]) : DC_SIGNING_DISABLED;
}

// ---- which switch to turn ----------------------------------------------------------------------

static const char *where_text(struct fdns_arena *arena, const struct dc_identity *sender)
{
    const char *region = sender->region != NULL
                             ? fdns_arena_format(arena, "in Region %s", sender->region)
                             : "in that Region";
    return sender->account_id != NULL
               ? fdns_arena_format(arena, "%s of account %s", region, sender->account_id)
               : region;
}

static const char *remedy_of(struct fdns_arena *arena, const struct dc_signing *signing)
{
    const struct dc_identity *sender = &signing->sender;
    const char *domain = dc_address_domain(sender->name);
    const char *where = where_text(arena, sender);
    const char *identity =
        signing->identity.name != NULL ? dc_identity_text(arena, &signing->identity) : domain;
    bool address = signing->identity.name != NULL && strchr(signing->identity.name, '@') != NULL;
    switch (signing->cause) {
    case DC_SIGNING_SIGNED:
        return NULL;
    case DC_SIGNING_DISABLED:
        return fdns_arena_format(
            arena,
            "In the console choose %s in the list of identities, expand DKIM, and choose "
            "Enable.%s",
            identity, address ? " Or delete this identity: then the domain's settings count." : "");
    case DC_SIGNING_ADDRESS:
        return fdns_arena_format(
            arena,
            "Delete the identity %s: then its mail is signed as all mail of %s. Or "
            "configure and enable DKIM for that identity.",
            identity, domain);
    case DC_SIGNING_REGION:
    case DC_SIGNING_ACCOUNT:
        return fdns_arena_format(
            arena,
            "Set up DKIM for %s %s, and publish the records that are shown there beside "
            "those that exist.",
            domain, where);
    case DC_SIGNING_NOT_CONFIGURED:
        return fdns_arena_format(arena, "Set up DKIM for the identity %s, and publish its records.",
                                 identity);
    case DC_SIGNING_NO_IDENTITY:
        return fdns_arena_format(arena, "Verify %s %s, and set up DKIM for it.", domain, where);
    case DC_SIGNING_PENDING:
        return fdns_arena_format(arena,
                                 "The DKIM set-up of %s is not verified yet: put right what is "
                                 "reported of its records, or wait.",
                                 identity);
    case DC_SIGNING_FAILED:
    case DC_SIGNING_REVOKED:
        break;
    }
    return fdns_arena_format(arena, "Start the DKIM set-up of %s again from the beginning.",
                             identity);
}

struct dc_signing dc_account_signing(struct fdns_arena *arena, const struct dc_account *account,
                                     const struct dc_dkim_state *states, int64_t at_us,
                                     const struct dc_identity *sender)
{
    const struct asking asking = {.account = account, .at_us = at_us, .sender = sender};
    struct dc_signing signing = {.sender = *sender};
    size_t decider = find_address(&asking);
    decider = decider != 0 ? decider : find_domain(&asking);
    if (decider != 0) {
        signing.identity = account->identities[decider - 1].key;
    }
    signing.cause = cause_of(&asking, states, decider);
    signing.is_signed = signing.cause == DC_SIGNING_SIGNED;
    signing.remedy = remedy_of(arena, &signing);
    return signing;
}
