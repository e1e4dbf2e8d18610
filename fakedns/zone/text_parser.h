// The reading of zone text, statement by statement. Private to the zone folder.
#pragma once

#include "fakedns/zone/record_set.h"
#include "fakedns/zone/statement.h"
#include "fakedns/zone/text.h"

struct fdns_text_parser {
    struct fdns_arena *arena;
    struct fdns_arena scratch; // reset for each statement
    struct fdns_arena seen_arena;
    struct fdns_record_set seen;
    const struct fdns_source *source;
    struct fdns_diags *diags;
    struct fdns_records *records;
    const uint8_t *origin;
    const uint8_t *owner; // of the record before, or NULL
    bool owner_unknown;   // it could not be read, which has been reported
    uint32_t ttl;         // for a record that gives none
    bool ttl_directive;   // it is from $TTL
};

// A mistake at the place of a word.
#define FDNS_REPORT(parser, severity, word, ...)                                                   \
    fdns_diag((parser)->diags, (severity), (parser)->source, (word)->line, (word)->column,         \
              __VA_ARGS__)

// What to call a word in a message: no longer than fits there.
const char *fdns_text_shown(struct fdns_text_parser *parser, const struct fdns_zone_word *word);
// A word as a string, in scratch.
const char *fdns_text_string(struct fdns_text_parser *parser, const struct fdns_zone_word *word);
bool fdns_text_is(const struct fdns_zone_word *word, const char *text); // ignoring case
// " (did you mean X?)" for the word nearest to it, or "".
const char *fdns_text_guess(struct fdns_text_parser *parser, const struct fdns_zone_word *word,
                            const char *const *words, size_t n);
// A name in the parser's arena ("@" is the origin), or NULL after a report.
const uint8_t *fdns_text_name(struct fdns_text_parser *parser, const struct fdns_zone_word *word);

enum fdns_ttl_reading { FDNS_NO_TTL, FDNS_GOOD_TTL, FDNS_BAD_TTL };

// Seconds, or numbers with units: 1h30m. BAD_TTL after a report: it is too large (RFC 2181 8).
enum fdns_ttl_reading fdns_text_ttl(struct fdns_text_parser *parser,
                                    const struct fdns_zone_word *word, uint32_t *ttl);

// Reads a statement that is a record, and keeps it if it is good. A bad statement gives no record,
// but its owner is that of the lines after it which name none.
void fdns_text_record(struct fdns_text_parser *parser, const struct fdns_statement *statement);
