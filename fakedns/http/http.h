// HTTP: the transport of the control API, in a module of its own that is loaded only when it is
// asked for: libmicrohttpd brings GnuTLS with it, and time to start.
//
// The module knows requests and responses, and nothing of what they mean. It runs in the caller's
// loop: libmicrohttpd's epoll descriptor is watched by it, its timeouts are a timer of it. No
// threads.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

enum { FDNS_HTTP_ARGUMENTS = 8 };

struct fdns_http_argument {
    const char *name;
    const char *value;
};

// Pointers live until the response has been made.
struct fdns_http_request {
    const char *method;
    const char *path; // without the query
    const char *host; // headers; NULL: there is none
    const char *origin;
    const char *authorization;
    const char *body;
    size_t len;
    // Of the query, decoded; more than fit are counted, not kept.
    struct fdns_http_argument arguments[FDNS_HTTP_ARGUMENTS];
    size_t n_arguments;
};

struct fdns_http_response {
    int status;
    const char *type;  // Content-Type
    const char *allow; // methods, for a 405; or NULL
    char *body;        // from malloc; the receiver's
    size_t len;
};

struct fdns_http_options {
    uv_loop_t *loop;
    int fd; // bound and listening; the module's from now on
    size_t body_max;
    unsigned n_connections;
    uint64_t deadline_ms; // for a request to arrive and its response to be read
    void (*answer)(void *context, const struct fdns_http_request *request,
                   struct fdns_http_response *response);
    void (*refuse)(int status, const char *code, const char *message,
                   struct fdns_http_response *response);
    void *context;
};

struct fdns_http; // owned by its maker; freed when stopped

// What the module exports, under the name fdns_http_module.
struct fdns_http_module {
    unsigned version; // FDNS_HTTP_VERSION
    // NULL: it does not start, and the descriptor is closed.
    struct fdns_http *(*start)(const struct fdns_http_options *options);
    // Closes all connections, and frees http asynchronously. No answer is asked for any more.
    void (*stop)(struct fdns_http *http);
};

enum { FDNS_HTTP_VERSION = 1 };
extern const struct fdns_http_module fdns_http_module __attribute__((visibility("default")));
