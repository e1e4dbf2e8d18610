// Any octets as the rdata of a TXT record: the key record that is read from it names places inside
// of it, and what is shown of it is one safe line with carets that stand below it. As JSON it comes
// back as it was.
#include "harness/check/dkim/key.h"
#include "harness/check/dkim/text.h"
#include "harness/check/excerpt.h"
#include "harness/report/prose.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_span(struct fdns_arena *arena, const struct dc_key *key, struct dc_span span)
{
    assert(span.at <= key->text_len && span.len <= key->text_len - span.at);
    const char *octets = dc_text_octets(arena, key, span);
    for (const char *c = octets != NULL ? octets : ""; *c != '\0'; c++) {
        assert(*c >= ' ' && *c <= '~');
    }
}

static void check_shown(const struct dc_excerpt *excerpt)
{
    struct fdns_buf out;
    fdns_buf_init(&out, 1 << 16);
    const struct dc_prose prose = {.out = &out};
    dc_prose_excerpt(&prose, excerpt);
    const char *text = fdns_buf_text(&out);
    size_t n_lines = 0;
    for (size_t i = 0; text[i] != '\0'; i++) {
        bool ellipsis = strncmp(text + i, "\xe2\x80\xa6", 3) == 0;
        i += ellipsis ? 2 : 0;
        n_lines += text[i] == '\n' ? 1 : 0;
        assert(ellipsis || text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
    }
    assert(n_lines == 2 || n_lines == 3);
    assert(strstr(text, "##[") == NULL);
    fdns_buf_clear(&out);
}

static void check_json(struct fdns_arena *arena, const struct dc_excerpt *excerpt)
{
    struct dc_json_reader reader = {.arena = arena};
    json_t *object = dc_json_object();
    dc_json_set(object, "excerpt", dc_excerpt_json(excerpt));
    const struct dc_excerpt *back = dc_excerpt_read(&reader, object);
    assert(reader.why == NULL && back != NULL);
    assert(back->at == excerpt->at && back->len == excerpt->len);
    json_t *again = dc_excerpt_json(back);
    assert(json_equal(again, json_object_get(object, "excerpt")));
    json_decref(again);
    json_decref(object);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fdns_arena arena;
    struct dc_key key;
    if (size > UINT16_MAX) {
        return 0;
    }
    fdns_arena_init(&arena, 0);
    dc_key_parse(&key, &arena, data, size);
    check_span(&arena, &key, key.place);
    for (unsigned i = 0; i < DC_KEY_N_NOTES; i++) {
        if (key.notes & 1U << i) {
            check_span(&arena, &key, key.note_spans[i]);
        }
    }
    assert(key.flaw != DC_KEY_GOOD || key.octets != NULL);
    const struct dc_excerpt excerpt = {
        .rdata = data, .rdata_len = size, .at = key.place.at, .len = key.place.len};
    check_shown(&excerpt);
    check_json(&arena, &excerpt);
    fdns_arena_clear(&arena);
    return 0;
}
