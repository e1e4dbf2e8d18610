#include "fakedns/reply/identity.h"

#include <string.h>

// The names end with the root label that ends the string.
static const uint8_t version_bind[] = "\7version\4bind";
static const uint8_t version_server[] = "\7version\6server";
static const uint8_t id_server[] = "\2id\6server";
static const uint8_t hostname_bind[] = "\10hostname\4bind";

static const char *text_for(const struct fdns_identity *identity, const uint8_t *name)
{
    if (identity == NULL) {
        return NULL;
    }
    if (fdns_name_equal(name, version_bind) || fdns_name_equal(name, version_server)) {
        return identity->version;
    }
    if (fdns_name_equal(name, id_server) || fdns_name_equal(name, hostname_bind)) {
        return identity->id;
    }
    return NULL;
}

// A TXT rdata of one string, cut at 255 octets.
static const struct fdns_rdata *txt(struct fdns_arena *arena, const char *text)
{
    size_t len = strnlen(text, UINT8_MAX);
    uint8_t *octets = fdns_arena_alloc(arena, len + 1);
    octets[0] = (uint8_t)len;
    for (size_t i = 0; i < len; i++) {
        octets[i + 1] = (uint8_t)text[i];
    }
    struct fdns_rdata *rdata = fdns_arena_alloc(arena, sizeof *rdata);
    *rdata = (struct fdns_rdata){octets, (uint16_t)(len + 1)};
    return rdata;
}

void fdns_identity_answer(struct fdns_reply *reply, const struct fdns_identity *identity)
{
    const char *text = text_for(identity, reply->qname);
    if (text == NULL) {
        reply->rcode = FDNS_REFUSED;
        return;
    }
    reply->flags |= FDNS_AA;
    if (reply->qtype != FDNS_TYPE_TXT && reply->qtype != FDNS_TYPE_ANY) {
        return;
    }
    struct fdns_rrset rrset = {.owner = reply->qname,
                               .type = FDNS_TYPE_TXT,
                               .rr_class = FDNS_CLASS_CH,
                               .rdatas = txt(reply->arena, text),
                               .n_rdatas = 1};
    fdns_rrset_list_add(reply->arena, &reply->sections[FDNS_ANSWER], &rrset);
}
