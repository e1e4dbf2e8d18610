// Nonblocking sockets and their addresses; codes of the system become fdns_error here.
#pragma once

#include "fakedns/base/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/uio.h>

struct fdns_sockaddr {
    struct sockaddr_storage storage;
    socklen_t len;
};

void fdns_sockaddr_set(struct fdns_sockaddr *out, const struct fdns_address *address);
// False if it is neither IPv4 nor IPv6.
bool fdns_sockaddr_get(const struct fdns_sockaddr *in, struct fdns_address *address);

// What an errno means.
enum fdns_error fdns_socket_error(int code);

// SOCK_DGRAM or SOCK_STREAM, nonblocking, close-on-exec; a stream without Nagle's delay. Returns
// the descriptor, or -1 with errno.
int fdns_socket_open(enum fdns_family family, int type);
// Binds, and sets *local to what it got (the port). 0, or -1 with errno.
int fdns_socket_bind(int fd, const struct fdns_address *address, struct fdns_address *local);
// False if the socket has no address.
bool fdns_socket_local(int fd, struct fdns_address *local);
// Closing the stream will send RST instead of ending it.
void fdns_socket_set_reset(int fd);
// Octets to send. The sending calls do not write to them, but their type has no const.
struct iovec fdns_socket_octets(const void *octets, size_t len);
