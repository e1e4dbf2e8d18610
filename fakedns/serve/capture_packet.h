// Packets for a capture: IP and transport headers around octets, with checksums (RFC 791, RFC 8200,
// RFC 768, RFC 9293). Pure.
#pragma once

#include "fakedns/base/address.h"
#include "fakedns/base/buf.h"

enum fdns_tcp_flag {
    FDNS_TCP_FIN = 1,
    FDNS_TCP_SYN = 2,
    FDNS_TCP_RST = 4,
    FDNS_TCP_PSH = 8,
    FDNS_TCP_ACK = 16
};

// What stands between the addresses and the octets.
struct fdns_packet_head {
    struct fdns_address from;
    struct fdns_address to;
    bool tcp;
    uint32_t seq; // TCP only, as ack and flags
    uint32_t ack;
    uint8_t flags;
};

enum { FDNS_PACKET_PAYLOAD_MAX = 65000 };

// Appends the packet to out. At most FDNS_PACKET_PAYLOAD_MAX octets.
void fdns_packet_write(struct fdns_buf *out, const struct fdns_packet_head *head,
                       const uint8_t *octets, size_t len);
