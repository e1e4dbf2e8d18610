// The `sign` of a zone: its schema, and what it says as a struct fdns_signing.
#include "fakedns/base/duration.h"
#include "fakedns/base/file.h"
#include "fakedns/wire/rdata.h"
#include "fakedns/world/build.h"
#include "fakedns/world/value.h"
#include "fakedns/zone/sign.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEY_FILE_MAX = 64 * 1024, HOUR_S = 3600, DAY_S = 24 * HOUR_S, KEYS_MAX = 8 };

// --- times of signatures

static const char *read_stamp(const char *text, int64_t *seconds)
{
    struct tm tm = {0};
    const char *end = strlen(text) == 14 ? strptime(text, "%Y%m%d%H%M%S", &tm) : NULL;
    if (end == NULL || *end != '\0') {
        return "write +30d or -1h from the world's start, or YYYYMMDDHHMMSS";
    }
    *seconds = (int64_t)timegm(&tm);
    return NULL;
}

// NULL if it is fine. A time from the world's start is added to epoch_s.
static const char *read_time(const char *text, uint32_t epoch_s, uint32_t *time_s)
{
    int64_t us = 0, seconds = 0;
    if (text[0] == '+' || text[0] == '-') {
        if (fdns_duration_parse(text + 1, &us) != FDNS_OK) {
            return "a duration is expected after the sign, like +30d";
        }
        seconds = epoch_s + (text[0] == '-' ? -us : us) / FDNS_US_PER_S;
    } else {
        const char *why = read_stamp(text, &seconds);
        if (why != NULL) {
            return why;
        }
    }
    *time_s = (uint32_t)seconds; // RFC 4034 3.1.5: serial arithmetic
    return NULL;
}

static const char *check_time(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    uint32_t time_s = 0;
    return read_time(text, 0, &time_s);
}

static const struct fdns_schema_type sign_time = {
    .kind = FDNS_SCHEMA_TEXT, .name = "time of a signature", .check = check_time};

// --- schema

static const struct fdns_schema_type octet = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 0, .max = 255};
static const struct fdns_schema_type number16 = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number", .min = 0, .max = 65535};
static const struct fdns_schema_type seconds = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "TTL", .min = 0, .max = INT32_MAX};
static const struct fdns_schema_type type_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of RR types", .item = &fdns_type_rr_type};

static const char *const role_words[] = {"ksk", "zsk", "csk"};
static const struct fdns_schema_type role = {
    .kind = FDNS_SCHEMA_WORD, .name = "role of a key", .words = role_words, .n_words = 3};
static const struct fdns_schema_key key_keys[] = {
    {.name = "role",
     .type = &role,
     .required = true,
     .doc = "`ksk` signs the DNSKEY, CDS and CDNSKEY records, `zsk` all others, `csk` both.",
     .example = "csk"},
    {.name = "file",
     .type = &fdns_type_text,
     .doc = "Its private key as BIND and ldns write it (K*.private). Without it the key is made "
            "from the seed, the zone's name and the role.",
     .example = "Kexample.com.+008+12345.private"},
    {.name = "algorithm",
     .type = &octet,
     .doc = "For a key that is made: 13, 14, 15 or 16; without it that of the zone.",
     .example = "13"},
    {.name = "flags",
     .type = &number16,
     .doc =
         "The flags of its DNSKEY record: 257 for a ksk or csk, 256 for a zsk. Without 256 it is "
         "no zone key (RFC 4034 2.1.1), with 128 it is revoked (RFC 5011 3).",
     .example = "385"},
    {.name = "published",
     .type = &fdns_type_boolean,
     .doc = "`no`: it signs, but is not among the DNSKEY records.",
     .example = "no"},
    {.name = "signs",
     .type = &fdns_type_boolean,
     .doc = "`no`: it is published and signs nothing.",
     .example = "no"},
};
static const struct fdns_schema_type key = {.kind = FDNS_SCHEMA_RECORD,
                                            .name = "key",
                                            .doc = "A key that signs a zone.",
                                            .keys = key_keys,
                                            .n_keys = sizeof(key_keys) / sizeof(key_keys[0])};
static const struct fdns_schema_type keys = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of keys", .item = &key, .min = 1, .max = KEYS_MAX};

static const struct fdns_schema_key nsec3_keys[] = {
    {.name = "iterations",
     .type = &number16,
     .doc = "Additional iterations; 0 without it, as RFC 9276 3.1 asks.",
     .example = "10"},
    {.name = "salt",
     .type = &fdns_type_hex,
     .doc = "The salt; none without it.",
     .example = "ab12"},
    {.name = "opt-out",
     .type = &fdns_type_boolean,
     .doc = "The chain leaves out delegations that are not signed (RFC 5155 6).",
     .example = "yes"},
    {.name = "algorithm",
     .type = &octet,
     .doc = "The number of the hash algorithm in the records; the hash is SHA-1 (1) all the same.",
     .example = "2"},
    {.name = "beside-nsec",
     .type = &fdns_type_boolean,
     .doc = "The zone has an NSEC chain as well.",
     .example = "yes"},
};
static const struct fdns_schema_type nsec3_record = {.kind = FDNS_SCHEMA_RECORD,
                                                     .name = "NSEC3",
                                                     .doc = "How names are hashed.",
                                                     .keys = nsec3_keys,
                                                     .n_keys = sizeof(nsec3_keys) /
                                                               sizeof(nsec3_keys[0])};
static const struct fdns_schema_type *const nsec3_choices[] = {&fdns_type_boolean, &nsec3_record};
static const struct fdns_schema_type nsec3 = {
    .kind = FDNS_SCHEMA_EITHER, .name = "yes or NSEC3", .choices = nsec3_choices, .n_choices = 2};

static const struct fdns_schema_key signature_keys[] = {
    {.name = "name",
     .type = &fdns_type_text,
     .doc = "Of which name, relative to the zone; all without it.",
     .example = "www"},
    {.name = "type", .type = &fdns_type_rr_type, .doc = "Of which type.", .example = "A"},
    {.name = "missing",
     .type = &fdns_type_boolean,
     .doc = "They are not signed.",
     .example = "yes"},
    {.name = "corrupt",
     .type = &fdns_type_boolean,
     .doc = "One bit of the signature is wrong.",
     .example = "yes"},
    {.name = "inception",
     .type = &sign_time,
     .doc = "They are valid only from then on, and signed so.",
     .example = "+10d"},
    {.name = "expiration",
     .type = &sign_time,
     .doc = "They are valid only until then, and signed so.",
     .example = "-30m"},
    {.name = "key-tag",
     .type = &fdns_type_change,
     .doc = "The key tag is another, and signed so.",
     .example = "+1"},
    {.name = "algorithm",
     .type = &octet,
     .doc = "The algorithm is another number.",
     .example = "5"},
    {.name = "signer",
     .type = &fdns_type_text,
     .doc = "Another name is the signer's, and signed so.",
     .example = "example.net."},
};
static const struct fdns_schema_type signature = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "wrong signatures",
    .doc =
        "What is wrong with the signatures of some RRsets; the first that names an RRset counts.",
    .keys = signature_keys,
    .n_keys = sizeof(signature_keys) / sizeof(signature_keys[0])};
static const struct fdns_schema_type signatures = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of wrong signatures", .item = &signature};

static const struct fdns_schema_key denial_keys[] = {
    {.name = "name",
     .type = &fdns_type_text,
     .required = true,
     .doc = "Of which name, relative to the zone.",
     .example = "www"},
    {.name = "without",
     .type = &type_list,
     .doc = "Types that its NSEC or NSEC3 record does not list.",
     .example = "[A]"},
    {.name = "with",
     .type = &type_list,
     .doc = "Types that it lists and the name does not have.",
     .example = "[MX]"},
    {.name = "skip",
     .type = &fdns_type_boolean,
     .doc = "The name has no such record: the one before covers it.",
     .example = "yes"},
};
static const struct fdns_schema_type denial = {.kind = FDNS_SCHEMA_RECORD,
                                               .name = "wrong denial",
                                               .doc = "What is wrong with the NSEC or NSEC3 record "
                                                      "of a name; its signature is right.",
                                               .keys = denial_keys,
                                               .n_keys =
                                                   sizeof(denial_keys) / sizeof(denial_keys[0])};
static const struct fdns_schema_type denials = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of wrong denials", .item = &denial};

static const struct fdns_schema_type *const ds_choices[] = {&fdns_type_text, &fdns_type_text_list};
static const struct fdns_schema_type ds_texts = {.kind = FDNS_SCHEMA_EITHER,
                                                 .name = "DS or list of them",
                                                 .choices = ds_choices,
                                                 .n_choices = 2};

static const char *const cds_words[] = {"none", "publish", "delete"};
static const struct fdns_schema_type cds = {
    .kind = FDNS_SCHEMA_WORD, .name = "CDS", .words = cds_words, .n_words = 3};

static const struct fdns_schema_key sign_keys[] = {
    {.name = "algorithm",
     .type = &octet,
     .doc =
         "Of keys that are made: 15 (Ed25519) without it, whose signatures are the same in every "
         "run; 13, 14 and 16 are made as well.",
     .example = "13"},
    {.name = "keys",
     .type = &keys,
     .doc = "The keys; without it a `ksk` and a `zsk` that are made.",
     .example = "[ { role: csk, file: Kexample.com.+008+12345.private } ]"},
    {.name = "nsec3",
     .type = &nsec3,
     .doc = "NSEC3 instead of NSEC.",
     .example = "{ opt-out: yes }"},
    {.name = "compact-denial",
     .type = &fdns_type_boolean,
     .doc = "Neither NSEC nor NSEC3 is in the zone: names that do not exist have an NSEC that is "
            "made and signed for the answer, and NOERROR (RFC 9824).",
     .example = "yes"},
    {.name = "inception",
     .type = &sign_time,
     .doc = "From when on signatures are valid: `-1h` without it. The world's start is now for "
            "`fakedns`, and 20260101000000 where scenarios are played.",
     .example = "-1h"},
    {.name = "expiration",
     .type = &sign_time,
     .doc = "Until when they are valid: `+90d` without it.",
     .example = "+90d"},
    {.name = "dnskey-ttl",
     .type = &seconds,
     .doc = "The TTL of the DNSKEY records; that of the SOA without it.",
     .example = "3600"},
    {.name = "cds",
     .type = &cds,
     .doc = "`publish` CDS and CDNSKEY records for its parent (RFC 7344), or those that ask to "
            "`delete` the DS (RFC 8078 4).",
     .example = "publish"},
    {.name = "ds",
     .type = &ds_texts,
     .doc = "The DS records in a signed parent of this world: `auto` without it, `none`, "
            "`mismatch` (a digest that fits no key), `unknown-digest`, `unknown-algorithm`, or "
            "their rdata. A DS that the parent's text has comes first.",
     .example = "none"},
    {.name = "wrong-signatures",
     .type = &signatures,
     .doc = "Signatures that are wrong on purpose.",
     .example = "[ { name: www, type: A, expiration: -30m } ]"},
    {.name = "wrong-denials",
     .type = &denials,
     .doc = "NSEC and NSEC3 records that are wrong on purpose.",
     .example = "[ { name: www, without: [A] } ]"},
};
static const struct fdns_schema_type sign_record = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "signing",
    .doc = "How a zone is signed (RFC 4034, 4035, 5155). Every version that events make of it is "
           "signed as well.",
    .keys = sign_keys,
    .n_keys = sizeof(sign_keys) / sizeof(sign_keys[0])};
static const struct fdns_schema_type *const sign_choices[] = {&fdns_type_boolean, &sign_record};
const struct fdns_schema_type fdns_type_sign = {
    .kind = FDNS_SCHEMA_EITHER, .name = "yes or signing", .choices = sign_choices, .n_choices = 2};

// --- reading

struct reading {
    struct fdns_building *b;
    struct fdns_arena *arena;
    const uint8_t *apex;
    uint32_t epoch_s;
};

static void blame(const struct reading *r, const struct fdns_node *node, const char *why)
{
    fdns_diag(r->b->diags, FDNS_ERROR, r->b->source, node->line, node->column, "\"%.200s\" %s",
              node->kind == FDNS_SCALAR ? node->text : "this", why);
}

static bool is_yes(const struct fdns_node *node, const char *word)
{
    const struct fdns_node *value = fdns_node_find(node, word);
    return value != NULL && fdns_node_boolean(value);
}

static int64_t number_or(const struct fdns_node *node, const char *word, int64_t otherwise)
{
    const struct fdns_node *value = fdns_node_find(node, word);
    return value != NULL ? fdns_node_integer(value) : otherwise;
}

// A name relative to the zone; NULL if it is not said, or after a diagnostic.
static const uint8_t *read_name(const struct reading *r, const struct fdns_node *node,
                                const char *word)
{
    const struct fdns_node *value = fdns_node_find(node, word);
    uint8_t name[FDNS_NAME_MAX];
    if (value == NULL) {
        return NULL;
    }
    if (strcmp(value->text, "@") == 0) {
        return r->apex;
    }
    if (fdns_name_parse(value->text, r->apex, name) != FDNS_OK) {
        blame(r, value, "is no domain name");
        return r->apex;
    }
    return fdns_name_copy(r->arena, name);
}

static bool read_when(const struct reading *r, const struct fdns_node *node, const char *word,
                      uint32_t *time_s)
{
    const struct fdns_node *value = fdns_node_find(node, word);
    return value != NULL && read_time(value->text, r->epoch_s, time_s) == NULL;
}

static const char *read_key_file(const struct reading *r, const struct fdns_node *file)
{
    char *path = fdns_find_file(r->arena, r->b->source->file, file->text);
    const char *text = NULL;
    size_t len = 0;
    if (path == NULL) {
        blame(r, file, "is no file in the folder of this file or above it");
        return NULL;
    }
    return fdns_file_read(r->arena, path, KEY_FILE_MAX, &text, &len, r->b->diags) ? text : NULL;
}

static void read_key(const struct reading *r, const struct fdns_node *node, uint8_t algorithm,
                     const char *word, struct fdns_key *out)
{
    const struct fdns_node *file = fdns_node_find(node, "file");
    bool zsk = strcmp(word, "zsk") == 0;
    bool silent = fdns_node_find(node, "signs") != NULL && !is_yes(node, "signs");
    algorithm = (uint8_t)number_or(node, "algorithm", algorithm);
    *out = (struct fdns_key){.flags = (uint16_t)number_or(node, "flags", zsk ? 256 : 257),
                             .signs_keys = !zsk && !silent,
                             .signs_data = strcmp(word, "ksk") != 0 && !silent,
                             .hidden = fdns_node_find(node, "published") != NULL &&
                                       !is_yes(node, "published")};
    out->text = file != NULL ? read_key_file(r, file)
                             : fdns_key_text(r->arena, algorithm, fdns_library_seed(r->b->library),
                                             r->apex, word);
    if (file == NULL && out->text == NULL) {
        blame(r, node, "has an algorithm of which no key is made: 13 to 16, else give a `file`");
    }
    const char *why = out->text != NULL ? fdns_key_read(out, r->arena, r->apex) : NULL;
    if (why != NULL) {
        blame(r, file != NULL ? file : node, why);
    }
}

static void read_keys(const struct reading *r, const struct fdns_node *node,
                      struct fdns_signing *signing)
{
    static const char *const made[] = {"ksk", "zsk"};
    const struct fdns_node *list = fdns_node_find(node, "keys");
    uint8_t algorithm = (uint8_t)number_or(node, "algorithm", FDNS_ALGORITHM_ED25519);
    size_t n = list != NULL ? list->n_items : 2;
    struct fdns_key *items = fdns_arena_array(r->arena, n, sizeof(*items));
    for (size_t i = 0; i < n; i++) {
        const struct fdns_node *item = list != NULL ? list->items[i] : node;
        const char *word = list != NULL ? fdns_node_text(item, "role") : made[i];
        read_key(r, item, algorithm, word, &items[i]);
    }
    signing->keys = items;
    signing->n_keys = n;
}

static void read_nsec3(const struct reading *r, const struct fdns_node *node,
                       struct fdns_signing *signing)
{
    if (node == NULL || (node->kind == FDNS_SCALAR && !fdns_node_boolean(node))) {
        return;
    }
    const struct fdns_node *salt = fdns_node_find(node, "salt");
    size_t len = 0;
    signing->denial = is_yes(node, "beside-nsec") ? FDNS_DENY_BOTH : FDNS_DENY_NSEC3;
    signing->opt_out = is_yes(node, "opt-out");
    signing->nsec3_algorithm = (uint8_t)number_or(node, "algorithm", 1);
    signing->salt.iterations = (uint16_t)number_or(node, "iterations", 0);
    if (salt != NULL) {
        signing->salt.octets = fdns_hex_octets(r->arena, salt->text, &len);
        signing->salt.len = (uint8_t)len;
    }
    if (len > UINT8_MAX) {
        blame(r, salt, "is longer than 255 octets");
    }
}

static struct fdns_mistake read_mistake(const struct reading *r, const struct fdns_node *node)
{
    const char *type = fdns_node_text(node, "type");
    const char *tag = fdns_node_text(node, "key-tag");
    struct fdns_change change = {0};
    struct fdns_mistake mistake = {.name = read_name(r, node, "name"),
                                   .unsigned_ = is_yes(node, "missing"),
                                   .corrupt = is_yes(node, "corrupt"),
                                   .signer = read_name(r, node, "signer")};
    if (type != NULL) {
        fdns_type_parse(type, &mistake.type);
    }
    if (tag != NULL && fdns_change_parse(tag, &change)) {
        mistake.has_tag = true;
        mistake.tag_is_change = change.relative;
        mistake.tag = change.number;
    }
    mistake.has_inception = read_when(r, node, "inception", &mistake.inception);
    mistake.has_expiration = read_when(r, node, "expiration", &mistake.expiration);
    mistake.has_algorithm = fdns_node_find(node, "algorithm") != NULL;
    mistake.algorithm = (uint8_t)number_or(node, "algorithm", 0);
    return mistake;
}

static const uint16_t *read_types(const struct reading *r, const struct fdns_node *list, size_t *n)
{
    *n = list != NULL ? list->n_items : 0;
    uint16_t *types = fdns_arena_array(r->arena, *n, sizeof(*types));
    for (size_t i = 0; i < *n; i++) {
        fdns_type_parse(list->items[i]->text, &types[i]);
    }
    return types;
}

static void read_mistakes(const struct reading *r, const struct fdns_node *node,
                          struct fdns_signing *signing)
{
    const struct fdns_node *list = fdns_node_find(node, "wrong-signatures");
    size_t n = list != NULL ? list->n_items : 0;
    struct fdns_mistake *mistakes = fdns_arena_array(r->arena, n, sizeof(*mistakes));
    for (size_t i = 0; i < n; i++) {
        mistakes[i] = read_mistake(r, list->items[i]);
    }
    signing->mistakes = mistakes;
    signing->n_mistakes = n;
    list = fdns_node_find(node, "wrong-denials");
    n = list != NULL ? list->n_items : 0;
    struct fdns_bitmap_mistake *bitmaps = fdns_arena_array(r->arena, n, sizeof(*bitmaps));
    for (size_t i = 0; i < n; i++) {
        const struct fdns_node *item = list->items[i];
        bitmaps[i].name = read_name(r, item, "name");
        bitmaps[i].without = read_types(r, fdns_node_find(item, "without"), &bitmaps[i].n_without);
        bitmaps[i].with = read_types(r, fdns_node_find(item, "with"), &bitmaps[i].n_with);
        bitmaps[i].skip = is_yes(item, "skip");
    }
    signing->bitmaps = bitmaps;
    signing->n_bitmaps = n;
}

// --- the DS records

enum ds_word { DS_AUTO, DS_NONE, DS_MISMATCH, DS_UNKNOWN_DIGEST, DS_UNKNOWN_ALGORITHM, DS_RDATA };
static const char *const ds_words[] = {"auto", "none", "mismatch", "unknown-digest",
                                       "unknown-algorithm"};

static enum ds_word ds_word_of(const char *text)
{
    enum ds_word word = DS_AUTO;
    while (word < DS_RDATA && strcmp(text, ds_words[word]) != 0) {
        word++;
    }
    return word;
}

static struct fdns_rdata made_ds(const struct reading *r, const struct fdns_key *of,
                                 enum ds_word word)
{
    enum { ALGORITHM_AT = 2, DIGEST_TYPE_AT = 3, UNASSIGNED = 252 };
    struct fdns_rdata ds = fdns_key_ds(r->arena, of, r->apex, FDNS_DIGEST_SHA256);
    uint8_t *octets = fdns_arena_copy(r->arena, ds.octets, ds.len);
    if (word == DS_MISMATCH) {
        octets[ds.len - 1] ^= 1;
    } else if (word == DS_UNKNOWN_DIGEST) {
        octets[DIGEST_TYPE_AT] = UNASSIGNED;
    } else if (word == DS_UNKNOWN_ALGORITHM) {
        octets[ALGORITHM_AT] = UNASSIGNED;
    }
    return (struct fdns_rdata){octets, ds.len};
}

static void read_ds_item(const struct reading *r, const struct fdns_node *item, const char *text,
                         struct fdns_signing *signing, struct fdns_rdata *ds)
{
    enum ds_word word = ds_word_of(text);
    if (word == DS_RDATA) {
        const char *why = NULL;
        uint16_t len = 0;
        const uint8_t *octets = fdns_rdata_parse(r->arena, FDNS_TYPE_DS, text, NULL, &len, &why);
        if (octets == NULL) {
            blame(r, item, why);
            return;
        }
        ds[signing->n_ds++] = (struct fdns_rdata){octets, len};
        return;
    }
    for (size_t i = 0; word != DS_NONE && i < signing->n_keys; i++) {
        bool secure_entry = (signing->keys[i].flags & FDNS_DNSKEY_SEP) != 0;
        if (signing->keys[i].dnskey.octets != NULL && secure_entry) {
            ds[signing->n_ds++] = made_ds(r, &signing->keys[i], word);
        }
    }
}

static void read_ds(const struct reading *r, const struct fdns_node *list,
                    struct fdns_signing *signing)
{
    size_t n = list != NULL ? fdns_node_n(list) : 1;
    struct fdns_rdata *ds = fdns_arena_array(r->arena, n * KEYS_MAX, sizeof(*ds));
    signing->ds = ds;
    for (size_t i = 0; i < n; i++) {
        const struct fdns_node *item = list != NULL ? fdns_node_item(list, i) : NULL;
        read_ds_item(r, item, item != NULL ? item->text : "auto", signing, ds);
    }
}

static const struct fdns_signing *read_signing(const struct reading *r,
                                               const struct fdns_node *node)
{
    struct fdns_signing *signing = fdns_arena_alloc(r->arena, sizeof(*signing));
    const char *cds_word = fdns_node_text(node, "cds");
    signing->nsec3_algorithm = 1;
    signing->inception = r->epoch_s - HOUR_S;
    signing->expiration = r->epoch_s + 90 * DAY_S;
    read_when(r, node, "inception", &signing->inception);
    read_when(r, node, "expiration", &signing->expiration);
    signing->has_dnskey_ttl = fdns_node_find(node, "dnskey-ttl") != NULL;
    signing->dnskey_ttl = (uint32_t)number_or(node, "dnskey-ttl", 0);
    signing->publish_cds = cds_word != NULL && strcmp(cds_word, "publish") == 0;
    signing->delete_cds = cds_word != NULL && strcmp(cds_word, "delete") == 0;
    read_keys(r, node, signing);
    read_nsec3(r, fdns_node_find(node, "nsec3"), signing);
    if (is_yes(node, "compact-denial")) {
        signing->denial = FDNS_DENY_COMPACTLY;
    }
    read_mistakes(r, node, signing);
    read_ds(r, fdns_node_find(node, "ds"), signing);
    return signing;
}

void fdns_build_read_sign(struct fdns_building *b, const uint8_t *apex,
                          const struct fdns_node *sign)
{
    if (sign == NULL) {
        return;
    }
    struct reading reading = {
        .b = b, .arena = &b->world->arena, .apex = apex, .epoch_s = fdns_library_epoch(b->library)};
    bool wanted = sign->kind != FDNS_SCALAR || fdns_node_boolean(sign);
    b->orders = fdns_arena_grow(&b->world->arena, b->orders, b->n_orders, b->n_orders + 1,
                                sizeof(*b->orders), &b->orders_capacity);
    b->orders[b->n_orders++] = (struct fdns_zone_order){
        .apex = apex, .signing = wanted ? read_signing(&reading, sign) : NULL};
}
