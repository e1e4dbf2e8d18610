// What the results of the signatures mean, in words.
#include "harness/check/dkim/key.h"
#include "harness/check/message/message.h"

enum {
    ALGORITHM_REFUSED,
    AMAZONSES_ONLY,
    BODY_ALTERED,
    FROM_NOT_SIGNED,
    FROM_UNCLEAR,
    HEADER_ALTERED,
    KEY_IN_TEST_MODE,
    KEY_MISSING,
    KEY_UNREACHABLE,
    KEY_UNUSABLE,
    BODY_PART_UNSIGNED,
    NOT_ALIGNED,
    NOT_SIGNED,
    ODD_HEADER_LINE,
    SEVERAL_KEYS,
    SIGNATURE_EXPIRED,
    SIGNATURE_IN_THE_FUTURE,
    SIGNATURE_MALFORMED,
    SIGNATURE_NOT_CHECKED,
    SIGNATURE_WRONG,
    TWO_SIGNATURES,
    UNREADABLE,
    N_ROWS
};

static const struct dc_finding_row rows[N_ROWS] = {
    [ALGORITHM_REFUSED] =
        {.id = "message/algorithm-refused",
         .level = DC_ERROR,
         .title = "The signature uses an algorithm or a key that receivers must refuse",
         .cause = "SHA-1 and RSA keys below 1024 bits are too weak to prove anything; receivers "
                  "treat such a message as unsigned.",
         .remedy = "Sign with a=rsa-sha256 (or ed25519-sha256) and a key of 2048 bits.",
         .refs = "RFC 8301 3.1; RFC 8301 3.2"},
    [AMAZONSES_ONLY] =
        {.id = "message/amazonses-signature-only",
         .level = DC_ERROR,
         .title = "The only signature is the one that Amazon SES adds for itself",
         .cause = "A signature with d=amazonses.com is added to every message that Amazon SES "
                  "sends. It says nothing about your domain: DKIM is not set up or not enabled "
                  "for the identity that sent this message.",
         .remedy = "Set up DKIM for the domain, wait until it is verified, and enable DKIM signing "
                   "for the identity. If the address is verified on its own, its own settings "
                   "count: enable DKIM there, or delete that identity.",
         .refs = "seed:R03; seed:R52"},
    [BODY_ALTERED] =
        {.id = "message/body-altered",
         .level = DC_ERROR,
         .title = "The body is not the one that was signed",
         .cause = "Somebody on the way changed it: a mailing list that adds a footer, a filter "
                  "that rewrites links, a server that converts the encoding; or the file is not "
                  "the message as it was received.",
         .remedy = "Take the message from the mailbox as it is (\"show original\"), and send a "
                   "test message that passes no list and no filter. Let whatever changes messages "
                   "do so before they are signed.",
         .refs = "RFC 6376 3.7; RFC 6376 6.1.3"},
    [FROM_NOT_SIGNED] =
        {.id = "message/from-not-signed",
         .level = DC_ERROR,
         .title = "The signature does not cover the From field",
         .cause = "From has to be signed, or anybody could put another name there. Receivers "
                  "ignore such a signature.",
         .remedy = "Add From to the header fields that are signed (h=).",
         .refs = "RFC 6376 5.4; RFC 6376 6.1.1"},
    [FROM_UNCLEAR] =
        {.id = "message/from-unclear",
         .level = DC_ERROR,
         .title = "The message does not say which one domain it is from",
         .cause = "Receivers compare the domain of a signature with the one in From. Without From, "
                  "or with several, there is nothing to compare with.",
         .remedy = "Send with one From field that has one address, or name the domain on the "
                   "command line.",
         .refs = "RFC 5322 3.6.2; RFC 6376 6.1.1"},
    [HEADER_ALTERED] =
        {.id = "message/header-altered",
         .level = DC_ERROR,
         .title = "Header fields that were signed have been changed",
         .cause = "The signature was made with the published key, and over other fields: one of "
                  "those named in h= was changed, added, removed or folded anew on the way.",
         .remedy = "Let nothing rewrite Subject, To and the like after signing, and sign with "
                   "c=relaxed/relaxed, which stands new folding. Do not sign fields that servers "
                   "on the way change, such as Received or Return-Path.",
         .refs = "RFC 6376 3.7; RFC 6376 5.4; RFC 6376 6.1.3"},
    [KEY_IN_TEST_MODE] = {.id = "message/key-in-test-mode",
                          .level = DC_WARNING,
                          .title =
                              "The signature passes with a key that says it is being tested (t=y)",
                          .cause = "Receivers treat the message as if it was not signed.",
                          .remedy = "Take t=y out of the key record when testing is over.",
                          .refs = "RFC 6376 3.6.1"},
    [KEY_MISSING] =
        {.id = "message/key-missing",
         .level = DC_ERROR,
         .title = "There is no key where the signature says that it is",
         .cause = "The signature names a selector (s=) that has no TXT record in the domain (d=): "
                  "it was never published, or removed while messages signed with it were on "
                  "their way.",
         .remedy = "Publish the key at SELECTOR._domainkey.DOMAIN, or sign with a selector that is "
                   "published. `dnsconform dkim DOMAIN --selector SELECTOR` says what is wrong "
                   "there.",
         .refs = "RFC 6376 3.6.2; RFC 6376 6.1.2"},
    [KEY_UNREACHABLE] =
        {.id = "message/key-unreachable",
         .level = DC_ERROR,
         .title = "Whether there is a key cannot be told: no server gives a usable answer",
         .cause = "Receivers try again later, and in the end treat the message as unsigned.",
         .remedy = "Look at the DNS servers of the domain that signed. `dnsconform dkim DOMAIN "
                   "--selector SELECTOR` says what is wrong there.",
         .refs = "RFC 6376 6.1.2; RFC 8601 2.7.1"},
    [KEY_UNUSABLE] =
        {.id = "message/key-unusable",
         .level = DC_ERROR,
         .title = "The published key cannot be used for this signature",
         .cause = "The record is no key that can be read, or the key may not be used for this: it "
                  "was revoked, is of another algorithm, or is restricted (h=, s=, t=s).",
         .remedy = "Correct the TXT record at SELECTOR._domainkey.DOMAIN. `dnsconform dkim DOMAIN "
                   "--selector SELECTOR` says what is wrong there.",
         .refs = "RFC 6376 3.6.1; RFC 6376 6.1.2"},
    [BODY_PART_UNSIGNED] =
        {.id = "message/l-tag-leaves-body-unsigned",
         .level = DC_WARNING,
         .title = "The signature covers only the beginning of the body (l=)",
         .cause = "Anybody can put text behind the signed part, and the signature still passes.",
         .remedy = "Sign the whole body: do not use l=.",
         .refs = "RFC 6376 3.5; RFC 6376 8.2"},
    [NOT_ALIGNED] =
        {.id = "message/not-aligned",
         .level = DC_ERROR,
         .title = "Only other domains have signed the message",
         .cause = "A signature counts for the domain in From only if its d= is that domain, or one "
                  "above or below it.",
         .remedy = "Have the service that sends for you sign with your domain: set up DKIM for "
                   "your own domain there.",
         .refs = "RFC 7489 3.1.1"},
    [NOT_SIGNED] =
        {.id = "message/not-signed",
         .level = DC_ERROR,
         .title = "The message has no DKIM signature",
         .cause = "DKIM is not set up or not enabled where it was sent, or the message did not "
                  "pass the server that signs; or the file is not the message as it was received.",
         .remedy = "Set up DKIM for the domain and enable it for the identity that sends. Take the "
                   "message from the mailbox of a receiver, not from the folder of sent messages.",
         .refs = "seed:R03; seed:R04; RFC 6376 3.5"},
    [ODD_HEADER_LINE] =
        {.id = "message/odd-header-line",
         .level = DC_WARNING,
         .title = "A line of the header is no header field",
         .cause = "It has no colon, or continues nothing. Programs differ in what they make of it: "
                  "some take the message to end there, and the signature fails for them.",
         .remedy = "Remove the line; if it is the first and begins with \"From \", the file is a "
                   "mailbox: take one message out of it.",
         .refs = "RFC 5322 2.2"},
    [SEVERAL_KEYS] =
        {.id = "message/several-keys",
         .level = DC_WARNING,
         .title = "There are several TXT records where the key is",
         .cause = "A receiver may take any of them, and the signature fails if it is the wrong "
                  "one.",
         .remedy = "Keep only the record with the key.",
         .refs = "RFC 6376 3.6.2.2; RFC 6376 6.1.2"},
    [SIGNATURE_EXPIRED] =
        {.id = "message/signature-expired",
         .level = DC_ERROR,
         .title = "The signature has expired",
         .cause = "It names a time (x=) until which it is good, and that has passed. A message "
                  "that was read in time was signed well.",
         .remedy = "Check a message that was sent just now. If it expires on its way, let the "
                   "signer set a later x=, or none.",
         .refs = "RFC 6376 3.5; RFC 6376 6.1.1"},
    [SIGNATURE_IN_THE_FUTURE] =
        {.id = "message/signature-in-the-future",
         .level = DC_ERROR,
         .title = "The signature says that it was made in the future",
         .cause = "The clock of the server that signed is wrong, or the one here; receivers may "
                  "ignore such a signature.",
         .remedy = "Set the clock of the server that signs by NTP.",
         .refs = "RFC 6376 3.5"},
    [SIGNATURE_MALFORMED] =
        {.id = "message/signature-malformed",
         .level = DC_ERROR,
         .title = "The DKIM-Signature field cannot be used",
         .cause = "It is no tag list, lacks a tag or has a value that cannot be; or something on "
                  "the way damaged it. Receivers ignore it.",
         .remedy = "Correct what the signer writes; what is wrong is said below.",
         .refs = "RFC 6376 3.2; RFC 6376 3.5; RFC 6376 6.1.1"},
    [SIGNATURE_NOT_CHECKED] =
        {.id = "message/signature-not-checked",
         .level = DC_WARNING,
         .title = "The message has more signatures than are verified",
         .cause = "Each may cost questions to other people's servers. Receivers have such limits "
                  "too, and lower ones.",
         .remedy = "Find out what adds so many signatures.",
         .refs = "RFC 6376 6.1"},
    [SIGNATURE_WRONG] =
        {.id = "message/signature-wrong",
         .level = DC_ERROR,
         .title = "The signature does not fit the published key",
         .cause = "The body is as it was signed, but the signature was not made with the private "
                  "key that belongs to the published one (or its text was damaged).",
         .remedy = "Publish the public key that belongs to the private key in use, at the selector "
                   "that the signer names; or give the signer the right private key.",
         .refs = "RFC 6376 3.6.1; RFC 6376 6.1.3; RFC 8463 3"},
    [TWO_SIGNATURES] = {.id = "message/two-signatures",
                        .level = DC_INFO,
                        .title = "Amazon SES has added a signature of its own",
                        .cause = "Messages sent through Amazon SES carry a second signature with "
                                 "d=amazonses.com. It is meant for Amazon SES itself.",
                        .remedy = "Ignore it.",
                        .refs = "seed:R51; seed:R52"},
    [UNREADABLE] =
        {.id = "message/unreadable",
         .level = DC_ERROR,
         .title = "The file is no message that can be read",
         .cause = "A message begins with header fields, and there are limits to what is read: "
                  "64 MiB, 1 MiB of header, 1,000 signatures.",
         .remedy = "Save the message as it was received, header and all (\"show original\", "
                   ".eml).",
         .refs = "RFC 5322 2.1"},
};

const struct dc_finding_table dc_message_findings[] = {{rows, N_ROWS}};
const size_t dc_message_n_findings = sizeof dc_message_findings / sizeof dc_message_findings[0];

struct saying {
    struct dc_message *message;
    struct dc_hits hits;
    bool own_passes;
    size_t n_own;
    size_t n_amazonses;
    size_t n_temporary; // of the domain's own
};

static struct dc_hit *hit_message(struct saying *saying, int row, enum dc_rank rank,
                                  const char *actual)
{
    struct dc_hit *hit = dc_hits_add(&saying->hits, &rows[row], rank);
    hit->name = saying->message->domain;
    hit->actual = actual;
    return hit;
}

static int row_of(enum dc_message_cause cause)
{
    static const int by_cause[] = {
        [DC_CAUSE_NONE] = N_ROWS,
        [DC_CAUSE_MALFORMED] = SIGNATURE_MALFORMED,
        [DC_CAUSE_ALGORITHM] = ALGORITHM_REFUSED,
        [DC_CAUSE_FROM_NOT_SIGNED] = FROM_NOT_SIGNED,
        [DC_CAUSE_NOT_CHECKED] = SIGNATURE_NOT_CHECKED,
        [DC_CAUSE_KEY_UNREACHABLE] = KEY_UNREACHABLE,
        [DC_CAUSE_KEY_MISSING] = KEY_MISSING,
        [DC_CAUSE_KEY_UNUSABLE] = KEY_UNUSABLE,
        [DC_CAUSE_BODY] = BODY_ALTERED,
        [DC_CAUSE_HEADER] = HEADER_ALTERED,
        [DC_CAUSE_SIGNATURE] = SIGNATURE_WRONG,
        [DC_CAUSE_EXPIRED] = SIGNATURE_EXPIRED,
        [DC_CAUSE_FUTURE] = SIGNATURE_IN_THE_FUTURE,
    };
    return by_cause[cause];
}

static enum dc_rank rank_of(enum dc_message_cause cause)
{
    switch (cause) {
    case DC_CAUSE_KEY_UNREACHABLE:
        return DC_RANK_UNREACHABLE;
    case DC_CAUSE_KEY_MISSING:
        return DC_RANK_NAME;
    case DC_CAUSE_KEY_UNUSABLE:
        return DC_RANK_KEY;
    case DC_CAUSE_NONE:
    case DC_CAUSE_MALFORMED:
    case DC_CAUSE_ALGORITHM:
    case DC_CAUSE_FROM_NOT_SIGNED:
    case DC_CAUSE_NOT_CHECKED:
    case DC_CAUSE_BODY:
    case DC_CAUSE_HEADER:
    case DC_CAUSE_SIGNATURE:
        return DC_RANK_VALUE;
    case DC_CAUSE_EXPIRED:
    case DC_CAUSE_FUTURE:
        break;
    }
    return DC_RANK_POLICY;
}

static void show_chain(struct dc_hit *hit, const struct dc_checked *checked)
{
    if (checked->chain != NULL) {
        dc_hit_show(hit, checked->chain->end.answer.observation);
    }
}

static struct dc_hit *hit_signature(struct saying *saying, int row, enum dc_rank rank,
                                    const struct dc_checked *checked)
{
    struct dc_hit *hit = dc_hits_add(&saying->hits, &rows[row], rank);
    hit->record = (size_t)(checked - saying->message->checked) + 1;
    hit->name = checked->name;
    hit->type = checked->chain != NULL ? "TXT" : NULL;
    hit->level = checked->own ? hit->level : DC_INFO;
    return hit;
}

// A signature that does not pass is an error if the domain needs it, a warning if another of its
// signatures passes, and for information if it is not the domain's.
static void say_failure(struct saying *saying, const struct dc_checked *checked)
{
    int row = row_of(checked->cause);
    struct dc_hit *hit = hit_signature(saying, row, rank_of(checked->cause), checked);
    if (hit->level == DC_ERROR && saying->own_passes) {
        hit->level = DC_WARNING;
    }
    if (row == SIGNATURE_NOT_CHECKED) {
        hit->level = DC_WARNING;
        hit->name = saying->message->domain;
        hit->record = DC_ALL_RECORDS; // said once
        hit->actual = fdns_arena_format(saying->hits.arena, "%zu DKIM-Signature fields",
                                        saying->message->n_checked);
        return;
    }
    hit->expected = checked->expected;
    hit->actual = checked->actual == NULL ? checked->reason
                                          : fdns_arena_format(saying->hits.arena, "%s: %s",
                                                              checked->reason, checked->actual);
    show_chain(hit, checked);
}

static void say_notes(struct saying *saying, const struct dc_checked *checked)
{
    if (checked->n_unsigned > 0) {
        struct dc_hit *hit = hit_signature(saying, BODY_PART_UNSIGNED, DC_RANK_POLICY, checked);
        hit->actual =
            fdns_arena_format(saying->hits.arena, "l=%llu; %zu octets behind it are not signed",
                              (unsigned long long)checked->signature.length, checked->n_unsigned);
    }
    if ((checked->key_notes & DC_KEY_TESTING) != 0) {
        show_chain(hit_signature(saying, KEY_IN_TEST_MODE, DC_RANK_POLICY, checked), checked);
    }
    if (checked->n_keys > 1) {
        struct dc_hit *hit = hit_signature(saying, SEVERAL_KEYS, DC_RANK_KEY, checked);
        hit->actual = fdns_arena_format(saying->hits.arena, "%zu records", checked->n_keys);
        show_chain(hit, checked);
    }
}

static void say_signatures(struct saying *saying)
{
    for (size_t i = 0; i < saying->message->n_checked; i++) {
        const struct dc_checked *checked = &saying->message->checked[i];
        if (checked->cause != DC_CAUSE_NONE) {
            say_failure(saying, checked);
        } else {
            say_notes(saying, checked);
        }
    }
}

// Who has signed, seen from the domain.
static void say_whose(struct saying *saying)
{
    const struct dc_message *message = saying->message;
    if (message->n_checked == 0) {
        hit_message(saying, NOT_SIGNED, DC_RANK_VALUE, "no DKIM-Signature field");
    } else if (message->domain == NULL) {
        return;
    } else if (saying->n_own == 0 && saying->n_amazonses > 0) {
        hit_message(saying, AMAZONSES_ONLY, DC_RANK_VALUE,
                    saying->n_amazonses == message->n_checked
                        ? "d=amazonses.com"
                        : "d=amazonses.com, and signatures of other domains");
    } else if (saying->n_own == 0) {
        const struct dc_checked *first = &message->checked[0];
        hit_message(saying, NOT_ALIGNED, DC_RANK_VALUE,
                    fdns_arena_format(saying->hits.arena, "d=%s",
                                      first->signature.domain != NULL ? first->signature.domain
                                                                      : "(none)"));
    } else if (saying->n_amazonses > 0) {
        hit_message(saying, TWO_SIGNATURES, DC_RANK_POLICY, "d=amazonses.com");
    }
}

static void say_header(struct saying *saying)
{
    const struct dc_message *message = saying->message;
    if (message->from == NULL) {
        struct dc_hit *hit = hit_message(saying, FROM_UNCLEAR, DC_RANK_NAME, message->from_why);
        hit->level = message->domain_given ? DC_WARNING : DC_ERROR;
    }
    if (message->mail.n_odd_lines > 0) {
        hit_message(saying, ODD_HEADER_LINE, DC_RANK_POLICY,
                    fdns_arena_format(saying->hits.arena, "line %zu", message->mail.odd_line));
    }
}

static void count(struct saying *saying)
{
    for (size_t i = 0; i < saying->message->n_checked; i++) {
        const struct dc_checked *checked = &saying->message->checked[i];
        saying->n_own += checked->own ? 1 : 0;
        saying->n_amazonses += checked->amazonses ? 1 : 0;
        saying->own_passes |= checked->own && checked->result == DC_AUTH_PASS;
        saying->n_temporary += checked->own && checked->result == DC_AUTH_TEMPERROR ? 1 : 0;
    }
}

static void list_signatures(const struct dc_message *message, struct dc_report *report)
{
    struct dc_signature_result *list =
        fdns_arena_array(message->look->arena, message->n_checked, sizeof *list);
    for (size_t i = 0; i < message->n_checked; i++) {
        const struct dc_checked *checked = &message->checked[i];
        list[i] = (struct dc_signature_result){
            .domain = checked->signature.domain,
            .selector = checked->signature.selector,
            .algorithm = checked->signature.algorithm,
            .canonicalization = checked->signature.canonicalization,
            .identity = checked->signature.identity,
            .result = checked->result,
            .reason = checked->reason,
            .own = checked->own,
            .ignored = checked->amazonses,
        };
    }
    report->signatures = list;
    report->n_signatures = message->n_checked;
}

static const char *subject_text(const struct dc_message *message)
{
    struct fdns_arena *arena = message->look->arena;
    if (message->from == NULL) {
        return "DKIM of a message";
    }
    return fdns_arena_format(arena, "DKIM of a message from %s", message->from);
}

void dc_message_diagnose(struct dc_message *message, struct dc_report *report)
{
    struct saying saying = {.message = message, .hits = {.arena = message->look->arena}};
    count(&saying);
    if (message->unreadable != NULL) {
        hit_message(&saying, UNREADABLE, DC_RANK_UNREACHABLE, message->unreadable);
    } else {
        say_header(&saying);
        say_whose(&saying);
        say_signatures(&saying);
    }
    report->subject = subject_text(message);
    report->domain = message->domain;
    report->status = saying.own_passes        ? DC_STATUS_SUCCESS
                     : saying.n_temporary > 0 ? DC_STATUS_TEMPORARY_FAILURE
                                              : DC_STATUS_FAILED;
    report->findings = dc_hits_findings(&saying.hits, &report->n_findings);
    list_signatures(message, report);
}
