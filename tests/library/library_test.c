// libfakedns in a loop of its user's, and called from several threads at a time.
#include "fakedns/library/fakedns.h"

#include <CUnit/Basic.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { WHY = 1024, CALLERS = 4, CALLS = 50 };

static const char world[] = "zones:\n"
                            "  example.com: |\n"
                            "    @    SOA ns1 hostmaster 1 3600 900 604800 300\n"
                            "    @    NS  ns1\n"
                            "    ns1  A   192.0.2.1\n"
                            "servers:\n"
                            "  ns1.example.com: { addresses: [192.0.2.1], zones: [example.com] }\n";

static struct fakedns_options options_of(const char *text)
{
    return (struct fakedns_options){
        .size = sizeof(struct fakedns_options), .world_text = text, .manual_clock = true};
}

static void on_done(void *context)
{
    ++*(int *)context;
}

static void test_in_a_loop(void)
{
    uv_loop_t loop;
    int done = 0;
    char why[WHY], host[64];
    uint16_t port = 0;
    struct fakedns_options options = options_of(world);
    uv_loop_init(&loop);
    struct fakedns *dns = fakedns_start_in_loop(&options, &loop, why, sizeof why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(dns);
    CU_ASSERT_EQUAL(fakedns_endpoint(dns, "ns1.example.com", host, sizeof host, &port), 0);
    CU_ASSERT_STRING_EQUAL(host, "127.0.0.1");
    CU_ASSERT_NOT_EQUAL(port, 0);
    CU_ASSERT_EQUAL(fakedns_endpoint(dns, "resolver", host, sizeof host, &port), -1);
    char *reply = fakedns_command(dns, "no-such-command", NULL);
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "\"error\""));
    fakedns_free(reply);
    reply = fakedns_command(dns, "stats", "no JSON");
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "\"error\""));
    fakedns_free(reply);
    fakedns_stop(dns, on_done, &done);
    CU_ASSERT_EQUAL(done, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    CU_ASSERT_EQUAL(done, 1);
    CU_ASSERT_EQUAL(uv_loop_close(&loop), 0);
}

static void test_what_cannot_start(void)
{
    static const struct {
        const char *text;
        const char *file;
        const char *says;
    } cases[] = {
        {"zones: { example.com: 7 }", NULL, "example.com"},
        {"zones: [", NULL, "error"},
        {NULL, "/no/such/world.yaml", "/no/such/world.yaml"},
        {NULL, NULL, "world_file or a world_text"},
        {world, "world.yaml", "world_file or a world_text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char why[WHY] = "";
        struct fakedns_options options = options_of(cases[i].text);
        options.world_file = cases[i].file;
        CU_ASSERT_PTR_NULL(fakedns_start(&options, why, sizeof why));
        if (strstr(why, cases[i].says) == NULL) {
            printf("case %zu says: %s\n", i, why);
            CU_FAIL("the reason is not told");
        }
    }
    struct fakedns_options options = options_of(world);
    options.size = 1;
    CU_ASSERT_PTR_NULL(fakedns_start(&options, NULL, 0));
}

static void call(void *argument)
{
    struct fakedns *dns = argument;
    for (int i = 0; i < CALLS; i++) {
        fakedns_advance(dns, 1000000);
    }
}

static void test_many_callers(void)
{
    char why[WHY];
    uv_thread_t callers[CALLERS];
    struct fakedns_options options = options_of(world);
    struct fakedns *dns = fakedns_start(&options, why, sizeof why);
    CU_ASSERT_PTR_NOT_NULL_FATAL(dns);
    for (int i = 0; i < CALLERS; i++) {
        uv_thread_create(&callers[i], call, dns);
    }
    for (int i = 0; i < CALLERS; i++) {
        uv_thread_join(&callers[i]);
    }
    char *reply = fakedns_command(dns, "stats", NULL); // 4 * 50 seconds
    CU_ASSERT_PTR_NOT_NULL(strstr(reply, "200000000"));
    fakedns_free(reply);
    CU_ASSERT_EQUAL(fakedns_reset(dns, why, sizeof why), 0);
    int done = 0;
    fakedns_stop(dns, on_done, &done);
    CU_ASSERT_EQUAL(done, 1);
}

int main(void)
{
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("library", NULL, NULL);
    CU_add_test(suite, "in a loop", test_in_a_loop);
    CU_add_test(suite, "what cannot start", test_what_cannot_start);
    CU_add_test(suite, "many callers", test_many_callers);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures() + (CU_get_number_of_tests_run() == 0);
    CU_cleanup_registry();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
