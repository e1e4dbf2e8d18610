// JSON of hostile origin or with hostile content, through jansson.
//
// Writing: nothing here returns NULL, so that no value gets lost on its way out; out of memory
// aborts. Reading: a reader keeps the first mistake and goes on with harmless values, so that code
// reads on and looks once at the end.
#pragma once

#include "fakedns/base/arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The one ceiling of a document, for whoever writes one and for whoever reads it: what this program
// has saved it can read again.
enum { DC_JSON_FILE_MAX = 1024 * 1024 * 1024 };

// JSON has no form for octets that are no UTF-8: such a text is written with \xNN in place of
// everything that is not a visible character. NULL becomes null.
json_t *dc_json_string(const char *text);
// Lower-case hexadecimal; NULL becomes null.
json_t *dc_json_hex(const void *octets, size_t len);
json_t *dc_json_object(void);
json_t *dc_json_array(void);
// Strings as an array.
json_t *dc_json_strings(const char *const *texts, size_t n);
// All take over the reference to value.
void dc_json_set(json_t *object, const char *key, json_t *value);
void dc_json_append(json_t *array, json_t *value);

// Parses a whole document of at most DC_JSON_FILE_MAX octets, nested at most as deep as jansson
// allows (2,048), without duplicate keys. New reference; NULL with *why in arena.
json_t *dc_json_load(struct fdns_arena *arena, const void *data, size_t len, const char **why);

struct dc_json_reader {
    struct fdns_arena *arena; // of what is read and of why
    const char *where;        // put before a mistake: "findings[3]"; NULL at the top
    const char *why;          // the first mistake; NULL if there was none
};

// Records a mistake unless there is one already.
void dc_json_wrong(struct dc_json_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Members of an object. Absent and null mean the same. If `required` their absence is a mistake,
// and so is another type or a value out of range always. A copy lives in the arena; NULL if absent.
const char *dc_json_text(struct dc_json_reader *reader, const json_t *object, const char *key,
                         bool required);
// `otherwise` if absent.
int64_t dc_json_integer(struct dc_json_reader *reader, const json_t *object, const char *key,
                        int64_t min, int64_t max, int64_t otherwise);
// NULL if absent; an empty string gives a pointer and length 0.
const uint8_t *dc_json_octets(struct dc_json_reader *reader, const json_t *object, const char *key,
                              size_t max, size_t *len);
// Borrowed; NULL if absent. More than max elements are a mistake.
const json_t *dc_json_list(struct dc_json_reader *reader, const json_t *object, const char *key,
                           size_t max);
// An array of strings in the arena; *n is 0 if absent.
const char *const *dc_json_texts(struct dc_json_reader *reader, const json_t *object,
                                 const char *key, size_t max, size_t *n);
