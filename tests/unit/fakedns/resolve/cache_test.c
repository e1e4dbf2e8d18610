#include "fakedns/resolve/cache.h"

#include "fakedns/base/duration.h"
#include "unit/harness.h"

static const uint8_t name[] = "\1a\7example";
static const struct fdns_rdata rdata = {.octets = (const uint8_t *)"\300\0\2\1", .len = 4};
static const struct fdns_rrset rrset = {.owner = name,
                                        .type = FDNS_TYPE_A,
                                        .rr_class = FDNS_CLASS_IN,
                                        .ttl = 300,
                                        .rdatas = &rdata,
                                        .n_rdatas = 1};

static void put(struct fdns_cache *cache, enum fdns_trust trust, uint32_t ttl, int64_t now_us)
{
    fdns_cache_put(cache, name, FDNS_TYPE_A, trust, FDNS_CACHED_RRSET, &rrset, ttl, now_us);
}

static const struct fdns_cache_entry *find(const struct fdns_cache *cache, int64_t now_us)
{
    return fdns_cache_find(cache, name, FDNS_TYPE_A, FDNS_FROM_ANSWER, now_us);
}

static void test_time(void)
{
    struct fdns_cache cache;
    fdns_cache_init(&cache);
    put(&cache, FDNS_FROM_ANSWER, 300, 0);
    CHECK_INT(300, fdns_cache_rrset(find(&cache, 0), 0).ttl);
    CHECK_INT(200, fdns_cache_rrset(find(&cache, 0), 100 * FDNS_US_PER_S).ttl);
    CHECK(find(&cache, 300 * FDNS_US_PER_S - 1) != NULL);
    CHECK(find(&cache, 300 * FDNS_US_PER_S) == NULL);
    put(&cache, FDNS_FROM_ANSWER, 0, 0);
    CHECK(find(&cache, 0) == NULL);
    fdns_cache_clear(&cache);
}

static void test_trust(void)
{
    struct fdns_cache cache;
    fdns_cache_init(&cache);
    put(&cache, FDNS_FROM_PARENT, 300, 0);
    CHECK(find(&cache, 0) == NULL);
    CHECK(fdns_cache_find(&cache, name, FDNS_TYPE_A, FDNS_FROM_PARENT, 0) != NULL);
    fdns_cache_clear(&cache);
}

static void test_limits(void)
{
    struct fdns_cache cache;
    fdns_cache_init(&cache);
    put(&cache, FDNS_FROM_ANSWER, 0x7fffffff, 0);
    CHECK_INT(FDNS_CACHE_TTL_MAX, fdns_cache_rrset(find(&cache, 0), 0).ttl);
    put(&cache, FDNS_FROM_ANSWER, 0x80000001, 0);
    CHECK(find(&cache, 0) == NULL);
    while (!fdns_cache_is_full(&cache) && cache.n_octets < 2 * FDNS_CACHE_OCTETS_MAX)
        put(&cache, FDNS_FROM_ANSWER, 300, 0); // the same name: room that is not used again
    CHECK(fdns_cache_is_full(&cache));
    fdns_cache_reset(&cache);
    CHECK(!fdns_cache_is_full(&cache));
    CHECK(find(&cache, 0) == NULL);
    fdns_cache_clear(&cache);
}

static const struct test tests[] = {
    {"entries count down and expire", test_time},
    {"what a parent says is kept apart", test_trust},
    {"times and memory have ceilings", test_limits},
};
SUITE(cache, tests)
