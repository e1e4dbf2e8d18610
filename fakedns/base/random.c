#include "fakedns/base/random.h"

// splitmix64: the step and the finaliser of Steele, Lea and Flood, "Fast splittable pseudorandom
// number generators" (2014).
#define GOLDEN_RATIO UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t value)
{
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

void fdns_random_init(struct fdns_random *random, uint64_t seed)
{
    random->state = seed;
}

uint64_t fdns_random_next(struct fdns_random *random)
{
    random->state += GOLDEN_RATIO;
    return mix(random->state);
}

uint64_t fdns_random_below(struct fdns_random *random, uint64_t bound)
{
    // The first 2^64 mod bound numbers would make low results likelier: they are drawn again.
    uint64_t skipped = (UINT64_MAX - bound + 1) % bound;
    uint64_t value;
    do {
        value = fdns_random_next(random);
    } while (value < skipped);
    return value % bound;
}

// FNV-1a over the octets, its seed mixed first so that chained hashes do not cancel out, and its
// weak high bits mixed at the end.
uint64_t fdns_hash(uint64_t seed, const void *data, size_t len)
{
    const uint8_t *octets = data;
    uint64_t hash = mix(seed + GOLDEN_RATIO) ^ UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ octets[i]) * UINT64_C(0x100000001b3);
    }
    return mix(hash ^ (uint64_t)len);
}

uint64_t fdns_hash_u64(uint64_t seed, uint64_t value)
{
    return mix(mix(seed + GOLDEN_RATIO) ^ value);
}
