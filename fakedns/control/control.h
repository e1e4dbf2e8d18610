// Control: all the places where commands for a session are taken.
#pragma once

#include "fakedns/session/session.h"

enum { FDNS_CONTROL_PLACES = 8 };

struct fdns_control_options {
    // unix:PATH, or ADDRESS:PORT for HTTP (port 0: one of the system's choice)
    const char *places[FDNS_CONTROL_PLACES];
    size_t n_places;
    const char *token;    // that HTTP requests have to show, or NULL: then only loopback is had
    uint64_t deadline_ms; // of a request; 0: FDNS_CONTROL_DEADLINE_MS
};

struct fdns_control; // owned by its maker; freed when stopped

// NULL if one of the places cannot be had; a sentence is appended to why, and the loop has still to
// be run until it has let go of the handles. options' texts outlive the control.
struct fdns_control *fdns_control_start(const struct fdns_control_options *options,
                                        struct fdns_session *session, uv_loop_t *loop,
                                        struct fdns_buf *why);
// Takes no more commands, so that the session may be closed next; frees itself in the loop.
void fdns_control_stop(struct fdns_control *control);
// Appends a line `control PLACE` for each place, with the port that it has.
void fdns_control_print_endpoints(const struct fdns_control *control, struct fdns_buf *out);
