// Values that several words share.
#include "fakedns/world/letters.h"
#include "fakedns/world/value.h"
#include "unit/harness.h"

#include <string.h>

static void check_range(const char *text, bool fine, uint64_t from, uint64_t to)
{
    struct fdns_range range = {0};
    CHECK_INT(fine, fdns_range_parse(text, &range));
    if (fine) {
        CHECK(range.from == from && range.to == to);
        CHECK(fdns_range_holds(&range, from) && fdns_range_holds(&range, to));
        CHECK(from == 0 || !fdns_range_holds(&range, from - 1));
        CHECK(to == UINT64_MAX || !fdns_range_holds(&range, to + 1));
    }
}

static void test_range(void)
{
    check_range("512", true, 512, 512);
    check_range("512..1232", true, 512, 1232);
    check_range("1232..", true, 1232, UINT64_MAX);
    check_range("..511", true, 0, 511);
    check_range("3..3", true, 3, 3);
    static const char *const bad[] = {"",    "..",   "3..2", "-1", "1.2", "1...2",
                                      "1..", "1..x", "x",    " 1", "1 ",  "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check_range(bad[i], strcmp(bad[i], "1..") == 0, 1, UINT64_MAX);
}

static void check_prefix(const char *text, const char *address, bool holds)
{
    struct fdns_prefix prefix;
    struct fdns_address other;
    CHECK(fdns_prefix_parse(text, &prefix));
    CHECK(fdns_address_parse(address, 0, &other) == FDNS_OK);
    CHECK_INT(holds, fdns_prefix_holds(&prefix, other.family, other.octets));
}

static void test_prefix(void)
{
    check_prefix("192.0.2.1", "192.0.2.1", true);
    check_prefix("192.0.2.1", "192.0.2.2", false);
    check_prefix("192.0.2.128/25", "192.0.2.255", true);
    check_prefix("192.0.2.128/25", "192.0.2.127", false);
    check_prefix("192.0.2.5/31", "192.0.2.4", true);
    check_prefix("0.0.0.0/0", "203.0.113.9", true);
    check_prefix("0.0.0.0/0", "2001:db8::1", false);
    check_prefix("2001:db8::/33", "2001:db8:7fff::1", true);
    check_prefix("2001:db8::/33", "2001:db8:8000::1", false);
    check_prefix("2001:db8::1", "2001:db8::1", true);
    static const char *const bad[] = {"",          "/8",          "192.0.2.0/",   "192.0.2.0/33",
                                      "::/129",    "192.0.2.0/a", "192.0.2.1:53", "192.0.2.0/-1",
                                      "192.0.2/24"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct fdns_prefix prefix;
        CHECK(!fdns_prefix_parse(bad[i], &prefix));
    }
}

static void test_percent(void)
{
    static const struct {
        const char *text;
        uint32_t ppm; // 0: refused
    } rows[] = {{"100%", 1000000}, {"25%", 250000}, {"0.1%", 1000}, {"0.0001%", 1},
                {"12.5%", 125000}, {"0%", 0},       {"0.0%", 0},    {"100.1%", 0},
                {"101%", 0},       {"5", 0},        {"%", 0},       {"1.00001%", 0},
                {"1%%", 0},        {"-1%", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t ppm = 0;
        bool fine = fdns_percent_parse(rows[i].text, &ppm);
        CHECK_INT(rows[i].ppm != 0, fine);
        CHECK_INT(rows[i].ppm, fine ? ppm : 0);
    }
}

static void check_change(const char *text, unsigned before, int after)
{
    struct fdns_change change;
    bool fine = fdns_change_parse(text, &change);
    CHECK_INT(after >= 0, fine);
    if (fine)
        CHECK_INT(after, fdns_changed(&change, (uint16_t)before));
}

static void test_change(void)
{
    check_change("7", 100, 7);
    check_change("0", 100, 0);
    check_change("65535", 100, 65535);
    check_change("+1", 100, 101);
    check_change("+1", 65535, 0);
    check_change("-1", 0, 65535);
    check_change("-100", 100, 0);
    check_change("+0", 100, 100);
    check_change("65536", 0, -1);
    check_change("+", 0, -1);
    check_change("", 0, -1);
    check_change("1x", 0, -1);
    check_change("+-1", 0, -1);
}

static void check_letters(const char *word, const char *wanted)
{
    uint8_t name[] = "\5aZ[9z\3Com";
    struct fdns_random random;
    fdns_random_init(&random, 1);
    fdns_change_name_letters(name, fdns_letters_of(word), &random);
    CHECK_OCTETS(wanted, sizeof name, name, sizeof name);
}

static void test_letters(void)
{
    check_letters(NULL, "\5aZ[9z\3Com");
    check_letters("keep", "\5aZ[9z\3Com");
    check_letters("lower", "\5az[9z\3com");
    check_letters("upper", "\5AZ[9Z\3COM");
    check_letters("flip", "\5Az[9Z\3cOM");
}

static const struct test tests[] = {
    {"ranges of numbers", test_range},  {"subnets", test_prefix},
    {"percentages", test_percent},      {"numbers and changes of them", test_change},
    {"letters of names", test_letters},
};
SUITE(value, tests)
