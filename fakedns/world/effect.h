// Readers and makers of the words of `then`, by what they change; their table is effect.c.
#pragma once

#include "fakedns/world/build.h"
#include "fakedns/world/selection.h"

// NULL for `no`.
fdns_rule_read_fn fdns_read_yes;
// An int64_t.
fdns_rule_read_fn fdns_read_integer;

void fdns_clear_sections(struct fdns_reply *reply);

// The header (effect_header.c).
extern const struct fdns_schema_type fdns_type_header_flags, fdns_type_counts;
fdns_rule_read_fn fdns_read_change, fdns_read_counts, fdns_read_header_flags, fdns_read_opcode,
    fdns_read_rcode;
fdns_edit_fn fdns_edit_clear_flags, fdns_edit_copy_flags, fdns_edit_set_flags, fdns_edit_id,
    fdns_edit_opcode, fdns_edit_rcode, fdns_edit_set_rcode;
fdns_bytes_fn fdns_bytes_counts;

// The question (effect_question.c).
extern const struct fdns_schema_type fdns_type_question;
fdns_rule_read_fn fdns_read_question;
fdns_edit_fn fdns_edit_question;

// The OPT record (effect_edns.c).
extern const struct fdns_schema_type fdns_type_edns;
fdns_rule_read_fn fdns_read_edns;
fdns_edit_fn fdns_edit_edns;

// Signatures and proofs (effect_dnssec.c).
extern const struct fdns_schema_type fdns_type_dnssec;
fdns_rule_read_fn fdns_read_dnssec;
fdns_edit_fn fdns_edit_dnssec;

// Whole sections (effect_section.c).
extern const struct fdns_schema_type fdns_type_section_texts, fdns_type_section_items;
fdns_rule_read_fn fdns_read_section_texts, fdns_read_section_items;
fdns_edit_fn fdns_edit_add, fdns_edit_replace, fdns_edit_remove, fdns_edit_empty;

// How many records of an RRset there are, and their TTLs (effect_record.c).
extern const struct fdns_schema_type fdns_type_cut_answer, fdns_type_ttl;
fdns_rule_read_fn fdns_read_cut_answer, fdns_read_ttl;
fdns_edit_fn fdns_edit_cut_answer, fdns_edit_ttl;

// Their names, and those inside them (effect_owner.c).
extern const struct fdns_schema_type fdns_type_owner, fdns_type_target;
fdns_rule_read_fn fdns_read_renaming;
fdns_edit_fn fdns_edit_owner, fdns_edit_target;

// What they hold (effect_rdata.c, effect_txt.c).
extern const struct fdns_schema_type fdns_type_class_edit, fdns_type_duplicate,
    fdns_type_rdata_edit, fdns_type_txt;
fdns_rule_read_fn fdns_read_class_edit, fdns_read_duplicate, fdns_read_rdata_edit, fdns_read_txt;
fdns_edit_fn fdns_edit_class, fdns_edit_duplicate, fdns_edit_rdata, fdns_edit_txt;
fdns_bytes_fn fdns_bytes_rdata;

// Their order, and aliases that are hidden (effect_order.c).
extern const struct fdns_schema_type fdns_type_order;
fdns_rule_read_fn fdns_read_order;
fdns_edit_fn fdns_edit_order, fdns_edit_flatten;

// How much is sent (effect_size.c).
fdns_edit_fn fdns_edit_size_limit, fdns_edit_truncate;

// Zone transfers (effect_transfer.c).
extern const struct fdns_schema_type fdns_type_transfer_edit;
fdns_rule_read_fn fdns_read_transfer_edit;
fdns_edit_fn fdns_edit_transfer;

// The octets of the message (effect_octets.c), and how names are written in it (effect_name.c).
extern const struct fdns_schema_type fdns_type_bad_name, fdns_type_compress, fdns_type_octets_edit;
fdns_rule_read_fn fdns_read_bad_name, fdns_read_compress, fdns_read_octets_edit;
fdns_edit_fn fdns_edit_compress;
fdns_bytes_fn fdns_bytes_bad_name, fdns_bytes_octets;

// When it is sent, if at all (effect_time.c).
extern const struct fdns_schema_type fdns_type_delay, fdns_type_front_cache, fdns_type_rate_limit;
fdns_rule_read_fn fdns_read_delay, fdns_read_front_cache, fdns_read_rate_limit;
fdns_edit_fn fdns_edit_front_cache, fdns_edit_rate_limit;
fdns_send_fn fdns_send_later, fdns_send_nothing;

// Over TCP (effect_stream.c).
extern const struct fdns_schema_type fdns_type_connection, fdns_type_frame, fdns_type_gather,
    fdns_type_segments;
fdns_rule_read_fn fdns_read_connection, fdns_read_frame, fdns_read_gather, fdns_read_segments;
fdns_send_fn fdns_send_end, fdns_send_framed, fdns_send_gathered, fdns_send_segments;

// How often it is sent, and where datagrams come from and go to (effect_datagram.c).
extern const struct fdns_schema_type fdns_type_copies, fdns_type_reply_port, fdns_type_source;
fdns_rule_read_fn fdns_read_copies, fdns_read_source;
fdns_send_fn fdns_send_copies, fdns_send_from, fdns_send_to_port;

// Another answer beside it (effect_other.c).
extern const struct fdns_schema_type fdns_type_other;
fdns_rule_read_fn fdns_read_other;

// Sockets and connections before any query (effect_connection.c).
extern const struct fdns_schema_type fdns_type_tcp, fdns_type_udp;
fdns_rule_read_fn fdns_read_tcp, fdns_read_udp;
