#include "fakedns/zone/denial.h"
#include "fakedns/zone/sign.h"
#include "unit/fakedns/zone/fixture.h"
#include "unit/harness.h"

#include <string.h>

static const char text[] =
    "$TTL 300\n@ 3600 SOA ns h 1 2 3 4 900\n@ NS ns\nns A 192.0.2.1\n"
    "www A 192.0.2.80\nalias CNAME www\n*.w TXT wild\n*.v CNAME www\n"
    "a.ent TXT deep\nold DNAME w\nopen NS ns.open\nns.open A 192.0.2.2\n"
    "safe NS ns.safe\nns.safe A 192.0.2.3\n"
    "safe DS 1 15 2 00000000000000000000000000000000000000000000000000000000000"
    "00000\n";

static void make_key(struct fixture *fixture, struct fdns_key *key, const uint8_t *apex, bool ksk)
{
    *key = (struct fdns_key){.flags = ksk ? 257 : 256, .signs_keys = ksk, .signs_data = !ksk};
    key->text =
        fdns_key_text(&fixture->arena, FDNS_ALGORITHM_ED25519, 1, apex, ksk ? "ksk" : "zsk");
    const char *why = fdns_key_read(key, &fixture->arena, apex);
    CHECK(why == NULL);
}

static const struct fdns_zone *sign(struct fixture *fixture, struct fdns_signing *signing)
{
    const struct fdns_zone *plain = fixture_build(fixture, "example.", true, text);
    struct fdns_key *keys = fdns_arena_array(&fixture->arena, 2, sizeof(*keys));
    make_key(fixture, &keys[0], plain->apex, true);
    make_key(fixture, &keys[1], plain->apex, false);
    signing->keys = keys;
    signing->n_keys = 2;
    signing->inception = 1000;
    signing->expiration = 2000;
    signing->nsec3_algorithm = 1;
    struct fdns_source source = fixture_source("");
    const struct fdns_zone *zone =
        fdns_zone_sign(&fixture->arena, plain, signing, NULL, 0, &source, &fixture->diags);
    CHECK(zone != NULL);
    fixture->zones[fixture->n_zones++] = zone;
    fixture->dnssec = true;
    return zone;
}

static void check_denial(enum fdns_denial_kind denial, const char *name, const char *type,
                         const char *expected)
{
    struct fixture fixture;
    struct fdns_signing signing = {.denial = denial};
    fixture_init(&fixture);
    sign(&fixture, &signing);
    CHECK_TEXT(expected, fixture_ask(&fixture, name, type));
    fixture_clear(&fixture);
}

static void check_nsec(const char *name, const char *type, const char *expected)
{
    check_denial(FDNS_DENY_NSEC, name, type, expected);
}

#define SOA "\nau example. 900 SOA ns.example. h.example. 1 2 3 4 900 +SOA"

static void test_positive(void)
{
    check_nsec("www.example", "A", "NOERROR aa\nan www.example. 300 A 192.0.2.80 +A");
    check_nsec("alias.example", "A",
               "NOERROR aa\nan alias.example. 300 CNAME www.example. +CNAME"
               "\nan www.example. 300 A 192.0.2.80 +A");
    // The CNAME that is made of a DNAME has no signature (RFC 6672 5.3.1).
    check_nsec("x.old.example", "TXT",
               "NOERROR aa\nan old.example. 300 DNAME w.example. +DNAME"
               "\nan x.old.example. 300 CNAME x.w.example."
               "\nan x.w.example. 300 TXT \"wild\" +TXT"
               "\nau *.w.example. 900 NSEC www.example. TXT RRSIG NSEC +NSEC");
}

static void test_nsec(void)
{
    check_nsec("www.example", "TXT",
               "NOERROR aa" SOA "\nau www.example. 900 NSEC example. A RRSIG NSEC +NSEC");
    check_nsec("nix.example", "A",
               "NXDOMAIN aa" SOA "\nau a.ent.example. 900 NSEC ns.example. TXT RRSIG NSEC +NSEC"
               "\nau example. 900 NSEC alias.example. NS SOA RRSIG NSEC DNSKEY +NSEC");
    check_nsec("ent.example", "A",
               "NOERROR aa" SOA
               "\nau alias.example. 900 NSEC a.ent.example. CNAME RRSIG NSEC +NSEC");
    check_nsec("x.w.example", "A",
               "NOERROR aa" SOA "\nau *.w.example. 900 NSEC www.example. TXT RRSIG NSEC +NSEC");
    check_nsec("x.v.example", "A",
               "NOERROR aa\nan x.v.example. 300 CNAME www.example. +CNAME"
               "\nan www.example. 300 A 192.0.2.80 +A"
               "\nau *.v.example. 900 NSEC *.w.example. CNAME RRSIG NSEC +NSEC");
}

static void test_referrals(void)
{
    check_nsec("x.safe.example", "A",
               "NOERROR referral\nau safe.example. 300 NS ns.safe.example."
               "\nau safe.example. 300 DS 1 15 2 "
               "0000000000000000000000000000000000000000000000000000000000000000 +DS"
               "\ngl ns.safe.example. 300 A 192.0.2.3");
    check_nsec("x.open.example", "A",
               "NOERROR referral\nau open.example. 300 NS ns.open.example."
               "\nau open.example. 900 NSEC safe.example. NS RRSIG NSEC +NSEC"
               "\ngl ns.open.example. 300 A 192.0.2.2");
    check_nsec("open.example", "DS",
               "NOERROR aa" SOA "\nau open.example. 900 NSEC safe.example. NS RRSIG NSEC +NSEC");
}

static void test_without_do(void)
{
    struct fixture fixture;
    struct fdns_signing signing = {.denial = FDNS_DENY_NSEC};
    fixture_init(&fixture);
    sign(&fixture, &signing);
    fixture.dnssec = false;
    CHECK_TEXT("NOERROR aa\nan www.example. 300 A 192.0.2.80",
               fixture_ask(&fixture, "www.example", "A"));
    CHECK_TEXT("NXDOMAIN aa\nau example. 900 SOA ns.example. h.example. 1 2 3 4 900",
               fixture_ask(&fixture, "nix.example", "A"));
    CHECK_TEXT("NOERROR aa\nan www.example. 900 NSEC example. A RRSIG NSEC",
               fixture_ask(&fixture, "www.example", "NSEC"));
    CHECK_CONTAINS("RRSIG A 15 2 300 ", fixture_ask(&fixture, "www.example", "RRSIG"));
    fixture_clear(&fixture);
}

// RFC 5155 appendix A: the hashes of its example zone.
static void test_hashes(void)
{
    static const uint8_t salt[] = {0xaa, 0xbb, 0xcc, 0xdd};
    static const struct {
        const char *name, *label;
    } cases[] = {
        {"example", "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom"},
        {"a.example", "35mthgpgcu1qg68fab165klnsnk3dpvl"},
        {"*.W.example", "r53bq7cc2uvmubfu5ocmm6pers9tk9en"},
    };
    struct fdns_nsec3_params params = {.iterations = 12, .salt_len = sizeof(salt), .salt = salt};
    struct fixture fixture;
    fixture_init(&fixture);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t hash[FDNS_NSEC3_HASH_LEN];
        uint8_t label[FDNS_NSEC3_LABEL_LEN];
        fdns_nsec3_hash(&params, fixture_name(&fixture, cases[i].name), hash);
        fdns_nsec3_label(hash, label);
        CHECK_OCTETS(cases[i].label, strlen(cases[i].label), label, sizeof(label));
    }
    fixture_clear(&fixture);
}

static size_t count(const char *where, const char *what)
{
    size_t n = 0;
    for (const char *at = where; (at = strstr(at, what)) != NULL; at += strlen(what)) {
        n++;
    }
    return n;
}

// How many NSEC3 records each proof has (RFC 5155 7.2).
static void test_nsec3(void)
{
    static const struct {
        const char *name, *type;
        bool opt_out;
        size_t n;
    } cases[] = {
        {"www.example", "TXT", false, 1},  {"ent.example", "A", false, 1},
        {"x.w.example", "TXT", false, 1},  {"open.example", "DS", false, 1},
        {"x.open.example", "A", false, 1}, {"x.safe.example", "A", true, 0},
        {"www.example", "A", true, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture fixture;
        struct fdns_signing signing = {.denial = FDNS_DENY_NSEC3, .opt_out = cases[i].opt_out};
        fixture_init(&fixture);
        sign(&fixture, &signing);
        const char *said = fixture_ask(&fixture, cases[i].name, cases[i].type);
        CHECK_INT(cases[i].n, count(said, " NSEC3 1 "));
        CHECK_INT(cases[i].n, count(said, " +NSEC3"));
        fixture_clear(&fixture);
    }
}

// RFC 9824 3: one record that is about the name itself, whatever is asked.
static void test_compact(void)
{
    check_denial(FDNS_DENY_COMPACTLY, "nix.example", "A",
                 "NOERROR aa" SOA
                 "\nau nix.example. 900 NSEC \\000.nix.example. RRSIG NSEC TYPE128 +NSEC");
    check_denial(FDNS_DENY_COMPACTLY, "www.example", "TXT",
                 "NOERROR aa" SOA
                 "\nau www.example. 900 NSEC \\000.www.example. A RRSIG NSEC +NSEC");
    check_denial(FDNS_DENY_COMPACTLY, "ent.example", "TXT",
                 "NOERROR aa" SOA "\nau ent.example. 900 NSEC \\000.ent.example. RRSIG NSEC +NSEC");
    check_denial(FDNS_DENY_COMPACTLY, "x.w.example", "A",
                 "NOERROR aa" SOA
                 "\nau x.w.example. 900 NSEC \\000.x.w.example. TXT RRSIG NSEC +NSEC");
    check_denial(FDNS_DENY_COMPACTLY, "x.w.example", "TXT",
                 "NOERROR aa\nan x.w.example. 300 TXT \"wild\" +TXT");
    check_denial(FDNS_DENY_COMPACTLY, "x.open.example", "A",
                 "NOERROR referral\nau open.example. 300 NS ns.open.example."
                 "\nau open.example. 900 NSEC \\000.open.example. NS RRSIG NSEC +NSEC"
                 "\ngl ns.open.example. 300 A 192.0.2.2");
}

// The name of an NSEC3 record is no name of the zone (RFC 5155 7.2.8).
static void test_hashed_name(void)
{
    struct fixture fixture;
    struct fdns_signing signing = {.denial = FDNS_DENY_NSEC3};
    fixture_init(&fixture);
    const struct fdns_zone *zone = sign(&fixture, &signing);
    char owner[FDNS_NAME_TEXT_MAX];
    fdns_name_print(zone->denial->nsec3s[0].rrset->owner, owner);
    fixture.dnssec = false;
    CHECK_CONTAINS("NXDOMAIN", fixture_ask(&fixture, owner, "NSEC3"));
    fixture_clear(&fixture);
}

static void test_again(void)
{
    struct fixture fixture;
    struct fdns_signing signing = {.denial = FDNS_DENY_NSEC};
    struct fdns_buf first, second;
    fixture_init(&fixture);
    fdns_buf_init(&first, 1 << 20);
    fdns_buf_init(&second, 1 << 20);
    fdns_zone_print(sign(&fixture, &signing), &first);
    fdns_zone_print(sign(&fixture, &signing), &second);
    CHECK_TEXT(fdns_buf_text(&first), fdns_buf_text(&second));
    fdns_buf_clear(&first);
    fdns_buf_clear(&second);
    fixture_clear(&fixture);
}

static const struct test tests[] = {
    {"signatures stand behind what they cover", test_positive},
    {"NSEC records prove what is not there", test_nsec},
    {"referrals have DS or prove that there is none", test_referrals},
    {"without DO nothing is added", test_without_do},
    {"NSEC3 hashes are those of RFC 5155", test_hashes},
    {"NSEC3 proofs have the records they need", test_nsec3},
    {"names of NSEC3 records do not exist", test_hashed_name},
    {"compact denial is about the name itself", test_compact},
    {"signing again gives the same octets", test_again},
};
SUITE(sign, tests)
