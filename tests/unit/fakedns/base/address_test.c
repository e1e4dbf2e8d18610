#include "fakedns/base/address.h"
#include "unit/harness.h"

static void test_good(void)
{
    static const char *const cases[][2] = {
        {"192.0.2.1", "192.0.2.1:53"},
        {"192.0.2.1:5300", "192.0.2.1:5300"},
        {"2001:db8::1", "[2001:db8::1]:53"},
        {"[2001:DB8:0::1]", "[2001:db8::1]:53"},
        {"[2001:db8::1]:65535", "[2001:db8::1]:65535"},
        {"::", "[::]:53"},
    };
    char out[FDNS_ADDRESS_TEXT_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fdns_address address;
        CHECK_INT(FDNS_OK, fdns_address_parse(cases[i][0], 53, &address));
        CHECK_TEXT(cases[i][1], fdns_address_print(&address, out));
    }
}

static void test_bad(void)
{
    static const char *const cases[] = {"",
                                        "ns1.example.net",
                                        "192.0.2.256",
                                        "192.0.2",
                                        "192.0.2.1:",
                                        "[::1",
                                        "[::1]53",
                                        "[::1]:",
                                        "192.0.2.1:65536",
                                        "192.0.2.1:x",
                                        "[192.0.2.1]:53",
                                        "192.0.2.1:000053",
                                        "fe80::1%lo",
                                        ":53",
                                        " 192.0.2.1"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fdns_address address;
        check_int(FDNS_INVALID, fdns_address_parse(cases[i], 53, &address), cases[i], __FILE__,
                  __LINE__);
    }
}

static struct fdns_address parsed(const char *text)
{
    struct fdns_address address = {0};
    CHECK_INT(FDNS_OK, fdns_address_parse(text, 53, &address));
    return address;
}

static void test_order(void)
{
    struct fdns_address a = parsed("192.0.2.1");
    struct fdns_address b = parsed("192.0.2.1:54");
    struct fdns_address c = parsed("192.0.2.2");
    struct fdns_address d = parsed("::1");
    CHECK(fdns_address_compare(&a, &b) < 0);
    CHECK(fdns_address_compare(&b, &c) < 0);
    CHECK(fdns_address_compare(&d, &c) > 0);
    CHECK(fdns_address_equal(&a, &a));
    CHECK(!fdns_address_equal(&a, &b));
}

static bool documentation(const char *text)
{
    struct fdns_address address = parsed(text);
    return fdns_address_is_documentation(&address);
}

static bool loopback(const char *text)
{
    struct fdns_address address = parsed(text);
    return fdns_address_is_loopback(&address);
}

static void test_ranges(void)
{
    CHECK(documentation("192.0.2.255") && documentation("198.51.100.0"));
    CHECK(documentation("203.0.113.9") && documentation("2001:db8:ffff::"));
    CHECK(!documentation("192.0.3.1") && !documentation("2001:db9::") &&
          !documentation("127.0.0.1"));
    CHECK(loopback("127.0.0.1") && loopback("127.255.0.9") && loopback("::1"));
    CHECK(!loopback("128.0.0.1") && !loopback("::2"));
}

static const struct test tests[] = {
    {"addresses are read and printed", test_good},
    {"what is no address is refused", test_bad},
    {"addresses have an order", test_order},
    {"documentation and loopback ranges", test_ranges},
};
SUITE(address, tests)
