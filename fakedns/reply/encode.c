#include "fakedns/reply/reply.h"

#include "fakedns/wire/builder.h"

enum { OPT_LEN = 11, RR_FIXED_LEN = 10 };

// Counts in the order of the header.
enum count { QUESTIONS, ANSWERS, AUTHORITIES, ADDITIONALS, N_COUNTS };

struct encoding {
    struct fdns_builder builder;
    uint16_t counts[N_COUNTS];
};

// All records of an RRset, or none.
static bool add_rrset(struct encoding *encoding, enum count section, const struct fdns_rrset *rrset)
{
    struct fdns_builder_mark mark = fdns_builder_mark(&encoding->builder);
    for (size_t i = 0; i < rrset->n_rdatas; i++) {
        const struct fdns_rdata *rdata = &rrset->rdatas[i];
        if (!fdns_builder_rr(&encoding->builder, rrset->owner, rrset->type, rrset->rr_class,
                             rrset->ttl, rdata->octets, rdata->len)) {
            fdns_builder_return(&encoding->builder, mark);
            return false;
        }
    }
    encoding->counts[section] = (uint16_t)(encoding->counts[section] + rrset->n_rdatas);
    return true;
}

static bool add_rrsets(struct encoding *encoding, enum count section,
                       const struct fdns_rrset_list *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!add_rrset(encoding, section, &list->items[i])) {
            return false;
        }
    }
    return true;
}

static size_t n_required(const struct fdns_reply *reply)
{
    size_t n = reply->sections[FDNS_ADDITIONAL].n_items;
    return reply->n_required_glue < n ? reply->n_required_glue : n;
}

// What an answer must not lack (RFC 2181 9, RFC 9471 3.1).
static bool add_required(struct encoding *encoding, const struct fdns_reply *reply)
{
    const struct fdns_rrset_list *sections = reply->sections;
    return add_rrsets(encoding, ANSWERS, &sections[FDNS_ANSWER], sections[FDNS_ANSWER].n_items) &&
           add_rrsets(encoding, AUTHORITIES, &sections[FDNS_AUTHORITY],
                      sections[FDNS_AUTHORITY].n_items) &&
           add_rrsets(encoding, ADDITIONALS, &sections[FDNS_ADDITIONAL], n_required(reply));
}

// Whatever else fits; leaving some of it out is not truncation.
static void add_helpful(struct encoding *encoding, const struct fdns_reply *reply)
{
    const struct fdns_rrset_list *additional = &reply->sections[FDNS_ADDITIONAL];
    for (size_t i = n_required(reply); i < additional->n_items; i++) {
        add_rrset(encoding, ADDITIONALS, &additional->items[i]);
    }
}

static void add_questions(struct encoding *encoding, const struct fdns_reply *reply)
{
    if (reply->n_questions > 0 &&
        fdns_builder_bytes(&encoding->builder, reply->questions, reply->questions_len)) {
        encoding->counts[QUESTIONS] = reply->n_questions;
        fdns_builder_remember(&encoding->builder, FDNS_HEADER_LEN);
    }
}

static void add_opt(struct encoding *encoding, const struct fdns_reply *reply)
{
    if (reply->edns &&
        fdns_builder_opt(&encoding->builder, reply->edns_udp_size, (uint8_t)(reply->rcode >> 4),
                         reply->edns_version, reply->edns_flags, reply->edns_options,
                         reply->edns_options_len)) {
        encoding->counts[ADDITIONALS]++;
    }
}

// Room for what stays in a truncated reply: the OPT, and a TSIG behind it.
static size_t reserved(const struct fdns_reply *reply)
{
    size_t len = reply->edns ? OPT_LEN + (size_t)reply->edns_options_len : 0;
    if (reply->tsig != NULL) {
        len += fdns_name_len(reply->tsig->owner) + RR_FIXED_LEN + reply->tsig->rdatas[0].len;
    }
    return len;
}

static void write_header(struct encoding *encoding, const struct fdns_reply *reply, bool truncated)
{
    unsigned flags = (reply->flags & ~0x780fU) | (reply->opcode & 15U) << 11 | (reply->rcode & 15U);
    if (truncated) {
        flags |= FDNS_TC;
    }
    fdns_builder_header(&encoding->builder, reply->id, (uint16_t)flags);
    for (unsigned i = 0; i < N_COUNTS; i++) {
        fdns_builder_count(&encoding->builder, i, encoding->counts[i]);
    }
}

size_t fdns_reply_encode(const struct fdns_reply *reply, uint8_t *out, size_t room)
{
    size_t limit = reply->limit < room ? reply->limit : room;
    limit = limit < FDNS_MESSAGE_MAX ? limit : FDNS_MESSAGE_MAX;
    limit = limit > FDNS_HEADER_LEN ? limit : FDNS_HEADER_LEN;
    struct encoding encoding = {0};
    struct fdns_builder *builder = &encoding.builder;
    fdns_builder_init(builder, out, limit);
    builder->compression = reply->compression;
    add_questions(&encoding, reply);
    if (reserved(reply) <= limit - builder->len) {
        builder->limit = limit - reserved(reply);
    }
    struct fdns_builder_mark empty = fdns_builder_mark(builder);
    bool complete = add_required(&encoding, reply);
    if (complete) {
        add_helpful(&encoding, reply);
    } else {
        fdns_builder_return(builder, empty);
        encoding.counts[ANSWERS] = encoding.counts[AUTHORITIES] = encoding.counts[ADDITIONALS] = 0;
    }
    builder->limit = limit;
    add_opt(&encoding, reply);
    if (reply->tsig != NULL) {
        add_rrset(&encoding, ADDITIONALS, reply->tsig);
    }
    write_header(&encoding, reply, !complete);
    return builder->len;
}
