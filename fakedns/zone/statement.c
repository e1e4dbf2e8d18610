#include "fakedns/zone/statement.h"

#include <string.h>

void fdns_statements_init(struct fdns_statements *statements, const struct fdns_source *source,
                          struct fdns_diags *diags)
{
    *statements = (struct fdns_statements){.source = source, .diags = diags, .line = 1};
}

static bool at_end(const struct fdns_statements *s)
{
    return s->at >= s->source->len;
}

static char peek(const struct fdns_statements *s)
{
    return s->source->text[s->at];
}

static unsigned column(const struct fdns_statements *s)
{
    return (unsigned)(s->at - s->line_at) + 1;
}

static void take_newline(struct fdns_statements *s)
{
    s->at++;
    s->line++;
    s->line_at = s->at;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool ends_word(char c)
{
    return is_blank(c) || c == '\n' || c == ';' || c == '(' || c == ')' || c == '"';
}

// Moves past one octet of a word, or two if it is escaped. A backslash at the end of a line escapes
// nothing.
static void take_octet(struct fdns_statements *s)
{
    bool escape = peek(s) == '\\';
    s->at++;
    if (escape && !at_end(s) && peek(s) != '\n') {
        s->at++;
    }
}

static void take_quoted(struct fdns_statements *s, struct fdns_statement *statement,
                        struct fdns_zone_word *word)
{
    s->at++;
    while (!at_end(s) && peek(s) != '"' && peek(s) != '\n') {
        take_octet(s);
    }
    if (at_end(s) || peek(s) != '"') {
        fdns_diag(s->diags, FDNS_ERROR, s->source, word->line, word->column,
                  "the quoted string is not closed on its line");
        statement->bad = true;
        return;
    }
    s->at++;
}

static void take_word(struct fdns_statements *s, struct fdns_arena *arena,
                      struct fdns_statement *statement)
{
    struct fdns_zone_word word = {
        .text = &s->source->text[s->at], .line = s->line, .column = column(s)};
    size_t start = s->at;
    if (peek(s) == '"') {
        take_quoted(s, statement, &word);
    } else {
        while (!at_end(s) && !ends_word(peek(s))) {
            take_octet(s);
        }
        // A quoted string may follow a word without a blank: alpn="h2" is one word.
        if (!at_end(s) && peek(s) == '"' && s->source->text[s->at - 1] == '=') {
            take_quoted(s, statement, &word);
        }
    }
    word.len = s->at - start;
    if (memchr(word.text, '\0', word.len) != NULL) {
        fdns_diag(s->diags, FDNS_ERROR, s->source, word.line, word.column,
                  "a NUL octet; it is written \\000");
        statement->bad = true;
    }
    statement->words = fdns_arena_grow(arena, statement->words, statement->n_words,
                                       statement->n_words + 1, sizeof word, &statement->capacity);
    statement->words[statement->n_words++] = word;
}

static void skip_comment(struct fdns_statements *s)
{
    while (!at_end(s) && peek(s) != '\n') {
        s->at++;
    }
}

// Where the outermost open parenthesis is, and how many are open.
struct parens {
    unsigned depth;
    unsigned line, column;
};

static void take_paren(struct fdns_statements *s, struct fdns_statement *statement,
                       struct parens *parens)
{
    if (peek(s) == '(') {
        if (parens->depth++ == 0) {
            parens->line = s->line;
            parens->column = column(s);
        }
    } else if (parens->depth > 0) {
        parens->depth--;
    } else {
        fdns_diag(s->diags, FDNS_ERROR, s->source, s->line, column(s),
                  "a closing parenthesis without an open one");
        statement->bad = true;
    }
    s->at++;
}

// Reads up to and including the end of a line that no parenthesis continues.
static void read_line(struct fdns_statements *s, struct fdns_arena *arena,
                      struct fdns_statement *statement)
{
    struct parens parens = {0};
    statement->blank_start = is_blank(peek(s));
    while (!at_end(s)) {
        char c = peek(s);
        if (c == '\n') {
            take_newline(s);
            if (parens.depth == 0) {
                return;
            }
        } else if (is_blank(c)) {
            s->at++;
        } else if (c == ';') {
            skip_comment(s);
        } else if (c == '(' || c == ')') {
            take_paren(s, statement, &parens);
        } else {
            take_word(s, arena, statement);
        }
    }
    if (parens.depth > 0) {
        fdns_diag(s->diags, FDNS_ERROR, s->source, parens.line, parens.column,
                  "the parenthesis is never closed");
        statement->bad = true;
    }
}

bool fdns_statements_next(struct fdns_statements *statements, struct fdns_arena *arena,
                          struct fdns_statement *statement)
{
    while (!at_end(statements)) {
        *statement = (struct fdns_statement){0};
        read_line(statements, arena, statement);
        if (statement->n_words > 0) {
            return true;
        }
    }
    return false;
}
