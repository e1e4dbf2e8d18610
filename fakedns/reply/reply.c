#include "fakedns/reply/reply.h"

#include "fakedns/reply/identity.h"

#include <string.h>

static const struct fdns_view_rr *first_opt(const struct fdns_view *query)
{
    for (size_t i = 0; i < query->n_rrs; i++) {
        if (query->rrs[i].section == FDNS_ADDITIONAL && query->rrs[i].type == FDNS_TYPE_OPT) {
            return &query->rrs[i];
        }
    }
    return NULL;
}

// The query could be read to the end of its last record. Octets behind that are not part of any
// section (RFC 1035 4.1), so they are passed over, as most servers do; nothing says to refuse them.
static bool is_readable(const struct fdns_view *query)
{
    return query->flaw == FDNS_FLAW_NONE || query->flaw == FDNS_FLAW_TRAILING;
}

// RFC 6891 6.1.1 and 6.1.2: one OPT, owned by the root. The options of another version may be laid
// out in another way, so they are not judged.
static bool edns_is_sound(const struct fdns_view *query)
{
    const struct fdns_view_rr *opt = first_opt(query);
    if (opt == NULL) {
        return true;
    }
    return query->n_opt == 1 && query->bytes[opt->at] == 0 &&
           (query->edns.version > 0 || !query->edns.options_bad);
}

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
    if (!is_readable(query) || !query->edns.present || !edns_is_sound(query)) {
        return;
    }
    reply->edns = true;
    reply->edns_udp_size = own_limit;
    reply->edns_flags = query->edns.flags & FDNS_EDNS_DO;
}

static void answer_from_zones(struct fdns_reply *reply, const struct fdns_zone_set *zones)
{
    struct fdns_honest honest;
    fdns_honest_answer(&honest, reply->arena, zones, reply->qname, reply->qtype);
    reply->rcode = honest.rcode;
    reply->zone = honest.zone;
    reply->n_required_glue = honest.n_required_glue;
    memcpy(reply->sections, honest.sections, sizeof reply->sections);
    if (honest.aa) {
        reply->flags |= FDNS_AA;
    }
}

// Types that no zone holds data of. NOERROR: the type is an ordinary one.
static uint16_t rcode_of_type(uint16_t type, bool tcp)
{
    switch (type) {
    case FDNS_TYPE_OPT:
    case FDNS_TYPE_TKEY:
    case FDNS_TYPE_TSIG:
        return FDNS_FORMERR;
    case FDNS_TYPE_AXFR:
        return tcp ? FDNS_REFUSED : FDNS_FORMERR; // RFC 5936 4.2
    case FDNS_TYPE_IXFR:
        return FDNS_REFUSED;
    case FDNS_TYPE_MAILA:
    case FDNS_TYPE_MAILB:
        return FDNS_NOTIMP;
    default:
        return FDNS_NOERROR;
    }
}

static void answer_question(struct fdns_reply *reply, const struct fdns_zone_set *zones,
                            const struct fdns_identity *identity, bool tcp)
{
    reply->rcode = rcode_of_type(reply->qtype, tcp);
    if (reply->rcode != FDNS_NOERROR) {
        return;
    }
    if (reply->qclass == FDNS_CLASS_IN) {
        answer_from_zones(reply, zones);
    } else if (reply->qclass == FDNS_CLASS_CH) {
        fdns_identity_answer(reply, identity);
    } else {
        reply->rcode = FDNS_REFUSED;
    }
}

void fdns_reply_honest(struct fdns_reply *reply, struct fdns_arena *arena,
                       const struct fdns_view *query, const struct fdns_zone_set *zones,
                       const struct fdns_identity *identity, bool tcp)
{
    memset(reply, 0, sizeof *reply);
    reply->arena = arena;
    reply->query = query;
    reply->compress = true;
    if (query->len < FDNS_HEADER_LEN || fdns_view_flag(query, FDNS_QR)) {
        reply->silent = true;
        return;
    }
    uint16_t own_limit =
        identity != NULL && identity->udp_limit > 0 ? identity->udp_limit : FDNS_UDP_LIMIT;
    reply->id = query->id;
    reply->opcode = fdns_view_opcode(query);
    reply->flags = FDNS_QR;
    reply->limit = tcp ? FDNS_MESSAGE_MAX : udp_limit(query, own_limit);
    set_edns(reply, own_limit);
    if (reply->opcode != FDNS_OPCODE_QUERY) {
        reply->rcode = FDNS_NOTIMP;
        return;
    }
    reply->flags |= query->flags & FDNS_RD;
    bool has_question = take_question(reply);
    if (!is_readable(query) || !edns_is_sound(query)) {
        reply->rcode = FDNS_FORMERR;
        return;
    }
    if (query->edns.version > 0) {
        reply->rcode = FDNS_BADVERS;
        return;
    }
    if (!has_question) {
        reply->rcode = FDNS_FORMERR;
        return;
    }
    answer_question(reply, zones, identity, tcp);
}
