#include "harness/check/message/mail.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static size_t count_bare(const char *octets, size_t len)
{
    size_t n = 0;
    for (const char *at = octets; (at = memchr(at, '\n', len - (size_t)(at - octets))) != NULL;
         at++) {
        n += at == octets || at[-1] != '\r' ? 1 : 0;
    }
    return n;
}

// The octets with CRLF at every end of a line.
static const char *with_crlf(struct fdns_arena *arena, const char *octets, size_t *len)
{
    size_t n_bare = *len > 0 ? count_bare(octets, *len) : 0;
    if (n_bare == 0) {
        return octets;
    }
    char *out = fdns_arena_alloc(arena, *len + n_bare);
    size_t n = 0;
    for (size_t i = 0; i < *len; i++) {
        if (octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r')) {
            out[n++] = '\r';
        }
        out[n++] = octets[i];
    }
    *len = n;
    return out;
}

size_t dc_line_len(const char *text, size_t len, size_t *whole)
{
    size_t from = 0;
    while (from < len) {
        const char *end = memchr(text + from, '\n', len - from);
        if (end == NULL) {
            break;
        }
        from = (size_t)(end - text) + 1;
        if (from >= 2 && end[-1] == '\r') {
            *whole = from;
            return from - 2;
        }
    }
    *whole = len;
    return len;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct header {
    struct fdns_arena *arena;
    struct dc_mail *mail;
    struct dc_field *fields;
    size_t capacity;
    size_t n_signatures;
    size_t line;
    bool open; // the last line belongs to a field, so that a folded one continues it
};

static void odd(struct header *header)
{
    header->open = false;
    if (header->mail->n_odd_lines++ == 0) {
        header->mail->odd_line = header->line;
    }
}

// Visible ASCII (RFC 5322 2.2), so that "From robin Thu Jan 1 00:00:00" of a mailbox is none.
static bool is_name(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] <= ' ' || text[i] > '~') {
            return false;
        }
    }
    return len > 0;
}

static void begin_field(struct header *header, const char *text, size_t len)
{
    static const char signature[] = "DKIM-Signature";
    const char *colon = memchr(text, ':', len);
    struct dc_field field = {.text = text, .len = len};
    field.name_len = colon != NULL ? (size_t)(colon - text) : 0;
    while (field.name_len > 0 && is_blank(text[field.name_len - 1])) {
        field.name_len--;
    }
    if (!is_name(text, field.name_len)) {
        odd(header);
        return;
    }
    field.value = colon + 1;
    field.value_len = len - (size_t)(colon + 1 - text);
    header->n_signatures += dc_field_is(&field, signature, sizeof signature - 1) ? 1 : 0;
    header->fields = fdns_arena_grow(header->arena, header->fields, header->mail->n_fields,
                                     header->mail->n_fields + 1, sizeof field, &header->capacity);
    header->fields[header->mail->n_fields++] = field;
    header->open = true;
}

static void continue_field(struct header *header, const char *end)
{
    struct dc_field *field = &header->fields[header->mail->n_fields - 1];
    field->len = (size_t)(end - field->text);
    field->value_len = (size_t)(end - field->value);
}

// Reads lines up to the empty one; returns the offset of what is behind it.
static size_t read_header(struct header *header, const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && at <= DC_MAIL_HEADER_MAX) {
        size_t whole;
        size_t n = dc_line_len(text + at, len - at, &whole);
        header->line++;
        if (n == 0) {
            return at + whole;
        }
        if (!is_blank(text[at])) {
            begin_field(header, text + at, n);
        } else if (header->open) {
            continue_field(header, text + at + n);
        } else {
            odd(header);
        }
        at += whole;
    }
    return at;
}

static int compare_names(const char *a, size_t a_len, const char *b, size_t b_len)
{
    int order = strncasecmp(a, b, a_len < b_len ? a_len : b_len);
    return order != 0 ? order : a_len < b_len ? -1 : a_len > b_len ? 1 : 0;
}

static int by_name(const void *a, const void *b)
{
    const struct dc_field *const *first = a;
    const struct dc_field *const *second = b;
    int order =
        compare_names((*first)->text, (*first)->name_len, (*second)->text, (*second)->name_len);
    return order != 0 ? order : *first > *second ? -1 : 1;
}

static void index_fields(struct fdns_arena *arena, struct dc_mail *mail)
{
    const struct dc_field **index = fdns_arena_array(arena, mail->n_fields, sizeof *index);
    for (size_t i = 0; i < mail->n_fields; i++) {
        index[i] = &mail->fields[i];
    }
    qsort(index, mail->n_fields, sizeof *index, by_name);
    mail->by_name = index;
}

bool dc_mail_parse(struct dc_mail *mail, struct fdns_arena *arena, const char *octets, size_t len,
                   const char **why)
{
    *mail = (struct dc_mail){0};
    if (len > DC_MAIL_MAX) {
        *why = "it is larger than 64 MiB";
        return false;
    }
    const char *text = with_crlf(arena, octets, &len);
    struct header header = {.arena = arena, .mail = mail};
    size_t body_at = read_header(&header, text, len);
    mail->fields = header.fields;
    mail->body = text + body_at;
    mail->body_len = len - body_at;
    if (body_at > DC_MAIL_HEADER_MAX) {
        *why = "its header is larger than 1 MiB";
    } else if (header.n_signatures > DC_MAIL_SIGNATURES_MAX) {
        *why = fdns_arena_format(arena,
                                 "it has %zu DKIM-Signature fields, and more than %d are "
                                 "not looked at",
                                 header.n_signatures, DC_MAIL_SIGNATURES_MAX);
    } else if (mail->n_fields == 0) {
        *why = len == 0 ? "it is empty" : "it has no header field";
    } else {
        index_fields(arena, mail);
        return true;
    }
    return false;
}

bool dc_field_is(const struct dc_field *field, const char *name, size_t len)
{
    return compare_names(field->text, field->name_len, name, len) == 0;
}

size_t dc_mail_named(const struct dc_mail *mail, const char *name, size_t len, size_t *first)
{
    size_t low = 0;
    size_t high = mail->n_fields;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct dc_field *field = mail->by_name[middle];
        if (compare_names(field->text, field->name_len, name, len) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *first = low;
    while (high < mail->n_fields && dc_field_is(mail->by_name[high], name, len)) {
        high++;
    }
    return high - low;
}
