// Catalogue: one row for every finding id. Rows stand in the file of the check that reports them;
// catalogue.c gathers the checks' tables into one sorted list.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define DC_LEVELS(X)              X(DC_ERROR, "error") X(DC_WARNING, "warning") X(DC_INFO, "info")
#define DC_LEVEL_ENUM(name, text) name,
enum dc_level { DC_LEVELS(DC_LEVEL_ENUM) };
const char *dc_level_text(enum dc_level level);
bool dc_level_parse(const char *text, enum dc_level *level);

struct dc_finding_row {
    const char *id; // area/slug, frozen at release 1.0
    enum dc_level level;
    const char *title;
    const char *cause;  // why it matters: one or two sentences
    const char *remedy; // in the words of somebody at a DNS panel
    const char *refs;   // "seed:R21 seed:R22 RFC 1034 3.6.2", separated by "; "
};

// The rows of one check. A family of checks exports a list of its tables, and catalogue.c names the
// families.
struct dc_finding_table {
    const struct dc_finding_row *rows;
    size_t n;
};

size_t dc_catalogue_size(void);
const struct dc_finding_row *dc_catalogue_at(size_t i);         // sorted by id
const struct dc_finding_row *dc_catalogue_find(const char *id); // NULL is normal
// The id nearest to a word, for "did you mean"; NULL if none is near.
const char *dc_catalogue_suggest(const char *id);
