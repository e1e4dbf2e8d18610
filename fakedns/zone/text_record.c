// One record of zone text: owner, TTL and class in either order, type, rdata.
#include "fakedns/wire/rdata.h"
#include "fakedns/zone/text_parser.h"

#include <assert.h>
#include <string.h>

enum { WORD_MAX = FDNS_NAME_TEXT_MAX };

// A record while it is read: the words from `next` on are still to be used.
struct reading {
    const struct fdns_statement *statement;
    size_t next;
    bool has_ttl;
    bool has_class;
    struct fdns_record record;
};

static bool read_owner(struct fdns_text_parser *parser, struct reading *reading)
{
    const struct fdns_zone_word *word = &reading->statement->words[0];
    if (!reading->statement->blank_start) {
        // What follows an owner that cannot be read is not blamed on the one before it.
        parser->owner = fdns_text_name(parser, word);
        parser->owner_unknown = parser->owner == NULL;
        reading->next = 1;
        reading->record.owner = parser->owner;
        return parser->owner != NULL;
    }
    if (parser->owner == NULL) {
        if (parser->owner_unknown) {
            return false;
        }
        FDNS_REPORT(parser, FDNS_ERROR, word,
                    "a line that begins with a blank needs a record with a name before it");
        return false;
    }
    reading->record.owner = parser->owner;
    return true;
}

static const struct fdns_zone_word *next_word(const struct reading *reading)
{
    assert(reading->statement->words != NULL);
    return reading->next < reading->statement->n_words ? &reading->statement->words[reading->next]
                                                       : NULL;
}

// Takes a TTL or a class if the next word is one (RFC 1035 5.1 allows both orders). False after a
// report; *more tells whether there was one.
static bool read_ttl_or_class(struct fdns_text_parser *parser, struct reading *reading, bool *more)
{
    const struct fdns_zone_word *word = next_word(reading);
    *more = false;
    if (word == NULL || word->len >= WORD_MAX) {
        return true;
    }
    uint32_t ttl;
    enum fdns_ttl_reading ttl_reading =
        reading->has_ttl ? FDNS_NO_TTL : fdns_text_ttl(parser, word, &ttl);
    if (ttl_reading == FDNS_BAD_TTL) {
        return false;
    }
    uint16_t rr_class;
    if (ttl_reading == FDNS_GOOD_TTL) {
        reading->has_ttl = true;
        reading->record.ttl = ttl;
    } else if (!reading->has_class && !fdns_text_is(word, "ANY") &&
               fdns_class_parse(fdns_text_string(parser, word), &rr_class)) {
        reading->has_class = true;
        reading->record.rr_class = rr_class;
    } else {
        return true;
    }
    reading->next++;
    *more = true;
    return true;
}

static void report_type(struct fdns_text_parser *parser, const struct fdns_zone_word *word)
{
    static const char *const types[] = {"A",  "AAAA", "CAA", "CNAME", "DNAME", "DNSKEY", "DS", "MX",
                                        "NS", "PTR",  "SOA", "SRV",   "SSHFP", "TLSA",   "TXT"};
    FDNS_REPORT(parser, FDNS_ERROR, word, "unknown record type \"%s\"%s",
                fdns_text_shown(parser, word),
                fdns_text_guess(parser, word, types, sizeof types / sizeof types[0]));
}

static bool read_type(struct fdns_text_parser *parser, struct reading *reading)
{
    const struct fdns_zone_word *word = next_word(reading);
    if (word == NULL) {
        FDNS_REPORT(parser, FDNS_ERROR, &reading->statement->words[0], "the record has no type");
        return false;
    }
    if (!fdns_type_parse(fdns_text_string(parser, word), &reading->record.type)) {
        report_type(parser, word);
        return false;
    }
    if (fdns_type_is_meta(reading->record.type) || reading->record.type == 0) {
        FDNS_REPORT(parser, FDNS_ERROR, word,
                    "type %s stands in questions and messages, not in a zone",
                    fdns_text_shown(parser, word));
        return false;
    }
    reading->next++;
    return true;
}

// The words of the rdata as one line: comments, line ends and parentheses are gone.
static const char *join_rdata(struct fdns_text_parser *parser, const struct reading *reading)
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

static bool read_rdata(struct fdns_text_parser *parser, struct reading *reading)
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
        FDNS_REPORT(parser, FDNS_ERROR, word, "%s: %s", fdns_type_print(record->type, type), why);
        return false;
    }
    return true;
}

static void settle_ttl(struct fdns_text_parser *parser, struct reading *reading)
{
    if (!reading->has_ttl) {
        reading->record.ttl = parser->ttl;
    } else if (!parser->ttl_directive) {
        parser->ttl = reading->record.ttl;
    }
}

static void keep(struct fdns_text_parser *parser, const struct fdns_record *record)
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

void fdns_text_record(struct fdns_text_parser *parser, const struct fdns_statement *statement)
{
    struct reading reading = {.statement = statement};
    reading.record.rr_class = FDNS_CLASS_IN;
    if (statement->n_words > 0) {
        reading.record.line = statement->words[0].line;
        reading.record.column = statement->words[0].column;
    }
    bool more = true;
    if (statement->bad) {
        if (statement->n_words > 0 && !statement->blank_start) {
            read_owner(parser, &reading);
        }
        return;
    }
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
