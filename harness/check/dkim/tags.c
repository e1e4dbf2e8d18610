#include "harness/check/dkim/tags.h"

#include <string.h>

bool dc_tags_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool dc_tags_is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static void trim(const char **text, size_t *len)
{
    while (*len > 0 && dc_tags_is_blank((*text)[0])) {
        (*text)++;
        (*len)--;
    }
    while (*len > 0 && dc_tags_is_blank((*text)[*len - 1])) {
        (*len)--;
    }
}

static void flaw(struct dc_tags *tags, enum dc_tags_flaw what, size_t at, size_t len)
{
    if (tags->flaw == DC_TAGS_GOOD) {
        tags->flaw = what;
        tags->flaw_at = at;
        tags->flaw_len = len;
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// tag-name = ALPHA *(ALPHA / DIGIT / "_")
static bool is_name(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool later = i > 0 && ((text[i] >= '0' && text[i] <= '9') || text[i] == '_');
        if (!is_letter(text[i]) && !later) {
            return false;
        }
    }
    return len > 0;
}

// Offset of the first octet that is neither VALCHAR (%x21-3A / %x3C-7E) nor blank, or len.
static size_t foreign_octet(const char *value, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool printable = value[i] >= 0x21 && value[i] <= 0x7e;
        if (!printable && !dc_tags_is_blank(value[i])) {
            return i;
        }
    }
    return len;
}

static bool same_name(const struct dc_tag *tag, const char *name, size_t len)
{
    return tag->name_len == len && memcmp(tag->name, name, len) == 0;
}

static const struct dc_tag *find(const struct dc_tags *tags, const char *name, size_t len)
{
    for (size_t i = 0; i < tags->n_tags; i++) {
        if (same_name(&tags->tags[i], name, len)) {
            return &tags->tags[i];
        }
    }
    return NULL;
}

static void add(struct dc_tags *tags, const struct dc_tag *tag, size_t at)
{
    if (find(tags, tag->name, tag->name_len) != NULL) {
        flaw(tags, DC_TAGS_DUPLICATE, at, tag->name_len);
    } else if (tags->n_tags == DC_TAGS_MAX) {
        flaw(tags, DC_TAGS_TOO_MANY, at, tag->name_len);
    } else {
        tags->tags[tags->n_tags++] = *tag;
    }
}

// One tag-spec: text is all of the list, [at, at + len) the part.
static void parse_spec(struct dc_tags *tags, const char *text, size_t at, size_t len)
{
    const char *equals = memchr(text + at, '=', len);
    struct dc_tag tag = {.name = text + at, .name_len = len};
    if (equals != NULL) {
        tag.name_len = (size_t)(equals - tag.name);
        tag.value = equals + 1;
        tag.value_len = len - tag.name_len - 1;
        trim(&tag.value, &tag.value_len);
    }
    trim(&tag.name, &tag.name_len);
    if (!is_name(tag.name, tag.name_len)) {
        flaw(tags, DC_TAGS_NAME, (size_t)(tag.name - text), tag.name_len);
    } else if (equals == NULL) {
        flaw(tags, DC_TAGS_NO_VALUE, (size_t)(tag.name - text), tag.name_len);
    } else {
        size_t foreign = foreign_octet(tag.value, tag.value_len);
        if (foreign < tag.value_len) {
            flaw(tags, DC_TAGS_OCTET, (size_t)(tag.value - text) + foreign, 1);
        }
        add(tags, &tag, (size_t)(tag.name - text));
    }
}

static bool all_blank(const char *text, size_t len)
{
    trim(&text, &len);
    return len == 0;
}

void dc_tags_parse(struct dc_tags *tags, const char *text, size_t len)
{
    *tags = (struct dc_tags){.flaw = DC_TAGS_GOOD};
    for (size_t at = 0; at < len;) {
        const char *end = memchr(text + at, ';', len - at);
        size_t n = end != NULL ? (size_t)(end - text) - at : len - at;
        bool last = end == NULL;
        // one semicolon may end the list (tag-list = tag-spec *( ";" tag-spec ) [ ";" ])
        if (!last || !all_blank(text + at, n)) {
            parse_spec(tags, text, at, n);
        }
        at += n + 1;
    }
}

const struct dc_tag *dc_tags_find(const struct dc_tags *tags, const char *name)
{
    return find(tags, name, strlen(name));
}

bool dc_tag_is(const struct dc_tag *tag, const char *value)
{
    return tag->value_len == strlen(value) && memcmp(tag->value, value, tag->value_len) == 0;
}

bool dc_tag_lists(const struct dc_tag *tag, const char *word)
{
    for (size_t at = 0; at <= tag->value_len;) {
        const char *start = tag->value + at;
        const char *end = memchr(start, ':', tag->value_len - at);
        size_t len = end != NULL ? (size_t)(end - start) : tag->value_len - at;
        at += len + 1;
        trim(&start, &len);
        if (len == strlen(word) && memcmp(start, word, len) == 0) {
            return true;
        }
    }
    return false;
}
