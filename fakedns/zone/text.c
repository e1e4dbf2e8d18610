#include "fakedns/zone/text.h"

#include "fakedns/zone/text_parser.h"

static void read_origin(struct fdns_text_parser *parser, const struct fdns_zone_word *word)
{
    const uint8_t *origin = fdns_text_name(parser, word);
    if (origin != NULL) {
        parser->origin = origin;
    }
}

static void read_default_ttl(struct fdns_text_parser *parser, const struct fdns_zone_word *word)
{
    uint32_t ttl;
    enum fdns_ttl_reading reading = fdns_text_ttl(parser, word, &ttl);
    if (reading == FDNS_NO_TTL) {
        FDNS_REPORT(parser, FDNS_ERROR, word, "\"%s\" is no TTL", fdns_text_shown(parser, word));
    }
    if (reading == FDNS_GOOD_TTL) {
        parser->ttl = ttl;
        parser->ttl_directive = true;
    }
}

static void read_directive(struct fdns_text_parser *parser, const struct fdns_statement *statement)
{
    static const char *const words[] = {"$ORIGIN", "$TTL"};
    const struct fdns_zone_word *word = &statement->words[0];
    bool origin = fdns_text_is(word, "$ORIGIN");
    if (!origin && !fdns_text_is(word, "$TTL")) {
        if (fdns_text_is(word, "$INCLUDE") || fdns_text_is(word, "$GENERATE")) {
            FDNS_REPORT(parser, FDNS_ERROR, word, "%s is not supported here",
                        fdns_text_shown(parser, word));
            return;
        }
        FDNS_REPORT(parser, FDNS_ERROR, word, "unknown directive \"%s\"%s",
                    fdns_text_shown(parser, word), fdns_text_guess(parser, word, words, 2));
        return;
    }
    if (statement->n_words != 2) {
        FDNS_REPORT(parser, FDNS_ERROR, word, "%s takes one word after it",
                    fdns_text_shown(parser, word));
        return;
    }
    if (origin) {
        read_origin(parser, &statement->words[1]);
    } else {
        read_default_ttl(parser, &statement->words[1]);
    }
}

static void read_statement(struct fdns_text_parser *parser, const struct fdns_statement *statement)
{
    if (!statement->bad && !statement->blank_start && statement->words[0].text[0] == '$') {
        read_directive(parser, statement);
    } else {
        fdns_text_record(parser, statement);
    }
}

bool fdns_zone_text_parse(struct fdns_arena *arena, const struct fdns_source *source,
                          const uint8_t *origin, uint32_t default_ttl, struct fdns_records *records,
                          struct fdns_diags *diags)
{
    struct fdns_text_parser parser = {.arena = arena,
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
