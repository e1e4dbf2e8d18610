// Rule: when a query matches, then effects edit the answer or the plan.
//
// Triggers and effects are rows of two const tables (trigger.c, effect.c); a row is also the schema
// key of its YAML word, so that a new one is a function and a row and edits nothing else.
// Effects come in two kinds, told by which function the row has: `edit` changes the reply before it
// is encoded, `send` changes the plan after. They compose in written order.
#pragma once

#include "fakedns/reply/plan.h"
#include "fakedns/world/world.h"

enum fdns_transport { FDNS_UDP, FDNS_TCP };

// How a query came, and to whom.
struct fdns_exchange {
    const struct fdns_server *server; // NULL: the recursive front end
    size_t address; // index of the server's address
    enum fdns_transport transport;
    struct fdns_address client;
    uint64_t connection; // of a TCP connection, unique in a run; 0 for UDP
    int64_t now_us; // the world's time
    const struct fdns_view *query;
};

struct fdns_world_state;

struct fdns_trigger {
    struct fdns_schema_key key;
    // Makes the value that `matches` looks at, in the world's arena. NULL after a diagnostic.
    const void *(*read)(struct fdns_world *world, const struct fdns_node *node,
                        const struct fdns_source *source, struct fdns_diags *diags);
    bool (*matches)(const void *value, const struct fdns_exchange *exchange,
                    const struct fdns_reply *reply);
};

struct fdns_effect {
    struct fdns_schema_key key;
    const void *(*read)(struct fdns_world *world, const struct fdns_node *node,
                        const struct fdns_source *source, struct fdns_diags *diags);
    void (*edit)(const void *value, struct fdns_reply *reply);
    void (*send)(const void *value, const struct fdns_exchange *exchange,
                 struct fdns_arena *arena, struct fdns_plan *plan);
};

extern const struct fdns_trigger fdns_triggers[];
extern const size_t fdns_n_triggers;
extern const struct fdns_effect fdns_effects[];
extern const size_t fdns_n_effects;

enum fdns_tcp_fault { FDNS_TCP_SERVED, FDNS_TCP_REFUSED, FDNS_TCP_HANGS };

struct fdns_term {
    const struct fdns_trigger *trigger;
    const void *value;
};

struct fdns_action {
    const struct fdns_effect *effect;
    const void *value;
};

enum fdns_scope { FDNS_PER_WORLD, FDNS_PER_SERVER, FDNS_PER_CLIENT, FDNS_PER_CONNECTION };

struct fdns_rule {
    const char *name; // as given, or "rule N at line L"
    size_t index; // in the world
    unsigned line;
    const struct fdns_term *terms; // all must match
    size_t n_terms;
    // Counted over what matches the terms: `nth: 3`, `first: 2`, `from: 4`, `every: 5`
    uint64_t nth_from, nth_to; // 1-based, inclusive; nth_to 0: no end
    uint64_t every; // 0: each
    enum fdns_scope scope; // per: world | server | client | connection
    int64_t from_us, until_us; // time window, [from, until); until 0: no end
    const struct fdns_action *actions;
    size_t n_actions;
    enum fdns_tcp_fault tcp; // the rule concerns connections, not queries
    const struct fdns_switch *switches; // from events, by time; none: on
    size_t n_switches;
    // events that switch the rules of one server on or off
};
