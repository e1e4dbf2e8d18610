// Compact denial of existence (RFC 9824): a name that does not exist is said to exist without data,
// by one NSEC record that is made and signed while the question is answered. Private to the zone
// folder.
#pragma once

#include "fakedns/zone/lookup.h"

// The zone denies in this way, and the question wants to know.
bool fdns_denies_compactly(const struct fdns_lookup *lookup);

// Adds the NSEC of name, with the types of node; NULL: of a name that does not exist (NXNAME).
void fdns_deny_compactly(struct fdns_lookup *lookup, const uint8_t *name,
                         const struct fdns_zone_node *node);

// Signs what a wildcard gave for name as records of name itself.
void fdns_sign_expansion(struct fdns_lookup *lookup, const uint8_t *name);
