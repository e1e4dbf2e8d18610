#include "fakedns/reply/sound.h"

#include "fakedns/wire/shape.h"

bool fdns_query_is_readable(const struct fdns_view *query)
{
    return query->flaw == FDNS_FLAW_NONE || query->flaw == FDNS_FLAW_TRAILING;
}

static bool opt_is_sound(const struct fdns_view *query, const struct fdns_view_rr *rr)
{
    return rr->section == FDNS_ADDITIONAL && query->n_opt == 1 && query->bytes[rr->at] == 0 &&
           (query->edns.version > 0 || !query->edns.options_bad);
}

static bool tsig_is_sound(const struct fdns_view *query, const struct fdns_view_rr *rr)
{
    return rr->section == FDNS_ADDITIONAL && rr == &query->rrs[query->n_rrs - 1];
}

// Steps over a name in rdata that ends at rdata_end. Pointers may lead anywhere before it.
static bool pass_name(const struct fdns_view *query, size_t rdata_end, size_t *at)
{
    uint8_t name[FDNS_NAME_MAX];
    size_t end = 0;
    if (!fdns_view_name(query, *at, name, &end) || end > rdata_end) {
        return false;
    }
    *at = end;
    return true;
}

static bool rdata_is_sound(const struct fdns_view *query, const struct fdns_view_rr *rr)
{
    const char *shape = rr->rr_class == FDNS_CLASS_IN ? fdns_shape(rr->type) : NULL;
    if (shape == NULL) {
        return true;
    }
    size_t end = rr->rdata_at + rr->rdata_len;
    struct fdns_cursor cursor = fdns_cursor(query->bytes, end);
    cursor.pos = rr->rdata_at;
    for (; *shape != '\0'; shape++) {
        size_t len = 0;
        bool name = *shape == 'n' || *shape == 'N';
        if (name ? !pass_name(query, end, &cursor.pos)
                 : fdns_shape_take(&cursor, *shape, &len) == NULL) {
            return false;
        }
    }
    return fdns_cursor_left(&cursor) == 0;
}

bool fdns_query_is_sound(const struct fdns_view *query)
{
    for (size_t i = 0; i < query->n_rrs; i++) {
        const struct fdns_view_rr *rr = &query->rrs[i];
        bool sound = rr->type == FDNS_TYPE_OPT    ? opt_is_sound(query, rr)
                     : rr->type == FDNS_TYPE_TSIG ? tsig_is_sound(query, rr)
                                                  : rdata_is_sound(query, rr);
        if (!sound) {
            return false;
        }
    }
    return true;
}

const struct fdns_view_rr *fdns_query_tsig(const struct fdns_view *query)
{
    const struct fdns_view_rr *last = query->n_rrs > 0 ? &query->rrs[query->n_rrs - 1] : NULL;
    return last != NULL && last->type == FDNS_TYPE_TSIG ? last : NULL;
}
