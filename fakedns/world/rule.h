// Rule: when a query matches, then effects edit the answer or the plan.
//
// Triggers and effects are rows of two const tables (trigger.c, effect.c); a row is also the schema
// key of its YAML word, so that a new one is a function and a row and edits nothing else.
// Effects come in three kinds, told by which function the row has: `edit` changes the reply before
// it is encoded, `bytes` changes the encoded message, `send` changes the plan of what is sent when.
// All edits of all rules come first, then all bytes, then all sends, each in written order.
#pragma once

#include "fakedns/reply/message.h"
#include "fakedns/reply/plan.h"
#include "fakedns/world/world.h"

struct fdns_world_state;

enum fdns_transport { FDNS_UDP, FDNS_TCP };

// How a query came, and to whom.
struct fdns_exchange {
    const struct fdns_server *server; // NULL: the recursive front end
    size_t address;                   // index of the server's address
    enum fdns_transport transport;
    struct fdns_address client;
    uint64_t connection;           // of a TCP connection, unique in a run; 0 for UDP
    int64_t now_us;                // the world's time
    const struct fdns_view *query; // NULL: a connection before any query
    // While rules act: whose turn it is, and what the run has changed so far.
    const struct fdns_rule *rule;
    struct fdns_world_state *state;
};

// What a TCP connection meets. HANGS: it is accepted and never read; CLOSES, RESETS: it is accepted
// and ended at once.
enum fdns_tcp_fault {
    FDNS_TCP_SERVED,
    FDNS_TCP_REFUSED,
    FDNS_TCP_HANGS,
    FDNS_TCP_CLOSES,
    FDNS_TCP_RESETS,
};

struct fdns_tcp_terms {
    enum fdns_tcp_fault fault;
    int64_t idle_us; // a connection without traffic ends after this time; 0: the server's own
    uint32_t limit;  // connections at a time to one address; those beyond end at once; 0: none
};

struct fdns_term {
    const struct fdns_trigger *trigger;
    const void *value;
};

struct fdns_action {
    const struct fdns_effect *effect;
    const void *value;
};

struct fdns_actions {
    const struct fdns_action *items;
    size_t n_items;
};

// Other answers to the same query: each is the answer as the rules have edited it, with actions of
// its own.
struct fdns_other {
    struct fdns_actions actions;
    bool first; // before the answer, if both are sent at one time
};
struct fdns_others {
    struct fdns_other *items;
    size_t n_items;
};

enum fdns_scope { FDNS_PER_WORLD, FDNS_PER_SERVER, FDNS_PER_CLIENT, FDNS_PER_CONNECTION };

struct fdns_terms {
    const struct fdns_term *items;
    size_t n_items;
};

struct fdns_rule {
    const char *name; // as given, or "rule N at line L"
    size_t index;     // in the world
    unsigned line;
    bool enabled;            // before any event switches it
    bool last;               // when it acts, the rules behind it do not
    bool for_resolver;       // it names `resolver`; without that a rule is about servers only
    struct fdns_terms terms; // all must match
    // Counted over what matches the terms: `nth: 3`, `first: 2`, `from-nth: 4`, `every: 5`
    bool counts;
    uint64_t nth_from, nth_to; // 1-based, inclusive; nth_to 0: no end
    uint64_t every;            // 0: each
    uint32_t chance_ppm;       // of a million, drawn for each that is left; 0: always
    enum fdns_scope scope;
    int64_t from_us, until_us; // time window, [from, until); until 0: no end
    struct fdns_actions actions;
    // What connections meet that match (not queries), and whether the UDP port is closed.
    struct fdns_tcp_terms tcp;
    bool udp_refused;
};

// While a rule is read from YAML.
struct fdns_rule_reading {
    struct fdns_world *world; // with its zones and servers
    const struct fdns_source *source;
    struct fdns_diags *diags;
    const struct fdns_node *when;  // NULL: none
    bool nested;                   // `when` is part of another: of its `any` or `not`
    const struct fdns_node *rules; // all of the file; those of the base stand in the world
    size_t n_before;               // rules of the base
    struct fdns_rule *rule;
    const uint8_t *origin; // of relative names in `then`: the one zone of `when`, else the root
};

// Makes the value that matches, edit or send will look at, in the world's arena, or sets a field of
// the rule itself. NULL: nothing to match or to do (`drop: no`), or a mistake that is in diags.
typedef const void *fdns_rule_read_fn(struct fdns_rule_reading *reading,
                                      const struct fdns_node *node);

struct fdns_trigger {
    struct fdns_schema_key key;
    fdns_rule_read_fn *read;
    bool of_connection; // can be told of a TCP connection before any query
    bool costly;        // looked at when all other words of `when` match
    bool (*matches)(const void *value, const struct fdns_exchange *exchange,
                    const struct fdns_reply *reply);
};

typedef void fdns_edit_fn(const void *value, const struct fdns_exchange *exchange,
                          struct fdns_reply *reply);
typedef void fdns_bytes_fn(const void *value, const struct fdns_exchange *exchange,
                           struct fdns_message *message);
typedef void fdns_send_fn(const void *value, const struct fdns_exchange *exchange,
                          struct fdns_plan *plan);

struct fdns_effect {
    struct fdns_schema_key key;
    fdns_rule_read_fn *read;
    fdns_edit_fn *edit;
    fdns_bytes_fn *bytes;
    fdns_send_fn *send;
    bool is_other; // its value is a struct fdns_others
};

extern const struct fdns_trigger fdns_triggers[];
extern const size_t fdns_n_triggers;
extern const struct fdns_effect fdns_effects[];
extern const size_t fdns_n_effects;
const struct fdns_effect *fdns_effect_find(const char *word); // NULL if there is none
extern const struct fdns_schema_type fdns_type_when;
extern const struct fdns_schema_type fdns_type_then;

// The words of `then`, in the world's arena.
struct fdns_actions fdns_actions_read(struct fdns_rule_reading *reading,
                                      const struct fdns_node *then);
// The words of `when`, or of a part of it in `any` and `not`, in the world's arena.
struct fdns_terms fdns_terms_read(struct fdns_rule_reading *reading, const struct fdns_node *when);
bool fdns_terms_match(const struct fdns_terms *terms, const struct fdns_exchange *exchange,
                      const struct fdns_reply *reply);

// Reports that a rule can never match, at the place of node: a warning. Nothing about a part of
// `when`: there it may still.
void fdns_rule_never(const struct fdns_rule_reading *reading, const struct fdns_node *node,
                     const char *format, ...) __attribute__((format(printf, 3, 4)));

// The rule is switched on, inside its time window, and all its terms match; counters are the
// caller's matter (state.h). With exchange->query NULL reply is NULL too: a connection.
bool fdns_rule_matches(const struct fdns_world *world, const struct fdns_rule *rule,
                       const struct fdns_exchange *exchange, const struct fdns_reply *reply);
