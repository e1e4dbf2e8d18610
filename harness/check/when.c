#include "harness/check/when.h"

#include "fakedns/base/arena.h"
#include "fakedns/base/duration.h"

#include <time.h>

const char *dc_when_text(struct fdns_arena *arena, int64_t at_us)
{
    const int64_t year_2001_us = INT64_C(978307200) * FDNS_US_PER_S;
    time_t seconds = (time_t)(at_us / FDNS_US_PER_S);
    char text[FDNS_DURATION_TEXT_MAX];
    struct tm tm;
    if (at_us >= year_2001_us && gmtime_r(&seconds, &tm) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm) > 0) {
        return fdns_arena_string(arena, text);
    }
    return fdns_arena_string(arena, fdns_duration_print(at_us, text));
}
