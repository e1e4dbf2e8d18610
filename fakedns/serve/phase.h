// Phases: the order of what happens at one and the same time. Keys of timers are made of a phase
// and a hash of what the timer is about, so that order never depends on arrival.
#pragma once

#include <stdint.h>

enum fdns_phase {
    FDNS_PHASE_WORLD,   // the world changes
    FDNS_PHASE_ARRIVED, // a server looks at what has arrived
    FDNS_PHASE_REPLY,   // a server sends what it has held back
    FDNS_PHASE_IDLE,    // a server gives up a connection
    FDNS_PHASE_ANSWER,  // the client looks at what has arrived
    FDNS_PHASE_DEADLINE,
    FDNS_PHASE_ASK, // the client asks
    FDNS_PHASE_DONE,
};

static inline uint64_t fdns_phase_key(enum fdns_phase phase, uint64_t hash)
{
    return (uint64_t)phase << 60 | hash >> 4;
}
