// Zones from text, and honest answers as text, for the tests of this folder.
#pragma once

#include "fakedns/zone/honest.h"

enum { FIXTURE_ZONES = 4 };

struct fixture {
    struct fdns_arena arena;
    struct fdns_diags diags;
    const struct fdns_zone *zones[FIXTURE_ZONES];
    size_t n_zones;
    bool dnssec; // asked for; RRSIG records are then written " +TYPE" behind what they cover
};

void fixture_init(struct fixture *fixture);
void fixture_clear(struct fixture *fixture);

const uint8_t *fixture_name(struct fixture *fixture, const char *text);
struct fdns_source fixture_source(const char *text);
struct fdns_records fixture_records(struct fixture *fixture, const char *origin, const char *text);
// Reads and builds a zone (with SOA and NS put in front if text has no SOA); NULL if it is refused.
const struct fdns_zone *fixture_build(struct fixture *fixture, const char *apex, bool check,
                                      const char *text);
// The same, served from now on.
void fixture_serve(struct fixture *fixture, const char *apex, const char *text);

// "RCODE [aa] [referral]", then a line per record, "an", "au", "ad" or for required glue "gl" in
// front: an www.example. 300 A 192.0.2.1
const char *fixture_ask(struct fixture *fixture, const char *name, const char *type);
// All diagnostics, a line each: LINE:COLUMN: severity: message
const char *fixture_diags(struct fixture *fixture);
