// What a report says of the sender's account side: whose DKIM set-ups there are, whether the mail
// of a sender is signed, and what the mail provider would write to the account's owner. Values
// only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fdns_arena;

// A domain or an e-mail address in a Region of an account. NULL: not stated; without a name there
// is no identity.
struct dc_identity {
    const char *name;
    const char *region;
    const char *account_id;
};

// The same domain (as a DNS name) or address (local parts as they are written: RFC 5321 2.4), the
// same Region and account.
bool dc_identity_equal(const struct dc_identity *a, const struct dc_identity *b);
// The same, but what `wanted` does not state may be anything.
bool dc_identity_matches(const struct dc_identity *wanted, const struct dc_identity *identity);
// "example.com in eu-south-1 (account 111122223333)", in arena.
const char *dc_identity_text(struct fdns_arena *arena, const struct dc_identity *identity);

// Where the domain of an e-mail address begins; NULL if the text is none (a local part, @, and a
// domain name; no blanks and control characters).
const char *dc_address_domain(const char *text);

// Emails to the owner of the account, one for each change of a set-up.
#define DC_NOTICES(X)                                                                              \
    X(DC_NOTICE_SUCCESSFUL, "set-up-successful")                                                   \
    X(DC_NOTICE_FAILED, "set-up-failed")                                                           \
    X(DC_NOTICE_WARNING, "revocation-warning")                                                     \
    X(DC_NOTICE_CANCELLED, "revocation-cancelled")                                                 \
    X(DC_NOTICE_REVOKED, "revoked")
#define DC_NOTICE_ENUM(name, text) name,
enum dc_notice { DC_NOTICES(DC_NOTICE_ENUM) };
const char *dc_notice_text(enum dc_notice notice);
bool dc_notice_parse(const char *text, enum dc_notice *notice);
// What it says, for people: one clause.
const char *dc_notice_meaning(enum dc_notice notice);

struct dc_notification {
    enum dc_notice kind;
    struct dc_identity identity;
    int64_t at_us; // when the change was seen
    bool has_deadline;
    int64_t deadline_us; // of a warning: when the set-up will be revoked
};

// Why mail is signed or not. All but the first say that it is not.
#define DC_SIGNING_CAUSES(X)                                                                       \
    X(DC_SIGNING_SIGNED, "signed")                                                                 \
    X(DC_SIGNING_DISABLED, "signing-disabled")                                                     \
    X(DC_SIGNING_ADDRESS, "individual-address-identity")                                           \
    X(DC_SIGNING_REGION, "region-not-configured")                                                  \
    X(DC_SIGNING_ACCOUNT, "account-not-configured")                                                \
    X(DC_SIGNING_NOT_CONFIGURED, "not-configured")                                                 \
    X(DC_SIGNING_NO_IDENTITY, "no-identity")                                                       \
    X(DC_SIGNING_PENDING, "set-up-pending")                                                        \
    X(DC_SIGNING_FAILED, "set-up-failed")                                                          \
    X(DC_SIGNING_REVOKED, "set-up-revoked")
#define DC_SIGNING_ENUM(name, text) name,
enum dc_signing_cause { DC_SIGNING_CAUSES(DC_SIGNING_ENUM) };
const char *dc_signing_text(enum dc_signing_cause cause);
bool dc_signing_parse(const char *text, enum dc_signing_cause *cause);

// The effective signing of a sender's mail.
struct dc_signing {
    struct dc_identity sender; // the address in From, and where the mail is sent from
    bool is_signed;
    struct dc_identity identity; // the one that decides; without a name there is none
    enum dc_signing_cause cause;
    const char *remedy; // which switch to turn; NULL if it is signed
};
