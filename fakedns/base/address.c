#include "fakedns/base/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse_port(const char *text, uint16_t *port)
{
    unsigned value = 0;
    if (*text == '\0' || strlen(text) > 5) {
        return false;
    }
    for (const char *p = text; *p != '\0'; p++) {
        if (*p < '0' || *p > '9') {
            return false;
        }
        value = value * 10 + (unsigned)(*p - '0');
    }
    *port = (uint16_t)value;
    return value <= UINT16_MAX;
}

static bool parse_host(const char *text, size_t len, struct fdns_address *address)
{
    char host[INET6_ADDRSTRLEN];
    if (len == 0 || len >= sizeof host) {
        return false;
    }
    memcpy(host, text, len);
    host[len] = '\0';
    address->family = memchr(host, ':', len) != NULL ? FDNS_IPV6 : FDNS_IPV4;
    return inet_pton(address->family == FDNS_IPV6 ? AF_INET6 : AF_INET, host, address->octets) == 1;
}

enum fdns_error fdns_address_parse(const char *text, uint16_t default_port,
                                   struct fdns_address *address)
{
    struct fdns_address parsed = {.port = default_port};
    const char *host = text;
    size_t host_len = strlen(text);
    const char *port = NULL;
    if (*text == '[') {
        const char *close = strchr(text, ']');
        if (close == NULL || (close[1] != '\0' && close[1] != ':')) {
            return FDNS_INVALID;
        }
        host = text + 1;
        host_len = (size_t)(close - host);
        port = close[1] == ':' ? close + 2 : NULL;
        if (memchr(host, ':', host_len) == NULL) {
            return FDNS_INVALID;
        }
    } else if (strchr(text, ':') != NULL && strchr(text, ':') == strrchr(text, ':')) {
        host_len = (size_t)(strchr(text, ':') - text);
        port = text + host_len + 1;
    }
    if (!parse_host(host, host_len, &parsed) || (port != NULL && !parse_port(port, &parsed.port))) {
        return FDNS_INVALID;
    }
    *address = parsed;
    return FDNS_OK;
}

char *fdns_address_print_host(const struct fdns_address *address, char out[FDNS_ADDRESS_TEXT_MAX])
{
    int family = address->family == FDNS_IPV6 ? AF_INET6 : AF_INET;
    if (inet_ntop(family, address->octets, out, FDNS_ADDRESS_TEXT_MAX) == NULL) {
        out[0] = '\0';
    }
    return out;
}

char *fdns_address_print(const struct fdns_address *address, char out[FDNS_ADDRESS_TEXT_MAX])
{
    char host[FDNS_ADDRESS_TEXT_MAX];
    fdns_address_print_host(address, host);
    snprintf(out, FDNS_ADDRESS_TEXT_MAX, address->family == FDNS_IPV6 ? "[%.45s]:%u" : "%.45s:%u",
             host, address->port);
    return out;
}

bool fdns_address_equal(const struct fdns_address *a, const struct fdns_address *b)
{
    return fdns_address_compare(a, b) == 0;
}

int fdns_address_compare(const struct fdns_address *a, const struct fdns_address *b)
{
    if (a->family != b->family) {
        return a->family < b->family ? -1 : 1;
    }
    int order = memcmp(a->octets, b->octets, sizeof a->octets);
    return order != 0 ? order : (a->port > b->port) - (a->port < b->port);
}

bool fdns_address_is_documentation(const struct fdns_address *address)
{
    const uint8_t *o = address->octets;
    if (address->family == FDNS_IPV6) {
        return o[0] == 0x20 && o[1] == 0x01 && o[2] == 0x0d && o[3] == 0xb8;
    }
    return (o[0] == 192 && o[1] == 0 && o[2] == 2) || (o[0] == 198 && o[1] == 51 && o[2] == 100) ||
           (o[0] == 203 && o[1] == 0 && o[2] == 113);
}

bool fdns_address_is_loopback(const struct fdns_address *address)
{
    static const uint8_t loopback6[16] = {[15] = 1};
    return address->family == FDNS_IPV6 ? memcmp(address->octets, loopback6, 16) == 0
                                        : address->octets[0] == 127;
}

void fdns_address_count_up(struct fdns_address *address)
{
    size_t len = address->family == FDNS_IPV4 ? 4 : 16;
    for (size_t i = len; i-- > 0;) {
        if (++address->octets[i] != 0) {
            return;
        }
    }
}
