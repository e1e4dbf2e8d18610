// The DKIM checker: a subject to a report.
//
// It walks the delegation to the servers of the subject's domain, asks every address of every one
// of them for CNAME and TXT of each expected record, follows aliases to the key, and, for a record
// that no server has, looks at the names that people create by mistake. The authoritative servers
// decide; a resolver (if there is one) is only compared with them.
//
// Findings are per record and per server: what all servers that serve the zone say alike is one
// finding without a server, what only some of them say is one finding for each of those. The
// earliest cause stands (unreachable, server error, delegation, name, type, value, key, policy);
// what follows from it is of level info and points to it.
//
// A subject may have an account side: the same domain in several Regions and accounts, addresses
// that were verified individually, senders. Each set-up of it is checked in the same way.
//
// SUCCESS needs every record right on every server that serves the zone, and one usable key. Spare
// tokens of Easy DKIM answer with an empty TXT, which is right. Within the window a record that is
// absent for no other reason is time/not-visible-yet; after it, time/never-appears.
#pragma once

#include "harness/check/dkim/given_key.h"
#include "harness/check/dkim/profile.h"
#include "harness/check/look.h"

struct dc_account;

#define DC_DKIM_METHODS(X)                                                                         \
    X(DC_EASY_DKIM, "easy-dkim")                                                                   \
    X(DC_BYODKIM, "byodkim") X(DC_DKIM_MESSAGE, "message") X(DC_SELECTORS, "selectors")
#define DC_DKIM_METHOD_ENUM(name, text) name,
enum dc_dkim_method { DC_DKIM_METHODS(DC_DKIM_METHOD_ENUM) };

// What is looked at beside DKIM, if the subject wants it.
#define DC_WITHS(X)                                                                                \
    X(DC_WITH_DMARC, 1, "dmarc") X(DC_WITH_MAIL_FROM, 2, "mail-from") X(DC_WITH_SPF, 4, "spf")
#define DC_WITH_ENUM(name, bit, text) name = (bit),
enum dc_with { DC_WITHS(DC_WITH_ENUM) };
unsigned dc_with_parse(const char *word);                          // 0: no such word
const char *dc_with_list(struct fdns_arena *arena, unsigned with); // "dmarc, spf"

struct dc_dkim_restart {
    int64_t at_us;
    const char *const *tokens;
    size_t n_tokens;
};

// All times are in the clock of the visit: the world's, or the Unix epoch's.
struct dc_dkim_subject {
    const char *domain;  // of a message: NULL if the one in From is meant
    const char *address; // the identity, if it is an address of the domain with a set-up of its own
    enum dc_dkim_method method;
    const char *const *tokens; // Easy DKIM
    size_t n_tokens;
    const char *selector; // BYODKIM
    // Selectors of any sender, and where their CNAMEs lead (one each, or none: the sender's table
    // says it)
    const char *sender; // an id of dc_senders (sender.h); NULL: Amazon SES
    const char *const *selectors;
    size_t n_selectors;
    const char *const *targets;
    size_t n_targets;
    const struct dc_given_key *public_key;  // that should be published, or NULL
    const struct dc_given_key *private_key; // what is known of it, or NULL
    const struct dc_profile *profile;       // limits of Amazon SES; NULL: not applied
    const char *verification;               // expected value of the _amazonses TXT, or NULL
    const char *region;                     // or NULL
    const char *account_id;                 // or NULL
    const char *message; // of DC_DKIM_MESSAGE, else NULL: what is judged (message/message.h)
    size_t message_len;
    unsigned with;         // enum dc_with: records beside DKIM (neighbour.h)
    const char *mail_from; // the custom MAIL FROM domain; needed for DC_WITH_MAIL_FROM
    bool has_started;
    int64_t started_us;
    bool has_last_success; // verified at that time, before the first visit
    int64_t last_success_us;
    int64_t window_us; // PENDING and revocation window: 72 h unless told otherwise
    const struct dc_dkim_restart *restarts; // by time
    size_t n_restarts;
    const struct dc_account *account; // the sender's account side (account.h), or NULL
};

// What flows from one visit to the next.
struct dc_dkim_state {
    enum dc_status status;
    int64_t started_us;       // of the set-up that runs
    int64_t last_success_us;  // -1: never
    int64_t missing_since_us; // -1: not missing. The revocation window runs from here
    bool revoked;
    size_t n_restarts_done;
};

// How the DNS is reached.
struct dc_dkim_how {
    const struct fdns_address *roots; // where the walk of the delegation starts
    size_t n_roots;
    const struct fdns_address *servers; // instead of the walk, for the subject's zone
    size_t n_servers;
    const struct fdns_address *resolver; // for other zones, and compared with the servers; or NULL
};

void dc_dkim_state_init(struct dc_dkim_state *state, const struct dc_dkim_subject *subject,
                        int64_t first_visit_us);

// The set-ups that are checked: the subject's own, and then those of other identities of its
// account side. Each has records, a life and a state of its own.
size_t dc_dkim_n_set_ups(const struct dc_dkim_subject *subject);
// The identity that a set-up belongs to.
struct dc_identity dc_dkim_identity(const struct dc_dkim_subject *set_up);
const struct dc_dkim_subject *dc_dkim_set_up(const struct dc_dkim_subject *subject, size_t i);
// The states of all of them, in arena, before the first visit; and a copy of such states.
struct dc_dkim_state *dc_dkim_states_new(struct fdns_arena *arena,
                                         const struct dc_dkim_subject *subject,
                                         int64_t first_visit_us);
struct dc_dkim_state *dc_dkim_states_copy(struct fdns_arena *arena,
                                          const struct dc_dkim_subject *subject,
                                          const struct dc_dkim_state *states);

// One round of look(), for all set-ups (set_ups.c). False while something is pending. Once true,
// *report is complete (in the look's arena) and the states (one a set-up, the subject's own first)
// have moved on; before that neither is touched. The report's status is that of the subject's own.
bool dc_dkim_check(struct dc_look *look, const struct dc_dkim_subject *subject,
                   const struct dc_dkim_how *how, struct dc_dkim_state *states,
                   struct dc_report *report);
// The same for one set-up, without the observations and whatever the account side says (check.c).
bool dc_dkim_check_set_up(struct dc_look *look, const struct dc_dkim_subject *subject,
                          const struct dc_dkim_how *how, struct dc_dkim_state *state,
                          struct dc_report *report);
