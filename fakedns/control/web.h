// What the control API is over HTTP: a request to a response, without sockets (fakedns/http carries
// both).
//
//   POST /v1/COMMAND   arguments: a JSON object in the body, or nothing
//   GET  /v1/COMMAND   commands that only read; arguments in the query
//   GET  /             lists the commands
//   GET  /metrics      counters in the text format of Prometheus
//
// Bodies are those of command.h. A request is refused that a browser sends for another site: it has
// an Origin, or a Host that is neither loopback nor the address that was bound (a name that was
// made to point here).
#pragma once

#include "fakedns/control/command.h"
#include "fakedns/http/http.h"

struct fdns_web {
    struct fdns_session *session;
    struct fdns_address bound;
    const char *token; // that requests have to show (RFC 6750 2.1), or NULL
};

// response->body is allocated; free() it.
void fdns_web_answer(const struct fdns_web *web, const struct fdns_http_request *request,
                     struct fdns_http_response *response);
// For one that cannot be taken: its size, its time, its method.
void fdns_web_refuse(int status, const char *code, const char *message,
                     struct fdns_http_response *response);
