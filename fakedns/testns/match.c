// Whether a query is one that an entry is for.
#include "fakedns/reply/sound.h"
#include "fakedns/testns/entry.h"

#include <string.h>

enum { HEADER_FLAGS = FDNS_QR | FDNS_AA | FDNS_TC | FDNS_RD | FDNS_RA | FDNS_AD | FDNS_CD };

// ---- the question

// The name is the other one, or with below a name below it.
static bool is_name(const uint8_t *name, const uint8_t *other, bool below)
{
    size_t len = fdns_name_len(name), least = fdns_name_len(other);
    if (!below) {
        return fdns_name_equal(name, other);
    }
    while (len > least) {
        len -= (size_t)name[0] + 1;
        name += name[0] + 1;
    }
    return len == least && fdns_name_equal(name, other);
}

static bool question_matches(const struct fdns_testns_entry *entry, const struct fdns_view *query)
{
    const struct fdns_testns_packet *packet = &entry->packets[0];
    uint16_t asked = query->n_questions > 0 ? query->questions[0].type : 0;
    uint16_t wanted = packet->n_questions > 0 ? packet->questions[0].type : 0;
    if (entry->qtype && asked != wanted) {
        return false;
    }
    if (!entry->qname && !entry->subdomain) {
        return true;
    }
    uint8_t name[FDNS_NAME_MAX];
    if (query->n_questions == 0 || packet->n_questions == 0 ||
        !fdns_view_name(query, query->questions[0].at, name, NULL)) {
        return false;
    }
    return is_name(name, packet->questions[0].name, !entry->qname);
}

// The serial of an SOA that stands first in the authority section; 0 if there is none.
static uint32_t serial_of(const struct fdns_view *query)
{
    for (size_t i = 0; i < query->n_rrs; i++) {
        struct fdns_soa soa;
        if (query->rrs[i].section == FDNS_AUTHORITY) {
            return query->rrs[i].type == FDNS_TYPE_SOA && fdns_view_soa(query, &query->rrs[i], &soa)
                       ? soa.serial
                       : 0;
        }
    }
    return 0;
}

// ---- all of it

static bool same_record(const struct fdns_testns_entry *entry, const struct fdns_view *query,
                        const struct fdns_view_rr *rr, const struct fdns_record *record,
                        struct fdns_arena *scratch)
{
    uint16_t len = 0;
    if (rr->type != record->type || rr->rr_class != record->rr_class ||
        (entry->ttl && rr->ttl != record->ttl) || !fdns_view_owner_is(query, rr, record->owner)) {
        return false;
    }
    const uint8_t *rdata = fdns_view_rdata(query, rr, scratch, &len);
    return rdata != NULL && len == record->rdata.len &&
           (len == 0 || memcmp(rdata, record->rdata.octets, len) == 0);
}

// The OPT record is no part of what is compared.
static bool same_section(const struct fdns_testns_entry *entry, const struct fdns_view *query,
                         enum fdns_section section, struct fdns_arena *scratch)
{
    const struct fdns_records *records = &entry->packets[0].sections[section];
    size_t n = 0;
    for (size_t i = 0; i < query->n_rrs; i++) {
        const struct fdns_view_rr *rr = &query->rrs[i];
        if (rr->section != section || rr->type == FDNS_TYPE_OPT) {
            continue;
        }
        if (n == records->n_items || !same_record(entry, query, rr, &records->items[n], scratch)) {
            return false;
        }
        n++;
    }
    return n == records->n_items;
}

static bool same_questions(const struct fdns_testns_packet *packet, const struct fdns_view *query)
{
    bool same = packet->n_questions == query->n_questions;
    for (size_t i = 0; i < packet->n_questions && same; i++) {
        uint8_t name[FDNS_NAME_MAX];
        same = query->questions[i].type == packet->questions[i].type &&
               query->questions[i].rr_class == packet->questions[i].rr_class &&
               fdns_view_name(query, query->questions[i].at, name, NULL) &&
               fdns_name_equal(name, packet->questions[i].name);
    }
    return same;
}

static bool all_matches(const struct fdns_testns_entry *entry, const struct fdns_view *query)
{
    const struct fdns_testns_packet *packet = &entry->packets[0];
    struct fdns_arena scratch;
    bool same = query->id == 0 && (query->flags & HEADER_FLAGS) == packet->flags &&
                fdns_view_opcode(query) == packet->opcode && (query->flags & 15) == packet->rcode &&
                same_questions(packet, query);
    fdns_arena_init(&scratch, 0);
    for (unsigned i = 0; i < FDNS_N_SECTIONS && same; i++) {
        same = same_section(entry, query, (enum fdns_section)i, &scratch);
    }
    fdns_arena_clear(&scratch);
    return same;
}

static bool edns_matches(const struct fdns_testns_entry *entry, const struct fdns_view *query)
{
    const struct fdns_edns *edns = &query->edns;
    const struct fdns_testns_packet *packet = &entry->packets[0];
    if ((entry->edns_do && !(edns->present && (edns->flags & FDNS_EDNS_DO) != 0)) ||
        (entry->no_edns && edns->present)) {
        return false;
    }
    if (!entry->edns_data) {
        return true;
    }
    return edns->present && edns->options_len > 0 && edns->options_len == packet->edns_data_len &&
           memcmp(edns->options, packet->edns_data, packet->edns_data_len) == 0;
}

bool fdns_testns_matches(const struct fdns_testns_entry *entry,
                         const struct fdns_exchange *exchange)
{
    const struct fdns_view *query = exchange->query;
    enum fdns_testns_transport transport =
        exchange->transport == FDNS_TCP ? FDNS_TESTNS_TCP : FDNS_TESTNS_UDP;
    return fdns_query_is_readable(query) &&
           (entry->transport == FDNS_TESTNS_ANY || entry->transport == transport) &&
           (!entry->opcode || fdns_view_opcode(query) == entry->packets[0].opcode) &&
           question_matches(entry, query) &&
           (!entry->serial || serial_of(query) == entry->serial_value) &&
           edns_matches(entry, query) && (!entry->all || all_matches(entry, query));
}
