// The one currency for errors. Codes of ldns, libuv, libyaml and OpenSSL are translated where they
// enter; people's mistakes are diagnostics (diag.h); what a server sends is data, never an error.
#pragma once

#define FDNS_ERRORS(X)                                                                             \
    X(FDNS_OK, "no error")                                                                         \
    X(FDNS_INVALID, "invalid input")                                                               \
    X(FDNS_NOT_FOUND, "not found")                                                                 \
    X(FDNS_EXISTS, "exists already")                                                               \
    X(FDNS_TOO_LARGE, "too large")                                                                 \
    X(FDNS_IN_USE, "address already in use")                                                       \
    X(FDNS_DENIED, "permission denied")                                                            \
    X(FDNS_UNREACHABLE, "unreachable")                                                             \
    X(FDNS_TIMEOUT, "timed out")                                                                   \
    X(FDNS_IO, "input/output error")                                                               \
    X(FDNS_UNSUPPORTED, "not supported")

#define FDNS_ERROR_ENUM(name, text) name,
enum fdns_error { FDNS_ERRORS(FDNS_ERROR_ENUM) };

const char *fdns_error_text(enum fdns_error error);
