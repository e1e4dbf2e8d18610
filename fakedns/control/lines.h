// Control over a unix socket: a JSON object a line, and a line of JSON in reply to each, in order.
//
//   {"command": "advance", "by": "72h"}  ->  {"result": {…}}
//
// An "id" of a request, whatever it is, stands in its reply. The socket has mode 0600: whoever may
// open it may control. A line that is too long, or not complete in time, ends the connection after
// an error; a client that does not read its replies is closed after that time too.
#pragma once

#include "fakedns/control/command.h"

enum {
    FDNS_CONTROL_REQUEST = 4 << 20, // octets of a request
    FDNS_CONTROL_CLIENTS = 64,
    FDNS_CONTROL_DEADLINE_MS = 10000,
};

struct fdns_lines; // owned by its maker; freed when stopped

// Listens at a path. A socket that nobody listens at any more is replaced; any other file is not.
// deadline_ms 0: FDNS_CONTROL_DEADLINE_MS. NULL: a sentence is appended to why; then the loop has
// still to be run until it has let go of a handle.
struct fdns_lines *fdns_lines_start(uv_loop_t *loop, struct fdns_session *session, const char *path,
                                    uint64_t deadline_ms, struct fdns_buf *why);
// Closes everything, removes the socket, and frees lines, asynchronously.
void fdns_lines_stop(struct fdns_lines *lines);

// One request line to one reply line without its end, which the caller frees.
char *fdns_lines_answer(struct fdns_session *session, const char *line, size_t len);
