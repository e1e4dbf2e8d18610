// What is wrong with a zone, said to whoever wrote it.
#pragma once

#include "fakedns/base/diag.h"
#include "fakedns/zone/walk.h"

// A zone while it is judged: its nodes, and for every rdata of every RRset the record it is from.
struct fdns_zone_draft {
    const struct fdns_zone *zone;
    const struct fdns_zone_node *const *nodes; // in the order they were first written
    const struct fdns_rdata *rdatas;           // those of all RRsets, one after another
    const struct fdns_record *const *records;  // beside rdatas
    const struct fdns_source *source;
    struct fdns_diags *diags;
};

// Reports what the zone as a whole must not be (see fdns_zone_build); false if there is an error.
bool fdns_zone_check(const struct fdns_zone_draft *draft);

// One mistake about a record, at its place; without a place the message names the record.
void fdns_zone_blame(struct fdns_diags *diags, enum fdns_severity severity,
                     const struct fdns_source *source, const struct fdns_record *record,
                     const char *format, ...) __attribute__((format(printf, 5, 6)));
