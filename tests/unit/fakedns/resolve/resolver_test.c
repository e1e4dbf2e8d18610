#include "fakedns/resolve/resolve.h"

#include "unit/fakedns/asking.h"

#define BASE  "base: lib/easy-dkim.yaml\n"
#define TOKEN "token2._domainkey.example.com"
#define SPARE                                                                                      \
    " | AN token2._domainkey.example.com. 300 CNAME token2.dkim.amazonses.com."                    \
    " | AN token2.dkim.amazonses.com. 1800 TXT \"\""

static struct stage stage;
static struct fdns_resolver *resolver;

static void begin(const char *yaml)
{
    stage_init(&stage, yaml);
    CHECK_TEXT("", stage_messages(&stage));
    resolver = stage.world != NULL ? fdns_resolver_new(stage.world, stage.state) : NULL;
}

static void end(void)
{
    fdns_resolver_free(resolver);
    stage_clear(&stage);
}

static const char *resolve_as(struct asked asked)
{
    uint8_t query[512];
    size_t len = build_query(&asked, query);
    struct fdns_request request = request_of(&stage, &asked, query, len);
    fdns_resolver_answer(resolver, &request, &stage.arena, &stage.plan);
    return reply_line(&stage);
}

static const char *resolve(const char *name, const char *type, const char *at)
{
    return resolve_as((struct asked){.name = name, .type = type, .at = at, .flags = FDNS_RD});
}

static int64_t waited_ms(void)
{
    return stage.plan.n_steps > 0 ? stage.plan.steps[0].delay_us / 1000 : -1;
}

static void test_answers(void)
{
    begin(BASE);
    CHECK_TEXT("NOERROR ra | AN www.example.com. 300 A 192.0.2.80",
               resolve("www.example.com", "A", "0s"));
    CHECK_INT(0, waited_ms());
    CHECK_TEXT("NOERROR ra" SPARE, resolve(TOKEN, "TXT", "0s"));
    CHECK_TEXT("NOERROR ra | AN token2._domainkey.example.com. 300 CNAME "
               "token2.dkim.amazonses.com.",
               resolve(TOKEN, "CNAME", "0s"));
    CHECK_TEXT("NOERROR ra | AN ns1.example.com. 300 AAAA 2001:db8::1",
               resolve("ns1.example.com", "AAAA", "0s"));
    CHECK_CONTAINS("NXDOMAIN ra | NS example.com. 300 SOA", resolve("x.example.com", "A", "0s"));
    CHECK_CONTAINS("NOERROR ra | NS example.com. 300 SOA", resolve("www.example.com", "MX", "0s"));
    CHECK_CONTAINS("NXDOMAIN ra | NS . 86400 SOA", resolve("org", "A", "0s"));
    CHECK_CONTAINS("MX 10 mail.example.com.", resolve("example.com", "ANY", "0s"));
    CHECK_CONTAINS("SOA a.root-servers.net.", resolve(".", "SOA", "0s"));
    CHECK_CONTAINS("NOERROR ra | NS com. 900 SOA", resolve("example.com", "DS", "0s"));
    end();
}

static void test_header(void)
{
    begin(BASE);
    CHECK_TEXT("REFUSED ra", resolve_as((struct asked){.name = "www.example.com", .type = "A"}));
    CHECK_TEXT("NOTAUTH ra",
               resolve_as((struct asked){.name = ".", .type = "IXFR", .flags = FDNS_RD}));
    CHECK_TEXT("FORMERR ra", resolve(".", "TYPE249", NULL));
    CHECK_TEXT("NOTIMP ra",
               resolve_as((struct asked){.name = "www.example.com",
                                         .type = "A",
                                         .flags = FDNS_OPCODE_UPDATE << 11 | FDNS_RD}));
    CHECK_CONTAINS(
        "NOERROR ra opt | AN www",
        resolve_as((struct asked){
            .name = "www.example.com", .type = "A", .edns = 1232, .flags = FDNS_RD | FDNS_CD}));
    struct fdns_view view;
    fdns_view_init(&view, &stage.arena, stage.plan.steps[0].octets, stage.plan.steps[0].len);
    CHECK(fdns_view_flag(&view, FDNS_CD) && fdns_view_flag(&view, FDNS_RD));
    end();
}

// The spelling of the query comes back, whatever the cache heard first.
static void test_case(void)
{
    begin(BASE);
    resolve("www.example.com", "A", "0s");
    CHECK_TEXT("NOERROR ra | AN WWW.example.COM. 300 A 192.0.2.80",
               resolve("WWW.example.COM", "A", "0s"));
    end();
}

static void test_positive_cache(void)
{
    begin(BASE "events: [{at: 100s, zone: example.com, remove: [www A],"
               " add: \"www A 192.0.2.99\"}]\n");
    resolve("www.example.com", "A", "0s");
    CHECK_TEXT("NOERROR ra | AN www.example.com. 150 A 192.0.2.80",
               resolve("www.example.com", "A", "150s"));
    CHECK_TEXT("NOERROR ra | AN www.example.com. 300 A 192.0.2.99",
               resolve("www.example.com", "A", "300s"));
    end();
}

// A record that appears stays hidden until the negative answer expires (RFC 2308).
static void test_negative_cache(void)
{
    begin(BASE "events: [{at: 1m, zone: example.com, add: \"new A 192.0.2.9\"}]\n");
    CHECK_CONTAINS("NXDOMAIN ra | NS example.com. 300 SOA", resolve("new.example.com", "A", "0s"));
    CHECK_CONTAINS("NXDOMAIN ra | NS example.com. 200 SOA",
                   resolve("new.example.com", "TXT", "100s"));
    CHECK_CONTAINS("NOERROR ra | AN new.example.com. 300 A",
                   resolve("new.example.com", "A", "300s"));
    fdns_resolver_reset(resolver);
    CHECK_CONTAINS("NXDOMAIN", resolve("new.example.com", "A", "0s"));
    fdns_resolver_reset(resolver);
    CHECK_CONTAINS("NOERROR", resolve("new.example.com", "A", "1m"));
    end();
}

// RFC 2308 5: the lesser of the SOA's TTL and its MINIMUM.
static void test_negative_ttl(void)
{
    begin(BASE "rules: [{when: {zone: example.com},"
               " then: {replace: {authority: '@ 60 SOA a b 1 2 3 4 300'}}}]\n");
    CHECK_CONTAINS("NXDOMAIN ra | NS example.com. 60 SOA", resolve("x.example.com", "A", "0s"));
    CHECK_CONTAINS("NXDOMAIN ra | NS example.com. 1 SOA", resolve("x.example.com", "A", "59s"));
    end();
    begin(BASE "rules: [{when: {zone: example.com}, then: {replace: {authority: ''}}}]\n");
    CHECK_TEXT("NXDOMAIN ra", resolve("x.example.com", "A", "0s"));
    end();
}

// A zone cannot speak of servers outside it.
static void test_forged_glue(void)
{
    begin(BASE "zones:\n"
               "  example.com: { add: \"sub NS ns1.amazonses.com.\" }\n"
               "  sub.example.com: |\n"
               "    @ SOA a b 1 2 3 4 5\n"
               "    @ NS ns1.amazonses.com.\n"
               "    x A 192.0.2.8\n"
               "servers: { ns1.amazonses.com: { zones: [amazonses.com, sub.example.com] } }\n"
               "rules: [{when: {zone: example.com},"
               " then: {add: {additional: 'ns1.amazonses.com. A 192.0.2.99'}}}]\n");
    CHECK_CONTAINS("192.0.2.8", resolve("x.sub.example.com", "A", "0s"));
    CHECK_INT(0, waited_ms());
    end();
}

static void test_failing_servers(void)
{
    begin(BASE "rules: [{when: {server: ns1.example.com}, then: {rcode: SERVFAIL}}]\n");
    CHECK_CONTAINS("192.0.2.80", resolve("www.example.com", "A", "0s"));
    CHECK_INT(0, waited_ms());
    end();
    begin(BASE "rules: [{when: {zone: example.com, type: TXT}, then: {rcode: SERVFAIL}}]\n"
               "events: [{at: 1s, rules: off}]\n");
    CHECK_TEXT("SERVFAIL ra", resolve(TOKEN, "TXT", "0s"));
    CHECK_CONTAINS("NOERROR", resolve(TOKEN, "CNAME", "0s"));
    CHECK_TEXT("SERVFAIL ra", resolve("_amazonses.example.com", "TXT", "0s"));
    CHECK_TEXT("SERVFAIL ra", resolve("_amazonses.example.com", "TXT", "4s")); // remembered
    CHECK_CONTAINS("NOERROR ra", resolve("_amazonses.example.com", "TXT", "5s"));
    end();
}

static void test_silent_servers(void)
{
    begin(BASE "rules: [{when: {server: ns1.example.com}, then: {drop: yes}}]\n");
    CHECK_CONTAINS("192.0.2.80", resolve("www.example.com", "A", "0s"));
    CHECK_INT(1600, waited_ms()); // both of its addresses
    CHECK_CONTAINS("192.0.2.25", resolve("mail.example.com", "A", "5s"));
    CHECK_INT(0, waited_ms()); // it is asked last now
    end();
    begin(BASE "rules: [{when: {zone: example.com}, then: {drop: yes}}]\n");
    CHECK_TEXT("SERVFAIL ra", resolve("www.example.com", "A", "0s"));
    CHECK_INT(8 * 800, waited_ms());
    end();
    begin(BASE "rules: [{when: {server: ns1.example.com}, then: {delay: 300ms}},\n"
               " {when: {server: a.nic.com}, then: {delay: 100ms}}]\n");
    CHECK_CONTAINS("192.0.2.80", resolve("www.example.com", "A", "0s"));
    CHECK_INT(400, waited_ms());
    end();
    begin(BASE "events: [{at: 1h, server: [ns1.example.com, ns2.example.com], down: yes}]\n");
    CHECK_CONTAINS("192.0.2.80", resolve("www.example.com", "A", "0s"));
    CHECK_TEXT("SERVFAIL ra", resolve("www.example.com", "A", "1h"));
    end();
}

static void test_lame_server(void)
{
    begin(BASE "servers: { ns1.example.com: { zones: [] } }\n");
    CHECK_CONTAINS("192.0.2.80", resolve("www.example.com", "A", "0s"));
    end();
    begin(BASE "servers: { ns1.example.com: { zones: [com] } }\n"); // refers to itself
    CHECK_CONTAINS("192.0.2.80", resolve("www.example.com", "A", "0s"));
    end();
}

static void test_tcp(void)
{
    begin(BASE "rules: [{when: {zone: example.com}, then: {truncate: yes}}]\n");
    CHECK_CONTAINS("192.0.2.80", resolve("www.example.com", "A", "0s"));
    CHECK_INT(0, waited_ms());
    end();
    begin(BASE "rules: [{when: {zone: example.com}, then: {truncate: yes}},\n"
               " {when: {server: ns1.example.com}, then: {tcp: refuse}},\n"
               " {when: {address: 192.0.2.2}, then: {tcp: hang}}]\n");
    CHECK_CONTAINS("192.0.2.80", resolve("www.example.com", "A", "0s"));
    CHECK_INT(800, waited_ms());
    end();
}

static void test_edns(void)
{
    begin(BASE "rules: [{when: {zone: example.com, edns: yes}, then: {rcode: FORMERR,"
               " edns: none}}]\n");
    CHECK_CONTAINS("192.0.2.80", resolve("www.example.com", "A", "0s"));
    end();
}

static void test_chains(void)
{
    begin(BASE "zones:\n"
               "  example.com:\n"
               "    check: off\n"
               "    add: |\n"
               "      a CNAME b\n"
               "      b CNAME c.amazonses.com.\n"
               "      loop1 CNAME loop2\n"
               "      loop2 CNAME loop1\n"
               "      d DNAME dkim.amazonses.com.\n"
               "      sub NS ns1.amazonses.com.\n"
               "      lost NS ns.lost\n"
               "  amazonses.com: { add: \"c A 192.0.2.7\" }\n"
               "  sub.example.com: |\n"
               "    @ SOA a b 1 2 3 4 5\n"
               "    @ NS ns1.amazonses.com.\n"
               "    x A 192.0.2.8\n"
               "servers: { ns1.amazonses.com: { zones: [amazonses.com, sub.example.com] } }\n");
    CHECK_TEXT("NOERROR ra | AN a.example.com. 300 CNAME b.example.com."
               " | AN b.example.com. 300 CNAME c.amazonses.com."
               " | AN c.amazonses.com. 300 A 192.0.2.7",
               resolve("a.example.com", "A", "0s"));
    CHECK_TEXT("SERVFAIL ra", resolve("loop1.example.com", "A", "0s"));
    for (unsigned i = 0; i < 2; i++) // from the server, then from the cache
        CHECK_TEXT("NOERROR ra | AN d.example.com. 300 DNAME dkim.amazonses.com."
                   " | AN token2.d.example.com. 300 CNAME token2.dkim.amazonses.com."
                   " | AN token2.dkim.amazonses.com. 1800 TXT \"\"",
                   resolve("token2.d.example.com", "TXT", "0s"));
    // No glue: the server's name is resolved first.
    CHECK_TEXT("NOERROR ra | AN x.sub.example.com. 300 A 192.0.2.8",
               resolve("x.sub.example.com", "A", "0s"));
    CHECK_TEXT("SERVFAIL ra", resolve("x.lost.example.com", "A", "0s"));
    end();
}

static void test_rules_of_resolver(void)
{
    begin(BASE "rules: [{when: {server: resolver, type: TXT}, then: {rcode: SERVFAIL,"
               " delay: 1s}}]\n");
    CHECK_TEXT("SERVFAIL ra", resolve(TOKEN, "TXT", "0s"));
    CHECK_INT(1000, waited_ms());
    CHECK_CONTAINS("NOERROR ra", resolve(TOKEN, "CNAME", "0s"));
    end();
}

static void test_without_root(void)
{
    begin("zones:\n"
          "  example.org: |\n"
          "    @ SOA a b 1 2 3 4 5\n"
          "    @ NS ns1\n"
          "    ns1 A 192.0.2.1\n"
          "servers: { ns1: { addresses: [192.0.2.1], zones: [example.org] } }\n");
    CHECK_CONTAINS("A 192.0.2.1", resolve("ns1.example.org", "A", "0s"));
    CHECK_TEXT("SERVFAIL ra", resolve("example.net", "A", "0s"));
    end();
}

// Delegations in a circle end, and the work for one query is bounded.
static void test_bounded(void)
{
    begin("zones:\n"
          "  '.': |\n"
          "    @ SOA a b 1 2 3 4 5\n"
          "    @ NS a.root.\n"
          "    a.root. A 192.0.2.1\n"
          "    one NS ns.two.\n"
          "    two NS ns.one.\n"
          "    far NS ns.far.\n"
          "    ns.far. A 192.0.2.99\n"
          "servers: { a.root: { addresses: [192.0.2.1], zones: [.] } }\n");
    CHECK_TEXT("SERVFAIL ra", resolve("x.one", "A", "0s"));
    CHECK_TEXT("SERVFAIL ra", resolve("x.far", "A", "0s")); // nobody has that address
    CHECK_INT(800, waited_ms());
    end();
}

static const struct test tests[] = {
    {"answers of all kinds", test_answers},
    {"header and refusals", test_header},
    {"the case of the query comes back", test_case},
    {"positive answers are cached and count down", test_positive_cache},
    {"negative answers are cached", test_negative_cache},
    {"how long a negative answer lives", test_negative_ttl},
    {"glue from outside the zone is not believed", test_forged_glue},
    {"servers that fail", test_failing_servers},
    {"servers that are silent or slow", test_silent_servers},
    {"lame servers are passed over", test_lame_server},
    {"TC leads to TCP", test_tcp},
    {"a server that dislikes EDNS is asked without", test_edns},
    {"aliases, DNAME, and servers without glue", test_chains},
    {"rules edit the resolver's replies", test_rules_of_resolver},
    {"a world without root", test_without_root},
    {"work is bounded", test_bounded},
};
SUITE(resolver, tests)
