#include "fakedns/reply/reply.h"

#include "fakedns/reply/identity.h"
#include "fakedns/reply/sound.h"
#include "fakedns/reply/tsig.h"

#include <string.h>

// The question as it was asked goes into the reply, also into most error replies, if there is
// exactly one (RFC 9619). Its name has no compression pointer: nothing stands before it that one
// could lead to, so the view takes that for a flaw.
static bool take_question(struct fdns_reply *reply)
{
    const struct fdns_view *query = reply->query;
    if (query->counts[0] != 1 || query->n_questions != 1) {
        return false;
    }
    const struct fdns_view_question *question = &query->questions[0];
    if (!fdns_view_name(query, question->at, reply->qname, NULL)) {
        return false;
    }
    reply->questions = query->bytes + question->at;
    reply->questions_len = question->len;
    reply->n_questions = 1;
    reply->asked = true;
    reply->qtype = question->type;
    reply->qclass = question->rr_class;
    return true;
}

// RFC 6891 6.2.3 and 6.2.5: a size below 512 counts as 512; without EDNS 512 is what there is.
static size_t udp_limit(const struct fdns_view *query, uint16_t own)
{
    size_t theirs = FDNS_UDP_PLAIN;
    if (query->edns.present && query->edns.udp_size > theirs) {
        theirs = query->edns.udp_size;
    }
    return theirs < own ? theirs : own;
}

static void set_edns(struct fdns_reply *reply, uint16_t own_limit)
{
    const struct fdns_view *query = reply->query;
    reply->edns = true;
    reply->edns_udp_size = own_limit;
    reply->edns_flags = query->edns.flags & FDNS_EDNS_DO;
}

static void answer_from_zones(struct fdns_reply *reply, const struct fdns_zone_set *zones)
{
    struct fdns_honest honest;
    const struct fdns_edns *edns = &reply->query->edns;
    bool dnssec = edns->present && (edns->flags & FDNS_EDNS_DO) != 0;
    fdns_honest_answer(&honest, reply->arena, zones, reply->qname, reply->qtype, dnssec);
    reply->rcode = honest.rcode;
    reply->zone = honest.zone;
    reply->n_required_glue = honest.n_required_glue;
    memcpy(reply->sections, honest.sections, sizeof reply->sections);
    if (honest.aa) {
        reply->flags |= FDNS_AA;
    }
}

static bool holds(const struct fdns_zone_set *zones, const uint8_t *apex)
{
    const struct fdns_zone *zone = fdns_zone_set_find(zones, apex, FDNS_TYPE_SOA);
    return zone != NULL && fdns_name_equal(zone->apex, apex);
}

// A transfer is refused by the zone that it asks for; other names have no zone (RFC 5936 2.2.1).
static uint16_t rcode_of_transfer(const struct fdns_reply *reply, const struct fdns_zone_set *zones,
                                  bool tcp)
{
    if (reply->qtype == FDNS_TYPE_AXFR && !tcp) {
        return FDNS_NOTIMP; // RFC 5936 4.2 does not define it
    }
    return holds(zones, reply->qname) ? FDNS_REFUSED : FDNS_NOTAUTH;
}

// Records that hint at what has changed are passed over, as RFC 1996 3.7 allows.
static void answer_notify(struct fdns_reply *reply, const struct fdns_zone_set *zones)
{
    if (reply->qtype != FDNS_TYPE_SOA) {
        reply->rcode = FDNS_FORMERR; // there is no other kind (RFC 1996 3.6)
    } else if (reply->qclass != FDNS_CLASS_IN || !holds(zones, reply->qname)) {
        reply->rcode = FDNS_NOTAUTH;
    } else {
        reply->flags |= FDNS_AA;
    }
}

static void answer_question(struct fdns_reply *reply, const struct fdns_zone_set *zones,
                            const struct fdns_identity *identity, bool tcp)
{
    if (reply->opcode == FDNS_OPCODE_NOTIFY) {
        answer_notify(reply, zones);
    } else if (reply->qtype == FDNS_TYPE_TKEY) {
        reply->rcode = FDNS_FORMERR; // a query for it has one of its own (RFC 2930 4)
    } else if (reply->qclass == FDNS_CLASS_CH) {
        fdns_identity_answer(reply, identity);
    } else if (reply->qclass != FDNS_CLASS_IN) {
        reply->rcode = FDNS_REFUSED;
    } else if (reply->qtype == FDNS_TYPE_AXFR || reply->qtype == FDNS_TYPE_IXFR) {
        reply->rcode = rcode_of_transfer(reply, zones, tcp);
    } else {
        answer_from_zones(reply, zones);
    }
}

void fdns_reply_honest(struct fdns_reply *reply, struct fdns_arena *arena,
                       const struct fdns_view *query, const struct fdns_zone_set *zones,
                       const struct fdns_identity *identity, bool tcp)
{
    memset(reply, 0, sizeof *reply);
    reply->arena = arena;
    reply->query = query;
    if (query->len < FDNS_HEADER_LEN || fdns_view_flag(query, FDNS_QR)) {
        reply->silent = true;
        return;
    }
    uint16_t own_limit =
        identity != NULL && identity->udp_limit > 0 ? identity->udp_limit : FDNS_UDP_LIMIT;
    reply->id = query->id;
    reply->opcode = fdns_view_opcode(query);
    reply->flags = (uint16_t)(FDNS_QR | (query->flags & FDNS_RD));
    reply->limit = tcp ? FDNS_MESSAGE_MAX : udp_limit(query, own_limit);
    bool query_is_fine = fdns_query_is_readable(query) && fdns_query_is_sound(query);
    if (query_is_fine && query->edns.present) {
        set_edns(reply, own_limit);
    }
    if (reply->opcode != FDNS_OPCODE_QUERY && reply->opcode != FDNS_OPCODE_NOTIFY) {
        bool other_version = query_is_fine && query->edns.version > 0;
        reply->rcode = other_version ? FDNS_BADVERS : FDNS_NOTIMP;
        return;
    }
    bool has_question = take_question(reply);
    if (!query_is_fine) {
        reply->rcode = FDNS_FORMERR;
    } else if (query->edns.version > 0) {
        reply->rcode = FDNS_BADVERS;
    } else if (!has_question) {
        reply->rcode = FDNS_FORMERR;
    } else if (fdns_query_tsig(query) != NULL) {
        fdns_tsig_answer(reply, fdns_query_tsig(query));
    } else {
        answer_question(reply, zones, identity, tcp);
    }
}

void fdns_reply_copy(const struct fdns_reply *reply, struct fdns_reply *copy)
{
    *copy = *reply;
    copy->transfer = NULL;
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        const struct fdns_rrset_list *from = &reply->sections[i];
        copy->sections[i] = (struct fdns_rrset_list){0};
        for (size_t k = 0; k < from->n_items; k++) {
            fdns_rrset_list_add(reply->arena, &copy->sections[i], &from->items[k]);
        }
    }
}
