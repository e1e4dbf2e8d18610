// What does my lookup say when the DNS is slow, wrong or down? Here `lookup` runs dig; put your own
// code in its place.
#include <CUnit/Basic.h>
#include <fakedns.h>
#include <stdio.h>
#include <string.h>

static const char world[] = "zones:\n"
                            "  example.com: |\n"
                            "    @    SOA ns1 hostmaster 1 3600 900 604800 300\n"
                            "    @    NS  ns1\n"
                            "    ns1  A   192.0.2.1\n"
                            "    www  A   192.0.2.80\n"
                            "servers:\n"
                            "  ns1.example.com: { addresses: [192.0.2.1], zones: [example.com] }\n";

static struct fakedns *dns;

// The first line of what dig prints for www.example.com at a server: an address, or nothing.
static void lookup(const char *server, char *answer, size_t size)
{
    char command[256], host[64];
    uint16_t port = 0;
    answer[0] = '\0';
    if (fakedns_endpoint(dns, server, host, sizeof host, &port) != 0) {
        return;
    }
    snprintf(command, sizeof command, "dig +short +tries=1 +time=5 @%s -p %u www.example.com A",
             host, port);
    FILE *dig = popen(command, "r");
    if (dig != NULL && fgets(answer, (int)size, dig) != NULL) {
        answer[strcspn(answer, "\n")] = '\0';
    }
    if (dig != NULL) {
        pclose(dig);
    }
}

static void test_address(void)
{
    char answer[128];
    lookup("ns1.example.com", answer, sizeof answer);
    CU_ASSERT_STRING_EQUAL(answer, "192.0.2.80");
}

static void test_address_that_changes(void)
{
    char answer[128], why[1024];
    CU_ASSERT_EQUAL(
        fakedns_patch(dns,
                      "zones: { example.com: { remove: [ www A ], add: \"www A 192.0.2.81\" } }",
                      why, sizeof why),
        0);
    lookup("192.0.2.1", answer, sizeof answer);
    CU_ASSERT_STRING_EQUAL(answer, "192.0.2.81");
}

static void test_server_that_fails(void)
{
    char answer[128], why[1024];
    CU_ASSERT_EQUAL(fakedns_patch(dns, "rules: [ { name: broken, then: { rcode: SERVFAIL } } ]",
                                  why, sizeof why),
                    0);
    lookup("ns1.example.com", answer, sizeof answer);
    CU_ASSERT_STRING_EQUAL(answer, "");
    char *log = fakedns_command(dns, "log", NULL); // what was asked, and which rule fired
    CU_ASSERT_PTR_NOT_NULL(strstr(log, "\"rule\":\"broken\""));
    fakedns_free(log);
    CU_ASSERT_EQUAL(fakedns_reset(dns, why, sizeof why), 0);
    lookup("ns1.example.com", answer, sizeof answer);
    CU_ASSERT_STRING_EQUAL(answer, "192.0.2.80");
}

static void test_mistakes_are_told(void)
{
    char why[1024];
    CU_ASSERT_EQUAL(fakedns_patch(dns, "rules: [ { then: { rcod: SERVFAIL } } ]", why, sizeof why),
                    -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(why, "rcod"));
    CU_ASSERT_EQUAL(fakedns_advance(dns, -1), -1);
    char host[4];
    uint16_t port;
    CU_ASSERT_EQUAL(fakedns_endpoint(dns, "192.0.2.99", host, sizeof host, &port), -1);
}

int main(void)
{
    char why[1024];
    struct fakedns_options options = {
        .size = sizeof options, .world_text = world, .manual_clock = true};
    dns = fakedns_start(&options, why, sizeof why);
    if (dns == NULL) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("lookup", NULL, NULL);
    CU_add_test(suite, "an address", test_address);
    CU_add_test(suite, "an address that changes", test_address_that_changes);
    CU_add_test(suite, "a server that fails", test_server_that_fails);
    CU_add_test(suite, "mistakes are told", test_mistakes_are_told);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures() + (CU_get_number_of_tests_run() == 0);
    CU_cleanup_registry();
    fakedns_stop(dns, NULL, NULL);
    return failures == 0 ? 0 : 1;
}
