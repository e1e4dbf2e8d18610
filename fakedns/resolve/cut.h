// Where to ask for a name: the nearest zone whose servers are known.
#pragma once

#include "fakedns/resolve/iterate.h"

// From the cache, else the world's roots; a world without root: the servers that hold the nearest
// zone. False if nobody can be asked.
bool fdns_cut_nearest(struct fdns_search *search, const uint8_t *name, uint16_t type,
                      struct fdns_cut *cut);

// Keeps what a referral says, glue included, as far as the referring zone may speak of it.
void fdns_cut_remember(struct fdns_search *search, const struct fdns_cut *from,
                       const struct fdns_hearing *hearing);
