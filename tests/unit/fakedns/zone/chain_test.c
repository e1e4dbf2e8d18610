// CNAME and DNAME chains.
#include "unit/fakedns/zone/fixture.h"
#include "unit/harness.h"

#include <string.h>

#define SOA "\nau example.com. 900 SOA ns.example.com. h.example.com. 1 2 3 4 900"

static const char text[] =
    "$TTL 300\n@ 3600 SOA ns h 1 2 3 4 900\n@ NS ns\nns A 192.0.2.1\n"
    "www A 192.0.2.80\na CNAME b\nb CNAME www\n"
    "out CNAME www.elsewhere.\ngone CNAME nothing\ncross CNAME www.example.net.\n"
    "crossgone CNAME nothing.example.net.\nround CNAME round2\nround2 CNAME round3\n"
    "round3 CNAME round\nself CNAME self\ntosub CNAME x.sub\nsub NS ns.sub\nns.sub A 192.0.2.6\n"
    "*.w CNAME www\n*.wloop CNAME x.wloop\ntoent CNAME ent\nx.ent A 192.0.2.2\n"
    "d 60 DNAME example.net.\nd TXT here\ndloop DNAME x.dloop\n"
    "d2 DNAME d\ntod CNAME www.d\ntoroot DNAME .\n";

static const char net[] = "@ 7 SOA s. h. 1 2 3 4 3600\n@ NS s.\nwww A 192.0.2.90\n"
                          "back CNAME www.example.com.\n";

struct question {
    const char *name, *type, *expected;
};

static void check_questions(const struct question *questions, size_t n)
{
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_serve(&fixture, "example.com.", text);
    fixture_serve(&fixture, "example.net.", net);
    for (size_t i = 0; i < n; i++) {
        CHECK_TEXT(questions[i].expected,
                   fixture_ask(&fixture, questions[i].name, questions[i].type));
    }
    fixture_clear(&fixture);
}

#define CHECK_QUESTIONS(...)                                                                       \
    do {                                                                                           \
        static const struct question questions[] = {__VA_ARGS__};                                  \
        check_questions(questions, sizeof questions / sizeof questions[0]);                        \
    } while (0)

static void test_cname(void)
{
    CHECK_QUESTIONS(
        {"a.example.com", "A",
         "NOERROR aa\nan a.example.com. 300 CNAME b.example.com.\n"
         "an b.example.com. 300 CNAME www.example.com.\nan www.example.com. 300 A 192.0.2.80"},
        {"a.example.com", "CNAME", "NOERROR aa\nan a.example.com. 300 CNAME b.example.com."},
        {"a.example.com", "ANY", "NOERROR aa\nan a.example.com. 300 CNAME b.example.com."},
        {"b.example.com", "TXT", "NOERROR aa\nan b.example.com. 300 CNAME www.example.com." SOA},
        {"out.example.com", "A", "NOERROR aa\nan out.example.com. 300 CNAME www.elsewhere."},
        {"gone.example.com", "A",
         "NXDOMAIN aa\nan gone.example.com. 300 CNAME nothing.example.com." SOA},
        {"toent.example.com", "A",
         "NOERROR aa\nan toent.example.com. 300 CNAME ent.example.com." SOA},
        {"x.a.example.com", "A", "NXDOMAIN aa" SOA}, );
}

static void test_cross(void)
{
    CHECK_QUESTIONS(
        {"cross.example.com", "A",
         "NOERROR aa\nan cross.example.com. 300 CNAME www.example.net.\n"
         "an www.example.net. 7 A 192.0.2.90"},
        // RFC 6604: the rcode is that of the last name, the SOA of the zone where the chain ended
        {"crossgone.example.com", "A",
         "NXDOMAIN aa\nan crossgone.example.com. 300 CNAME nothing.example.net.\n"
         "au example.net. 7 SOA s. h. 1 2 3 4 3600"},
        {"back.example.net", "TXT",
         "NOERROR aa\nan back.example.net. 7 CNAME www.example.com." SOA}, );
}

static void test_loops(void)
{
    CHECK_QUESTIONS(
        {"round.example.com", "A",
         "NOERROR aa\nan round.example.com. 300 CNAME round2.example.com.\n"
         "an round2.example.com. 300 CNAME round3.example.com.\n"
         "an round3.example.com. 300 CNAME round.example.com."},
        {"self.example.com", "A", "NOERROR aa\nan self.example.com. 300 CNAME self.example.com."},
        {"y.wloop.example.com", "A",
         "NOERROR aa\nan y.wloop.example.com. 300 CNAME x.wloop.example.com.\n"
         "an x.wloop.example.com. 300 CNAME x.wloop.example.com."}, );
}

static void test_into_cut(void)
{
    // AA speaks of the first owner in the answer (RFC 1035 4.1.1)
    CHECK_QUESTIONS({"tosub.example.com", "A",
                     "NOERROR aa\nan tosub.example.com. 300 CNAME x.sub.example.com.\n"
                     "au sub.example.com. 300 NS ns.sub.example.com.\n"
                     "gl ns.sub.example.com. 300 A 192.0.2.6"}, );
}

static void test_wildcard(void)
{
    CHECK_QUESTIONS({"x.w.example.com", "A",
                     "NOERROR aa\nan x.w.example.com. 300 CNAME www.example.com.\n"
                     "an www.example.com. 300 A 192.0.2.80"},
                    {"x.w.example.com", "CNAME",
                     "NOERROR aa\nan x.w.example.com. 300 CNAME www.example.com."}, );
}

#define D "\nan d.example.com. 60 DNAME example.net."

static void test_dname(void)
{
    CHECK_QUESTIONS(
        {"www.D.example.com", "A",
         "NOERROR aa" D "\nan www.D.example.com. 60 CNAME www.example.net.\n"
         "an www.example.net. 7 A 192.0.2.90"},
        {"www.d.example.com", "CNAME",
         "NOERROR aa" D "\nan www.d.example.com. 60 CNAME www.example.net."},
        {"www.d.example.com", "ANY",
         "NOERROR aa" D "\nan www.d.example.com. 60 CNAME www.example.net.\n"
         "an www.example.net. 7 A 192.0.2.90"},
        {"no.d.example.com", "A",
         "NXDOMAIN aa" D "\nan no.d.example.com. 60 CNAME no.example.net.\n"
         "au example.net. 7 SOA s. h. 1 2 3 4 3600"},
        // the owner of a DNAME is not redirected
        {"d.example.com", "TXT", "NOERROR aa\nan d.example.com. 300 TXT \"here\""},
        {"d.example.com", "A", "NOERROR aa" SOA}, {"d.example.com", "DNAME", "NOERROR aa" D},
        {"tod.example.com", "A",
         "NOERROR aa\nan tod.example.com. 300 CNAME www.d.example.com." D
         "\nan www.d.example.com. 60 CNAME www.example.net.\nan www.example.net. 7 A 192.0.2.90"},
        {"www.d2.example.com", "A",
         "NOERROR aa\nan d2.example.com. 300 DNAME d.example.com.\n"
         "an www.d2.example.com. 300 CNAME www.d.example.com." D
         "\nan www.d.example.com. 60 CNAME www.example.net.\nan www.example.net. 7 A 192.0.2.90"},
        {"com.toroot.example.com", "A",
         "NOERROR aa\nan toroot.example.com. 300 DNAME .\nan com.toroot.example.com. 300 CNAME "
         "com."}, );
}

static void test_dname_too_long(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_serve(&fixture, "example.com.",
                  "@ 9 SOA s. h. 1 2 3 4 3600\n@ NS s.\nd DNAME example.commmmmmmm.\n"
                  "grow DNAME x.grow\n");
    char name[FDNS_NAME_TEXT_MAX];
    size_t len = 0;
    for (unsigned i = 0; i < 119; i++) {
        name[len++] = 'a';
        name[len++] = '.';
    }
    memcpy(name + len, "d.example.com", 14);
    CHECK_TEXT("YXDOMAIN aa\nan d.example.com. 9 DNAME example.commmmmmmm.",
               fixture_ask(&fixture, name, "A"));
    // the same DNAME again and again stands in the answer once, and comes to an end
    const char *grown = fixture_ask(&fixture, "a.grow.example.com", "A");
    CHECK_CONTAINS("NOERROR aa\nan grow.example.com. 9 DNAME x.grow.example.com.\n", grown);
    CHECK(strstr(strstr(grown, "DNAME") + 1, " DNAME") == NULL);
    CHECK_CONTAINS("CNAME a.x.x.x.x.x.x.x.x.x.x.x.x.grow.example.com.", grown);
    fixture_clear(&fixture);
}

static void test_dname_at_apex(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_serve(&fixture, "example.com.",
                  "@ 9 SOA s. h. 1 2 3 4 3600\n@ NS s.\n@ DNAME example.net.\n");
    CHECK_TEXT("NOERROR aa\nan example.com. 9 DNAME example.net.\n"
               "an www.example.com. 9 CNAME www.example.net.",
               fixture_ask(&fixture, "www.example.com", "A"));
    CHECK_TEXT("NOERROR aa\nan example.com. 9 NS s.", fixture_ask(&fixture, "example.com", "NS"));
    fixture_clear(&fixture);
}

static const struct test tests[] = {
    {"CNAMEs inside a zone", test_cname},
    {"CNAMEs across zones", test_cross},
    {"loops end", test_loops},
    {"a CNAME into a delegation", test_into_cut},
    {"wildcard CNAMEs", test_wildcard},
    {"DNAMEs", test_dname},
    {"a DNAME that makes names too long", test_dname_too_long},
    {"a DNAME at the apex", test_dname_at_apex},
};
SUITE(chain, tests)
