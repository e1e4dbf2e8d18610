// The tag-list of DKIM (RFC 6376 3.2): name=value pairs between semicolons. Names and values are
// case-sensitive, white space around them does not count, a tag may stand only once.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct dc_tag {
    const char *name; // in the text, not terminated
    size_t name_len;
    const char *value; // white space around it cut off
    size_t value_len;
};

enum { DC_TAGS_MAX = 32 }; // more than any record has use for; the rest is an error

enum dc_tags_flaw {
    DC_TAGS_GOOD,
    DC_TAGS_NAME,      // a tag without a name, or with one that no tag may have
    DC_TAGS_NO_VALUE,  // no "=" in a tag
    DC_TAGS_OCTET,     // an octet that no value may hold
    DC_TAGS_DUPLICATE, // the same name twice makes the whole list invalid
    DC_TAGS_TOO_MANY,
};

struct dc_tags {
    struct dc_tag tags[DC_TAGS_MAX];
    size_t n_tags;          // what could be read, also behind a flaw
    enum dc_tags_flaw flaw; // the first
    size_t flaw_at;         // offset in the text
    size_t flaw_len;        // of the name, tag or octet that is wrong
};

// Reads all it can; the tags point into text.
void dc_tags_parse(struct dc_tags *tags, const char *text, size_t len);
// NULL if there is none.
const struct dc_tag *dc_tags_find(const struct dc_tags *tags, const char *name);
bool dc_tag_is(const struct dc_tag *tag, const char *value);
// The value is a colon-separated list that has the word in it (h=, s=, t=).
bool dc_tag_lists(const struct dc_tag *tag, const char *word);
// FWS of RFC 6376 2.8, and the bare line ends that people leave in.
bool dc_tags_is_blank(char c);
// c is one of the characters of set, and not NUL.
bool dc_tags_is_one_of(char c, const char *set);
