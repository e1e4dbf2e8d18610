#include "fakedns/control/lines.h"
#include "fakedns/control/web.h"
#include "unit/harness.h"

#include <stdlib.h>
#include <string.h>

static void test_table(void)
{
    for (size_t i = 0; i < fdns_n_commands; i++) {
        const struct fdns_command *command = &fdns_commands[i];
        CHECK(i == 0 || strcmp(fdns_commands[i - 1].name, command->name) < 0);
        CHECK(command->run != NULL);
        CHECK(command->doc[strlen(command->doc) - 1] == '.');
        CHECK(fdns_command_find(command->name) == command);
        for (size_t k = 0; k < FDNS_COMMAND_ARGUMENTS && command->arguments[k].name != NULL; k++) {
            CHECK(command->arguments[k].doc != NULL);
            CHECK((command->arguments[k].kind == FDNS_ARGUMENT_WORD) ==
                  (command->arguments[k].words != NULL));
        }
    }
    CHECK(fdns_command_find("no-such") == NULL);
}

// A session in a loop; what it does in time is tested with real sockets (tests/e2e/control.py).
struct fixture {
    uv_loop_t loop;
    struct fdns_session *session;
};

static void open_session(struct fixture *f)
{
    static const char yaml[] =
        "zones: { example.com: \"@ SOA a b 1 1 1 1 1\\n@ NS a\\n\" }\n"
        "servers: { a: { addresses: [192.0.2.1], zones: [example.com] } }\n"
        "rules: [ { name: 'a \"b\"', when: { name: a.example.com }, then: { drop: yes } } ]\n";
    struct fdns_diags diags;
    struct fdns_buf why;
    uv_loop_init(&f->loop);
    fdns_buf_init(&why, 4096);
    fdns_diags_init(&diags);
    struct fdns_session_options options = {.loop = &f->loop,
                                           .world_text = yaml,
                                           .world_len = strlen(yaml),
                                           .manual_clock = true,
                                           .keeps_log = true};
    f->session = fdns_session_open(&options, &diags, NULL, &why);
    CHECK_INT(0, (int64_t)diags.n_items);
    CHECK(f->session != NULL);
    fdns_diags_clear(&diags);
    fdns_buf_clear(&why);
}

static void close_session(struct fixture *f)
{
    fdns_session_close(f->session, NULL, NULL);
    uv_run(&f->loop, UV_RUN_DEFAULT);
    CHECK_INT(0, uv_loop_close(&f->loop));
}

static void check_reply(struct fixture *f, const char *expected, const char *line)
{
    char *reply = fdns_lines_answer(f->session, line, strlen(line));
    CHECK_CONTAINS(expected, reply);
    free(reply);
}

static void test_lines(void)
{
    struct fixture f;
    open_session(&f);
    check_reply(&f, "{\"result\":{\"now\":\"72h\",\"now_us\":259200000000},\"id\":1}",
                "{\"id\":1,\"command\":\"advance\",\"by\":\"72h\"}");
    check_reply(&f, "\"clock-backwards\"", "{\"command\":\"set-clock\",\"to\":\"0s\"}");
    check_reply(&f, "{\"now\":\"0s\"", "{\"command\":\"reset\"}");
    check_reply(&f, "\"bad-json\"", "{\"command\":");
    check_reply(&f, "a JSON object is expected", "[7]");
    check_reply(&f, "did you mean \\\"stats\\\"?", "{\"command\":\"stat\"}");
    check_reply(&f, "did you mean \\\"by\\\"?", "{\"command\":\"advance\",\"bye\":\"1s\"}");
    close_session(&f);
}

// ---- over HTTP

struct asked {
    const char *method;
    const char *path;
    const char *host;
    const char *origin;
    const char *authorization;
    const char *body;
    int status;
    const char *expected; // in the body
};

static void check_asked(struct fixture *f, const struct fdns_web *web, const struct asked *asked)
{
    struct fdns_http_request request = {.method = asked->method,
                                        .path = asked->path,
                                        .host = asked->host,
                                        .origin = asked->origin,
                                        .authorization = asked->authorization,
                                        .body = asked->body,
                                        .len = asked->body != NULL ? strlen(asked->body) : 0};
    struct fdns_http_response response = {0};
    (void)f;
    fdns_web_answer(web, &request, &response);
    char *text = strndup(response.body, response.len);
    CHECK_INT(asked->status, response.status);
    CHECK_CONTAINS(asked->expected, text);
    free(text);
    free(response.body);
}

static void test_web(void)
{
    static const struct asked list[] = {
        {"GET", "/", NULL, NULL, NULL, NULL, 200, "\"name\":\"advance\""},
        {"GET", "/v1/stats", "localhost:80", NULL, NULL, NULL, 200, "\"now\":\"0s\""},
        {"GET", "/v1/stats", "LOCALHOST", NULL, NULL, NULL, 200, "\"now\":\"0s\""},
        {"GET", "/v1/stats", "127.0.0.2:1", NULL, NULL, NULL, 200, "\"now\":\"0s\""},
        {"GET", "/v1/stats", "[::1]", NULL, NULL, NULL, 200, "\"now\":\"0s\""},
        {"GET", "/v1/stats", "192.0.2.7:8080", NULL, NULL, NULL, 200, "\"now\":\"0s\""},
        {"GET", "/v1/stats", "192.0.2.8", NULL, NULL, NULL, 403, "foreign-host"},
        {"GET", "/v1/stats", "example.com", NULL, NULL, NULL, 403, "foreign-host"},
        {"GET", "/v1/stats", "localhost.example.com", NULL, NULL, NULL, 403, "foreign-host"},
        {"GET", "/v1/stats", "localhost:a", NULL, NULL, NULL, 403, "foreign-host"},
        {"GET", "/v1/stats", "", NULL, NULL, NULL, 403, "foreign-host"},
        {"GET", "/v1/stats", "localhost", "http://localhost", NULL, NULL, 403, "foreign-origin"},
        {"POST", "/v1/reset", "localhost", "null", NULL, NULL, 403, "foreign-origin"},
        {"GET", "/v1/reset", NULL, NULL, NULL, NULL, 405, "reset takes POST"},
        {"DELETE", "/v1/stats", NULL, NULL, NULL, NULL, 405, "GET and POST"},
        {"POST", "/metrics", NULL, NULL, NULL, NULL, 405, "/metrics takes GET"},
        {"POST", "/v1/stats", NULL, NULL, NULL, "{", 400, "bad-json"},
        {"POST", "/v1/advance", NULL, NULL, NULL, "{\"by\":\"1s\"}", 200, "\"now\":\"1s\""},
        {"POST", "/v1/advanec", NULL, NULL, NULL, NULL, 404, "did you mean"},
        {"GET", "/v2/stats", NULL, NULL, NULL, NULL, 404, "no-such-path"},
        {"GET", "/metrics", NULL, NULL, NULL, NULL, 200,
         "\nfakedns_rule_fired_total{rule=\"a \\\"b\\\"\"} 0\n"},
    };
    struct fixture f;
    open_session(&f);
    struct fdns_web web = {.session = f.session};
    CHECK_INT(FDNS_OK, fdns_address_parse("192.0.2.7:8080", 0, &web.bound));
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        check_asked(&f, &web, &list[i]);
    }
    close_session(&f);
}

static void test_token(void)
{
    static const struct asked list[] = {
        {"GET", "/v1/stats", NULL, NULL, NULL, NULL, 401, "no-token"},
        {"GET", "/v1/stats", NULL, NULL, "Bearer secreT", NULL, 401, "no-token"},
        {"GET", "/v1/stats", NULL, NULL, "Bearer secret2", NULL, 401, "no-token"},
        {"GET", "/v1/stats", NULL, NULL, "Basic secret", NULL, 401, "no-token"},
        {"GET", "/metrics", NULL, NULL, NULL, NULL, 401, "no-token"},
        {"GET", "/v1/stats", NULL, NULL, "bearer secret", NULL, 200, "result"},
    };
    struct fixture f;
    open_session(&f);
    struct fdns_web web = {.session = f.session, .token = "secret"};
    CHECK_INT(FDNS_OK, fdns_address_parse("127.0.0.1:8080", 0, &web.bound));
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        check_asked(&f, &web, &list[i]);
    }
    close_session(&f);
}

static const struct test tests[] = {
    {"the table is sorted and complete", test_table},
    {"a line is answered by a line", test_lines},
    {"requests over HTTP and who may make them", test_web},
    {"a token is asked for", test_token},
};
SUITE(command, tests)
