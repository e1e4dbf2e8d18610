#include "unit/fakedns/zone/fixture.h"
#include "unit/harness.h"

#include <stdio.h>

struct refusal {
    const char *why;
    const char *text; // behind an SOA and an NS record (lines 1 and 2) unless it has an SOA
};

static void test_refused(void)
{
    static const struct refusal refusals[] = {
        {"0:0: error: zone example.com. has no NS record at its apex (RFC 1034 4.2.1)",
         "@ SOA a. b. 1 2 3 4 5"},
        {"3:1: error: example.com. SOA: a zone has one SOA record, this is the second",
         "@ SOA a. b. 1 2 3 4 5\n@ NS a.\n@ SOA a. b. 2 2 3 4 5"},
        {"3:1: error: a.example.com. SOA: an SOA record stands at the apex of a zone only",
         "@ SOA a. b. 1 2 3 4 5\n@ NS a.\na SOA a. b. 2 2 3 4 5"},
        {"3:1: error: example.org. A: is outside the zone example.com.",
         "example.org. A 192.0.2.1"},
        {"3:1: error: xexample.com. A: is outside the zone example.com.",
         "xexample.com. A 192.0.2.1"},
        {"4:3: error: a.example.com. A: stands beside a CNAME record, which allows no other data "
         "(RFC 1034 3.6.2)",
         "a CNAME b\n  A 192.0.2.1"},
        {"4:3: error: a.example.com. CNAME: a CNAME record allows no other data beside it (RFC "
         "1034 3.6.2)",
         "a A 192.0.2.1\n  CNAME b"},
        {"4:1: error: a.example.com. CNAME: a name has one CNAME record, this is the second (RFC "
         "2181 10.1)",
         "a CNAME b\na CNAME c"},
        {"4:1: error: a.example.com. DNAME: a name has one DNAME record, this is the second (RFC "
         "6672 2.4)",
         "a DNAME b\na DNAME c"},
        {"4:1: error: b.c.a.example.com. A: stands below the DNAME of a.example.com., which hides "
         "it (RFC 6672 2.4)",
         "a DNAME x\nb.c.a A 192.0.2.1"},
        {"4:1: error: a.example.com. DNAME: stands at a delegation (RFC 6672 2.3)\n"
         "4:1: warning: a.example.com. DNAME: is never served: the zone ends at the delegation of "
         "a.example.com.",
         "a NS b.\na DNAME x"},
        {"3:1: error: a.example.com. TXT: class CH: a zone holds class IN", "a CH TXT b"},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct fixture fixture;
        fixture_init(&fixture);
        CHECK(fixture_build(&fixture, "example.com.", true, refusals[i].text) == NULL);
        CHECK_TEXT(refusals[i].why, fixture_diags(&fixture));
        fixture_clear(&fixture);
    }
}

static void test_warned(void)
{
    static const struct refusal warnings[] = {
        {"4:1: warning: a.example.com. A: TTLs differ within the RRset, the lowest (60) counts "
         "(RFC 2181 5.2)",
         "a 300 A 192.0.2.1\na 60 A 192.0.2.2"},
        {"4:1: warning: w.a.example.com. A: is never served: the zone ends at the delegation of "
         "a.example.com.",
         "a NS ns.a\nw.a A 192.0.2.1\nns.a A 192.0.2.2"},
        {"4:1: warning: a.example.com. TXT: is never served: the zone ends at the delegation of "
         "a.example.com.",
         "a NS ns.other.\na TXT x\na DS 1 8 2 "
         "0000000000000000000000000000000000000000000000000000000000000000"},
        {"",
         "a CNAME b\na RRSIG CNAME 8 3 300 20300101000000 20200101000000 1 example.com. AA==\n"},
        {"", "a.b NS ns.c.b\nc.b NS ns.a.b\nns.c.b A 192.0.2.1\nns.a.b AAAA 2001:db8::1"},
    };
    for (size_t i = 0; i < sizeof warnings / sizeof warnings[0]; i++) {
        struct fixture fixture;
        fixture_init(&fixture);
        CHECK(fixture_build(&fixture, "example.com.", true, warnings[i].text) != NULL);
        CHECK_TEXT(warnings[i].why, fixture_diags(&fixture));
        fixture_clear(&fixture);
    }
}

static void test_unchecked(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    const struct fdns_zone *zone =
        fixture_build(&fixture, "example.com.", false,
                      "a CNAME b\na CNAME c\na TXT x\nb DNAME c\nc.b A 192.0.2.1\n");
    CHECK(zone != NULL);
    CHECK_TEXT("", fixture_diags(&fixture));
    fixture.zones[fixture.n_zones++] = zone;
    CHECK_TEXT("NOERROR aa\nan a.example.com. 300 TXT \"x\"",
               fixture_ask(&fixture, "a.example.com", "TXT"));
    CHECK_TEXT("NOERROR aa\nan a.example.com. 300 CNAME b.example.com.\n"
               "an a.example.com. 300 CNAME c.example.com.",
               fixture_ask(&fixture, "a.example.com", "A"));
    // without an SOA there is none to give
    CHECK_TEXT("NXDOMAIN aa", fixture_ask(&fixture, "x.example.com", "A"));
    CHECK(fixture_build(&fixture, "example.com.", false, "example.org. A 192.0.2.1") == NULL);
    CHECK(fixture_build(&fixture, "example.com.", false, "a CNAME \\# 1 ff") == NULL);
    fixture_clear(&fixture);
}

static void test_find(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    const struct fdns_zone *zone =
        fixture_build(&fixture, "example.com.", true, "a.b.c A 192.0.2.1\n*.c TXT x");
    const struct fdns_zone_node *node =
        fdns_zone_find(zone, fixture_name(&fixture, "A.b.C.EXAMPLE.com"));
    CHECK(node != NULL && fdns_zone_node_rrset(node, FDNS_TYPE_A) != NULL);
    CHECK(node != NULL && fdns_zone_node_rrset(node, FDNS_TYPE_TXT) == NULL);
    const struct fdns_zone_node *ent =
        fdns_zone_find(zone, fixture_name(&fixture, "c.example.com"));
    CHECK(ent != NULL && ent->n_rrsets == 0 && ent->wildcard != NULL);
    CHECK(fdns_zone_find(zone, fixture_name(&fixture, "example.com")) == zone->apex_node);
    CHECK(fdns_zone_find(zone, fixture_name(&fixture, "d.example.com")) == NULL);
    CHECK(fdns_zone_find(zone, fixture_name(&fixture, "com")) == NULL);
    CHECK(fdns_zone_find(zone, fixture_name(&fixture, "c.bexample.com")) == NULL);
    CHECK_INT(5, zone->n_nodes);
    fixture_clear(&fixture);
}

// A label that ends in the octets of the apex is not below it: \007example\003com inside a label.
static void test_apex_inside_label(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    fixture_serve(&fixture, "example.com.", "a A 192.0.2.1");
    CHECK_TEXT("REFUSED", fixture_ask(&fixture, "x\\007example\\003com", "A"));
    fixture_clear(&fixture);
}

static void test_many(void)
{
    enum { N = 3000 };
    struct fixture fixture;
    fixture_init(&fixture);
    struct fdns_buf text;
    fdns_buf_init(&text, 1 << 20);
    fdns_buf_string(&text, "@ SOA a. b. 1 2 3 4 5\n@ NS a.\n");
    for (unsigned i = 0; i < N; i++) {
        fdns_buf_format(&text, "h%u.sub A 192.0.2.%u\n", i, i % 256);
    }
    const struct fdns_zone *zone =
        fixture_build(&fixture, "example.com.", true, fdns_buf_text(&text));
    CHECK_INT(N + 2, zone->n_nodes);
    unsigned n_found = 0;
    for (unsigned i = 0; i < N; i++) {
        char name[64];
        snprintf(name, sizeof name, "h%u.sub.example.com", i);
        n_found += fdns_zone_find(zone, fixture_name(&fixture, name)) != NULL;
    }
    CHECK_INT(N, n_found);
    fdns_buf_clear(&text);
    fixture_clear(&fixture);
}

static const struct test tests[] = {
    {"zones that are refused", test_refused},
    {"zones that are warned of", test_warned},
    {"check off stores what no server should hold", test_unchecked},
    {"names are found, whatever their case", test_find},
    {"an apex inside a label", test_apex_inside_label},
    {"many names", test_many},
};
SUITE(zone, tests)
