// Socket addresses as values: IPv4 or IPv6 and a port. Written 192.0.2.1:53 and [2001:db8::1]:53.
#pragma once

#include "fakedns/base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fdns_family { FDNS_IPV4 = 4, FDNS_IPV6 = 6 };

struct fdns_address {
    enum fdns_family family;
    uint16_t port;      // host byte order
    uint8_t octets[16]; // network byte order; IPv4 uses the first four, the rest is zero
};

enum { FDNS_ADDRESS_TEXT_MAX = 64 };

// "192.0.2.1", "192.0.2.1:53", "2001:db8::1", "[2001:db8::1]" or "[2001:db8::1]:53"; without a port
// it gets default_port. INVALID otherwise (also for host names and zone ids).
enum fdns_error fdns_address_parse(const char *text, uint16_t default_port,
                                   struct fdns_address *address);

// With the port; returns out.
char *fdns_address_print(const struct fdns_address *address, char out[FDNS_ADDRESS_TEXT_MAX]);
// Without the port and without brackets; returns out.
char *fdns_address_print_host(const struct fdns_address *address, char out[FDNS_ADDRESS_TEXT_MAX]);

bool fdns_address_equal(const struct fdns_address *a, const struct fdns_address *b);
// Order by family, octets, port.
int fdns_address_compare(const struct fdns_address *a, const struct fdns_address *b);

// The next address; its port stays.
void fdns_address_count_up(struct fdns_address *address);

// RFC 5737 and RFC 3849: 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32.
bool fdns_address_is_documentation(const struct fdns_address *address);
bool fdns_address_is_loopback(const struct fdns_address *address);
