#include "unit/fakedns/reply/fixture.h"
#include "unit/harness.h"

#include "fakedns/wire/builder.h"

#include <string.h>

static void test_question_echo(void)
{
    struct fixture fixture;
    fixture_init(&fixture, "www A 192.0.2.80\n");
    fixture_ask(&fixture, "wWw.ExAmPlE.cOm", FDNS_TYPE_A, 0, false);
    CHECK_TEXT("NOERROR QUERY aa rd 1/1/0/0", fixture_summary(&fixture));
    CHECK_OCTETS(fixture.query.bytes + 12, fixture.query.questions[0].len, fixture.out + 12,
                 fixture.view.questions[0].len);
    // the owner is a pointer to the question, so it has the question's case
    CHECK_INT(0xc0, fixture.out[fixture.view.rrs[0].at]);
    CHECK_INT(0x0c, fixture.out[fixture.view.rrs[0].at + 1]);
    fixture_clear(&fixture);
}

static void test_sections(void)
{
    struct fixture fixture;
    fixture_init(&fixture,
                 "a CNAME b\n@ MX 1 b\nb A 192.0.2.1\nsub NS ns.sub\nns.sub A 192.0.2.2\n");
    fixture_ask(&fixture, "a.example.com", FDNS_TYPE_A, 1232, false);
    CHECK_TEXT("NOERROR QUERY aa rd 1/2/0/1 opt", fixture_summary(&fixture));
    fixture_ask(&fixture, "a.example.com", FDNS_TYPE_TXT, 0, false);
    CHECK_TEXT("NOERROR QUERY aa rd 1/1/1/0", fixture_summary(&fixture));
    fixture_ask(&fixture, "no.example.com", FDNS_TYPE_TXT, 0, true);
    CHECK_TEXT("NXDOMAIN QUERY aa rd 1/0/1/0", fixture_summary(&fixture));
    CHECK_INT(60, fixture.view.rrs[0].ttl);
    fixture_ask(&fixture, "example.com", FDNS_TYPE_MX, 0, true);
    CHECK_TEXT("NOERROR QUERY aa rd 1/1/0/1", fixture_summary(&fixture));
    fixture_ask(&fixture, "x.sub.example.com", FDNS_TYPE_A, 1232, false);
    CHECK_TEXT("NOERROR QUERY rd 1/0/1/2 opt", fixture_summary(&fixture));
    fixture_ask(&fixture, "example.org", FDNS_TYPE_A, 0, false);
    CHECK_TEXT("REFUSED QUERY rd 1/0/0/0", fixture_summary(&fixture));
    CHECK(fixture.reply.zone == NULL);
    fixture_clear(&fixture);
}

static void test_limits(void)
{
    static const struct {
        uint16_t theirs, own;
        size_t limit;
    } rows[] = {{0, 0, 512},    {1, 0, 512},        {511, 0, 512},       {512, 0, 512},
                {513, 0, 513},  {1232, 0, 1232},    {4096, 0, 1232},     {65535, 0, 1232},
                {0, 4096, 512}, {4096, 4096, 4096}, {65535, 4096, 4096}, {1232, 512, 512}};
    struct fixture fixture;
    fixture_init(&fixture, "");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fixture.identity.udp_limit = rows[i].own;
        fixture_ask(&fixture, "example.com", FDNS_TYPE_A, rows[i].theirs, false);
        CHECK_INT(rows[i].limit, fixture.reply.limit);
        if (rows[i].theirs > 0) {
            CHECK_INT(rows[i].own > 0 ? rows[i].own : 1232, fixture.view.edns.udp_size);
        }
        fixture_ask(&fixture, "example.com", FDNS_TYPE_A, rows[i].theirs, true);
        CHECK_INT(65535, fixture.reply.limit);
    }
    fixture_clear(&fixture);
}

static void ask_chaos(struct fixture *fixture, const char *name, uint16_t type)
{
    uint8_t qname[FDNS_NAME_MAX];
    uint8_t query[512];
    fdns_name_parse(name, NULL, qname);
    size_t len = fdns_query_build(query, sizeof query, 1, 0, qname, type, FDNS_CLASS_CH, 0, 0);
    fixture_send(fixture, query, len, false);
}

static void test_identity(void)
{
    struct fixture fixture;
    fixture_init(&fixture, "");
    ask_chaos(&fixture, "version.bind", FDNS_TYPE_TXT);
    CHECK_TEXT("REFUSED QUERY 1/0/0/0", fixture_summary(&fixture));
    fixture.identity.version = "1.2.3";
    ask_chaos(&fixture, "VERSION.bind", FDNS_TYPE_TXT);
    CHECK_TEXT("NOERROR QUERY aa 1/1/0/0", fixture_summary(&fixture));
    const struct fdns_view_rr *rr = &fixture.view.rrs[0];
    CHECK_INT(FDNS_CLASS_CH, rr->rr_class);
    CHECK_INT(0, rr->ttl);
    CHECK_OCTETS("\0051.2.3", 6, fixture.out + rr->rdata_at, rr->rdata_len);
    ask_chaos(&fixture, "version.server", FDNS_TYPE_ANY);
    CHECK_TEXT("NOERROR QUERY aa 1/1/0/0", fixture_summary(&fixture));
    ask_chaos(&fixture, "version.bind", FDNS_TYPE_A);
    CHECK_TEXT("NOERROR QUERY aa 1/0/0/0", fixture_summary(&fixture));
    ask_chaos(&fixture, "id.server", FDNS_TYPE_TXT);
    CHECK_TEXT("REFUSED QUERY 1/0/0/0", fixture_summary(&fixture));
    fixture.identity.id = "here";
    ask_chaos(&fixture, "hostname.bind", FDNS_TYPE_TXT);
    CHECK_TEXT("NOERROR QUERY aa 1/1/0/0", fixture_summary(&fixture));
    fixture_clear(&fixture);
}

// A warm arena: the second answer to a question takes no memory from the system.
static void test_no_allocation(void)
{
    struct fixture fixture;
    fixture_init(&fixture, "a CNAME b\nb A 192.0.2.1\nd DNAME x.d\n");
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    struct fdns_zone_set set = {&fixture.zone, 1};
    uint8_t query[512];
    uint8_t qname[FDNS_NAME_MAX];
    fdns_name_parse("q.d.example.com", NULL, qname);
    size_t len =
        fdns_query_build(query, sizeof query, 1, 0, qname, FDNS_TYPE_A, FDNS_CLASS_IN, 0, 0);
    struct fdns_arena_chunk *first = NULL;
    struct fdns_arena_chunk *last = NULL;
    for (unsigned i = 0; i < 3; i++) {
        struct fdns_view view;
        struct fdns_reply reply;
        fdns_view_init(&view, &arena, query, len);
        fdns_reply_honest(&reply, &arena, &view, &set, NULL, true);
        CHECK_INT(13, reply.sections[FDNS_ANSWER].n_items);
        if (i > 0) {
            CHECK(arena.first == first && arena.current == last);
        }
        first = arena.first;
        last = arena.current;
        fdns_arena_reset(&arena);
    }
    fdns_arena_clear(&arena);
    fixture_clear(&fixture);
}

static const struct test tests[] = {
    {"the question is echoed octet for octet", test_question_echo},
    {"sections of each kind of answer", test_sections},
    {"size limits", test_limits},
    {"class CH", test_identity},
    {"a warm arena grows no more", test_no_allocation},
};
SUITE(reply, tests)
