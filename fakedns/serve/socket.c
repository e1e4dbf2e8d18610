#include "fakedns/serve/socket.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

void fdns_sockaddr_set(struct fdns_sockaddr *out, const struct fdns_address *address)
{
    memset(&out->storage, 0, sizeof out->storage);
    if (address->family == FDNS_IPV4) {
        struct sockaddr_in *in4 = (struct sockaddr_in *)&out->storage;
        in4->sin_family = AF_INET;
        in4->sin_port = htons(address->port);
        memcpy(&in4->sin_addr, address->octets, 4);
        out->len = sizeof *in4;
        return;
    }
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&out->storage;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(address->port);
    memcpy(&in6->sin6_addr, address->octets, 16);
    out->len = sizeof *in6;
}

bool fdns_sockaddr_get(const struct fdns_sockaddr *in, struct fdns_address *address)
{
    memset(address, 0, sizeof *address);
    if (in->storage.ss_family == AF_INET) {
        const struct sockaddr_in *in4 = (const struct sockaddr_in *)&in->storage;
        address->family = FDNS_IPV4;
        address->port = ntohs(in4->sin_port);
        memcpy(address->octets, &in4->sin_addr, 4);
        return true;
    }
    if (in->storage.ss_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)&in->storage;
        address->family = FDNS_IPV6;
        address->port = ntohs(in6->sin6_port);
        memcpy(address->octets, &in6->sin6_addr, 16);
        return true;
    }
    return false;
}

enum fdns_error fdns_socket_error(int code)
{
    switch (code) {
    case 0:
        return FDNS_OK;
    case EADDRINUSE:
        return FDNS_IN_USE;
    case EACCES:
    case EPERM:
        return FDNS_DENIED;
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
    case ENETUNREACH:
    case EHOSTUNREACH:
        return FDNS_UNREACHABLE;
    case ETIMEDOUT:
        return FDNS_TIMEOUT;
    default:
        return FDNS_IO;
    }
}

int fdns_socket_open(enum fdns_family family, int type)
{
    int domain = family == FDNS_IPV4 ? AF_INET : AF_INET6;
    int fd = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd >= 0 && type == SOCK_STREAM) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    if (fd >= 0 && domain == AF_INET6) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
    return fd;
}

int fdns_socket_bind(int fd, const struct fdns_address *address, struct fdns_address *local)
{
    struct fdns_sockaddr name;
    fdns_sockaddr_set(&name, address);
    if (bind(fd, (const struct sockaddr *)&name.storage, name.len) != 0) {
        return -1;
    }
    if (address->port != 0) {
        *local = *address;
        return 0;
    }
    return fdns_socket_local(fd, local) ? 0 : -1;
}

bool fdns_socket_local(int fd, struct fdns_address *local)
{
    struct fdns_sockaddr name = {.len = sizeof name.storage};
    return getsockname(fd, (struct sockaddr *)&name.storage, &name.len) == 0 &&
           fdns_sockaddr_get(&name, local);
}

void fdns_socket_set_reset(int fd)
{
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

struct iovec fdns_socket_octets(const void *octets, size_t len)
{
    struct iovec vector = {.iov_len = len};
    memcpy(&vector.iov_base, &octets, sizeof octets);
    return vector;
}
