#include "fakedns/zone/text.h"

#include "fakedns/base/suggest.h"
#include "fakedns/wire/rdata.h"
#include "fakedns/zone/record_set.h"
#include "fakedns/zone/statement.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

enum { TTL_MAX = 0x7fffffff, WORD_MAX = FDNS_NAME_TEXT_MAX };

struct parser {
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

#define REPORT(parser, severity, word, ...)                                                        \
    fdns_diag((parser)->diags, (severity), (parser)->source, (word)->line, (word)->column,         \
              __VA_ARGS__)

// What to call a word in a message: no longer than fits there.
static const char *shown(struct parser *parser, const struct fdns_zone_word *word)
{
    enum { SHOWN_MAX = 80 };
    size_t len = word->len < SHOWN_MAX ? word->len : SHOWN_MAX;
    return fdns_arena_string_n(&parser->scratch, word->text, len);
}

static const char *text_of(struct parser *parser, const struct fdns_zone_word *word)
{
    return fdns_arena_string_n(&parser->scratch, word->text, word->len);
}

static bool word_is(const struct fdns_zone_word *word, const char *text)
{
    return strlen(text) == word->len && strncasecmp(word->text, text, word->len) == 0;
}

// A name in the parser's arena, or NULL with a report.
static const uint8_t *read_name(struct parser *parser, const struct fdns_zone_word *word)
{
    if (word_is(word, "@")) {
        return parser->origin;
    }
    uint8_t name[FDNS_NAME_MAX];
    enum fdns_error error = fdns_name_parse(text_of(parser, word), parser->origin, name);
    if (error == FDNS_OK && word->text[0] != '"') {
        return fdns_name_copy(parser->arena, name);
    }
    REPORT(parser, FDNS_ERROR, word,
           error == FDNS_TOO_LARGE ? "\"%s\" is longer than a name may be (RFC 1035 2.3.4)"
                                   : "\"%s\" is no domain name",
           shown(parser, word));
    return NULL;
}

static uint64_t seconds_of(char unit)
{
    switch (unit | 0x20) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 3600;
    case 'd':
        return 86400;
    case 'w':
        return 604800;
    default:
        return 0;
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum ttl_reading { NO_TTL, GOOD_TTL, TTL_TOO_LARGE };

// Seconds, or numbers with units: 1h30m.
static enum ttl_reading parse_ttl(const struct fdns_zone_word *word, uint32_t *ttl)
{
    uint64_t total = 0;
    bool too_large = false;
    for (size_t i = 0; i < word->len;) {
        uint64_t number = 0;
        size_t start = i;
        for (; i < word->len && is_digit(word->text[i]); i++) {
            number = number * 10 + (uint64_t)(word->text[i] - '0');
            too_large |= number > TTL_MAX;
            number = number > TTL_MAX ? TTL_MAX : number;
        }
        uint64_t unit = i < word->len ? seconds_of(word->text[i]) : 1;
        if (i == start || unit == 0) {
            return NO_TTL;
        }
        i++;
        total += number * unit;
        too_large |= total > TTL_MAX;
        total = total > TTL_MAX ? TTL_MAX : total;
    }
    if (word->len == 0) {
        return NO_TTL;
    }
    *ttl = (uint32_t)total;
    return too_large ? TTL_TOO_LARGE : GOOD_TTL;
}

static bool report_ttl(struct parser *parser, const struct fdns_zone_word *word)
{
    REPORT(parser, FDNS_ERROR, word, "TTL \"%s\" is over 2147483647 seconds (RFC 2181 8)",
           shown(parser, word));
    return false;
}

static void read_origin(struct parser *parser, const struct fdns_zone_word *word)
{
    const uint8_t *origin = read_name(parser, word);
    if (origin != NULL) {
        parser->origin = origin;
    }
}

static void read_default_ttl(struct parser *parser, const struct fdns_zone_word *word)
{
    uint32_t ttl;
    switch (parse_ttl(word, &ttl)) {
    case NO_TTL:
        REPORT(parser, FDNS_ERROR, word, "\"%s\" is no TTL", shown(parser, word));
        return;
    case TTL_TOO_LARGE:
        report_ttl(parser, word);
        return;
    case GOOD_TTL:
        parser->ttl = ttl;
        parser->ttl_directive = true;
    }
}

static void read_directive(struct parser *parser, const struct fdns_statement *statement)
{
    static const char *const words[] = {"$ORIGIN", "$TTL"};
    const struct fdns_zone_word *word = &statement->words[0];
    bool origin = word_is(word, "$ORIGIN");
    if (!origin && !word_is(word, "$TTL")) {
        if (word_is(word, "$INCLUDE") || word_is(word, "$GENERATE")) {
            REPORT(parser, FDNS_ERROR, word, "%s is not supported here", shown(parser, word));
            return;
        }
        const char *guess = fdns_suggest(text_of(parser, word), words, 2);
        REPORT(parser, FDNS_ERROR, word, "unknown directive \"%s\"%s%s%s", shown(parser, word),
               guess != NULL ? " (did you mean " : "", guess != NULL ? guess : "",
               guess != NULL ? "?)" : "");
        return;
    }
    if (statement->n_words != 2) {
        REPORT(parser, FDNS_ERROR, word, "%s takes one word after it", shown(parser, word));
        return;
    }
    if (origin) {
        read_origin(parser, &statement->words[1]);
    } else {
        read_default_ttl(parser, &statement->words[1]);
    }
}

// A record while it is read: the words from `next` on are still to be used.
struct reading {
    const struct fdns_statement *statement;
    size_t next;
    bool has_ttl;
    bool has_class;
    struct fdns_record record;
};

static bool read_owner(struct parser *parser, struct reading *reading)
{
    const struct fdns_zone_word *word = &reading->statement->words[0];
    if (!reading->statement->blank_start) {
        // What follows an owner that cannot be read is not blamed on the one before it.
        parser->owner = read_name(parser, word);
        parser->owner_unknown = parser->owner == NULL;
        reading->next = 1;
        reading->record.owner = parser->owner;
        return parser->owner != NULL;
    }
    if (parser->owner == NULL) {
        if (parser->owner_unknown) {
            return false;
        }
        REPORT(parser, FDNS_ERROR, word,
               "a line that begins with a blank needs a record with a name before it");
        return false;
    }
    reading->record.owner = parser->owner;
    return true;
}

static const struct fdns_zone_word *next_word(const struct reading *reading)
{
    return reading->next < reading->statement->n_words ? &reading->statement->words[reading->next]
                                                       : NULL;
}

// Takes a TTL or a class if the next word is one (RFC 1035 5.1 allows both orders). False after a
// report; *more tells whether there was one.
static bool read_ttl_or_class(struct parser *parser, struct reading *reading, bool *more)
{
    const struct fdns_zone_word *word = next_word(reading);
    *more = false;
    if (word == NULL || word->len >= WORD_MAX) {
        return true;
    }
    uint32_t ttl;
    enum ttl_reading ttl_reading = reading->has_ttl ? NO_TTL : parse_ttl(word, &ttl);
    if (ttl_reading == TTL_TOO_LARGE) {
        return report_ttl(parser, word);
    }
    uint16_t rr_class;
    if (ttl_reading == GOOD_TTL) {
        reading->has_ttl = true;
        reading->record.ttl = ttl;
    } else if (!reading->has_class && !word_is(word, "ANY") &&
               fdns_class_parse(text_of(parser, word), &rr_class)) {
        reading->has_class = true;
        reading->record.rr_class = rr_class;
    } else {
        return true;
    }
    reading->next++;
    *more = true;
    return true;
}

static void report_type(struct parser *parser, const struct fdns_zone_word *word)
{
    static const char *const types[] = {"A",  "AAAA", "CAA", "CNAME", "DNAME", "DNSKEY", "DS", "MX",
                                        "NS", "PTR",  "SOA", "SRV",   "SSHFP", "TLSA",   "TXT"};
    const char *guess = fdns_suggest(text_of(parser, word), types, sizeof types / sizeof types[0]);
    REPORT(parser, FDNS_ERROR, word, "unknown record type \"%s\"%s%s%s", shown(parser, word),
           guess != NULL ? " (did you mean " : "", guess != NULL ? guess : "",
           guess != NULL ? "?)" : "");
}

static bool read_type(struct parser *parser, struct reading *reading)
{
    const struct fdns_zone_word *word = next_word(reading);
    if (word == NULL) {
        REPORT(parser, FDNS_ERROR, &reading->statement->words[0], "the record has no type");
        return false;
    }
    if (!fdns_type_parse(text_of(parser, word), &reading->record.type)) {
        report_type(parser, word);
        return false;
    }
    if (fdns_type_is_meta(reading->record.type) || reading->record.type == 0) {
        REPORT(parser, FDNS_ERROR, word, "type %s stands in questions and messages, not in a zone",
               shown(parser, word));
        return false;
    }
    reading->next++;
    return true;
}

// The words of the rdata as one line: comments, line ends and parentheses are gone.
static const char *join_rdata(struct parser *parser, const struct reading *reading)
{
    const struct fdns_statement *statement = reading->statement;
    size_t len = 1;
    for (size_t i = reading->next; i < statement->n_words; i++) {
        len += statement->words[i].len + 1;
    }
    char *text = fdns_arena_alloc(&parser->scratch, len);
    char *end = text;
    for (size_t i = reading->next; i < statement->n_words; i++) {
        if (end > text) {
            *end++ = ' ';
        }
        memcpy(end, statement->words[i].text, statement->words[i].len);
        end += statement->words[i].len;
    }
    *end = '\0';
    return text;
}

static bool read_rdata(struct parser *parser, struct reading *reading)
{
    struct fdns_record *record = &reading->record;
    const struct fdns_zone_word *word = next_word(reading);
    if (word == NULL) {
        word = &reading->statement->words[reading->statement->n_words - 1];
    }
    const char *why = NULL;
    record->rdata.octets =
        fdns_rdata_parse(parser->arena, record->type, join_rdata(parser, reading), parser->origin,
                         &record->rdata.len, &why);
    if (record->rdata.octets == NULL) {
        char type[FDNS_CODE_TEXT_MAX];
        REPORT(parser, FDNS_ERROR, word, "%s: %s", fdns_type_print(record->type, type), why);
        return false;
    }
    return true;
}

static void settle_ttl(struct parser *parser, struct reading *reading)
{
    if (!reading->has_ttl) {
        reading->record.ttl = parser->ttl;
    } else if (!parser->ttl_directive) {
        parser->ttl = reading->record.ttl;
    }
}

static void keep(struct parser *parser, const struct fdns_record *record)
{
    if (!fdns_record_set_add(&parser->seen_arena, &parser->seen, record)) {
        char name[FDNS_NAME_TEXT_MAX];
        char type[FDNS_CODE_TEXT_MAX];
        fdns_diag(parser->diags, FDNS_WARNING, parser->source, record->line, record->column,
                  "%s %s: the record is there already", fdns_name_print(record->owner, name),
                  fdns_type_print(record->type, type));
        return;
    }
    struct fdns_records *records = parser->records;
    records->items = fdns_arena_grow(parser->arena, records->items, records->n_items,
                                     records->n_items + 1, sizeof *record, &records->capacity);
    records->items[records->n_items++] = *record;
}

static void read_record(struct parser *parser, const struct fdns_statement *statement)
{
    struct reading reading = {.statement = statement};
    reading.record.rr_class = FDNS_CLASS_IN;
    reading.record.line = statement->words[0].line;
    reading.record.column = statement->words[0].column;
    bool more = true;
    if (!read_owner(parser, &reading)) {
        return;
    }
    while (more) {
        if (!read_ttl_or_class(parser, &reading, &more)) {
            return;
        }
    }
    if (read_type(parser, &reading) && read_rdata(parser, &reading)) {
        settle_ttl(parser, &reading);
        keep(parser, &reading.record);
    }
}

static void read_statement(struct parser *parser, const struct fdns_statement *statement)
{
    struct reading reading = {.statement = statement};
    if (statement->bad) {
        // Its owner still is that of the lines after it which name none.
        if (statement->n_words > 0 && !statement->blank_start) {
            read_owner(parser, &reading);
        }
        return;
    }
    if (!statement->blank_start && statement->words[0].text[0] == '$') {
        read_directive(parser, statement);
    } else {
        read_record(parser, statement);
    }
}

bool fdns_zone_text_parse(struct fdns_arena *arena, const struct fdns_source *source,
                          const uint8_t *origin, uint32_t default_ttl, struct fdns_records *records,
                          struct fdns_diags *diags)
{
    struct parser parser = {.arena = arena,
                            .source = source,
                            .diags = diags,
                            .records = records,
                            .origin = origin,
                            .ttl = default_ttl};
    fdns_arena_init(&parser.scratch, 0);
    fdns_arena_init(&parser.seen_arena, 0);
    for (size_t i = 0; i < records->n_items; i++) {
        fdns_record_set_add(&parser.seen_arena, &parser.seen, &records->items[i]);
    }
    size_t errors_before = diags->n_errors;
    struct fdns_statements statements;
    struct fdns_statement statement;
    fdns_statements_init(&statements, source, diags);
    while (fdns_statements_next(&statements, &parser.scratch, &statement)) {
        read_statement(&parser, &statement);
        fdns_arena_reset(&parser.scratch);
    }
    fdns_arena_clear(&parser.scratch);
    fdns_arena_clear(&parser.seen_arena);
    return diags->n_errors == errors_before;
}
