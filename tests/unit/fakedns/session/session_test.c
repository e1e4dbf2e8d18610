// A session over real sockets on loopback, with a clock that moves by command.

#include "fakedns/session/session.h"

#include "fakedns/base/duration.h"
#include "fakedns/serve/socket.h"
#include "fakedns/wire/builder.h"
#include "fakedns/wire/view.h"
#include "unit/harness.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

static const char world[] = "zones:\n"
                            "  example.com: |\n"
                            "    @ 60 IN SOA ns.example.com. a.example.com. 1 2 3 4 5\n"
                            "    @ 60 IN NS ns.example.com.\n"
                            "    ns 60 IN A 192.0.2.1\n"
                            "    a 60 IN A 192.0.2.7\n"
                            "servers:\n"
                            "  ns.example.com: {addresses: [192.0.2.1], zones: [example.com]}\n"
                            "rules:\n"
                            "  - name: refuse-c\n"
                            "    when: {name: c.example.com}\n"
                            "    then: {rcode: REFUSED}\n"
                            "events:\n"
                            "  - {at: 1h, zone: example.com, add: late 60 IN A 192.0.2.8}\n";

struct stage {
    uv_loop_t loop;
    struct fdns_session *session;
    struct fdns_diags diags;
    struct fdns_buf why;
    struct fdns_buf text;
    bool closed;
};

static void on_closed(void *context)
{
    bool *closed = context;
    *closed = true;
}

static void stage_open(struct stage *stage, const char *text)
{
    memset(stage, 0, sizeof *stage);
    uv_loop_init(&stage->loop);
    fdns_diags_init(&stage->diags);
    fdns_buf_init(&stage->why, 65536);
    fdns_buf_init(&stage->text, 1 << 20);
    struct fdns_session_options options = {.loop = &stage->loop,
                                           .world_text = text,
                                           .world_len = strlen(text),
                                           .manual_clock = true,
                                           .keeps_log = true,
                                           .epoch_s = 1767225600};
    stage->session = fdns_session_open(&options, &stage->diags, NULL, &stage->why);
}

static void stage_close(struct stage *stage)
{
    if (stage->session != NULL) {
        fdns_session_close(stage->session, on_closed, &stage->closed);
    }
    uv_run(&stage->loop, UV_RUN_DEFAULT);
    CHECK(stage->session == NULL || stage->closed);
    CHECK_INT(0, uv_loop_close(&stage->loop));
    fdns_diags_clear(&stage->diags);
    fdns_buf_clear(&stage->why);
    fdns_buf_clear(&stage->text);
}

static void set_query(uint8_t octets[512], size_t *len, const char *name)
{
    uint8_t qname[FDNS_NAME_MAX];
    struct fdns_builder builder;
    CHECK_INT(FDNS_OK, fdns_name_parse(name, NULL, qname));
    fdns_builder_init(&builder, octets, 512);
    fdns_builder_header(&builder, 7, 0);
    (void)fdns_builder_question(&builder, qname, FDNS_TYPE_A, FDNS_CLASS_IN);
    fdns_builder_count(&builder, 0, 1);
    *len = builder.len;
}

// The rcode that a server answers with, or -1: no answer came.
static int ask(struct stage *stage, const char *server, const char *name)
{
    struct fdns_address scripted;
    uint8_t octets[512];
    size_t len = 0;
    ssize_t n = -1;
    struct fdns_sockaddr target;
    CHECK_INT(FDNS_OK, fdns_address_parse(server, 53, &scripted));
    const struct fdns_address *endpoint =
        fdns_map_find(fdns_session_map(stage->session), &scripted);
    CHECK(endpoint != NULL);
    if (endpoint == NULL) {
        return -1;
    }
    fdns_sockaddr_set(&target, endpoint);
    set_query(octets, &len, name);
    int fd = fdns_socket_open(endpoint->family, SOCK_DGRAM);
    CHECK_INT(len, sendto(fd, octets, len, 0, (struct sockaddr *)&target.storage, target.len));
    for (unsigned i = 0; i < 2000 && n < 0; i++) {
        struct pollfd arrived = {.fd = fd, .events = POLLIN};
        uv_run(&stage->loop, UV_RUN_NOWAIT);
        (void)poll(&arrived, 1, 1);
        n = recv(fd, octets, sizeof octets, MSG_DONTWAIT);
    }
    close(fd);
    return n >= 12 ? octets[3] & 15 : -1;
}

static enum fdns_error patch(struct stage *stage, const char *text)
{
    return fdns_session_patch(stage->session, text, strlen(text), &stage->diags, &stage->why);
}

static void check_fired(const struct stage *stage, const char *name, int64_t expected)
{
    struct fdns_session_rule rule;
    for (size_t i = 0; fdns_session_rule(stage->session, i, &rule); i++) {
        if (strcmp(rule.name, name) == 0 && rule.order != FDNS_RULE_REMOVED) {
            CHECK_INT(expected, rule.n_fired);
            return;
        }
    }
    CHECK_INT(expected, -1);
}

static void test_mistakes(void)
{
    struct stage stage;
    stage_open(&stage, "servers: {a.example: {adresses: [192.0.2.1]}}\n");
    CHECK(stage.session == NULL);
    CHECK(stage.diags.n_errors > 0);
    CHECK_TEXT("world", stage.diags.items[0].file);
    stage_close(&stage);
}

static const char patch_rule[] = "rules:\n"
                                 "  - name: refuse-a\n"
                                 "    when: {name: a.example.com}\n"
                                 "    then: {rcode: REFUSED}\n";

static void test_patch(void)
{
    struct stage stage;
    stage_open(&stage, world);
    CHECK_INT(5, ask(&stage, "192.0.2.1", "c.example.com"));
    CHECK_INT(0, ask(&stage, "192.0.2.1", "a.example.com"));
    CHECK_INT(FDNS_OK, patch(&stage, patch_rule));
    CHECK_INT(5, ask(&stage, "192.0.2.1", "a.example.com"));
    CHECK_INT(5, ask(&stage, "192.0.2.1", "c.example.com"));
    check_fired(&stage, "refuse-c", 2); // what was counted goes on
    check_fired(&stage, "refuse-a", 1);
    CHECK_INT(1, fdns_session_stats(stage.session).n_patches);
    CHECK_INT(4, fdns_session_stats(stage.session).counts.queries);
    stage_close(&stage);
}

static void test_refused_patch(void)
{
    struct stage stage;
    stage_open(&stage, world);
    CHECK_INT(FDNS_INVALID, patch(&stage, "zones:\n"
                                          "  example.com:\n"
                                          "    add: |\n"
                                          "      a 60 IN A 192.0.2.256\n"
                                          "rules:\n"
                                          "  - then: {rcode: REFUSED}\n"));
    CHECK(stage.diags.n_errors > 0);
    CHECK_TEXT("patch", stage.diags.items[0].file);
    CHECK_INT(4, stage.diags.items[0].line);
    CHECK_INT(0, ask(&stage, "192.0.2.1", "a.example.com"));
    CHECK_INT(FDNS_INVALID, patch(&stage, "base: lib/easy-dkim.yaml\n"));
    CHECK_INT(FDNS_INVALID, patch(&stage, "zones: {b.example: {file: /etc/passwd}}\n"));
    CHECK_INT(FDNS_INVALID, patch(&stage, "rules: [{name: refuse-c, then: {rcode: REFUSED}}]\n"));
    CHECK_INT(FDNS_INVALID, patch(&stage, "{"));
    CHECK_INT(FDNS_INVALID, patch(&stage, ""));
    CHECK_INT(0, fdns_session_stats(stage.session).n_patches);
    stage_close(&stage);
}

// A new server is bound while the old one keeps its port; a reset takes it away again.
static void test_new_server(void)
{
    struct stage stage;
    struct fdns_address old, address;
    stage_open(&stage, world);
    CHECK_INT(FDNS_OK, fdns_address_parse("192.0.2.1", 53, &address));
    old = *fdns_map_find(fdns_session_map(stage.session), &address);
    CHECK_INT(FDNS_OK, patch(&stage, "servers: {ns2.example.com: {addresses: [192.0.2.2], "
                                     "zones: [example.com]}}\n"));
    CHECK(fdns_address_equal(&old, fdns_map_find(fdns_session_map(stage.session), &address)));
    CHECK_INT(0, ask(&stage, "192.0.2.2", "a.example.com"));
    CHECK_INT(0, ask(&stage, "192.0.2.1", "a.example.com"));
    CHECK_INT(FDNS_OK, fdns_session_reset(stage.session, &stage.why));
    CHECK_INT(FDNS_OK, fdns_address_parse("192.0.2.2", 53, &address));
    CHECK(fdns_map_find(fdns_session_map(stage.session), &address) == NULL);
    CHECK_INT(0, ask(&stage, "192.0.2.1", "a.example.com"));
    stage_close(&stage);
}

static void test_orders(void)
{
    struct stage stage;
    stage_open(&stage, world);
    CHECK_INT(FDNS_OK, fdns_session_order(stage.session, "refuse-c", FDNS_RULE_OFF));
    CHECK_INT(3, ask(&stage, "192.0.2.1", "c.example.com"));
    CHECK_INT(FDNS_OK, fdns_session_order(stage.session, "refuse-c", FDNS_RULE_ON));
    CHECK_INT(5, ask(&stage, "192.0.2.1", "c.example.com"));
    CHECK_INT(FDNS_OK, fdns_session_order(stage.session, "refuse-c", FDNS_RULE_REMOVED));
    CHECK_INT(3, ask(&stage, "192.0.2.1", "c.example.com"));
    CHECK_INT(FDNS_NOT_FOUND, fdns_session_order(stage.session, "refuse-c", FDNS_RULE_ON));
    CHECK_INT(FDNS_NOT_FOUND, fdns_session_order(stage.session, "none", FDNS_RULE_ON));
    // The name is free again.
    CHECK_INT(FDNS_OK, patch(&stage, "rules:\n"
                                     "  - name: refuse-c\n"
                                     "    when: {name: c.example.com}\n"
                                     "    then: {rcode: SERVFAIL}\n"));
    CHECK_INT(2, ask(&stage, "192.0.2.1", "c.example.com"));
    stage_close(&stage);
}

static void test_clock(void)
{
    struct stage stage;
    stage_open(&stage, world);
    CHECK_INT(3, ask(&stage, "192.0.2.1", "late.example.com"));
    CHECK_INT(0, fdns_session_now_us(stage.session));
    CHECK_INT(FDNS_OK, fdns_session_advance(stage.session, FDNS_US_PER_H));
    CHECK_INT(FDNS_US_PER_H, fdns_session_now_us(stage.session));
    CHECK_INT(0, ask(&stage, "192.0.2.1", "late.example.com"));
    CHECK_INT(FDNS_INVALID, fdns_session_advance(stage.session, -1));
    CHECK_INT(FDNS_INVALID, fdns_session_set_clock(stage.session, FDNS_US_PER_H - 1));
    CHECK_INT(FDNS_INVALID, fdns_session_set_clock(stage.session, -1));
    CHECK_INT(FDNS_TOO_LARGE, fdns_session_set_clock(stage.session, INT64_MAX));
    CHECK_INT(FDNS_TOO_LARGE, fdns_session_advance(stage.session, INT64_MAX));
    CHECK_INT(FDNS_US_PER_H, fdns_session_now_us(stage.session));
    CHECK_INT(FDNS_OK, fdns_session_zone(stage.session, "example.com", NULL, &stage.text));
    CHECK_CONTAINS("192.0.2.8", fdns_buf_text(&stage.text));
    CHECK_INT(FDNS_OK, fdns_session_reset(stage.session, &stage.why));
    CHECK_INT(0, fdns_session_now_us(stage.session));
    CHECK_INT(3, ask(&stage, "192.0.2.1", "late.example.com"));
    stage_close(&stage);
}

static void test_zone(void)
{
    struct stage stage;
    stage_open(&stage, world);
    struct fdns_session *session = stage.session;
    CHECK_INT(FDNS_OK, fdns_session_zone(session, "EXAMPLE.com.", "ns.example.com", &stage.text));
    CHECK_CONTAINS("192.0.2.7", fdns_buf_text(&stage.text));
    CHECK_INT(FDNS_NOT_FOUND, fdns_session_zone(session, "example.org", NULL, &stage.text));
    CHECK_INT(FDNS_NOT_FOUND, fdns_session_zone(session, "example.com", "x", &stage.text));
    CHECK_INT(FDNS_INVALID, fdns_session_zone(session, "a..b", NULL, &stage.text));
    stage_close(&stage);
}

static void test_log(void)
{
    struct stage stage;
    stage_open(&stage, world);
    const struct fdns_query_log *log = fdns_session_log(stage.session);
    CHECK(fdns_query_log_line(log, 1) == NULL);
    (void)ask(&stage, "192.0.2.1", "a.example.com");
    (void)ask(&stage, "192.0.2.1", "c.example.com");
    CHECK_INT(1, fdns_query_log_kept(log).first);
    CHECK_INT(3, fdns_query_log_kept(log).next);
    CHECK_CONTAINS("\"n\":2", fdns_query_log_line(log, 2));
    CHECK_CONTAINS("refuse-c", fdns_query_log_line(log, 2));
    CHECK(fdns_query_log_line(log, 3) == NULL);
    fdns_session_clear_log(stage.session);
    CHECK_INT(1, fdns_query_log_kept(log).next);
    for (unsigned i = 0; i < FDNS_SESSION_LOG + 1; i++) {
        (void)ask(&stage, "192.0.2.1", "a.example.com");
    }
    CHECK_INT(2, fdns_query_log_kept(log).first);
    CHECK(fdns_query_log_line(log, 1) == NULL);
    CHECK_CONTAINS("\"n\":10001", fdns_query_log_line(log, 10001));
    stage_close(&stage);
}

// A reply that waits was planned by a world that is replaced before its time comes.
static void test_held_reply(void)
{
    struct stage stage;
    stage_open(&stage, world);
    CHECK_INT(FDNS_OK, patch(&stage, "rules: [{name: slow, then: {delay: 5s}}]\n"));
    struct fdns_address scripted;
    struct fdns_sockaddr target;
    uint8_t octets[512];
    size_t len = 0;
    CHECK_INT(FDNS_OK, fdns_address_parse("192.0.2.1", 53, &scripted));
    fdns_sockaddr_set(&target, fdns_map_find(fdns_session_map(stage.session), &scripted));
    set_query(octets, &len, "a.example.com");
    int fd = fdns_socket_open(FDNS_IPV4, SOCK_DGRAM);
    (void)sendto(fd, octets, len, 0, (struct sockaddr *)&target.storage, target.len);
    for (unsigned i = 0; i < 2000 && fdns_session_stats(stage.session).counts.queries == 0; i++) {
        uv_run(&stage.loop, UV_RUN_NOWAIT);
        (void)poll(NULL, 0, 1);
    }
    CHECK_INT(FDNS_OK, fdns_session_order(stage.session, "slow", FDNS_RULE_REMOVED));
    CHECK_INT(FDNS_OK, patch(&stage, patch_rule));
    CHECK(recv(fd, octets, sizeof octets, MSG_DONTWAIT) < 0);
    CHECK_INT(FDNS_OK, fdns_session_advance(stage.session, 5 * FDNS_US_PER_S));
    struct pollfd arrived = {.fd = fd, .events = POLLIN};
    CHECK_INT(1, poll(&arrived, 1, 5000));
    CHECK_INT(0, recv(fd, octets, sizeof octets, MSG_DONTWAIT) >= 12 ? octets[3] & 15 : -1);
    close(fd);
    stage_close(&stage);
}

static const struct test tests[] = {
    {"a world with mistakes opens no session", test_mistakes},
    {"a patch changes what is served, and counters go on", test_patch},
    {"a patch with a mistake changes nothing", test_refused_patch},
    {"a patch brings a server, a reset takes it away", test_new_server},
    {"rules are switched and removed", test_orders},
    {"the clock moves forward by command", test_clock},
    {"a zone is printed as it is now", test_zone},
    {"the log keeps the latest lines", test_log},
    {"a reply waits across a patch", test_held_reply},
};
SUITE(session, tests)
