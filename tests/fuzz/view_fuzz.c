// Any bytes as a message: whatever the view says is there can be read, and its text is safe.
#include "fakedns/wire/show.h"
#include "fakedns/wire/view.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_rr(const struct fdns_view *view, const struct fdns_view_rr *rr,
                    struct fdns_arena *arena)
{
    uint8_t name[FDNS_NAME_MAX];
    struct fdns_soa soa;
    uint16_t len;
    size_t end;
    assert(rr->rdata_at + rr->rdata_len <= view->end);
    assert(fdns_view_name(view, rr->at, name, &end) && end + 10 == rr->rdata_at);
    assert(fdns_name_measure(name, sizeof name) == fdns_name_len(name));
    assert(fdns_view_owner_is(view, rr, name));
    if (fdns_view_rdata_name(view, rr, name) || fdns_view_soa(view, rr, &soa)) {
        assert(fdns_view_rdata(view, rr, arena, &len) != NULL);
    }
}

static void check_text(const struct fdns_view *view)
{
    struct fdns_buf text;
    fdns_buf_init(&text, 1 << 22);
    fdns_view_show(view, &text);
    for (size_t i = 0; i < text.len; i++) {
        assert(text.data[i] == '\n' || (text.data[i] >= ' ' && text.data[i] <= '~'));
    }
    fdns_buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fdns_arena arena;
    struct fdns_view view;
    uint8_t name[FDNS_NAME_MAX];
    fdns_arena_init(&arena, 0);
    fdns_view_init(&view, &arena, data, size);
    assert(view.end <= size && view.flaw_at <= size);
    assert(view.flaw != FDNS_FLAW_NONE || view.end == size);
    for (size_t i = 0; i < view.n_questions; i++) {
        assert(fdns_view_name(&view, view.questions[i].at, name, NULL));
    }
    for (size_t i = 0; i < view.n_rrs; i++) {
        read_rr(&view, &view.rrs[i], &arena);
    }
    check_text(&view);
    fdns_arena_clear(&arena);
    return 0;
}
