#include "harness/report/dig.h"

#include "fakedns/wire/builder.h"
#include "unit/harness.h"

static uint8_t request[512];

static struct dc_question ask(const char *server, const char *name, uint16_t type, uint16_t flags,
                              uint16_t udp_size)
{
    uint8_t qname[FDNS_NAME_MAX];
    struct dc_question question = {.request = request};
    fdns_address_parse(server, 53, &question.server);
    CHECK_INT(FDNS_OK, fdns_name_parse(name, NULL, qname));
    question.len = fdns_query_build(request, sizeof request, 0, flags, qname, type, FDNS_CLASS_IN,
                                    udp_size, 0);
    return question;
}

static void check_dig(const char *expected, const struct dc_question *question)
{
    struct fdns_buf out;
    fdns_buf_init(&out, 4096);
    dc_dig(&out, question);
    CHECK_TEXT(expected, fdns_buf_text(&out));
    fdns_buf_clear(&out);
}

static void test_plain_questions(void)
{
    struct dc_question question = ask("192.0.2.1", "a.example.com", FDNS_TYPE_TXT, 0, 1232);
    check_dig("dig @192.0.2.1 a.example.com TXT +norecurse", &question);
    question = ask("[2001:db8::1]:5353", "a.example.com", FDNS_TYPE_CNAME, FDNS_RD, 1232);
    question.transport = DC_TCP;
    check_dig("dig @2001:db8::1 -p 5353 a.example.com CNAME +tcp", &question);
    question = ask("192.0.2.1", ".", FDNS_TYPE_NS, FDNS_RD | FDNS_CD, 512);
    check_dig("dig @192.0.2.1 . NS +cdflag +bufsize=512", &question);
    question = ask("192.0.2.1", "com", 65280, FDNS_RD, 0);
    check_dig("dig @192.0.2.1 -q com TYPE65280 +noedns", &question);
}

static void test_names_are_one_word_for_a_shell(void)
{
    struct dc_question question = ask("192.0.2.1", "*.example.com", FDNS_TYPE_A, FDNS_RD, 1232);
    check_dig("dig @192.0.2.1 '*.example.com' A", &question);
    question = ask("192.0.2.1", "a\\.b;`x`.example.com", FDNS_TYPE_A, FDNS_RD, 1232);
    check_dig("dig @192.0.2.1 'a\\.b\\;`x`.example.com' A", &question);
    question = ask("192.0.2.1", "-f.example.com", FDNS_TYPE_A, FDNS_RD, 1232);
    check_dig("dig @192.0.2.1 -q -f.example.com A", &question);
}

static void test_what_no_command_sends(void)
{
    static const struct dc_step steps[] = {{.kind = DC_STEP_CLOSE}};
    static const uint8_t short_request[] = {0, 0, 1};
    struct dc_question question = {.request = short_request, .len = sizeof short_request};
    fdns_address_parse("192.0.2.1", 53, &question.server);
    check_dig("3 octets to 192.0.2.1:53 over UDP: 000001", &question);
    question = (struct dc_question){.server = question.server, .steps = steps, .n_steps = 1};
    question.transport = DC_TCP;
    check_dig("0 octets to 192.0.2.1:53 over TCP: ", &question);
}

static const struct test tests[] = {
    {"plain questions", test_plain_questions},
    {"names are one word for a shell", test_names_are_one_word_for_a_shell},
    {"what no command sends", test_what_no_command_sends},
};
SUITE(dig, tests)
