// What a scenario file may say. docs/SCENARIOS.md and docs/scenario.schema.json are printed from
// these tables.
#include "harness/scenario/account.h"
#include "harness/scenario/scenario.h"

#include "fakedns/wire/name.h"
#include "harness/check/dkim/sender.h"

#include <string.h>

#define N_OF(array)           (sizeof(array) / sizeof((array)[0]))
#define WORD_TEXT(name, text) text,

static const char *check_domain(struct fdns_arena *arena, const char *text, size_t len)
{
    uint8_t name[FDNS_NAME_MAX];
    if (strlen(text) != len) {
        return "holds a NUL";
    }
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c > 0x7f) {
            return "has letters beyond ASCII: write it as it stands in the DNS, xn--... (RFC 5890 "
                   "2.3.2.1)";
        }
    }
    enum fdns_error error = fdns_name_parse(text, NULL, name);
    if (error == FDNS_TOO_LARGE) {
        return "longer than 255 octets, or a label is longer than 63 (RFC 1035 2.3.4)";
    }
    if (error == FDNS_OK && fdns_name_labels(name) == 0) {
        return "the root is no domain to check";
    }
    return error == FDNS_OK ? NULL : fdns_arena_format(arena, "not a domain name");
}

static const struct fdns_schema_type type_domain = {
    .kind = FDNS_SCHEMA_TEXT, .name = "domain name", .check = check_domain};

static const char *const methods[] = {DC_DKIM_METHODS(WORD_TEXT)};
static const struct fdns_schema_type type_method = {
    .kind = FDNS_SCHEMA_WORD, .name = "method", .words = methods, .n_words = N_OF(methods)};

static const char *const profiles[] = {"current", "seed"};
static const struct fdns_schema_type type_profile = {
    .kind = FDNS_SCHEMA_WORD, .name = "profile", .words = profiles, .n_words = N_OF(profiles)};

static const char *const statuses[] = {"SUCCESS", "NOT_STARTED", "PENDING", "TEMPORARY_FAILURE",
                                       "FAILED"};
static const struct fdns_schema_type type_status = {
    .kind = FDNS_SCHEMA_WORD, .name = "status", .words = statuses, .n_words = N_OF(statuses)};

static const char *const levels[] = {DC_LEVELS(WORD_TEXT)};
static const struct fdns_schema_type type_level = {
    .kind = FDNS_SCHEMA_WORD, .name = "level", .words = levels, .n_words = N_OF(levels)};

static const char *const withs[] = {
#define WITH_TEXT(name, bit, text) text,
    DC_WITHS(WITH_TEXT)};
static const struct fdns_schema_type type_with = {
    .kind = FDNS_SCHEMA_WORD, .name = "neighbour", .words = withs, .n_words = N_OF(withs)};
static const struct fdns_schema_type type_with_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of neighbours", .item = &type_with};

static const char *check_sender(struct fdns_arena *arena, const char *text, size_t len)
{
    const char *near = dc_sender_suggest(text);
    if (strlen(text) == len && dc_sender_find(text) != NULL) {
        return NULL;
    }
    return near != NULL ? fdns_arena_format(arena, "no sender (did you mean \"%s\"?)", near)
                        : "no sender (dnsconform list senders)";
}
static const struct fdns_schema_type type_sender = {
    .kind = FDNS_SCHEMA_TEXT, .name = "sender", .check = check_sender};

static const struct fdns_schema_key restart_keys[] = {
    {"at", &fdns_type_duration, true, "When the set-up is begun anew.", "6d"},
    {"tokens", &fdns_type_text_list, false, "The new tokens (Easy DKIM).", "[new1, new2, new3]"},
};
static const struct fdns_schema_type type_restart = {.kind = FDNS_SCHEMA_RECORD,
                                                     .name = "restart",
                                                     .doc = "A set-up that is begun again.",
                                                     .keys = restart_keys,
                                                     .n_keys = N_OF(restart_keys)};
const struct fdns_schema_type dc_type_restarts = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of restarts", .item = &type_restart};

static const struct fdns_schema_key dkim_keys[] = {
    {"domain", &type_domain, true, "The domain whose DKIM set-up is checked.", "example.com"},
    {"method", &type_method, false,
     "`easy-dkim`: CNAME records to the keys of Amazon SES. `byodkim`: a TXT record with a key of "
     "one's own. `selectors`: the records of any sender. `message`: the DKIM signatures of a "
     "message. Needed unless `sender` or `selectors` "
     "says it.",
     "easy-dkim"},
    {"tokens", &fdns_type_text_list, false,
     "Easy DKIM: the tokens; each is a selector, and the first label of its CNAME's target.",
     "[example, token2, token3]"},
    {"selector", &fdns_type_text, false, "BYODKIM: the selector.", "selector"},
    {"public_key", &fdns_type_text, false,
     "BYODKIM: the public key that should be published, base64 of its SubjectPublicKeyInfo.", NULL},
    {"sender", &type_sender, false,
     "Who sends (`dnsconform list senders`): it decides where CNAMEs have to lead. Without it: "
     "`ses`, and `generic` with `selectors`.",
     "sendgrid"},
    {"selectors", &fdns_type_text_list, false,
     "The selectors of that sender; without them those it always uses.", "[s1, s2]"},
    {"targets", &fdns_type_text_list, false,
     "Where the CNAMEs of `selectors` lead, one each, in their order. Without it the sender says "
     "it.",
     "[s1.domainkey.u1.wl001.sendgrid.net]"},
    {"private_key", &fdns_type_text, false,
     "BYODKIM: the private key, as it is given to Amazon SES: base64 of its PKCS #1 form. Use one "
     "that was made for the scenario.",
     NULL},
    {"profile", &type_profile, false,
     "Applies the limits of Amazon SES to the selector and the keys: `current` is what it takes "
     "today (the default with `private_key` and `sender: ses`), `seed` the letter of its "
     "troubleshooting page.",
     "seed"},
    {"verification", &fdns_type_text, false,
     "The value that the TXT record at `_amazonses.DOMAIN` should have.", NULL},
    {"region", &fdns_type_text, false,
     "Region of the identity; it decides the suffix of the CNAME targets.", "eu-south-1"},
    {"account_id", &fdns_type_text, false, "The account that the identity belongs to.",
     "\"111122223333\""},
    {"started", &fdns_type_duration, false,
     "When the set-up was begun, in the world's time. Without it: at its start.", "1h"},
    {"last_success", &fdns_type_duration, false,
     "When it was last verified, if that was before the first checkpoint.", "0s"},
    {"window", &fdns_type_duration, false,
     "How long a set-up may be pending, and how long records may be missing before it is revoked. "
     "Without it: 72h.",
     "5d"},
    {"restart", &dc_type_restarts, false, "Set-ups that are begun again.", NULL},
    {"message", &fdns_type_text, false,
     "Method `message`: the message itself. The world begins at the Unix epoch, so `t=3600` in a "
     "signature is an hour into it.",
     NULL},
    {"message_file", &fdns_type_text, false,
     "Method `message`: a file with the message, seen from the folder of the scenario.",
     "two-signatures.eml"},
    {"with", &type_with_list, false, "What is looked at beside DKIM; it never changes the status.",
     "[mail-from, spf, dmarc]"},
    {"mail_from", &type_domain, false,
     "The custom MAIL FROM domain of Amazon SES, for `with: [mail-from]`.", "bounce.example.com"},
    {"resolver", &fdns_type_boolean, false,
     "The checker also asks the world's recursive front end.", "yes"},
};
static const struct fdns_schema_type type_dkim = {.kind = FDNS_SCHEMA_RECORD,
                                                  .name = "DKIM subject",
                                                  .doc = "A DKIM identity.",
                                                  .keys = dkim_keys,
                                                  .n_keys = N_OF(dkim_keys)};

static const struct fdns_schema_key subject_keys[] = {
    {"dkim", &type_dkim, true, "Check a DKIM identity.", NULL},
    {"account", &dc_type_account, false,
     "The sender's account side: other Regions and accounts, addresses, and whose mail is signed.",
     "{ identities: [ { name: mary@example.com } ], senders: [mary@example.com] }"},
};
static const struct fdns_schema_type type_subject = {.kind = FDNS_SCHEMA_RECORD,
                                                     .name = "subject",
                                                     .doc = "What a checker is asked to check.",
                                                     .keys = subject_keys,
                                                     .n_keys = N_OF(subject_keys)};

// Whom something is about on the account side.
#define ABOUT_KEYS                                                                                 \
    {"identity", &fdns_type_text, false, "The identity it is about.", "mary@example.com"},         \
        {"region", &fdns_type_text, false, "The Region of that identity.", "eu-west-1"},           \
    {                                                                                              \
        "account_id", &fdns_type_text, false, "The account of that identity.", "\"111122223333\""  \
    }

static const struct fdns_schema_key finding_keys[] = {
    {"id", &fdns_type_text, true, "Id of the finding (`dnsconform list findings`).",
     "name/doubled-suffix"},
    {"name", &type_domain, false, "The record's name.", "example._domainkey.example.com"},
    {"type", &fdns_type_text, false, "The record's type.", "TXT"},
    {"server", &fdns_type_text, false,
     "The server it is about: its name in the world, or `resolver`.", "ns2.example.com"},
    {"level", &type_level, false, "The level it is reported at.", "error"},
    ABOUT_KEYS,
};
static const struct fdns_schema_type type_finding = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "expected finding",
    .doc = "Matches the findings that are equal in every field it states, and needs at least one.",
    .keys = finding_keys,
    .n_keys = N_OF(finding_keys)};
static const struct fdns_schema_type type_findings = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of expected findings", .item = &type_finding};

static const char *const results[] = {DC_AUTH_RESULTS(WORD_TEXT)};
static const struct fdns_schema_type type_auth_result = {
    .kind = FDNS_SCHEMA_WORD, .name = "result", .words = results, .n_words = N_OF(results)};

static const struct fdns_schema_key signature_keys[] = {
    {"result", &type_auth_result, true, "The result in the words of RFC 8601 2.7.1.", "pass"},
    {"domain", &type_domain, false, "The domain that signed (`d=`).", "example.com"},
    {"selector", &fdns_type_text, false, "The selector (`s=`).", "selector"},
};
static const struct fdns_schema_type type_signature = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "expected signature",
    .doc = "Matches the signatures of the message that are equal in every field it states, and "
           "needs at least one.",
    .keys = signature_keys,
    .n_keys = N_OF(signature_keys)};
static const struct fdns_schema_type type_signatures = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of expected signatures", .item = &type_signature};

static const struct fdns_schema_key set_up_keys[] = {
    {"status", &type_status, true, "The status that is reported.", "FAILED"},
    ABOUT_KEYS,
};
static const struct fdns_schema_type type_set_up = {.kind = FDNS_SCHEMA_RECORD,
                                                    .name = "expected set-up",
                                                    .doc = "The status of one of the set-ups.",
                                                    .keys = set_up_keys,
                                                    .n_keys = N_OF(set_up_keys)};
static const struct fdns_schema_type type_set_ups = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of expected set-ups", .item = &type_set_up};

static const char *const causes[] = {DC_SIGNING_CAUSES(WORD_TEXT)};
static const struct fdns_schema_type type_cause = {
    .kind = FDNS_SCHEMA_WORD, .name = "signing cause", .words = causes, .n_words = N_OF(causes)};
static const struct fdns_schema_key signing_keys[] = {
    {"from", &fdns_type_text, true, "The sender's address.", "mary@example.com"},
    {"region", &fdns_type_text, false, "The Region that is sent from.", "eu-west-1"},
    {"account_id", &fdns_type_text, false, "The account that is sent from.", "\"111122223333\""},
    {"signed", &fdns_type_boolean, true, "Whether the mail is signed.", "no"},
    {"identity", &fdns_type_text, false, "The identity that decides.", "mary@example.com"},
    {"cause", &type_cause, false, "Why.", "signing-disabled"},
};
static const struct fdns_schema_type type_signing_item = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "expected signing",
    .doc = "Whether the mail of a sender is signed.",
    .keys = signing_keys,
    .n_keys = N_OF(signing_keys)};
static const struct fdns_schema_type type_signing = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of expected signing", .item = &type_signing_item};

static const char *const notices[] = {DC_NOTICES(WORD_TEXT)};
static const struct fdns_schema_type type_notice = {.kind = FDNS_SCHEMA_WORD,
                                                    .name = "notification kind",
                                                    .words = notices,
                                                    .n_words = N_OF(notices)};
static const struct fdns_schema_key notification_keys[] = {
    {"kind", &type_notice, true, "What it tells.", "revoked"},
    {"deadline", &fdns_type_duration, false, "Of a warning: the time it names.", "96h"},
    ABOUT_KEYS,
};
static const struct fdns_schema_type type_notification = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "expected notification",
    .doc = "An email to the owner of the account about a change that is seen at this checkpoint.",
    .keys = notification_keys,
    .n_keys = N_OF(notification_keys)};
static const struct fdns_schema_type type_notifications = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of expected notifications", .item = &type_notification};

static const struct fdns_schema_key checkpoint_keys[] = {
    {"at", &fdns_type_duration, true, "When the checker is run, in the world's time.", "71h59m"},
    {"status", &type_status, false, "The status it must report.", "PENDING"},
    {"findings", &type_findings, false,
     "What it must report. Whatever is not named here or in `also` must not be reported at level "
     "warning or above.",
     "[ { id: name/doubled-suffix } ]"},
    {"also", &type_findings, false, "What it may report.", NULL},
    {"signatures", &type_signatures, false,
     "What it must say of signatures of a message. A checker that says nothing of them is not "
     "judged by it.",
     "[ { domain: example.com, result: pass } ]"},
    {"set_ups", &type_set_ups, false, "The statuses of set-ups, where there are several.",
     "[ { region: eu-west-1, status: FAILED } ]"},
    {"signing", &type_signing, false, "Whose mail is signed and whose is not.",
     "[ { from: mary@example.com, signed: no } ]"},
    {"notifications", &type_notifications, false,
     "All notifications of this checkpoint, each once; an empty list says that there are none. "
     "Without it they are not looked at.",
     "[ { kind: revoked } ]"},
};
static const struct fdns_schema_type type_checkpoint = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "checkpoint",
    .doc = "A time at which the checker is run, and what a correct one reports then.",
    .keys = checkpoint_keys,
    .n_keys = N_OF(checkpoint_keys)};
static const struct fdns_schema_type type_checkpoints = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of checkpoints", .item = &type_checkpoint, .min = 1};

static const struct fdns_schema_key scenario_keys[] = {
    {"title", &fdns_type_text, true, "One sentence: what is wrong, or that nothing is.",
     "The DNS provider appended the domain to the record name"},
    {"refs", &fdns_type_text_list, false, "What it comes from: requirements of the seed, RFCs.",
     "[seed:R21, seed:R22]"},
    {"tags", &fdns_type_text_list, false,
     "Words to select it by; the folders it lies in below `scenarios` are tags too.", "[control]"},
    {"world", &fdns_type_world, true, "The scripted piece of the Internet.", NULL},
    {"subject", &type_subject, true, "What is checked.", NULL},
    {"expect", &type_checkpoints, true, "What a correct checker reports, by time.", NULL},
};
const struct fdns_schema_type dc_type_scenario = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "scenario",
    .doc = "A world, a subject, and what a correct checker must report at given times.",
    .keys = scenario_keys,
    .n_keys = N_OF(scenario_keys)};
