// Data files of ldns-testns: entries that say what queries they match and what packets answer them,
// read into a world of rules, of which the first that matches is the last that acts.
// docs/TESTNS.md has the format and what is different here.
#pragma once

#include "fakedns/world/world.h"

// Ceilings, so that no file can make us grow without end.
enum {
    FDNS_TESTNS_FILE_MAX = 16 * 1024 * 1024,
    FDNS_TESTNS_ENTRIES_MAX = 10000,
    FDNS_TESTNS_PACKETS_MAX = 7, // of an entry: as many as a plan has steps, less one that closes
};

// A world with one server ("fakedns", 192.0.2.1) that answers from the file, and says nothing to
// queries that no entry matches. Mistakes are reported in diags; NULL on error. Free with
// fdns_world_free.
struct fdns_world *fdns_testns_load(const char *path, struct fdns_diags *diags);
// The same for text that is in memory; file names it in messages.
struct fdns_world *fdns_testns_parse(const struct fdns_source *source, struct fdns_diags *diags);
