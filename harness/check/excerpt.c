#include "harness/check/excerpt.h"

#include <string.h>

enum { RDATA_MAX = 65535, STRING_MAX = 255, STRINGS_MAX = RDATA_MAX };

const uint8_t *dc_excerpt_next(const struct dc_excerpt *excerpt, size_t *at, size_t *len)
{
    if (*at >= excerpt->rdata_len) {
        return NULL;
    }
    size_t left = excerpt->rdata_len - *at - 1;
    const uint8_t *string = excerpt->rdata + *at + 1;
    *len = excerpt->rdata[*at] <= left ? excerpt->rdata[*at] : left;
    *at += 1 + *len;
    return string;
}

json_t *dc_excerpt_json(const struct dc_excerpt *excerpt)
{
    if (excerpt == NULL) {
        return json_null();
    }
    json_t *strings = dc_json_array();
    const uint8_t *string;
    size_t len;
    for (size_t at = 0; (string = dc_excerpt_next(excerpt, &at, &len)) != NULL;) {
        dc_json_append(strings, dc_json_hex(string, len));
    }
    json_t *json = dc_json_object();
    dc_json_set(json, "strings", strings);
    dc_json_set(json, "at", json_integer((json_int_t)excerpt->at));
    dc_json_set(json, "len", json_integer((json_int_t)excerpt->len));
    return json;
}

// One string of hexadecimal digits at the end of the rdata.
static void read_string(struct dc_json_reader *reader, const json_t *json, uint8_t *rdata,
                        size_t *rdata_len)
{
    // the reader reads members of objects
    json_t *member = dc_json_object();
    size_t len = 0;
    dc_json_set(member, "strings", json_deep_copy(json));
    const uint8_t *octets = dc_json_octets(reader, member, "strings", STRING_MAX, &len);
    json_decref(member);
    if (octets == NULL || *rdata_len + 1 + len > RDATA_MAX) {
        dc_json_wrong(reader, "\"excerpt\" is no TXT record");
        return;
    }
    rdata[*rdata_len] = (uint8_t)len;
    memcpy(rdata + *rdata_len + 1, octets, len);
    *rdata_len += 1 + len;
}

const struct dc_excerpt *dc_excerpt_read(struct dc_json_reader *reader, const json_t *object)
{
    const json_t *json = json_object_get(object, "excerpt");
    if (json == NULL || json_is_null(json)) {
        return NULL;
    }
    if (!json_is_object(json)) {
        dc_json_wrong(reader, "\"excerpt\" is not an object");
        return NULL;
    }
    const json_t *strings = dc_json_list(reader, json, "strings", STRINGS_MAX);
    size_t n = json_array_size(strings);
    struct dc_excerpt *excerpt = fdns_arena_alloc(reader->arena, sizeof *excerpt);
    uint8_t *rdata = fdns_arena_alloc(reader->arena, n * (1 + STRING_MAX) + 1);
    for (size_t i = 0; i < n && reader->why == NULL; i++) {
        read_string(reader, json_array_get(strings, i), rdata, &excerpt->rdata_len);
    }
    excerpt->rdata = rdata;
    excerpt->at = (size_t)dc_json_integer(reader, json, "at", 0, RDATA_MAX, 0);
    excerpt->len = (size_t)dc_json_integer(reader, json, "len", 0, RDATA_MAX, 0);
    return excerpt;
}
