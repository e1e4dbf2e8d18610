// A time for people: a date (UTC) if it is one of the calendar, else a duration since the world's
// start.
#pragma once

#include <stdint.h>

struct fdns_arena;

// In arena.
const char *dc_when_text(struct fdns_arena *arena, int64_t at_us);
