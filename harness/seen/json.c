#include "harness/seen/json.h"

#include "fakedns/base/escape.h"
#include "fakedns/base/fatal.h"

#include <string.h>

static json_t *sure(json_t *value)
{
    if (value == NULL) {
        fdns_fatal("out of memory for JSON");
    }
    return value;
}

json_t *dc_json_string(const char *text)
{
    if (text == NULL) {
        return json_null();
    }
    json_t *plain = json_string(text);
    if (plain != NULL) {
        return plain;
    }
    struct fdns_buf escaped;
    fdns_buf_init(&escaped, 4 * strlen(text) + 1);
    fdns_escape(&escaped, text, strlen(text));
    json_t *value = sure(json_string(fdns_buf_text(&escaped)));
    fdns_buf_clear(&escaped);
    return value;
}

json_t *dc_json_hex(const void *octets, size_t len)
{
    if (octets == NULL) {
        return json_null();
    }
    struct fdns_buf hex;
    fdns_buf_init(&hex, 2 * len);
    fdns_buf_hex(&hex, octets, len);
    json_t *value = sure(json_string_nocheck(fdns_buf_text(&hex)));
    fdns_buf_clear(&hex);
    return value;
}

json_t *dc_json_object(void)
{
    return sure(json_object());
}

json_t *dc_json_array(void)
{
    return sure(json_array());
}

json_t *dc_json_strings(const char *const *texts, size_t n)
{
    json_t *array = dc_json_array();
    for (size_t i = 0; i < n; i++) {
        dc_json_append(array, dc_json_string(texts[i]));
    }
    return array;
}

void dc_json_set(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new_nocheck(object, key, sure(value)) != 0) {
        fdns_fatal("out of memory for JSON");
    }
}

void dc_json_append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, sure(value)) != 0) {
        fdns_fatal("out of memory for JSON");
    }
}

json_t *dc_json_load(struct fdns_arena *arena, const void *data, size_t len, const char **why)
{
    json_error_t error;
    if (len > DC_JSON_FILE_MAX) {
        *why = fdns_arena_format(arena, "larger than %d MiB", DC_JSON_FILE_MAX / (1024 * 1024));
        return NULL;
    }
    json_t *json = json_loadb(len != 0 ? data : "", len, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        *why = fdns_arena_format(arena, "line %d, column %d: %s", error.line, error.column,
                                 error.text);
    }
    return json;
}
