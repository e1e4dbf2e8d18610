// Session: a world that is served and can be changed while it is: the world, its state, its clock,
// its sockets, its log.
//
//   OPEN --fdns_session_close--> CLOSING --handles gone--> done()
//
// Every command on a session is one function here; nothing here knows JSON or who asks. A command
// that fails has changed nothing and says why.
//
// Memory: a patched world points into the one that it was made of, so all of them live until the
// session is reset or closed; FDNS_SESSION_PATCHES and FDNS_SESSION_OCTETS bound them.
#pragma once

#include "fakedns/serve/query_log.h"
#include "fakedns/serve/serve.h"

enum {
    FDNS_SESSION_PATCHES = 10000,    // since the start or the last reset
    FDNS_SESSION_OCTETS = 256 << 20, // of the worlds that patches made
    FDNS_SESSION_LOG = 10000,        // lines of the query log that are kept
};

// Of the world's time: 200 years.
#define FDNS_SESSION_LATEST_US (INT64_C(200) * 366 * 86400 * 1000000)

// Everything is read while the session opens and need not outlive that, but for the loop.
struct fdns_session_options {
    uv_loop_t *loop;
    // Exactly one of the four: a world file, a world's text (YAML), a data file of ldns-testns,
    // ordinary zone files.
    const char *world_file;
    const char *world_text;
    size_t world_len;
    const char *testns;
    const char *const *zones; // NAME=FILE each
    size_t n_zones;
    const struct fdns_address *listen; // as in serve.h
    uint16_t port;
    bool resolver;         // a recursive front end
    double scale;          // seconds of the world in a real one; 0: 1
    bool manual_clock;     // the clock stands still and moves by command only
    uint64_t seed;         // of random choices and of keys that are made
    uint32_t epoch_s;      // absolute time at which the world starts (since 1970); 0: now
    bool keeps_log;        // the latest FDNS_SESSION_LOG lines of the query log, in memory
    const char *query_log; // a file to append to ("-" is standard output), or NULL
    const char *capture;   // a pcapng file to write, or NULL
};

struct fdns_session; // owned by its maker; freed when closed

// NULL if the world has mistakes (diags has them), or if something could not be bound: then a
// sentence is appended to why, *error (may be NULL) tells what it was, and the loop has to be run
// until it has let go of the handles. The session opens also if a query log or a capture cannot be
// written: then why has a sentence for each, every one with a line end.
struct fdns_session *fdns_session_open(const struct fdns_session_options *options,
                                       struct fdns_diags *diags, enum fdns_error *error,
                                       struct fdns_buf *why);
// done (may be NULL) is called exactly once, from the loop; the session is gone then.
typedef void fdns_session_done_fn(void *context);
void fdns_session_close(struct fdns_session *session, fdns_session_done_fn *done, void *context);

// Valid until the next command.
const struct fdns_world *fdns_session_world(const struct fdns_session *session);
// Scripted addresses and their endpoints.
const struct fdns_map *fdns_session_map(const struct fdns_session *session);
int64_t fdns_session_now_us(struct fdns_session *session);

// ---- commands

// Applies a patch: the text of a world that builds on the one that is served (world.h). INVALID:
// diags has diagnostics, whose file is "patch"; IO, TOO_LARGE: why has a sentence.
enum fdns_error fdns_session_patch(struct fdns_session *session, const char *text, size_t len,
                                   struct fdns_diags *diags, struct fdns_buf *why);
// NOT_FOUND: there is no rule of that name. AS_WRITTEN takes an order back; REMOVED cannot be.
enum fdns_error fdns_session_order(struct fdns_session *session, const char *rule,
                                   enum fdns_rule_order order);
// INVALID: the time is negative or has passed. TOO_LARGE: it is beyond FDNS_SESSION_LATEST_US.
enum fdns_error fdns_session_set_clock(struct fdns_session *session, int64_t to_us);
enum fdns_error fdns_session_advance(struct fdns_session *session, int64_t by_us);
// World, time, counters, caches and the kept log are as they were at the start; TCP connections are
// closed, replies that wait are dropped. Endpoints stay, but for those of addresses that patches
// had brought or taken away. IO: one of those cannot be bound again, why has a sentence.
enum fdns_error fdns_session_reset(struct fdns_session *session, struct fdns_buf *why);
// Forgets the kept lines of the log; their numbers start at 1 again.
void fdns_session_clear_log(struct fdns_session *session);

// ---- reading

// The lines that are kept: fdns_query_log_kept, fdns_query_log_line.
const struct fdns_query_log *fdns_session_log(const struct fdns_session *session);

struct fdns_session_stats {
    struct fdns_serve_counts counts; // since the start or the last reset
    int64_t now_us;
    size_t n_patches; // likewise
    bool manual_clock;
};
struct fdns_session_stats fdns_session_stats(struct fdns_session *session);

struct fdns_session_rule {
    const char *name;
    const char *file; // where it is written: "patch 2" for the second patch
    unsigned line;
    bool enabled; // as written
    enum fdns_rule_order order;
    uint64_t n_fired;
};
// Rules have indexes from 0; REMOVED ones are among them. False past the last one.
bool fdns_session_rule(const struct fdns_session *session, size_t index,
                       struct fdns_session_rule *rule);

// Appends a zone as a server holds it now (server NULL: the first that has the zone now).
// NOT_FOUND: no such server, or none holds the zone now; INVALID: the name is no domain name.
enum fdns_error fdns_session_zone(struct fdns_session *session, const char *name,
                                  const char *server, struct fdns_buf *text);
