// One entry of a data file. Private to this folder.
#pragma once

#include "fakedns/testns/testns.h"
#include "fakedns/wire/view.h"
#include "fakedns/world/rule.h"
#include "fakedns/zone/text.h"

struct fdns_testns_question {
    const uint8_t *name;
    uint16_t type;
    uint16_t rr_class;
};

struct fdns_testns_packet {
    uint16_t flags; // header bits without opcode and rcode
    uint8_t opcode;
    uint8_t rcode;
    bool edns_do; // an OPT record with DO
    struct fdns_testns_question *questions;
    size_t n_questions, questions_capacity;
    struct fdns_records sections[FDNS_N_SECTIONS];
    const uint8_t *hex; // octets instead of all this, or NULL
    size_t hex_len;
    const uint8_t *edns_data; // options, or NULL
    size_t edns_data_len;
    int64_t wait_us; // before it is sent
};

enum fdns_testns_transport { FDNS_TESTNS_ANY, FDNS_TESTNS_UDP, FDNS_TESTNS_TCP };

struct fdns_testns_entry {
    unsigned line, column; // of ENTRY_BEGIN
    // What a query must have in common with the first packet.
    bool opcode, qtype, qname, subdomain, all, ttl, edns_do, no_edns, edns_data, serial;
    uint32_t serial_value;
    enum fdns_testns_transport transport;
    bool copy_id, copy_query;
    int64_t wait_us; // before each packet
    struct fdns_testns_packet packets[FDNS_TESTNS_PACKETS_MAX];
    size_t n_packets;
};

struct fdns_testns_entries {
    struct fdns_testns_entry **items;
    size_t n_items, capacity;
};

// Reads all entries; every mistake goes to diags. True if there was none.
bool fdns_testns_read(struct fdns_arena *arena, const struct fdns_source *source,
                      struct fdns_testns_entries *entries, struct fdns_diags *diags);

bool fdns_testns_matches(const struct fdns_testns_entry *entry,
                         const struct fdns_exchange *exchange);

// Writes a packet as it answers query (NULL: with its own questions) into out, which has room for
// FDNS_MESSAGE_MAX octets. 0: it does not fit.
size_t fdns_testns_write(const struct fdns_testns_entry *entry,
                         const struct fdns_testns_packet *packet, const struct fdns_view *query,
                         uint8_t *out);
