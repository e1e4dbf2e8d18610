// Watch: one descriptor that either stands in the ledger (played) or is watched by the loop (real).
// Its owner sees one interface: `arrive` is called when there may be something to read or write.
//
// A poll handle is allocated by itself, so that the owner of a watch may go as soon as it has
// closed it; the group counts the handles that the loop still holds.
#pragma once

#include "fakedns/serve/flight.h"
#include "fakedns/serve/pace.h"

struct fdns_watch_group {
    struct fdns_flight *flight; // played
    uv_loop_t *loop;            // real
    struct fdns_pace *pace;     // real, or NULL: the clock is not moved before arrive
    size_t n_handles;
    void (*idle)(void *context); // set when ending: called when no handle is left
    void *context;
};

struct fdns_watch {
    struct fdns_flight_end end; // fd is here; -1 when closed
    struct fdns_watch_group *group;
    uv_poll_t *poll;
};

// Takes the descriptor over. Played: the caller puts watch->end into the ledger by one of its open
// functions. Real: starts watching for reading. False (descriptor closed) if the loop refuses it.
bool fdns_watch_open(struct fdns_watch_group *group, struct fdns_watch *watch, int fd,
                     fdns_flight_fn *arrive, void *owner);
// Real: what to wait for. Played: nothing to do, the ledger knows.
void fdns_watch_want(struct fdns_watch *watch, bool to_read, bool to_write);
// Closes the descriptor, with RST if reset; fine for one that is closed.
void fdns_watch_close(struct fdns_watch *watch, bool reset);
static inline bool fdns_watch_is_open(const struct fdns_watch *watch)
{
    return watch->end.fd >= 0;
}

// Calls idle when the loop has let go of every handle. Played: at once.
void fdns_watch_group_end(struct fdns_watch_group *group, void (*idle)(void *context),
                          void *context);
