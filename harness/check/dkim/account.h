// The sender's account side: identities, each a domain or an e-mail address in a Region of an
// account, whether DKIM is configured for them and signing switched on, and what happens to them
// over time. From that and the statuses of the DKIM set-ups follows whether the mail of a sender is
// signed. Pure.
//
// The identity that decides is the one for the very address, if it was verified individually in
// that Region and account; else the nearest domain at or above the sender's that is an identity
// there. Addresses have settings of their own: what is switched at the domain does not change them,
// and an address without DKIM is sent unsigned however right the domain's DNS is.
// Nothing of another Region or account counts. Mail is signed until a set-up is revoked, so also
// while a revocation threatens.
#pragma once

#include "harness/check/dkim/dkim.h"

enum { DC_IDENTITIES_MAX = 64, DC_SET_UPS_MAX = 16, DC_SENDERS_MAX = 64 };

struct dc_account_identity {
    struct dc_identity key;
    size_t set_up; // 1 + place of its DKIM set-up (dc_dkim_set_up()); 0: no records of its own
    // at first; events change it
    bool is_there;
    bool configured; // DKIM: with records of its own, or (an address) with those of its domain
    bool signing;
};

#define DC_ACCOUNT_CHANGES(X)                                                                      \
    X(DC_ACCOUNT_ADDED, "added")                                                                   \
    X(DC_ACCOUNT_DELETED, "deleted")                                                               \
    X(DC_ACCOUNT_CONFIGURED, "dkim-configured")                                                    \
    X(DC_ACCOUNT_SIGNING_ON, "signing-on")                                                         \
    X(DC_ACCOUNT_SIGNING_OFF, "signing-off")
#define DC_ACCOUNT_CHANGE_ENUM(name, text) name,
enum dc_account_change { DC_ACCOUNT_CHANGES(DC_ACCOUNT_CHANGE_ENUM) };

struct dc_account_event {
    int64_t at_us;
    size_t identity; // its place
    enum dc_account_change change;
};

struct dc_account {
    const struct dc_account_identity *identities; // one of them is the subject's own: set_up 1
    size_t n_identities;
    const struct dc_dkim_subject *set_ups; // of other identities: set_up 2 and up
    size_t n_set_ups;
    const struct dc_identity *senders; // names are addresses; none: one for each identity
    size_t n_senders;
    const struct dc_account_event *events; // by time
    size_t n_events;
};

// An identity as it is at a time.
struct dc_account_now {
    bool is_there;
    bool configured;
    bool signing;
    int64_t added_us; // INT64_MIN: before everything
};
struct dc_account_now dc_account_at(const struct dc_account *account, size_t identity,
                                    int64_t at_us);

// A set-up is there at a time: its identity has been added and not been deleted. One that was added
// since the state was made has a new life.
bool dc_account_has_set_up(const struct dc_dkim_subject *subject, size_t i, int64_t at_us,
                           struct dc_dkim_state *state);

// Whether a sender's mail is signed at a time. states: one a set-up.
struct dc_signing dc_account_signing(struct fdns_arena *arena, const struct dc_account *account,
                                     const struct dc_dkim_state *states, int64_t at_us,
                                     const struct dc_identity *sender);

// Fills in report->signing, and puts findings about what is switched wrong behind those that are
// there.
void dc_account_report(struct fdns_arena *arena, const struct dc_dkim_subject *subject,
                       const struct dc_dkim_state *states, int64_t at_us, struct dc_report *report);

// The finding about a revoked set-up of a domain that is signed for elsewhere: only the records of
// one Region or account were removed.
struct dc_finding dc_account_removed(struct fdns_arena *arena, const struct dc_identity *identity);
