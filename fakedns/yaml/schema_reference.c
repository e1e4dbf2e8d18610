// A schema type as a Markdown page for people.
#include "fakedns/yaml/schema.h"
#include "fakedns/yaml/schema_type.h"

#include <ctype.h>
#include <string.h>

struct print {
    const struct fdns_schema_type **sections;
    size_t n_sections;
    struct fdns_buf *out;
};

static void print_type(const struct print *print, const struct fdns_schema_type *type);

// Text inside a table cell: one line, and no bar that would end the cell.
static void print_cell(struct fdns_buf *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\n') {
            fdns_buf_u8(out, ' ');
        } else if (*p == '|') {
            fdns_buf_string(out, "\\|");
        } else {
            fdns_buf_u8(out, (uint8_t)*p);
        }
    }
}

// The anchor that Markdown renderers give to a heading.
static void print_anchor(struct fdns_buf *out, const char *heading)
{
    for (const char *p = heading; *p != '\0'; p++) {
        if (isalnum((unsigned char)*p) || *p == '-' || *p == '_') {
            fdns_buf_u8(out, (uint8_t)tolower((unsigned char)*p));
        } else if (*p == ' ') {
            fdns_buf_u8(out, '-');
        }
    }
}

static bool has_section(const struct print *print, const struct fdns_schema_type *type)
{
    for (size_t i = 0; i < print->n_sections; i++) {
        if (print->sections[i] == type) {
            return true;
        }
    }
    return false;
}

static void print_words(struct fdns_buf *out, const struct fdns_schema_type *type)
{
    for (size_t i = 0; i < type->n_words; i++) {
        fdns_buf_string(out, i == 0 ? "`" : ", `");
        print_cell(out, type->words[i]);
        fdns_buf_u8(out, '`');
    }
}

static void print_integer(struct fdns_buf *out, const struct fdns_schema_type *type)
{
    fdns_buf_string(out, fdns_schema_name(type));
    if (type->min != 0 || type->max != 0) {
        fdns_buf_format(out, " (%lld to %lld)", (long long)type->min, (long long)type->max);
    }
}

static void print_map(const struct print *print, const struct fdns_schema_type *type)
{
    fdns_buf_string(print->out, "mapping of ");
    if (type->key != NULL) {
        print_type(print, type->key);
    } else {
        fdns_buf_string(print->out, "name");
    }
    fdns_buf_string(print->out, " to ");
    print_type(print, type->item);
}

// What a type is, without regard to a section of its own.
static void print_body(const struct print *print, const struct fdns_schema_type *type)
{
    switch (type->kind) {
    case FDNS_SCHEMA_WORD:
        print_words(print->out, type);
        break;
    case FDNS_SCHEMA_INTEGER:
        print_integer(print->out, type);
        break;
    case FDNS_SCHEMA_LIST:
        fdns_buf_string(print->out, "list of ");
        print_type(print, type->item);
        break;
    case FDNS_SCHEMA_MAP:
        print_map(print, type);
        break;
    case FDNS_SCHEMA_EITHER:
        for (size_t i = 0; i < type->n_choices; i++) {
            fdns_buf_string(print->out, i == 0 ? "" : " or ");
            print_type(print, type->choices[i]);
        }
        break;
    case FDNS_SCHEMA_TEXT:
    case FDNS_SCHEMA_DURATION:
    case FDNS_SCHEMA_BOOLEAN:
    case FDNS_SCHEMA_RECORD:
        print_cell(print->out, fdns_schema_name(type));
        break;
    }
}

static void print_type(const struct print *print, const struct fdns_schema_type *type)
{
    if (!has_section(print, type)) {
        print_body(print, type);
        return;
    }
    fdns_buf_u8(print->out, '[');
    print_cell(print->out, fdns_schema_name(type));
    fdns_buf_string(print->out, "](#");
    print_anchor(print->out, fdns_schema_name(type));
    fdns_buf_u8(print->out, ')');
}

// Code in a table cell. More backticks around it than in it, as CommonMark wants.
static void print_code(struct fdns_buf *out, const char *code)
{
    const char *fence = strchr(code, '`') != NULL ? "`` " : "`";
    const char *close = strchr(code, '`') != NULL ? " ``" : "`";
    fdns_buf_string(out, fence);
    print_cell(out, code);
    fdns_buf_string(out, close);
}

static void print_key(const struct print *print, const struct fdns_schema_key *key)
{
    fdns_buf_string(print->out, "| `");
    print_cell(print->out, key->name);
    fdns_buf_string(print->out, "` | ");
    print_type(print, key->type);
    fdns_buf_string(print->out, key->required ? " | Required. " : " | ");
    print_cell(print->out, key->doc != NULL ? key->doc : "");
    fdns_buf_string(print->out, " | ");
    if (key->example != NULL) {
        print_code(print->out, key->example);
    }
    fdns_buf_string(print->out, " |\n");
}

static void print_section(const struct print *print, const struct fdns_schema_type *type)
{
    fdns_buf_format(print->out, "## %s\n\n", fdns_schema_name(type));
    if (type->doc != NULL) {
        fdns_buf_format(print->out, "%s\n\n", type->doc);
    }
    if (type->kind != FDNS_SCHEMA_RECORD) {
        print_body(print, type);
        fdns_buf_string(print->out, "\n");
        return;
    }
    fdns_buf_string(print->out, "| key | type | meaning | example |\n|---|---|---|---|\n");
    for (size_t i = 0; i < type->n_keys; i++) {
        print_key(print, fdns_schema_key_at(type, i));
    }
}

void fdns_schema_print_reference(const struct fdns_schema_type *type, struct fdns_buf *out)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 0);
    struct print print = {.out = out};
    print.sections = fdns_schema_sections(&arena, type, &print.n_sections);
    for (size_t i = 0; i < print.n_sections; i++) {
        fdns_buf_string(out, i == 0 ? "" : "\n");
        print_section(&print, print.sections[i]);
    }
    fdns_arena_clear(&arena);
}
