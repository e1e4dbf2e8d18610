#include "fakedns/base/random.h"
#include "unit/harness.h"

static void test_sequence(void)
{
    struct fdns_random random;
    fdns_random_init(&random, 1234567); // published test vector of splitmix64
    CHECK(fdns_random_next(&random) == UINT64_C(6457827717110365317));
    CHECK(fdns_random_next(&random) == UINT64_C(3203168211198807973));
    CHECK(fdns_random_next(&random) == UINT64_C(9817491932198370423));
}

static void test_below(void)
{
    struct fdns_random random;
    size_t counts[6] = {0};
    fdns_random_init(&random, 1);
    for (int i = 0; i < 6000; i++) {
        uint64_t value = fdns_random_below(&random, 6);
        CHECK(value < 6);
        counts[value % 6]++;
    }
    for (size_t i = 0; i < 6; i++) {
        CHECK(counts[i] > 800 && counts[i] < 1200);
    }
    CHECK_INT(0, fdns_random_below(&random, 1));
    CHECK(fdns_random_below(&random, UINT64_MAX) < UINT64_MAX);
}

static size_t bits_that_differ(uint64_t a, uint64_t b)
{
    size_t n = 0;
    for (uint64_t rest = a ^ b; rest != 0; rest &= rest - 1) {
        n++;
    }
    return n;
}

static void test_hash(void)
{
    CHECK(fdns_hash(0, "abc", 3) == fdns_hash(0, "abc", 3));
    CHECK(fdns_hash(0, "abc", 3) != fdns_hash(1, "abc", 3));
    CHECK(fdns_hash(0, "", 0) != fdns_hash(0, "\0", 1));
    CHECK(fdns_hash(0, NULL, 0) != fdns_hash(fdns_hash(0, NULL, 0), NULL, 0));
    CHECK(fdns_hash_u64(1, 2) != fdns_hash_u64(2, 1));
    for (unsigned bit = 0; bit < 64; bit++) { // every bit of the input moves many of the output
        uint64_t value = UINT64_C(1) << bit;
        size_t n = bits_that_differ(fdns_hash_u64(5, 0), fdns_hash_u64(5, value));
        CHECK(n >= 12 && n <= 52);
        n = bits_that_differ(fdns_hash(5, "\0\0\0\0\0\0\0", 8), fdns_hash(5, &value, 8));
        CHECK(n >= 12 && n <= 52);
    }
}

static void test_hash_is_stable(void)
{
    CHECK(fdns_hash(0, "example.com", 11) == UINT64_C(15601463264800684612));
    CHECK(fdns_hash_u64(1, 2) == UINT64_C(583880340377267059));
}

static const struct test tests[] = {
    {"the sequence of a seed is fixed", test_sequence},
    {"numbers below a bound are spread evenly", test_below},
    {"hashes differ and depend on every bit", test_hash},
    {"hashes stay the same over releases", test_hash_is_stable},
};
SUITE(random, tests)
