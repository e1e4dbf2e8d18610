#include "fakedns/wire/view.h"

#include "fakedns/wire/unpack.h"

#include <string.h>

enum {
    QUESTION_MIN = 5, // root name, type, class
    RR_MIN = 11,      // root name, type, class, TTL, RDLENGTH
};

const char *fdns_flaw_text(enum fdns_flaw flaw)
{
#define FLAW_TEXT(name, text) text,
    static const char *const texts[] = {FDNS_FLAWS(FLAW_TEXT)};
#undef FLAW_TEXT
    return texts[flaw];
}

static uint16_t u16(const uint8_t *at)
{
    return (uint16_t)((unsigned)at[0] << 8 | at[1]);
}

static uint32_t u32(const uint8_t *at)
{
    return (uint32_t)u16(at) << 16 | u16(at + 2);
}

static bool fail(struct fdns_view *view, enum fdns_flaw flaw, size_t at)
{
    view->flaw = flaw;
    view->flaw_at = at;
    return false;
}

// The name at view->end; *end is behind it.
static bool read_name(struct fdns_view *view, size_t *end)
{
    if (view->end == view->len) {
        return fail(view, FDNS_FLAW_COUNT, view->end);
    }
    size_t bad = 0;
    enum fdns_flaw flaw = fdns_unpack(view->bytes, view->len, view->end, NULL, end, &bad);
    return flaw == FDNS_FLAW_NONE || fail(view, flaw, bad);
}

static bool read_question(struct fdns_view *view, struct fdns_view_question *question)
{
    size_t at = 0;
    if (!read_name(view, &at)) {
        return false;
    }
    if (view->len - at < 4) {
        return fail(view, FDNS_FLAW_RECORD_CUT, view->end);
    }
    question->at = view->end;
    question->len = at + 4 - view->end;
    question->type = u16(view->bytes + at);
    question->rr_class = u16(view->bytes + at + 2);
    view->end = at + 4;
    return true;
}

static bool read_rr(struct fdns_view *view, enum fdns_section section, struct fdns_view_rr *rr)
{
    size_t at = 0;
    if (!read_name(view, &at)) {
        return false;
    }
    if (view->len - at < 10 || view->len - at - 10 < u16(view->bytes + at + 8)) {
        return fail(view, FDNS_FLAW_RECORD_CUT, view->end);
    }
    const uint8_t *fields = view->bytes + at;
    *rr = (struct fdns_view_rr){
        .section = section,
        .at = view->end,
        .type = u16(fields),
        .rr_class = u16(fields + 2),
        .ttl = u32(fields + 4),
        .rdata_at = at + 10,
        .rdata_len = u16(fields + 8),
    };
    view->end = rr->rdata_at + rr->rdata_len;
    return true;
}

static bool options_overrun(const struct fdns_edns *edns)
{
    size_t at = 0;
    uint16_t code;
    uint16_t len;
    const uint8_t *data;
    while (fdns_edns_next(edns, &at, &code, &data, &len)) {
    }
    return at != edns->options_len;
}

static void note_opt(struct fdns_view *view, const struct fdns_view_rr *rr)
{
    if (view->n_opt++ != 0) {
        return;
    }
    view->edns = (struct fdns_edns){
        .present = true,
        .udp_size = rr->rr_class,
        .extended_rcode = (uint8_t)(rr->ttl >> 24),
        .version = (uint8_t)(rr->ttl >> 16),
        .flags = (uint16_t)rr->ttl,
        .options = view->bytes + rr->rdata_at,
        .options_len = rr->rdata_len,
    };
    view->edns.options_bad = options_overrun(&view->edns);
}

// Never more than the message has octets for, whatever its header claims.
static size_t bound(const struct fdns_view *view, size_t promised, size_t smallest)
{
    size_t possible = (view->len - view->end) / smallest;
    return promised < possible ? promised : possible;
}

static bool read_questions(struct fdns_view *view, struct fdns_arena *arena)
{
    size_t room = bound(view, view->counts[0], QUESTION_MIN);
    if (room != 0) {
        view->questions = fdns_arena_array(arena, room, sizeof *view->questions);
    }
    for (unsigned i = 0; i < view->counts[0]; i++) {
        struct fdns_view_question question;
        if (!read_question(view, &question)) {
            return false;
        }
        view->questions[view->n_questions++] = question;
    }
    return true;
}

static bool read_section(struct fdns_view *view, enum fdns_section section)
{
    for (unsigned i = 0; i < view->counts[1 + section]; i++) {
        struct fdns_view_rr rr;
        if (!read_rr(view, section, &rr)) {
            return false;
        }
        view->rrs[view->n_rrs++] = rr;
        if (rr.type == FDNS_TYPE_OPT && section == FDNS_ADDITIONAL) {
            note_opt(view, &rr);
        }
    }
    return true;
}

static bool read_rrs(struct fdns_view *view, struct fdns_arena *arena)
{
    size_t promised = (size_t)view->counts[1] + view->counts[2] + view->counts[3];
    size_t room = bound(view, promised, RR_MIN);
    if (room != 0) {
        view->rrs = fdns_arena_array(arena, room, sizeof *view->rrs);
    }
    return read_section(view, FDNS_ANSWER) && read_section(view, FDNS_AUTHORITY) &&
           read_section(view, FDNS_ADDITIONAL);
}

void fdns_view_init(struct fdns_view *view, struct fdns_arena *arena, const void *bytes, size_t len)
{
    *view = (struct fdns_view){.bytes = bytes, .len = len};
    if (len < FDNS_HEADER_LEN) {
        fail(view, FDNS_FLAW_SHORT_HEADER, len);
        return;
    }
    view->id = u16(view->bytes);
    view->flags = u16(view->bytes + 2);
    for (unsigned i = 0; i < 4; i++) {
        view->counts[i] = u16(view->bytes + 4 + (size_t)i * 2);
    }
    view->end = FDNS_HEADER_LEN;
    if (read_questions(view, arena) && read_rrs(view, arena) && view->end != len) {
        fail(view, FDNS_FLAW_TRAILING, view->end);
    }
}

bool fdns_view_name(const struct fdns_view *view, size_t at, uint8_t out[FDNS_NAME_MAX],
                    size_t *end)
{
    uint8_t name[FDNS_NAME_MAX];
    size_t behind = 0;
    size_t bad = 0;
    if (fdns_unpack(view->bytes, view->len, at, name, &behind, &bad) != FDNS_FLAW_NONE) {
        return false;
    }
    memcpy(out, name, fdns_name_len(name));
    if (end != NULL) {
        *end = behind;
    }
    return true;
}

bool fdns_view_owner_is(const struct fdns_view *view, const struct fdns_view_rr *rr,
                        const uint8_t *name)
{
    return fdns_unpack_is(view->bytes, view->len, rr->at, name, false);
}

bool fdns_edns_next(const struct fdns_edns *edns, size_t *at, uint16_t *code, const uint8_t **data,
                    uint16_t *len)
{
    size_t left = edns->options_len - *at;
    if (left < 4 || left - 4 < u16(edns->options + *at + 2)) {
        return false;
    }
    const uint8_t *option = edns->options + *at;
    *code = u16(option);
    *len = u16(option + 2);
    *data = option + 4;
    *at += 4 + (size_t)*len;
    return true;
}
