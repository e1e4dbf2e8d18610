// Gathering: asks everything a diagnosis of the subject can need. Only asks and sorts; what it
// means is said elsewhere, once nothing is pending.
//
//   1. the place of the records: the zone that holds the domain, and its servers (walk.h)
//   2. every address of every server: SOA, NS, and for each expected record CNAME and TXT
//      (both: Amazon SES and receivers ask for TXT, panels show CNAME); servers that only the zone
//      itself names, too
//   3. where those servers refer deeper, as to a zone of _domainkey: that zone is the place of the
//      record, with its own servers
//   4. where CNAMEs lead, down to the key
//   5. how the servers take questions of other kinds, a few of each (probe.c), and answers that
//      contradict each other once more (repeat.c)
//   6. for a record that no server has: what stands at the names people create by mistake
//   7. what the resolver sees, if there is one
#pragma once

#include "harness/check/dkim/expect.h"
#include "harness/check/dkim/walk.h"

enum {
    DC_RECORDS = DC_TOKENS_MAX + 2,
    DC_ENDPOINTS_MAX = 64,
    DC_HOPS_MAX = 16,
    DC_CHAINS_MAX = 64,
    DC_CHILDREN_MAX = 8,
    DC_PLACES_MAX = DC_RECORDS + 1,
    DC_PROBE_SUBNETS = 3,
    DC_REPEATS_MAX = 4,
    DC_ENDPOINT_ANSWERS = 2 * DC_RECORDS + 5,
};

// A zone that holds records of the subject: the domain's own comes first, then those below it to
// which names of records are delegated.
struct dc_place {
    enum dc_walk_result result;
    struct dc_walk_end zone;
    const uint8_t *apex;
    const struct dc_walk_cut *children[DC_CHILDREN_MAX]; // NS sets that its servers tell
    size_t n_children;
    size_t n_judged; // endpoints
};

// How an address takes questions of other kinds. An answer whose observation is NULL was not asked
// for.
struct dc_probes {
    const uint8_t *name; // of the usual question, that of a record if the server has one
    uint16_t type;
    const struct dc_answer *usual;
    struct dc_answer all;   // the usual question in mixed case, with an unknown EDNS option and a
                            // client subnet: what resolvers send, in one
    struct dc_answer mixed; // each of them alone, if they fare badly together
    struct dc_answer option;
    struct dc_answer subnets[DC_PROBE_SUBNETS];
    // asked once for each server, at the first of its addresses that answers:
    struct dc_answer version; // EDNS version 1
    struct dc_answer above;   // the name above a record that is there, type A
    struct dc_answer below;   // a random name below it, TXT
};

// Answers to the same questions, asked several times.
struct dc_repeats {
    struct dc_answer txt[DC_REPEATS_MAX]; // the first is the endpoint's own
    struct dc_answer cname[DC_REPEATS_MAX];
    bool differ; // the answers to one of the questions
};

// What size does to an answer.
struct dc_sized {
    struct dc_answer large; // TXT with room for more than the usual; asked if that was too little
    struct dc_answer tcp;   // TXT over TCP; asked if the key over UDP seems cut
};

// One address of one server.
struct dc_endpoint {
    const char *label; // of the server
    struct fdns_address address;
    const struct dc_place *place;
    bool named_by_parent; // the server, by its name
    bool dead;            // nothing came from it at all
    bool lame;            // it answers, but does not serve the zone
    bool denies;          // lame: it says that the zone does not exist
    bool judged;          // neither: what it says of records counts
    struct dc_answer soa;
    struct dc_answer ns;
    struct dc_answer cname[DC_RECORDS];
    struct dc_answer txt[DC_RECORDS];
    struct dc_answer soa_later; // asked if it looks like a cache
    struct dc_probes probes;
    struct dc_repeats *repeats[DC_RECORDS]; // NULL: not asked again
    struct dc_sized *sized[DC_RECORDS];     // NULL: likewise
};

// Where an alias leads.
struct dc_chain {
    const uint8_t *start;
    const uint8_t *hops[DC_HOPS_MAX]; // start first
    size_t n_hops;
    bool loop;
    bool too_long;
    enum dc_walk_result result;
    struct dc_walk_end end; // the type, as a rule TXT, at the last hop
};

// A name that stands for a mistake, and what is there.
struct dc_candidate {
    const struct dc_finding_row *row;
    bool is_others; // another identity may have a record of its own there
    const uint8_t *name;
    uint16_t type;
    struct dc_answer answer;
    struct dc_answer random; // at a random name beside it, if there was something
};

enum { DC_CANDIDATES_MAX = 48 };

struct dc_gathered_record {
    const struct dc_place *place;
    bool absent;             // on every endpoint that says anything about it
    struct dc_answer random; // a random name beside it, TXT; asked if it looks wrong
    bool has_random;
    struct dc_answer address;        // A, asked if the name has neither CNAME nor TXT
    struct dc_answer random_address; // at a random name, asked if there is an address
    struct dc_answer spf;            // type 99, likewise
    struct dc_answer fallback;       // of the verification: TXT at the domain itself
    struct dc_answer random_spf;
    bool masked; // whatever is at the name, a wildcard says it: as good as absent
    struct dc_candidate *candidates;
    size_t n_candidates;
    struct dc_answer resolver_cname;
    struct dc_answer resolver_txt;
    struct dc_answer resolver_txt_cd;
    struct dc_answer resolver_proof; // TXT with DO, asked if the resolver denies what is there
};

struct dc_gathered {
    struct dc_look *look;
    struct dc_walk walk;
    const struct dc_dkim_how *how;
    const struct dc_expectation *expectation;
    struct dc_place *places;
    size_t n_places;
    bool undelegated; // the walk ends at a registry: nobody delegates the subject's domain
    struct dc_endpoint *endpoints;
    size_t n_endpoints;
    struct dc_gathered_record records[DC_RECORDS];
    struct dc_chain *chains;
    size_t n_chains;
};

// False while anything is pending. g lives in the look's arena.
bool dc_gather(struct dc_gathered *g, struct dc_look *look, const struct dc_dkim_how *how,
               const struct dc_expectation *expectation);

// The chain that starts at a target; NULL if none was followed.
const struct dc_chain *dc_gathered_chain(const struct dc_gathered *g, const uint8_t *start);
// The chain passes a name.
bool dc_chain_passes(const struct dc_chain *chain, const uint8_t *name);
// It has more aliases than resolvers can be expected to follow (8 to 16).
bool dc_chain_is_long(const struct dc_chain *chain);
// Asks all servers of the domain's zone and of those below it that records are delegated to, and
// sets their places; false while pending (place.c).
bool dc_gather_places(struct dc_gathered *g);
// From chain->start, with nothing else set, over aliases to the end: what is there of a type
// (follow.c).
enum dc_walk_result dc_walk_follow(struct dc_walk *walk, uint16_t type, struct dc_chain *chain);
// Follows the alias (once a round); false while pending.
bool dc_gather_chain(struct dc_gathered *g, const uint8_t *start);
// The names people create by mistake, and what is there; false while pending.
bool dc_gather_candidates(struct dc_gathered *g, size_t record);
// Probes of the endpoint, and questions asked again; false while pending (probe.c, repeat.c).
bool dc_gather_probes(struct dc_gathered *g, struct dc_endpoint *endpoint);
bool dc_gather_repeats(struct dc_gathered *g, struct dc_endpoint *endpoint);
// The endpoint's word about a record counts.
bool dc_endpoint_tells(const struct dc_gathered *g, const struct dc_endpoint *endpoint,
                       size_t record);
// All answers of the endpoint that were asked for, and their number.
size_t dc_endpoint_answers(const struct dc_gathered *g, const struct dc_endpoint *endpoint,
                           const struct dc_answer *answers[DC_ENDPOINT_ANSWERS]);
// Asked several times, the endpoint gave different answers to its usual question.
bool dc_endpoint_wavers(const struct dc_endpoint *endpoint);
// There is neither CNAME nor TXT of the record.
bool dc_endpoint_lacks(const struct dc_gathered *g, const struct dc_endpoint *endpoint,
                       size_t record);
// The endpoint to show and to ask more about a record: of those whose word counts and that lack it
// the first with the newest zone, where the last changes are; else the first whose word counts.
// NULL if there is none.
const struct dc_endpoint *dc_gathered_witness(const struct dc_gathered *g, size_t record);
// A name beside `name` that nobody has created on purpose; NULL if it does not fit.
const uint8_t *dc_random_beside(struct fdns_arena *arena, const uint8_t *name);
