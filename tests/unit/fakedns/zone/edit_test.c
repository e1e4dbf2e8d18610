#include "unit/fakedns/zone/fixture.h"
#include "unit/harness.h"

static const char base[] = "$TTL 300\n@ 3600 SOA ns h 1 2 3 4 900\n@ NS ns\nns A 192.0.2.1\n"
                           "a A 192.0.2.2\na TXT x\nb CNAME a\n";

static const struct fdns_zone *edit(struct fixture *fixture, const char *name, const char *type,
                                    const char *additions)
{
    const struct fdns_zone *zone = fixture_build(fixture, "example.com.", true, base);
    struct fdns_removal removal = {.name = fdns_name_root, .line = 7, .column = 3};
    size_t n_removals = 0;
    if (name != NULL) {
        removal.name = fixture_name(fixture, name);
        n_removals = 1;
    }
    if (type != NULL) {
        CHECK(fdns_type_parse(type, &removal.type));
    }
    struct fdns_records added = fixture_records(fixture, "example.com.", additions);
    struct fdns_source source = fixture_source(additions);
    const struct fdns_zone *edited =
        fdns_zone_edit(&fixture->arena, zone, &removal, n_removals, added.items, added.n_items,
                       true, &source, &fixture->diags);
    fixture->zones[0] = edited;
    fixture->n_zones = edited != NULL;
    return edited;
}

static void test_remove(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    CHECK(edit(&fixture, "A.example.com", "TXT", "") != NULL);
    CHECK_TEXT("NOERROR aa\nan a.example.com. 300 A 192.0.2.2",
               fixture_ask(&fixture, "a.example.com", "ANY"));
    CHECK(edit(&fixture, "a.example.com", NULL, "") != NULL);
    CHECK_CONTAINS("NXDOMAIN", fixture_ask(&fixture, "a.example.com", "A"));
    CHECK_TEXT("", fixture_diags(&fixture));
    fixture_clear(&fixture);
}

static void test_remove_nothing(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    CHECK(edit(&fixture, "a.example.com", "MX", "") == NULL);
    CHECK(edit(&fixture, "c.example.com", NULL, "") == NULL);
    CHECK(edit(&fixture, "example.org", NULL, "") == NULL);
    CHECK_TEXT("7:3: error: there is no MX of a.example.com. to remove\n"
               "7:3: error: there is no record of c.example.com. to remove\n"
               "7:3: error: there is no record of example.org. to remove",
               fixture_diags(&fixture));
    fixture_clear(&fixture);
}

static void test_add(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    CHECK(edit(&fixture, NULL, NULL, "a A 192.0.2.2\na A 192.0.2.3") != NULL);
    CHECK_TEXT("NOERROR aa\nan a.example.com. 300 A 192.0.2.2\nan a.example.com. 300 A 192.0.2.3",
               fixture_ask(&fixture, "a.example.com", "A"));
    CHECK(edit(&fixture, "b.example.com", "CNAME", "b TXT y") != NULL);
    CHECK_TEXT("NOERROR aa\nan b.example.com. 300 TXT \"y\"",
               fixture_ask(&fixture, "b.example.com", "TXT"));
    CHECK_TEXT("", fixture_diags(&fixture));
    fixture_clear(&fixture);
}

static void test_replace_soa(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    CHECK(edit(&fixture, NULL, NULL, "@ 60 SOA ns h 2 2 3 4 900") != NULL);
    CHECK_CONTAINS("\nau example.com. 60 SOA ns.example.com. h.example.com. 2 2 3 4 900",
                   fixture_ask(&fixture, "x.example.com", "A"));
    CHECK(edit(&fixture, "example.com", "SOA", "") == NULL);
    CHECK_TEXT("0:0: error: zone example.com. has no SOA record", fixture_diags(&fixture));
    fixture_clear(&fixture);
}

// The new record is blamed, at its place, though the old one makes it wrong.
static void test_blame(void)
{
    struct fixture fixture;
    fixture_init(&fixture);
    CHECK(edit(&fixture, NULL, NULL, "\na CNAME b") == NULL);
    CHECK_CONTAINS("2:1: error: a.example.com. CNAME: ", fixture_diags(&fixture));
    CHECK(edit(&fixture, NULL, NULL, "\n\nb TXT b") == NULL);
    CHECK_CONTAINS("3:1: error: b.example.com. TXT: ", fixture_diags(&fixture));
    fixture_clear(&fixture);
}

static const struct test tests[] = {
    {"removals", test_remove},
    {"a removal that matches nothing", test_remove_nothing},
    {"additions", test_add},
    {"an added SOA replaces the old one", test_replace_soa},
    {"of old and new, the new one is blamed", test_blame},
};
SUITE(edit, tests)
