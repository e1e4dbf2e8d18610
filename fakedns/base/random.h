// Seeded pseudo-random numbers and a stable hash, for what has to repeat. Never for ids or ports
// that go to a real server: those come from the system.
#pragma once

#include <stddef.h>
#include <stdint.h>

struct fdns_random {
    uint64_t state;
};

void fdns_random_init(struct fdns_random *random, uint64_t seed);
uint64_t fdns_random_next(struct fdns_random *random);
// Uniform in [0, bound); bound > 0.
uint64_t fdns_random_below(struct fdns_random *random, uint64_t bound);

// A 64-bit hash of octets that stays the same over releases and machines. Chain by passing the last
// result as seed.
uint64_t fdns_hash(uint64_t seed, const void *data, size_t len);
uint64_t fdns_hash_u64(uint64_t seed, uint64_t value);
