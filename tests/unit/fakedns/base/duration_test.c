#include "fakedns/base/duration.h"
#include "unit/harness.h"

#include <string.h>

static const struct {
    const char *text;
    int64_t us;
    const char *printed;
} good[] = {
    {"0", 0, "0s"},
    {"0s", 0, "0s"},
    {"90s", 90 * FDNS_US_PER_S, "1m30s"},
    {"15m", 900 * FDNS_US_PER_S, "15m"},
    {"24h", FDNS_US_PER_D, "24h"},
    {"3d", 3 * FDNS_US_PER_D, "72h"},
    {"71h59m", 72 * FDNS_US_PER_H - 60 * FDNS_US_PER_S, "71h59m"},
    {"250ms", 250 * FDNS_US_PER_MS, "250ms"},
    {"1d2h3m4s5ms6us", INT64_C(93784005006), "26h3m4s5ms6us"},
    {"1m1ms", 60 * FDNS_US_PER_S + FDNS_US_PER_MS, "1m1ms"},
    {"36525d", 36525 * FDNS_US_PER_D, "876600h"},
};

static const struct {
    const char *text;
    enum fdns_error error;
} bad[] = {
    {"", FDNS_INVALID},
    {"5", FDNS_INVALID},
    {"00", FDNS_INVALID},
    {"h", FDNS_INVALID},
    {"-1s", FDNS_INVALID},
    {"+1s", FDNS_INVALID},
    {" 1s", FDNS_INVALID},
    {"1s ", FDNS_INVALID},
    {"1 s", FDNS_INVALID},
    {"1s1m", FDNS_INVALID},
    {"1s1s", FDNS_INVALID},
    {"24hours", FDNS_INVALID},
    {"1w", FDNS_INVALID},
    {"1S", FDNS_INVALID},
    {"1h5", FDNS_INVALID},
    {"1.5h", FDNS_INVALID},
    {"36525d1us", FDNS_TOO_LARGE},
    {"99999999999999999999999999999h", FDNS_TOO_LARGE},
    {"99999999999999999999x", FDNS_INVALID},
};

static void test_good(void)
{
    char out[FDNS_DURATION_TEXT_MAX];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        int64_t us = -1;
        CHECK_INT(FDNS_OK, fdns_duration_parse(good[i].text, &us));
        CHECK_INT(good[i].us, us);
        CHECK_TEXT(good[i].printed, fdns_duration_print(us, out));
    }
}

static void test_bad(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t us = 17;
        check_int(bad[i].error, fdns_duration_parse(bad[i].text, &us), bad[i].text, __FILE__,
                  __LINE__);
        CHECK_INT(17, us);
    }
}

static void test_extremes(void)
{
    char out[FDNS_DURATION_TEXT_MAX];
    CHECK_TEXT("2562047788h54s775ms807us", fdns_duration_print(INT64_MAX, out));
    CHECK_TEXT("-2562047788h54s775ms808us", fdns_duration_print(INT64_MIN, out));
    CHECK_TEXT("-1m", fdns_duration_print(-60 * FDNS_US_PER_S, out));
}

static const struct test tests[] = {
    {"durations are read and printed", test_good},
    {"what is no duration is refused", test_bad},
    {"any value prints", test_extremes},
};
SUITE(duration, tests)
