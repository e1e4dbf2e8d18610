// A server with one zone that answers bytes with bytes, for the tests of this folder.
#pragma once

#include "fakedns/reply/reply.h"

struct fixture {
    struct fdns_arena arena;
    const struct fdns_zone *zone;
    struct fdns_identity identity;
    struct fdns_view query;
    struct fdns_reply reply;
    uint8_t out[FDNS_MESSAGE_MAX];
    size_t len;            // of out; 0: silent
    struct fdns_view view; // of out
};

// Serves example.com from text, behind an SOA and an NS record.
void fixture_init(struct fixture *fixture, const char *text);
void fixture_clear(struct fixture *fixture);

// Answers octets that are copied to memory of exactly their size.
void fixture_send(struct fixture *fixture, const void *octets, size_t len, bool tcp);
// The same for octets in hexadecimal; blanks between them are skipped.
void fixture_send_hex(struct fixture *fixture, const char *hex, bool tcp);
// A query with RD, class IN; udp_size 0: without OPT.
void fixture_ask(struct fixture *fixture, const char *name, uint16_t type, uint16_t udp_size,
                 bool tcp);

// What came back: "silent", or "RCODE OPCODE [aa tc rd ra z ad cd] QD/AN/NS/AR [opt[:do]]".
const char *fixture_summary(struct fixture *fixture);
