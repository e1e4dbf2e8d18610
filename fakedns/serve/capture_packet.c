#include "fakedns/serve/capture_packet.h"

#include <string.h>

enum { IPV4_HEADER = 20, UDP_HEADER = 8, TCP_HEADER = 20, PROTO_TCP = 6, PROTO_UDP = 17, TTL = 64 };

// The address as 16 octets, IPv4 as ::ffff:0:0/96 (RFC 4291 2.5.5.2).
static void map_to_ipv6(const struct fdns_address *address, uint8_t out[16])
{
    memcpy(out, address->octets, 16);
    if (address->family == FDNS_IPV4) {
        memset(out, 0, 10);
        out[10] = out[11] = 0xff;
        memcpy(out + 12, address->octets, 4);
    }
}

static uint32_t sum(uint32_t so_far, const uint8_t *octets, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2) {
        so_far += (uint32_t)octets[i] << 8 | octets[i + 1];
    }
    if (len % 2 == 1) {
        so_far += (uint32_t)octets[len - 1] << 8;
    }
    return so_far;
}

static uint16_t fold(uint32_t sum_of_words)
{
    while (sum_of_words > UINT16_MAX) {
        sum_of_words = (sum_of_words & UINT16_MAX) + (sum_of_words >> 16);
    }
    return (uint16_t)~sum_of_words;
}

static void put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void write_ipv4(struct fdns_buf *out, const struct fdns_packet_head *head, size_t len)
{
    size_t at = out->len;
    fdns_buf_u16(out, 0x4500);
    fdns_buf_u16(out, (uint16_t)(IPV4_HEADER + len));
    fdns_buf_u32(out, 0x4000); // not to be fragmented
    fdns_buf_u8(out, TTL);
    fdns_buf_u8(out, head->tcp ? PROTO_TCP : PROTO_UDP);
    fdns_buf_u16(out, 0);
    fdns_buf_append(out, head->from.octets, 4);
    fdns_buf_append(out, head->to.octets, 4);
    put_u16(out->data + at + 10, fold(sum(0, out->data + at, IPV4_HEADER)));
}

static void write_ipv6(struct fdns_buf *out, const struct fdns_packet_head *head, size_t len)
{
    uint8_t address[16];
    fdns_buf_u32(out, UINT32_C(6) << 28);
    fdns_buf_u16(out, (uint16_t)len);
    fdns_buf_u8(out, head->tcp ? PROTO_TCP : PROTO_UDP);
    fdns_buf_u8(out, TTL);
    map_to_ipv6(&head->from, address);
    fdns_buf_append(out, address, sizeof address);
    map_to_ipv6(&head->to, address);
    fdns_buf_append(out, address, sizeof address);
}

static void write_udp(struct fdns_buf *out, const struct fdns_packet_head *head, size_t len)
{
    fdns_buf_u16(out, head->from.port);
    fdns_buf_u16(out, head->to.port);
    fdns_buf_u16(out, (uint16_t)(UDP_HEADER + len));
    fdns_buf_u16(out, 0);
}

static void write_tcp(struct fdns_buf *out, const struct fdns_packet_head *head)
{
    fdns_buf_u16(out, head->from.port);
    fdns_buf_u16(out, head->to.port);
    fdns_buf_u32(out, head->seq);
    fdns_buf_u32(out, head->ack);
    fdns_buf_u8(out, TCP_HEADER / 4 << 4);
    fdns_buf_u8(out, head->flags);
    fdns_buf_u16(out, UINT16_MAX); // window
    fdns_buf_u32(out, 0);          // checksum, urgent pointer
}

// Over the pseudo-header too (RFC 8200 8.1); mapped addresses add what IPv4's own would but for
// words that are all ones, which count as nothing.
static void set_checksum(struct fdns_buf *out, const struct fdns_packet_head *head, size_t at)
{
    uint8_t address[16];
    size_t len = out->len - at;
    uint32_t total = sum((uint32_t)len + (head->tcp ? PROTO_TCP : PROTO_UDP), out->data + at, len);
    map_to_ipv6(&head->from, address);
    total = sum(total, address, sizeof address);
    map_to_ipv6(&head->to, address);
    total = sum(total, address, sizeof address);
    uint16_t checksum = fold(total);
    if (checksum == 0 && !head->tcp) {
        checksum = UINT16_MAX; // zero would say that there is none (RFC 768)
    }
    put_u16(out->data + at + (head->tcp ? 16 : 6), checksum);
}

void fdns_packet_write(struct fdns_buf *out, const struct fdns_packet_head *head,
                       const uint8_t *octets, size_t len)
{
    size_t in_ip = (head->tcp ? TCP_HEADER : UDP_HEADER) + len;
    if (head->from.family == FDNS_IPV4 && head->to.family == FDNS_IPV4) {
        write_ipv4(out, head, in_ip);
    } else {
        write_ipv6(out, head, in_ip);
    }
    size_t at = out->len;
    if (head->tcp) {
        write_tcp(out, head);
    } else {
        write_udp(out, head, len);
    }
    fdns_buf_append(out, octets, len);
    set_checksum(out, head, at);
}
