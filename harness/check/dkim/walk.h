// Walk: from the roots down to the servers of the zone that holds a name, as a resolver goes, but
// remembering who was delegated to whom. Straight-line code over look(): in a round in which an
// answer is missing it says PENDING.
//
//   1. begin at the deepest known cut above the name (at first: the roots)
//   2. ask its servers, one after the other until one gives something to go on
//   3. a referral to a deeper zone is a new cut: its servers are the NS names with their glue, and
//      names without glue are walked to in turn
//   4. anything else is the answer
//
// Without roots, a resolver answers instead (how->resolver). Everything is bounded: depth, servers
// of a zone, addresses of a server, questions of a round.
#pragma once

#include "harness/check/dkim/answer.h"
#include "harness/check/dkim/dkim.h"

enum { DC_WALK_ADDRESSES = 8, DC_WALK_SERVERS = 16, DC_WALK_CUTS = 64 };

struct dc_walk_server {
    const uint8_t *host; // NULL if only an address is known
    const char *label;   // for people: the host, or the address
    struct fdns_address addresses[DC_WALK_ADDRESSES];
    size_t n_addresses;
};

// A zone and its servers, as somebody told.
struct dc_walk_cut {
    const uint8_t *zone;
    struct dc_walk_server servers[DC_WALK_SERVERS];
    size_t n_servers;
    bool delegated;                        // by a parent: the servers are the parent's NS set
    const struct dc_observation *referral; // that told, or NULL
};

struct dc_walk {
    struct dc_look *look;
    const struct dc_dkim_how *how;
    struct dc_walk_cut *cuts[DC_WALK_CUTS];
    size_t n_cuts;
    unsigned depth;     // walks inside walks, for names of servers
    unsigned questions; // of this round
};

enum dc_walk_result { DC_WALK_PENDING, DC_WALK_FOUND, DC_WALK_LOST };

// Where a walk ended. LOST: no server of the cut gave anything to go on, and answer is the last
// (its observation is NULL if there was nobody to ask).
struct dc_walk_end {
    const struct dc_walk_cut *cut; // NULL if a resolver was asked
    struct dc_answer answer;
};

void dc_walk_init(struct dc_walk *walk, struct dc_look *look, const struct dc_dkim_how *how);

// What the servers of its zone say to a name and type; CNAMEs are not followed.
enum dc_walk_result dc_walk_ask(struct dc_walk *walk, const uint8_t *name, uint16_t type,
                                struct dc_walk_end *end);
// The servers of the zone that holds name (end->answer is set only if somebody had to be asked).
enum dc_walk_result dc_walk_zone(struct dc_walk *walk, const uint8_t *name,
                                 struct dc_walk_end *end);
// The same, but never the servers that the user named: for zones below the subject's.
enum dc_walk_result dc_walk_delegated(struct dc_walk *walk, const uint8_t *name,
                                      struct dc_walk_end *end);
// A zone in which the public registers domains, as far as a name shows it: com, co.uk.
bool dc_walk_is_registry(const uint8_t *zone);

// The NS records of a section of an answer as a cut, with addresses. bailiwick: glue is believed at
// or below it. NULL while addresses are pending, and then *pending is set; NULL if there are none.
struct dc_walk_cut *dc_walk_cut_of(struct dc_walk *walk, const struct dc_answer *answer,
                                   enum fdns_section section, const uint8_t *bailiwick,
                                   bool *pending);
// Owner of the NS records in the authority section, in arena; NULL if there are none.
const uint8_t *dc_walk_referred(struct dc_look *look, const struct dc_answer *answer);
