#include "fakedns/reply/tsig.h"

#include "fakedns/base/cursor.h"

#include <string.h>

enum {
    BADKEY = 17,
    TIME_AND_FUDGE = 8, // octets behind the algorithm
    TAIL = 8,           // MAC size, original id, error, size of other data
};

// The rdata to answer with, or NULL.
static const struct fdns_rdata *bad_key(struct fdns_reply *reply, const struct fdns_view_rr *tsig)
{
    const struct fdns_view *query = reply->query;
    size_t end = tsig->rdata_at + tsig->rdata_len;
    uint8_t algorithm[FDNS_NAME_MAX];
    struct fdns_cursor cursor = fdns_cursor(query->bytes, end);
    if (!fdns_view_name(query, tsig->rdata_at, algorithm, &cursor.pos) || cursor.pos > end) {
        return NULL;
    }
    const uint8_t *time = fdns_cursor_take(&cursor, TIME_AND_FUDGE);
    fdns_cursor_take(&cursor, fdns_cursor_u16(&cursor)); // the MAC
    uint16_t original_id = fdns_cursor_u16(&cursor);
    fdns_cursor_u16(&cursor); // the error
    fdns_cursor_take(&cursor, fdns_cursor_u16(&cursor));
    if (cursor.bad || fdns_cursor_left(&cursor) != 0) {
        return NULL;
    }
    const uint8_t tail[TAIL] = {0, 0, (uint8_t)(original_id >> 8), (uint8_t)original_id, 0, BADKEY,
                                0, 0};
    size_t name_len = fdns_name_len(algorithm);
    size_t len = name_len + TIME_AND_FUDGE + TAIL;
    uint8_t *octets = fdns_arena_alloc(reply->arena, len);
    memcpy(octets, algorithm, name_len);
    memcpy(octets + name_len, time, TIME_AND_FUDGE);
    memcpy(octets + name_len + TIME_AND_FUDGE, tail, TAIL);
    struct fdns_rdata *rdata = fdns_arena_alloc(reply->arena, sizeof *rdata);
    *rdata = (struct fdns_rdata){octets, (uint16_t)len};
    return rdata;
}

void fdns_tsig_answer(struct fdns_reply *reply, const struct fdns_view_rr *tsig)
{
    uint8_t key[FDNS_NAME_MAX];
    const struct fdns_rdata *rdata = bad_key(reply, tsig);
    if (rdata == NULL || !fdns_view_name(reply->query, tsig->at, key, NULL)) {
        reply->rcode = FDNS_FORMERR;
        return;
    }
    reply->rcode = FDNS_NOTAUTH;
    struct fdns_rrset *rrset = fdns_arena_alloc(reply->arena, sizeof *rrset);
    *rrset = (struct fdns_rrset){.owner = fdns_name_copy(reply->arena, key),
                                 .type = FDNS_TYPE_TSIG,
                                 .rr_class = FDNS_CLASS_ANY,
                                 .rdatas = rdata,
                                 .n_rdatas = 1};
    reply->tsig = rrset;
}
