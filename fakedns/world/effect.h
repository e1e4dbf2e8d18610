// Readers and makers of the words of `then`, by what they change; their table is effect.c.
#pragma once

#include "fakedns/world/build.h"
#include "fakedns/world/value.h"

// NULL for `no`.
fdns_rule_read_fn fdns_read_yes;
// An int64_t each; durations in microseconds.
fdns_rule_read_fn fdns_read_integer, fdns_read_duration;

void fdns_clear_sections(struct fdns_reply *reply);

// Which records an effect is about: keys of its own schema.
struct fdns_selection {
    bool all;                      // without `of`
    struct fdns_rrset_items items; // else
    bool sections[FDNS_N_SECTIONS];
};
enum { FDNS_SELECTION_KEYS = 2 };
extern const struct fdns_schema_type fdns_type_section_names;
#define FDNS_SELECTION_ROWS(where)                                                                 \
    {.name = "of",                                                                                 \
     .type = &fdns_type_rrset_items,                                                               \
     .doc = "Only these RRsets, as `TYPE` or `NAME TYPE`.",                                        \
     .example = "TXT"},                                                                            \
    {                                                                                              \
        .name = "section", .type = &fdns_type_section_names,                                       \
        .doc = "In which sections; without it " where ".", .example = "authority"                  \
    }
// node may be a scalar: then everything in the given sections.
struct fdns_selection fdns_selection_read(struct fdns_rule_reading *reading,
                                          const struct fdns_node *node, bool in_all_sections);
bool fdns_selection_has(const struct fdns_selection *selection, size_t section,
                        const struct fdns_rrset *rrset);

// The header (effect_header.c).
extern const struct fdns_schema_type fdns_type_header_flags, fdns_type_counts;
fdns_rule_read_fn fdns_read_change, fdns_read_counts, fdns_read_header_flags, fdns_read_opcode,
    fdns_read_rcode;
fdns_edit_fn fdns_edit_clear_flags, fdns_edit_copy_flags, fdns_edit_set_flags, fdns_edit_id,
    fdns_edit_opcode, fdns_edit_rcode, fdns_edit_set_rcode;
fdns_bytes_fn fdns_bytes_counts;

// The question (effect_question.c).
extern const struct fdns_schema_type fdns_type_question;
fdns_rule_read_fn fdns_read_question, fdns_read_lower_case;
fdns_edit_fn fdns_edit_question;

// The OPT record (effect_edns.c).
extern const struct fdns_schema_type fdns_type_edns;
fdns_rule_read_fn fdns_read_edns, fdns_read_no_edns;
fdns_edit_fn fdns_edit_edns;

// Whole sections (effect_section.c).
extern const struct fdns_schema_type fdns_type_section_texts, fdns_type_section_items;
fdns_rule_read_fn fdns_read_section_texts, fdns_read_section_items;
fdns_edit_fn fdns_edit_add, fdns_edit_replace, fdns_edit_remove, fdns_edit_empty;

// Records (effect_record.c).
extern const struct fdns_schema_type fdns_type_cut_answer, fdns_type_ttl;
fdns_rule_read_fn fdns_read_cut_answer, fdns_read_ttl;
fdns_edit_fn fdns_edit_cut_answer, fdns_edit_ttl;

// How much is sent (effect_size.c), and the octets of the message (effect_wire.c).
fdns_edit_fn fdns_edit_size_limit, fdns_edit_truncate;
fdns_bytes_fn fdns_bytes_cut;

// When it is sent, if at all (effect_time.c).
extern const struct fdns_schema_type fdns_type_rate_limit;
fdns_rule_read_fn fdns_read_rate_limit, fdns_read_tcp;
fdns_edit_fn fdns_edit_rate_limit;
fdns_send_fn fdns_send_later, fdns_send_nothing;
