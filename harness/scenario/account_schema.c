// What may be said of the account side.
#include "harness/scenario/account.h"

#include "fakedns/wire/name.h"

#include <string.h>

#define N_OF(array)           (sizeof(array) / sizeof((array)[0]))
#define WORD_TEXT(name, text) text,

static const char *check_address(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena;
    return strlen(text) == len && dc_address_domain(text) != NULL ? NULL : "not an e-mail address";
}

static const char *check_identity(struct fdns_arena *arena, const char *text, size_t len)
{
    uint8_t name[FDNS_NAME_MAX];
    if (strlen(text) == len && strchr(text, '@') != NULL) {
        return check_address(arena, text, len);
    }
    bool good = strlen(text) == len && fdns_name_parse(text, NULL, name) == FDNS_OK &&
                fdns_name_labels(name) > 0;
    return good ? NULL : "neither a domain name nor an e-mail address";
}

static const struct fdns_schema_type type_address = {
    .kind = FDNS_SCHEMA_TEXT, .name = "e-mail address", .check = check_address};
static const struct fdns_schema_type type_identity_name = {
    .kind = FDNS_SCHEMA_TEXT, .name = "domain name or e-mail address", .check = check_identity};

#define REGION_KEY                                                                                 \
    {                                                                                              \
        "region", &fdns_type_text, false, "Its Region. Without it: that of `dkim`.", "eu-west-1"   \
    }
#define ACCOUNT_KEY                                                                                \
    {                                                                                              \
        "account_id", &fdns_type_text, false, "Its account. Without it: that of `dkim`.",          \
            "\"111122223333\""                                                                     \
    }

static const struct fdns_schema_key identity_keys[] = {
    {"name", &type_identity_name, true,
     "The domain, or the address that was verified individually.", "mary@example.com"},
    REGION_KEY,
    ACCOUNT_KEY,
    {"signing", &fdns_type_boolean, false, "DKIM signing is switched on. Without it: yes.", "off"},
    {"dkim", &fdns_type_boolean, false,
     "An address: DKIM is configured for it, with the records of its domain. Without it: no.",
     "yes"},
    {"tokens", &fdns_type_text_list, false,
     "Easy DKIM of this identity's own: its tokens. They are checked like those of `dkim`.",
     "[w1, w2, w3]"},
    {"selector", &fdns_type_text, false, "BYODKIM of this identity's own: its selector.", "west"},
    {"public_key", &fdns_type_text, false, "BYODKIM: the public key that should be published.",
     NULL},
    {"window", &fdns_type_duration, false,
     "How long its set-up may be pending, and its records missing. Without it: as for `dkim`.",
     "5d"},
    {"started", &fdns_type_duration, false,
     "When its set-up was begun, in the world's time. Without it: when the identity was added.",
     "1h"},
    {"last_success", &fdns_type_duration, false,
     "When it was last verified, if that was before the first checkpoint.", "0s"},
    {"restart", &dc_type_restarts, false, "Set-ups of it that are begun again.", NULL},
};
static const struct fdns_schema_type type_identity = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "identity",
    .doc =
        "A domain or an e-mail address that may be sent from, in one Region of one account. The "
        "identity of `dkim` has its records there; it is listed only to switch its signing off. "
        "With `tokens` or a `selector` an identity has a DKIM set-up of its own: its records are "
        "checked, and it has a status and a life of its own. An identity without them is "
        "verified, but DKIM is not configured for it.",
    .keys = identity_keys,
    .n_keys = N_OF(identity_keys)};
static const struct fdns_schema_type type_identities = {.kind = FDNS_SCHEMA_LIST,
                                                        .name = "list of identities",
                                                        .item = &type_identity,
                                                        .max = DC_IDENTITIES_MAX - 1};

static const struct fdns_schema_key sender_keys[] = {
    {"from", &type_address, true, "The address in From.", "joe@example.com"},
    REGION_KEY,
    ACCOUNT_KEY,
};
static const struct fdns_schema_type type_sender_record = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "sender",
    .doc = "Somebody who sends mail, and from where.",
    .keys = sender_keys,
    .n_keys = N_OF(sender_keys)};
static const struct fdns_schema_type *const sender_choices[] = {&type_address, &type_sender_record};
static const struct fdns_schema_type type_sender = {
    .kind = FDNS_SCHEMA_EITHER, .choices = sender_choices, .n_choices = N_OF(sender_choices)};
static const struct fdns_schema_type type_senders = {.kind = FDNS_SCHEMA_LIST,
                                                     .name = "list of senders",
                                                     .item = &type_sender,
                                                     .max = DC_SENDERS_MAX};

static const char *const changes[] = {DC_ACCOUNT_CHANGES(WORD_TEXT)};
static const struct fdns_schema_type type_change = {
    .kind = FDNS_SCHEMA_WORD, .name = "change", .words = changes, .n_words = N_OF(changes)};

static const struct fdns_schema_key event_keys[] = {
    {"at", &fdns_type_duration, true, "When, in the world's time.", "24h"},
    {"identity", &type_identity_name, true, "The name of the identity.", "mary@example.com"},
    REGION_KEY,
    ACCOUNT_KEY,
    {"change", &type_change, true,
     "What is done to it. An identity whose first change is `added` is not there before.",
     "deleted"},
};
static const struct fdns_schema_type type_event = {.kind = FDNS_SCHEMA_RECORD,
                                                   .name = "account event",
                                                   .doc = "Something that is changed in the "
                                                          "account, at a time.",
                                                   .keys = event_keys,
                                                   .n_keys = N_OF(event_keys)};
static const struct fdns_schema_type type_events = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of account events", .item = &type_event};

static const struct fdns_schema_key account_keys[] = {
    {"identities", &type_identities, false,
     "The identities beside that of `dkim`, and that one if its signing is switched off.",
     "[ { name: mary@example.com } ]"},
    {"senders", &type_senders, false,
     "Whose mail is asked about. Without any: every address that is an identity, and anybody else "
     "(`*@example.com`) at each domain that is one.",
     "[mary@example.com, { from: joe@example.com, region: eu-west-1 }]"},
    {"events", &type_events, false, "What is changed in the account, and when.",
     "[ { at: 24h, identity: mary@example.com, change: deleted } ]"},
};
const struct fdns_schema_type dc_type_account = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "account side",
    .doc =
        "The sender's side: which identities there are, in which Regions and accounts, for which "
        "of them DKIM is configured and signing switched on, and whose mail is asked about.",
    .keys = account_keys,
    .n_keys = N_OF(account_keys)};
