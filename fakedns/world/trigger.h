// Readers and matchers of the words of `when`, by what they look at; their table is trigger.c.
#pragma once

#include "fakedns/world/build.h"

enum { FDNS_TRIGGER_FLAGS = 16, FDNS_TRIGGER_SCOPES = 4 };
extern const char *const fdns_trigger_flags[FDNS_TRIGGER_FLAGS];
extern const char *const fdns_trigger_scopes[FDNS_TRIGGER_SCOPES]; // in the order of fdns_scope

// A list without items matches nothing.
void fdns_trigger_warn_of_empty(const struct fdns_rule_reading *reading,
                                const struct fdns_node *node);

typedef bool fdns_trigger_match_fn(const void *value, const struct fdns_exchange *exchange,
                                   const struct fdns_reply *reply);

// Numbers, read as a struct fdns_range; rcodes, as struct fdns_codes.
fdns_rule_read_fn fdns_trigger_read_range, fdns_trigger_read_rcode;

// Codes of any registry (trigger_query.c).
struct fdns_codes {
    size_t n;
    uint16_t items[];
};
bool fdns_codes_have(const struct fdns_codes *codes, uint16_t code);

// Where the query went (trigger_place.c).
extern const struct fdns_schema_type fdns_type_family;
fdns_rule_read_fn fdns_trigger_read_address, fdns_trigger_read_family, fdns_trigger_read_name,
    fdns_trigger_read_server, fdns_trigger_read_zone;
fdns_trigger_match_fn fdns_trigger_match_address, fdns_trigger_match_family,
    fdns_trigger_match_name, fdns_trigger_match_server, fdns_trigger_match_zone;

// What it asks (trigger_query.c).
fdns_rule_read_fn fdns_trigger_read_boolean, fdns_trigger_read_class, fdns_trigger_read_flags,
    fdns_trigger_read_opcode, fdns_trigger_read_transport, fdns_trigger_read_type;
fdns_trigger_match_fn fdns_trigger_match_class, fdns_trigger_match_edns, fdns_trigger_match_flags,
    fdns_trigger_match_opcode, fdns_trigger_match_transport, fdns_trigger_match_type;

// Who asks, and how exactly the name is written (trigger_asker.c).
fdns_rule_read_fn fdns_trigger_read_client, fdns_trigger_read_name_case;
fdns_trigger_match_fn fdns_trigger_match_client, fdns_trigger_match_ecs,
    fdns_trigger_match_name_case;

// How new the zone is that a client has (trigger_form.c).
fdns_trigger_match_fn fdns_trigger_match_ixfr_serial;

// What its OPT record says (trigger_edns.c).
extern const struct fdns_schema_type fdns_type_cookie_sent;
fdns_rule_read_fn fdns_trigger_read_cookie, fdns_trigger_read_option;
fdns_trigger_match_fn fdns_trigger_match_cookie, fdns_trigger_match_edns_version,
    fdns_trigger_match_option, fdns_trigger_match_udp_size;

// What the answer is (trigger_answer.c).
extern const struct fdns_schema_type fdns_type_answer_has;
fdns_rule_read_fn fdns_trigger_read_answer_has;
fdns_trigger_match_fn fdns_trigger_match_answer_has, fdns_trigger_match_answer_rcode,
    fdns_trigger_match_answer_size;

extern const struct fdns_schema_type fdns_type_answer_kind;
fdns_rule_read_fn fdns_trigger_read_kind;
fdns_trigger_match_fn fdns_trigger_match_answer_kind;

// Its form (trigger_form.c).
extern const struct fdns_schema_type fdns_type_boolean_or_key;
fdns_rule_read_fn fdns_trigger_read_tsig;
fdns_trigger_match_fn fdns_trigger_match_malformed, fdns_trigger_match_query_size,
    fdns_trigger_match_questions, fdns_trigger_match_tsig;

// Other words, and other rules (trigger_logic.c).
extern const struct fdns_schema_type fdns_type_after, fdns_type_when_list, fdns_type_when_or_list;
fdns_rule_read_fn fdns_trigger_read_after, fdns_trigger_read_any;
fdns_trigger_match_fn fdns_trigger_match_after, fdns_trigger_match_any, fdns_trigger_match_not;

// Which of them, and when: fields of the rule (trigger_count.c).
fdns_rule_read_fn fdns_trigger_read_chance, fdns_trigger_read_every, fdns_trigger_read_first,
    fdns_trigger_read_from, fdns_trigger_read_from_nth, fdns_trigger_read_nth,
    fdns_trigger_read_per, fdns_trigger_read_until;
