#include "fakedns/reply/transfer.h"

enum {
    OPT_LEN = 11,
    DELTA_PARTS = 4,
};

// ---- what is sent

static struct fdns_transfer_part soa_of(const struct fdns_zone *zone)
{
    return (struct fdns_transfer_part){.zone = zone, .n_records = 1};
}

static void start(struct fdns_transfer *transfer, const struct fdns_transfer_part *parts, size_t n)
{
    *transfer = (struct fdns_transfer){.parts = parts, .n_parts = n};
}

void fdns_transfer_whole(struct fdns_transfer *transfer, struct fdns_arena *arena,
                         const struct fdns_zone *zone)
{
    struct fdns_transfer_part *parts = fdns_arena_array(arena, 3, sizeof *parts);
    parts[0] = parts[2] = soa_of(zone);
    parts[1] = (struct fdns_transfer_part){.zone = zone, .all = true, .n_records = zone->n_records};
    start(transfer, parts, 3);
}

void fdns_transfer_soa(struct fdns_transfer *transfer, struct fdns_arena *arena,
                       const struct fdns_zone *zone)
{
    struct fdns_transfer_part *parts = fdns_arena_array(arena, 1, sizeof *parts);
    parts[0] = soa_of(zone);
    start(transfer, parts, 1);
}

static void send_deltas(struct fdns_transfer *transfer, struct fdns_arena *arena,
                        const struct fdns_history *history, size_t first)
{
    size_t n = 0;
    struct fdns_transfer_part *parts =
        fdns_arena_array(arena, 2 + DELTA_PARTS * (history->n_deltas - first), sizeof *parts);
    parts[n++] = soa_of(history->now);
    for (size_t i = first; i < history->n_deltas; i++) {
        const struct fdns_delta *delta = history->deltas[i];
        parts[n++] = soa_of(delta->from);
        parts[n++] =
            (struct fdns_transfer_part){.records = delta->removed, .n_records = delta->n_removed};
        parts[n++] = soa_of(delta->to);
        parts[n++] =
            (struct fdns_transfer_part){.records = delta->added, .n_records = delta->n_added};
    }
    parts[n++] = soa_of(history->now);
    start(transfer, parts, n);
}

// Serial arithmetic (RFC 1982 3.2).
static bool is_newer(uint32_t a, uint32_t b)
{
    return a != b && a - b < UINT32_C(0x80000000);
}

void fdns_transfer_since(struct fdns_transfer *transfer, struct fdns_arena *arena,
                         const struct fdns_history *history, uint32_t serial)
{
    uint32_t now = fdns_zone_serial(history->now);
    if (serial == now || is_newer(serial, now)) {
        fdns_transfer_soa(transfer, arena, history->now);
        return;
    }
    // The newest version with that serial: an edit may have left it as it was.
    for (size_t i = history->n_deltas; i-- > 0;) {
        if (fdns_zone_serial(history->deltas[i]->from) == serial) {
            send_deltas(transfer, arena, history, i);
            return;
        }
    }
    fdns_transfer_whole(transfer, arena, history->now);
}

// ---- into messages

static bool is_soa_of(const struct fdns_zone *zone, size_t i)
{
    const struct fdns_record *record = &zone->records[i];
    return record->type == FDNS_TYPE_SOA && fdns_name_equal(record->owner, zone->apex);
}

// Moves on to a place that has a record; false at the end.
static bool settle(const struct fdns_transfer *transfer, struct fdns_cursor_at *at)
{
    for (; at->part < transfer->n_parts; at->part++, at->record = 0) {
        const struct fdns_transfer_part *part = &transfer->parts[at->part];
        while (at->record < part->n_records && part->all && is_soa_of(part->zone, at->record)) {
            at->record++;
        }
        if (at->record < part->n_records) {
            return true;
        }
    }
    return false;
}

static struct fdns_record record_at(const struct fdns_transfer *transfer,
                                    const struct fdns_cursor_at *at)
{
    const struct fdns_transfer_part *part = &transfer->parts[at->part];
    if (part->zone == NULL) {
        return part->records[at->record];
    }
    return part->all ? fdns_zone_record(part->zone, at->record) : fdns_zone_soa_record(part->zone);
}

// The record as an RRset of one.
static void add(struct fdns_reply *reply, const struct fdns_record *record)
{
    struct fdns_rrset rrset = {
        .owner = record->owner,
        .type = record->type,
        .rr_class = record->rr_class,
        .ttl = record->ttl,
        .rdatas = fdns_arena_copy(reply->arena, &record->rdata, sizeof record->rdata),
        .n_rdatas = 1};
    fdns_rrset_list_add(reply->arena, &reply->sections[FDNS_ANSWER], &rrset);
}

// Octets that are left for records.
static size_t room_for(const struct fdns_reply *reply, size_t limit)
{
    size_t taken = FDNS_HEADER_LEN + reply->questions_len;
    taken += reply->edns ? OPT_LEN + (size_t)reply->edns_options_len : 0;
    return taken < limit ? limit - taken : 0;
}

void fdns_transfer_fill(struct fdns_transfer *transfer, struct fdns_reply *reply, size_t limit,
                        size_t n_most)
{
    struct fdns_builder builder;
    size_t room = room_for(reply, limit);
    uint8_t *scratch = fdns_arena_alloc(reply->arena, FDNS_MESSAGE_MAX);
    reply->sections[FDNS_ANSWER].n_items = 0;
    fdns_builder_init(&builder, scratch, FDNS_MESSAGE_MAX);
    struct fdns_cursor_at at = transfer->from;
    for (size_t n = 0; n < n_most && settle(transfer, &at); n++, at.record++) {
        struct fdns_record record = record_at(transfer, &at);
        bool fits = fdns_builder_rr(&builder, record.owner, record.type, record.rr_class,
                                    record.ttl, record.rdata.octets, record.rdata.len);
        if (n > 0 && (!fits || builder.len - FDNS_HEADER_LEN > room)) {
            break;
        }
        add(reply, &record);
    }
    transfer->over = !settle(transfer, &at);
    transfer->next = at;
}

// ---- the query

bool fdns_ixfr_serial(const struct fdns_view *query, uint32_t *serial)
{
    for (size_t i = 0; i < query->n_rrs; i++) {
        struct fdns_soa soa;
        if (query->rrs[i].section == FDNS_AUTHORITY && query->rrs[i].type == FDNS_TYPE_SOA &&
            fdns_view_soa(query, &query->rrs[i], &soa)) {
            *serial = soa.serial;
            return true;
        }
    }
    return false;
}
