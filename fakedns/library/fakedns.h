// libfakedns: DNS servers that are wrong on purpose, inside a test of your own.
//
//   struct fakedns_options options = {.size = sizeof options, .world_file = "world.yaml"};
//   char why[1024];
//   struct fakedns *dns = fakedns_start(&options, why, sizeof why);
//   fakedns_endpoint(dns, "ns1.example.com", host, sizeof host, &port);   // ask there
//   fakedns_patch(dns, "rules: [ { when: { type: TXT }, then: { rcode: SERVFAIL } } ]", why, sizeof
//   why); fakedns_stop(dns, NULL, NULL);
//
// A world is what docs/SCENARIOS.md tells, and is served on loopback. It runs in a thread of its
// own (fakedns_start) or in a libuv loop of yours (fakedns_start_in_loop). In a thread of its own
// it may be called from any thread; in your loop only from the loop's thread. Several worlds may
// run at a time.
//
// Errors: a function that can fail returns NULL or a negative number and writes a sentence, or
// several lines with file, line and column, to `why` (cut to fit, always ended by a NUL; NULL if
// you do not care). Running out of memory ends the process with a message.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct fakedns;
struct uv_loop_s;

// Read while it starts; nothing of it has to live on. What is zero or NULL has its default.
struct fakedns_options {
    size_t size; // sizeof(struct fakedns_options): later versions may know more
    // one of the two
    const char *world_file;
    const char *world_text; // YAML, ended by a NUL
    bool resolver;          // a recursive front end too
    bool manual_clock;      // the world's time stands still but for fakedns_advance
    uint64_t seed;          // of random choices
    const char *query_log;  // a file to append a JSON line to for each query
    const char *capture;    // a pcapng file to write
};

// Serves a world in a thread of its own. It is ready when this returns. NULL on error.
struct fakedns *fakedns_start(const struct fakedns_options *options, char *why, size_t why_size);
// Serves a world in a libuv loop: replies are sent while that is run. NULL on error; run the loop
// once more then, so that it lets go of handles.
struct fakedns *fakedns_start_in_loop(const struct fakedns_options *options, struct uv_loop_s *loop,
                                      char *why, size_t why_size);
// Ends it and frees it. In a thread of its own: it has ended when this returns, and done (may be
// NULL) has been called. In a loop: done is called from the loop when all handles are closed.
void fakedns_stop(struct fakedns *dns, void (*done)(void *context), void *context);

// Where a server is: UDP and TCP have the same port. `of` is a scripted address ("192.0.2.1",
// "[2001:db8::1]:53"), the name of a server (its first address), or "resolver". host gets an
// address without port (46 octets are enough). 0, or -1 if there is no such server or host is too
// small.
int fakedns_endpoint(struct fakedns *dns, const char *of, char *host, size_t host_size,
                     uint16_t *port);

// Changes what is served by a world text that builds on it: zones with `add` and `remove`, servers,
// rules, events. Refused as a whole (-1) if there is a mistake in it, and then nothing has changed.
// 0 otherwise.
int fakedns_patch(struct fakedns *dns, const char *world_text, char *why, size_t why_size);
// Moves the world's time on, in microseconds. 0, or -1 if that is negative.
int fakedns_advance(struct fakedns *dns, int64_t by_us);
// World, time, counters and the log are as they were at the start. 0, or -1.
int fakedns_reset(struct fakedns *dns, char *why, size_t why_size);

// Any command of docs/CONTROL.md, with its arguments as a JSON object (NULL: none). Returns the
// JSON text of the answer, {"result": …} or {"error": …}; give it back with fakedns_free. Never
// NULL.
//   fakedns_command(dns, "log", "{\"since\": 1}")   // every query that came, as the query log has
//   it
char *fakedns_command(struct fakedns *dns, const char *command, const char *arguments);
void fakedns_free(char *text);

#ifdef __cplusplus
}
#endif
