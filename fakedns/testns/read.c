// Lines, entries and sections. A line begins with a keyword, or is a record of the section that was
// named last; between HEX_ANSWER_BEGIN and HEX_ANSWER_END it is hexadecimal.
#include "fakedns/base/suggest.h"
#include "fakedns/testns/reader.h"
#include "fakedns/wire/words.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_TTL = 3600, WORDS_MAX = 32 };

// ---- words

void fdns_testns_complain(struct fdns_testns_reader *reader, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fdns_diag(reader->diags, FDNS_ERROR, reader->source, reader->line, reader->column, "%s",
              fdns_arena_vformat(reader->arena, format, args));
    va_end(args);
}

static bool is_end(char c)
{
    return c == '\0' || c == ';' || c == '#';
}

bool fdns_testns_take(struct fdns_testns_reader *reader)
{
    const char *text = reader->text + reader->at;
    text += strspn(text, " \t\r\f\v");
    size_t len = 0;
    while (!is_end(text[len]) && strchr(" \t\r\f\v", text[len]) == NULL) {
        len++;
    }
    if (len == 0) {
        return false;
    }
    reader->column = (unsigned)(text - reader->text) + 1;
    reader->word = fdns_arena_string_n(reader->arena, text, len);
    reader->at = (size_t)(text - reader->text) + len;
    return true;
}

void fdns_testns_unknown(struct fdns_testns_reader *reader, const char *what, const void *words,
                         size_t n, size_t stride)
{
    const char *known[WORDS_MAX];
    for (size_t i = 0; i < n && i < WORDS_MAX; i++) {
        memcpy(&known[i], (const char *)words + i * stride, sizeof(known[i]));
    }
    const char *near = fdns_suggest(reader->word, known, n);
    if (near != NULL) {
        fdns_testns_complain(reader, "%s has no \"%s\" (did you mean \"%s\"?)", what, reader->word,
                             near);
    } else {
        fdns_testns_complain(reader, "%s has no \"%s\"", what, reader->word);
    }
}

bool fdns_testns_number(struct fdns_testns_reader *reader, uint32_t max, uint32_t *number)
{
    const char *digits = reader->word + strcspn(reader->word, "=:") + 1;
    struct fdns_word word = {.text = digits, .len = strlen(digits)};
    if (fdns_word_number(&word, max, number)) {
        return true;
    }
    fdns_testns_complain(reader, "\"%s\" needs a number up to %u", reader->word, max);
    return false;
}

// ---- entries

static void begin_packet(struct fdns_testns_reader *reader)
{
    struct fdns_testns_entry *entry = reader->entry;
    if (entry->n_packets == FDNS_TESTNS_PACKETS_MAX) {
        fdns_testns_complain(reader, "an entry has at most %d packets", FDNS_TESTNS_PACKETS_MAX);
        return;
    }
    reader->packet = &entry->packets[entry->n_packets++];
}

static void begin_entry(struct fdns_testns_reader *reader)
{
    struct fdns_testns_entries *entries = reader->entries;
    if (reader->entry != NULL) {
        fdns_testns_complain(reader, "the entry that begins at line %u has no ENTRY_END",
                             reader->entry->line);
    }
    if (entries->n_items == FDNS_TESTNS_ENTRIES_MAX) {
        fdns_testns_complain(reader, "more than %d entries", FDNS_TESTNS_ENTRIES_MAX);
        return;
    }
    entries->items =
        fdns_arena_grow(reader->arena, entries->items, entries->n_items, entries->n_items + 1,
                        sizeof(*entries->items), &entries->capacity);
    reader->entry = fdns_arena_alloc(reader->arena, sizeof(*reader->entry));
    reader->entry->line = reader->line;
    reader->entry->column = reader->column;
    entries->items[entries->n_items++] = reader->entry;
    reader->in_question = true;
    begin_packet(reader);
}

// Packets that cannot be sent are found here, not when somebody asks.
static void check_entry(struct fdns_testns_reader *reader)
{
    const struct fdns_testns_entry *entry = reader->entry;
    struct fdns_arena scratch;
    fdns_arena_init(&scratch, 0);
    uint8_t *out = fdns_arena_alloc(&scratch, FDNS_MESSAGE_MAX);
    for (size_t i = 0; i < entry->n_packets; i++) {
        if (fdns_testns_write(entry, &entry->packets[i], NULL, out) == 0 &&
            entry->packets[i].hex == NULL) {
            fdns_testns_complain(reader, "packet %zu of the entry is longer than %d octets", i + 1,
                                 FDNS_MESSAGE_MAX);
        }
    }
    if ((entry->qname || entry->subdomain) && entry->packets[0].n_questions == 0) {
        fdns_testns_complain(reader, "the entry can never match: it has no question for `%s`",
                             entry->qname ? "qname" : "subdomain");
    }
    fdns_arena_clear(&scratch);
}

static void end_entry(struct fdns_testns_reader *reader)
{
    check_entry(reader);
    reader->entry = NULL;
    reader->packet = NULL;
}

// ---- sections and their records

static void section_line(struct fdns_testns_reader *reader)
{
    static const char *const words[] = {"ANSWER", "AUTHORITY", "ADDITIONAL", "QUESTION"};
    if (!fdns_testns_take(reader)) {
        fdns_testns_complain(reader, "SECTION needs QUESTION, ANSWER, AUTHORITY or ADDITIONAL");
        return;
    }
    for (unsigned i = 0; i < 4; i++) {
        if (strcmp(reader->word, words[i]) == 0) {
            reader->in_question = i == FDNS_N_SECTIONS;
            reader->section = i < FDNS_N_SECTIONS ? (enum fdns_section)i : FDNS_ANSWER;
            return;
        }
    }
    fdns_testns_unknown(reader, "SECTION", words, 4, sizeof(words[0]));
}

// NAME [TTL] [CLASS] TYPE, with the name of the record before if the line begins with a blank.
static void read_question(struct fdns_testns_reader *reader)
{
    uint8_t name[FDNS_NAME_MAX];
    struct fdns_testns_question question = {.rr_class = FDNS_CLASS_IN};
    bool has_type = false;
    if (fdns_name_parse(reader->owner, reader->origin, name) != FDNS_OK) {
        fdns_testns_complain(reader, "\"%s\" is no domain name", reader->owner);
        return;
    }
    while (fdns_testns_take(reader)) {
        bool is_number = reader->word[strspn(reader->word, "0123456789")] == '\0';
        if (has_type) {
            fdns_testns_complain(reader, "\"%s\" is too much for a question", reader->word);
            return;
        }
        has_type = fdns_type_parse(reader->word, &question.type); // ANY is the type
        if (!has_type && !is_number && !fdns_class_parse(reader->word, &question.rr_class)) {
            fdns_testns_complain(reader, "\"%s\" is neither a class nor a type", reader->word);
            return;
        }
    }
    if (!has_type) {
        fdns_testns_complain(reader, "the question has no type");
        return;
    }
    struct fdns_testns_packet *packet = reader->packet;
    if (packet->n_questions == UINT16_MAX) {
        return; // they are too many for a message: ENTRY_END tells
    }
    packet->questions =
        fdns_arena_grow(reader->arena, packet->questions, packet->n_questions,
                        packet->n_questions + 1, sizeof(question), &packet->questions_capacity);
    question.name = fdns_name_copy(reader->arena, name);
    packet->questions[packet->n_questions++] = question;
}

// Each record is read by itself, so that it may stand there twice.
static void read_record(struct fdns_testns_reader *reader, bool has_owner)
{
    struct fdns_records one = {0};
    struct fdns_source line = *reader->source;
    line.text = has_owner ? reader->text
                          : fdns_arena_format(reader->arena, "%s %s", reader->owner, reader->text);
    line.len = strlen(line.text);
    line.first_line = reader->line;
    line.fixed_place = !has_owner;
    if (!fdns_zone_text_parse(reader->arena, &line, reader->origin, reader->default_ttl, &one,
                              reader->diags)) {
        return;
    }
    struct fdns_records *section = &reader->packet->sections[reader->section];
    for (size_t i = 0; i < one.n_items && section->n_items < UINT16_MAX; i++) {
        section->items =
            fdns_arena_grow(reader->arena, section->items, section->n_items, section->n_items + 1,
                            sizeof(*section->items), &section->capacity);
        section->items[section->n_items++] = one.items[i];
    }
}

static void record_line(struct fdns_testns_reader *reader)
{
    bool has_owner = reader->column == 1;
    if (has_owner) {
        reader->owner = reader->word;
    } else if (reader->owner == NULL) {
        fdns_testns_complain(reader,
                             "the line begins with a blank, and there is no name before it");
        return;
    } else {
        reader->at = 0;
    }
    if (reader->in_question) {
        read_question(reader);
    } else {
        read_record(reader, has_owner);
    }
}

// ---- hexadecimal

static void begin_hex(struct fdns_testns_reader *reader, const char *end)
{
    reader->hex_end = end;
    reader->hex_line = reader->line;
    reader->half = reader->bad_hex = false;
    fdns_buf_reset(&reader->hex);
}

static int digit_of(char c)
{
    const char *digits = "0123456789abcdef";
    const char *found = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    return found != NULL && c != '\0' ? (int)(found - digits) : -1;
}

static void hex_line(struct fdns_testns_reader *reader)
{
    for (; !is_end(reader->text[reader->at]); reader->at++) {
        char c = reader->text[reader->at];
        int digit = digit_of(c);
        if (strchr(" \t\r\f\v", c) != NULL) {
            continue;
        }
        if (digit < 0) {
            reader->column = (unsigned)reader->at + 1;
            fdns_testns_complain(reader, "this is no hexadecimal digit");
            reader->bad_hex = true;
            return;
        }
        if (reader->half) {
            reader->hex.data[reader->hex.len - 1] |= (uint8_t)digit;
        } else {
            fdns_buf_u8(&reader->hex, (uint8_t)(digit << 4));
        }
        reader->half = !reader->half && !reader->hex.overflow;
    }
}

static void end_hex(struct fdns_testns_reader *reader)
{
    struct fdns_testns_packet *packet = reader->packet;
    bool is_answer = strcmp(reader->hex_end, "HEX_ANSWER_END") == 0;
    reader->hex_end = NULL;
    if (reader->hex.overflow) {
        fdns_testns_complain(reader, "more than %d octets", FDNS_MESSAGE_MAX);
    } else if (reader->half && !reader->bad_hex) {
        fdns_testns_complain(reader, "the last octet has one digit only");
    }
    // A pointer also for no octets at all: they are given.
    const uint8_t *octets = fdns_arena_copy(reader->arena, reader->hex.data, reader->hex.len);
    if (is_answer) {
        packet->hex = octets;
        packet->hex_len = reader->hex.len;
    } else {
        packet->edns_data = octets;
        packet->edns_data_len = reader->hex.len;
    }
}

// ---- lines

static void origin_line(struct fdns_testns_reader *reader)
{
    uint8_t name[FDNS_NAME_MAX];
    if (!fdns_testns_take(reader) ||
        fdns_name_parse(reader->word, reader->origin, name) != FDNS_OK) {
        fdns_testns_complain(reader, "$ORIGIN needs a domain name");
        return;
    }
    reader->origin = fdns_name_copy(reader->arena, name);
}

static void ttl_line(struct fdns_testns_reader *reader)
{
    struct fdns_word word = {0};
    uint32_t ttl = 0;
    if (fdns_testns_take(reader)) {
        word = (struct fdns_word){.text = reader->word, .len = strlen(reader->word)};
    }
    if (word.text == NULL || !fdns_word_number(&word, INT32_MAX, &ttl)) {
        fdns_testns_complain(reader, "$TTL needs a number of seconds");
        return;
    }
    reader->default_ttl = ttl;
}

static void begin_hex_answer(struct fdns_testns_reader *reader)
{
    begin_hex(reader, "HEX_ANSWER_END");
}

static void begin_hex_edns(struct fdns_testns_reader *reader)
{
    begin_hex(reader, "HEX_EDNSDATA_END");
}

static void stray_end(struct fdns_testns_reader *reader)
{
    fdns_testns_complain(reader, "%s without its BEGIN", reader->word);
}

static const struct keyword {
    const char *word;
    void (*read)(struct fdns_testns_reader *reader);
    bool anywhere; // not only in an entry
} keywords[] = {
    {"$ORIGIN", origin_line, true},
    {"$TTL", ttl_line, true},
    {"ADJUST", fdns_testns_adjust_line, false},
    {"ENTRY_BEGIN", begin_entry, true},
    {"ENTRY_END", end_entry, false},
    {"EXTRA_PACKET", begin_packet, false},
    {"HEX_ANSWER_BEGIN", begin_hex_answer, false},
    {"HEX_ANSWER_END", stray_end, false},
    {"HEX_EDNSDATA_BEGIN", begin_hex_edns, false},
    {"HEX_EDNSDATA_END", stray_end, false},
    {"MATCH", fdns_testns_match_line, false},
    {"REPLY", fdns_testns_reply_line, false},
    {"SECTION", section_line, false},
};
enum { N_KEYWORDS = sizeof(keywords) / sizeof(keywords[0]) };

static void keyword_line(struct fdns_testns_reader *reader, const struct keyword *keyword)
{
    if (!keyword->anywhere && reader->entry == NULL) {
        fdns_testns_complain(reader, "%s outside an entry: ENTRY_BEGIN comes first", keyword->word);
        return;
    }
    keyword->read(reader);
    if (reader->hex_end == NULL && fdns_testns_take(reader)) {
        fdns_testns_complain(reader, "\"%s\" is too much on this line", reader->word);
    }
}

static void read_line(struct fdns_testns_reader *reader)
{
    if (!fdns_testns_take(reader)) {
        return;
    }
    if (reader->hex_end != NULL) {
        if (strcmp(reader->word, reader->hex_end) == 0) {
            end_hex(reader);
        } else {
            reader->at = 0;
            hex_line(reader);
        }
        return;
    }
    for (size_t i = 0; i < N_KEYWORDS; i++) {
        if (strcmp(reader->word, keywords[i].word) == 0) {
            keyword_line(reader, &keywords[i]);
            return;
        }
    }
    if (reader->entry != NULL) {
        record_line(reader);
    } else {
        fdns_testns_unknown(reader, "a data file outside entries", keywords, N_KEYWORDS,
                            sizeof(keywords[0]));
    }
}

bool fdns_testns_read(struct fdns_arena *arena, const struct fdns_source *source,
                      struct fdns_testns_entries *entries, struct fdns_diags *diags)
{
    size_t errors = diags->n_errors;
    struct fdns_testns_reader reader = {.arena = arena,
                                        .source = source,
                                        .diags = diags,
                                        .entries = entries,
                                        .origin = fdns_name_root,
                                        .default_ttl = DEFAULT_TTL};
    fdns_buf_init(&reader.hex, FDNS_MESSAGE_MAX);
    for (size_t at = 0; at < source->len;) {
        const char *start = source->text + at;
        const char *end = memchr(start, '\n', source->len - at);
        size_t len = end != NULL ? (size_t)(end - start) : source->len - at;
        reader.text = fdns_arena_string_n(arena, start, len);
        reader.at = 0;
        reader.column = 1;
        reader.line++;
        if (strlen(reader.text) < len) {
            reader.column = (unsigned)strlen(reader.text) + 1;
            fdns_testns_complain(&reader, "the line has a NUL octet");
        }
        read_line(&reader);
        at += len + 1;
    }
    reader.column = 1;
    if (reader.hex_end != NULL) {
        fdns_testns_complain(&reader, "the hexadecimal that begins at line %u has no %s",
                             reader.hex_line, reader.hex_end);
    }
    if (reader.entry != NULL) {
        fdns_testns_complain(&reader, "the entry that begins at line %u has no ENTRY_END",
                             reader.entry->line);
    }
    fdns_buf_clear(&reader.hex);
    return diags->n_errors == errors;
}
