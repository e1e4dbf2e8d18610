#include "unit/fakedns/zone/fixture.h"
#include "unit/harness.h"

#include <string.h>

#define SOA     "\nau example.com. 900 SOA ns.example.com. h.example.com. 1 2 3 4 900"
#define SUB_SOA "\nau sub.example.com. 5 SOA s. h. 1 2 3 4 3600"

static const char parent[] =
    "$TTL 300\n@ 3600 SOA ns h 1 2 3 4 900\n"
    "@ NS ns\n@ NS ns.elsewhere.\n@ MX 5 mail\n@ MX 10 mail.elsewhere.\n"
    "ns A 192.0.2.1\nns AAAA 2001:db8::1\nmail A 192.0.2.25\n"
    "www A 192.0.2.80\n"
    "a.ent A 192.0.2.2\n"
    "*.w TXT wild\nhost.w A 192.0.2.3\n*.deep.w A 192.0.2.4\nx.ent.w A 192.0.2.5\n"
    "sub NS ns.sub\nsub NS ns.other\nsub NS ns\nsub NS ns.far.\n"
    "sub DS 1 8 1 0000000000000000000000000000000000000000\n"
    "ns.sub A 192.0.2.6\nns.other A 192.0.2.7\nother NS ns.other\n"
    "hidden.sub TXT occluded\n"
    "lame NS ns.far.\n"
    "*.wd NS ns.far.\n"
    "_sip._tcp SRV 1 2 3 www\n_sip._tcp SRV 1 2 3 hidden.sub\n"
    "b\\.c A 192.0.2.8\nUPPER A 192.0.2.9\n";

static const char child[] =
    "@ 5 SOA s. h. 1 2 3 4 3600\n@ NS ns\nns A 192.0.2.66\nw A 192.0.2.67\n";

struct question {
    const char *name, *type, *expected;
};

static void check_questions(struct fixture *fixture, const struct question *questions, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        CHECK_TEXT(questions[i].expected,
                   fixture_ask(fixture, questions[i].name, questions[i].type));
    }
}

#define CHECK_QUESTIONS(with_child, ...)                                                           \
    do {                                                                                           \
        static const struct question questions[] = {__VA_ARGS__};                                  \
        struct fixture fixture;                                                                    \
        fixture_init(&fixture);                                                                    \
        fixture_serve(&fixture, "example.com.", parent);                                           \
        if (with_child) {                                                                          \
            fixture_serve(&fixture, "sub.example.com.", child);                                    \
        }                                                                                          \
        check_questions(&fixture, questions, sizeof questions / sizeof questions[0]);              \
        fixture_clear(&fixture);                                                                   \
    } while (0)

static void test_exact(void)
{
    CHECK_QUESTIONS(
        false, {"www.example.com", "A", "NOERROR aa\nan www.example.com. 300 A 192.0.2.80"},
        {"WwW.eXample.com", "A", "NOERROR aa\nan WwW.eXample.com. 300 A 192.0.2.80"},
        {"upper.example.com", "A", "NOERROR aa\nan upper.example.com. 300 A 192.0.2.9"},
        {"b\\.c.example.com", "A", "NOERROR aa\nan b\\.c.example.com. 300 A 192.0.2.8"},
        {"b.c.example.com", "A", "NXDOMAIN aa" SOA},
        {"example.com", "SOA",
         "NOERROR aa\nan example.com. 3600 SOA ns.example.com. h.example.com. 1 2 3 4 900"},
        {"www.example.com", "ANY", "NOERROR aa\nan www.example.com. 300 A 192.0.2.80"},
        {"example.org", "A", "REFUSED"}, {"com", "NS", "REFUSED"}, {".", "NS", "REFUSED"}, );
}

static void test_additional(void)
{
    CHECK_QUESTIONS(false,
                    {"example.com", "NS",
                     "NOERROR aa\nan example.com. 300 NS ns.example.com.\n"
                     "an example.com. 300 NS ns.elsewhere.\nad ns.example.com. 300 A 192.0.2.1\n"
                     "ad ns.example.com. 300 AAAA 2001:db8::1"},
                    {"example.com", "MX",
                     "NOERROR aa\nan example.com. 300 MX 5 mail.example.com.\n"
                     "an example.com. 300 MX 10 mail.elsewhere.\n"
                     "ad mail.example.com. 300 A 192.0.2.25"},
                    {"_sip._tcp.example.com", "SRV",
                     "NOERROR aa\nan _sip._tcp.example.com. 300 SRV 1 2 3 www.example.com.\n"
                     "an _sip._tcp.example.com. 300 SRV 1 2 3 hidden.sub.example.com.\n"
                     "ad www.example.com. 300 A 192.0.2.80"}, );
}

// Other zones of the server answer for themselves, as NSD, Knot, BIND and PowerDNS have it.
static void test_additional_of_other_zones(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_serve(&fixture, "example.com.", "cut NS ns.b.cut\nmail MX 5 www.b.cut\n");
    fixture_serve(&fixture, "b.cut.example.com.", "ns A 192.0.2.1\nwww A 192.0.2.2\n");
    fixture_serve(&fixture, "example.net.", "to CNAME mail.example.com.\n");
    CHECK_TEXT("NOERROR aa\nan mail.example.com. 300 MX 5 www.b.cut.example.com.",
               fixture_ask(&fixture, "mail.example.com", "MX"));
    CHECK_TEXT("NOERROR aa\nan to.example.net. 300 CNAME mail.example.com.\n"
               "an mail.example.com. 300 MX 5 www.b.cut.example.com.",
               fixture_ask(&fixture, "to.example.net", "MX"));
    CHECK_TEXT("NOERROR referral\nau cut.example.com. 300 NS ns.b.cut.example.com.",
               fixture_ask(&fixture, "x.cut.example.com", "A"));
    fixture_clear(&fixture);
}

static void test_negative(void)
{
    CHECK_QUESTIONS(
        false, {"www.example.com", "TXT", "NOERROR aa" SOA},
        {"www.example.com", "TYPE65280", "NOERROR aa" SOA},
        {"no.example.com", "A", "NXDOMAIN aa" SOA}, {"no.example.com", "ANY", "NXDOMAIN aa" SOA},
        {"x.www.example.com", "A", "NXDOMAIN aa" SOA}, {"ent.example.com", "A", "NOERROR aa" SOA},
        {"ent.example.com", "ANY", "NOERROR aa" SOA}, {"_tcp.example.com", "NS", "NOERROR aa" SOA},
        {"x.ent.example.com", "A", "NXDOMAIN aa" SOA}, );
}

static void test_wildcard(void)
{
    CHECK_QUESTIONS(
        false, {"new.w.example.com", "TXT", "NOERROR aa\nan new.w.example.com. 300 TXT \"wild\""},
        {"a.B.new.w.example.com", "TXT", "NOERROR aa\nan a.B.new.w.example.com. 300 TXT \"wild\""},
        {"new.w.example.com", "ANY", "NOERROR aa\nan new.w.example.com. 300 TXT \"wild\""},
        {"new.w.example.com", "A", "NOERROR aa" SOA},
        {"*.w.example.com", "TXT", "NOERROR aa\nan *.w.example.com. 300 TXT \"wild\""},
        {"x.*.w.example.com", "TXT", "NXDOMAIN aa" SOA},
        {"host.w.example.com", "TXT", "NOERROR aa" SOA},
        {"x.host.w.example.com", "TXT", "NXDOMAIN aa" SOA},
        // an empty non-terminal exists, so no wildcard stands in for it or below it
        {"ent.w.example.com", "TXT", "NOERROR aa" SOA},
        {"y.ent.w.example.com", "TXT", "NXDOMAIN aa" SOA},
        {"y.deep.w.example.com", "A", "NOERROR aa\nan y.deep.w.example.com. 300 A 192.0.2.4"},
        {"y.deep.w.example.com", "TXT", "NOERROR aa" SOA},
        // the NS of a wildcard is data of the names it stands in for (RFC 4592 4.2 leaves it open)
        {"x.wd.example.com", "NS", "NOERROR aa\nan x.wd.example.com. 300 NS ns.far."},
        {"x.wd.example.com", "A", "NOERROR aa" SOA}, );
}

#define REFERRAL                                                                                   \
    "NOERROR referral\nau sub.example.com. 300 NS ns.sub.example.com.\n"                           \
    "au sub.example.com. 300 NS ns.other.example.com.\n"                                           \
    "au sub.example.com. 300 NS ns.example.com.\nau sub.example.com. 300 NS ns.far.\n"             \
    "gl ns.sub.example.com. 300 A 192.0.2.6\nad ns.other.example.com. 300 A 192.0.2.7\n"           \
    "ad ns.example.com. 300 A 192.0.2.1\nad ns.example.com. 300 AAAA 2001:db8::1"
#define DS "NOERROR aa\nan sub.example.com. 300 DS 1 8 1 0000000000000000000000000000000000000000"

static void test_referral(void)
{
    CHECK_QUESTIONS(
        false, {"sub.example.com", "A", REFERRAL}, {"sub.example.com", "NS", REFERRAL},
        {"sub.example.com", "ANY", REFERRAL}, {"SUB.example.com", "SOA", REFERRAL},
        {"x.y.sub.example.com", "A", REFERRAL}, {"hidden.sub.example.com", "TXT", REFERRAL},
        {"ns.sub.example.com", "A", REFERRAL}, {"x.sub.example.com", "DS", REFERRAL},
        {"sub.example.com", "DS", DS}, {"lame.example.com", "DS", "NOERROR aa" SOA},
        {"lame.example.com", "A", "NOERROR referral\nau lame.example.com. 300 NS ns.far."},
        {"example.com", "DS", "NOERROR aa" SOA}, );
}

static void test_parent_and_child(void)
{
    CHECK_QUESTIONS(true, {"sub.example.com", "DS", DS},
                    {"sub.example.com", "TXT", "NOERROR aa" SUB_SOA},
                    {"no.sub.example.com", "A", "NXDOMAIN aa" SUB_SOA},
                    {"hidden.sub.example.com", "TXT", "NXDOMAIN aa" SUB_SOA},
                    {"sub.example.com", "NS",
                     "NOERROR aa\nan sub.example.com. 5 NS ns.sub.example.com.\n"
                     "ad ns.sub.example.com. 5 A 192.0.2.66"}, );
}

// The parent of a.sub.example.com is sub.example.com, which is not ours: example.com could only
// refer, so the child answers for itself (RFC 4035 3.1.4.1).
static void test_ds_without_parent(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_serve(&fixture, "example.com.", parent);
    fixture_serve(&fixture, "a.sub.example.com.", "@ 5 SOA s. h. 1 2 3 4 3600\n@ NS s.\n");
    CHECK_TEXT("NOERROR aa\nau a.sub.example.com. 5 SOA s. h. 1 2 3 4 3600",
               fixture_ask(&fixture, "a.sub.example.com", "DS"));
    fixture_clear(&fixture);
}

static void test_root(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_serve(&fixture, ".",
                  "@ 9 SOA a. b. 1 2 3 4 5\n@ NS a.\ncom NS a.gtld.\na.gtld A 192.0.2.1");
    CHECK_TEXT("NXDOMAIN aa\nau . 5 SOA a. b. 1 2 3 4 5", fixture_ask(&fixture, "x", "A"));
    CHECK_TEXT("NOERROR aa\nau . 5 SOA a. b. 1 2 3 4 5", fixture_ask(&fixture, ".", "DS"));
    CHECK_TEXT("NOERROR referral\nau com. 9 NS a.gtld.\nad a.gtld. 9 A 192.0.2.1",
               fixture_ask(&fixture, "example.com", "A"));
    fixture_clear(&fixture);
}

static void test_longest_name(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_serve(&fixture, "example.com.", "*.w A 192.0.2.1");
    char name[FDNS_NAME_TEXT_MAX];
    size_t len = 0;
    for (unsigned i = 0; i < 120; i++) {
        name[len++] = 'a';
        name[len++] = '.';
    }
    memcpy(name + len, "example.com", 12);
    CHECK_TEXT("NXDOMAIN aa\nau example.com. 300 SOA ns.example.com. h.example.com. 1 2 3 4 900",
               fixture_ask(&fixture, name, "A"));
    name[len - 2] = 'w';
    CHECK_CONTAINS("NOERROR aa\nan a.a.", fixture_ask(&fixture, name, "A"));
    fixture_clear(&fixture);
}

static const struct test tests[] = {
    {"exact matches", test_exact},
    {"additional addresses", test_additional},
    {"addresses in other zones", test_additional_of_other_zones},
    {"NODATA, NXDOMAIN and empty non-terminals", test_negative},
    {"wildcards", test_wildcard},
    {"referrals", test_referral},
    {"parent and child on one server", test_parent_and_child},
    {"DS of a zone whose parent is elsewhere", test_ds_without_parent},
    {"the root zone", test_root},
    {"the longest names", test_longest_name},
};
SUITE(honest, tests)
