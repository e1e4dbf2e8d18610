// Names inside the rdata of a received record.
#include "fakedns/wire/shape.h"
#include "fakedns/wire/unpack.h"

#include <string.h>

// The name at the cursor of rdata that lies in the view's message. The part that stands in the
// rdata must end there; a pointer may lead anywhere before it.
static bool take_name(const struct fdns_view *view, const struct fdns_view_rr *rr,
                      struct fdns_cursor *cursor, uint8_t out[FDNS_NAME_MAX])
{
    size_t end_of_rdata = rr->rdata_at + rr->rdata_len;
    size_t end = 0;
    size_t bad = 0;
    enum fdns_flaw flaw =
        fdns_unpack(view->bytes, end_of_rdata, rr->rdata_at + cursor->pos, out, &end, &bad);
    if (flaw != FDNS_FLAW_NONE) {
        cursor->bad = true;
        return false;
    }
    cursor->pos = end - rr->rdata_at;
    return true;
}

static struct fdns_cursor rdata_cursor(const struct fdns_view *view, const struct fdns_view_rr *rr)
{
    return fdns_cursor(view->bytes + rr->rdata_at, rr->rdata_len);
}

bool fdns_view_rdata_name(const struct fdns_view *view, const struct fdns_view_rr *rr,
                          uint8_t out[FDNS_NAME_MAX])
{
    struct fdns_cursor cursor = rdata_cursor(view, rr);
    uint8_t name[FDNS_NAME_MAX];
    switch (rr->type) {
    case FDNS_TYPE_NS:
    case FDNS_TYPE_CNAME:
    case FDNS_TYPE_DNAME:
    case FDNS_TYPE_PTR:
        break;
    case FDNS_TYPE_MX:
        fdns_cursor_u16(&cursor);
        break;
    default:
        return false;
    }
    if (cursor.bad || !take_name(view, rr, &cursor, name) || fdns_cursor_left(&cursor) != 0) {
        return false;
    }
    memcpy(out, name, fdns_name_len(name));
    return true;
}

bool fdns_view_soa(const struct fdns_view *view, const struct fdns_view_rr *rr,
                   struct fdns_soa *soa)
{
    struct fdns_cursor cursor = rdata_cursor(view, rr);
    struct fdns_soa read;
    if (rr->type != FDNS_TYPE_SOA || !take_name(view, rr, &cursor, read.mname) ||
        !take_name(view, rr, &cursor, read.rname)) {
        return false;
    }
    read.serial = fdns_cursor_u32(&cursor);
    read.refresh = fdns_cursor_u32(&cursor);
    read.retry = fdns_cursor_u32(&cursor);
    read.expire = fdns_cursor_u32(&cursor);
    read.minimum = fdns_cursor_u32(&cursor);
    if (cursor.bad || fdns_cursor_left(&cursor) != 0) {
        return false;
    }
    memcpy(soa->mname, read.mname, fdns_name_len(read.mname));
    memcpy(soa->rname, read.rname, fdns_name_len(read.rname));
    soa->serial = read.serial;
    soa->refresh = read.refresh;
    soa->retry = read.retry;
    soa->expire = read.expire;
    soa->minimum = read.minimum;
    return true;
}

// A name may grow from two octets to 255, and no shape has more than two names.
static size_t room_for(const struct fdns_view_rr *rr)
{
    return (size_t)rr->rdata_len + 2 * (size_t)FDNS_NAME_MAX;
}

static const uint8_t *expand(const struct fdns_view *view, const struct fdns_view_rr *rr,
                             const char *shape, struct fdns_arena *arena, uint16_t *len)
{
    struct fdns_cursor cursor = rdata_cursor(view, rr);
    uint8_t *out = fdns_arena_alloc(arena, room_for(rr));
    size_t n_out = 0;
    for (; *shape != '\0'; shape++) {
        if (*shape == 'n' || *shape == 'N') {
            uint8_t name[FDNS_NAME_MAX];
            if (!take_name(view, rr, &cursor, name)) {
                return NULL;
            }
            size_t n_name = fdns_name_len(name);
            memcpy(out + n_out, name, n_name);
            n_out += n_name;
            continue;
        }
        size_t n_field = 0;
        const uint8_t *field = fdns_shape_take(&cursor, *shape, &n_field);
        if (field == NULL) {
            return NULL;
        }
        memcpy(out + n_out, field, n_field);
        n_out += n_field;
    }
    if (fdns_cursor_left(&cursor) != 0 || n_out > UINT16_MAX) {
        return NULL;
    }
    *len = (uint16_t)n_out;
    return out;
}

const uint8_t *fdns_view_rdata(const struct fdns_view *view, const struct fdns_view_rr *rr,
                               struct fdns_arena *arena, uint16_t *len)
{
    const char *shape = fdns_shape(rr->type);
    if (shape != NULL && fdns_shape_compressed(shape)) {
        return expand(view, rr, shape, arena, len);
    }
    *len = rr->rdata_len;
    return fdns_arena_copy(arena, view->bytes + rr->rdata_at, rr->rdata_len);
}
