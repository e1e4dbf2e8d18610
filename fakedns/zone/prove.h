// Proofs that go with an honest answer when DNSSEC is asked for: NSEC (RFC 4035 3.1.3) and NSEC3
// (RFC 5155 7.2), and the signatures of what is in it (RFC 4035 3.1.1). Each does nothing unless
// DNSSEC is wanted and the zone has such records; where a chain is incomplete, what is there is
// given. Private to the zone folder.
#pragma once

#include "fakedns/zone/lookup.h"

// node, which is the name that is looked for or its wildcard, has no data of the type.
void fdns_prove_no_data(struct fdns_lookup *lookup, const struct fdns_zone_node *node);
// There is nothing of the name below encloser, of which n_below labels are left, nor a wildcard.
void fdns_prove_no_name(struct fdns_lookup *lookup, const struct fdns_zone_node *encloser,
                        unsigned n_below);
// The wildcard of encloser stood in for name: nothing closer is there.
void fdns_prove_expansion(struct fdns_lookup *lookup, const struct fdns_zone_node *encloser,
                          const uint8_t *name, unsigned n_below);
// The DS of a cut, or that there is none.
void fdns_prove_delegation(struct fdns_lookup *lookup, const struct fdns_zone_node *cut);
