// The check of a message: are its DKIM signatures good, and is one of them the domain's own?
//
//   1. read the message and its DKIM-Signature fields                   (mail.h, signature.h)
//   2. ask for the keys at SELECTOR._domainkey.DOMAIN, and nothing else (look())
//   3. verify (RFC 6376 6.1): body hash, header hash, signature         (verify.c)
//   4. say what that means for the domain in From                       (findings.c)
//
// The domain's own signatures are those whose d= is the domain of From (or the one that is asked
// about), an ancestor of it, or below it; a registry such as com or co.uk is nobody's ancestor
// here. Others, that of Amazon SES above all (d=amazonses.com), are listed and prove nothing for
// it.
//
// SUCCESS: a signature of the domain passes. TEMPORARY_FAILURE: none does, but a key could not be
// reached. FAILED: none does.
#pragma once

#include "harness/check/dkim/gather.h"
#include "harness/check/dkim/hits.h"
#include "harness/check/message/signature.h"

// At most so many signatures of a message are verified, the domain's own first: each may cost a
// question to somebody's server.
enum { DC_VERIFIED_MAX = 50 };

enum dc_message_cause {
    DC_CAUSE_NONE, // it passes
    DC_CAUSE_MALFORMED,
    DC_CAUSE_ALGORITHM,
    DC_CAUSE_FROM_NOT_SIGNED,
    DC_CAUSE_NOT_CHECKED,
    DC_CAUSE_KEY_UNREACHABLE,
    DC_CAUSE_KEY_MISSING,
    DC_CAUSE_KEY_UNUSABLE,
    DC_CAUSE_BODY,
    DC_CAUSE_HEADER,
    DC_CAUSE_SIGNATURE,
    DC_CAUSE_EXPIRED,
    DC_CAUSE_FUTURE,
};

// A signature and what came of it.
struct dc_checked {
    struct dc_signature signature;
    const char *name;             // of its key, without the final dot; NULL if it has none
    const struct dc_chain *chain; // to its key; NULL if that was not asked for
    bool own;
    bool amazonses;
    bool selected; // to be verified
    enum dc_auth_result result;
    enum dc_message_cause cause;
    const char *reason;   // NULL if it passes
    const char *expected; // of a hash
    const char *actual;
    unsigned key_notes; // enum dc_key_note of the key that it passes with
    size_t n_keys;      // TXT records at the name
    size_t n_unsigned;  // octets of the body beyond l=
};

struct dc_message {
    struct dc_look *look;
    struct dc_mail mail;
    const char *unreadable; // why it cannot be read, or NULL
    const char *from;       // its domain, or NULL
    const char *from_why;   // why there is none
    const char *domain;     // that is asked about: given, or From's; or NULL
    bool domain_given;
    struct dc_checked *checked; // from the top
    size_t n_checked;
};

// Verifies all of them (verify.c). Pure.
void dc_message_verify(struct dc_message *message);
// What it means (findings.c): findings, status and signatures of the report.
void dc_message_diagnose(struct dc_message *message, struct dc_report *report);

// One round of look(), as dc_dkim_check(): subject->message is judged.
bool dc_message_check(struct dc_look *look, const struct dc_dkim_subject *subject,
                      const struct dc_dkim_how *how, struct dc_report *report);

extern const struct dc_finding_table dc_message_findings[];
extern const size_t dc_message_n_findings;
