// Effects on the DNSSEC records of an answer: what a server does wrong with a zone that is signed
// well. What is wrong in the zone itself, under signatures that are right, is said by its `sign`.
#include "fakedns/world/effect.h"
#include "fakedns/zone/denial.h"

enum signatures { AS_THEY_ARE, MISSING, CORRUPT, ALWAYS };
enum denial { HONEST, NO_DENIAL, OTHER_DENIAL };

struct dnssec {
    struct fdns_selection selection; // of what signatures cover
    enum signatures signatures;
    enum denial denial;
    bool ignores_do;
};

static const char *const signature_words[] = {"as-they-are", "missing", "corrupt", "always"};
static const struct fdns_schema_type signatures = {
    .kind = FDNS_SCHEMA_WORD, .name = "signatures", .words = signature_words, .n_words = 4};
static const char *const denial_words[] = {"honest", "missing", "other"};
static const struct fdns_schema_type denial = {
    .kind = FDNS_SCHEMA_WORD, .name = "denial", .words = denial_words, .n_words = 3};

static const struct fdns_schema_key keys[] = {
    {.name = "signatures",
     .type = &signatures,
     .doc = "RRSIG records are `missing`; `corrupt`, one bit of each is wrong; or there `always`, "
            "also where the query's DO bit is clear (RFC 4035 3.1).",
     .example = "missing"},
    {.name = "denial",
     .type = &denial,
     .doc = "NSEC and NSEC3 records are `missing`, or in their place stand `other` ones of the "
            "zone, the next of its chain, with their signatures.",
     .example = "other"},
    {.name = "ignore-do",
     .type = &fdns_type_boolean,
     .doc = "DO is not seen: the answer is that to a query without it, and its DO bit is clear.",
     .example = "yes"},
    FDNS_SELECTION_ROWS("all; for `signatures`, `of` and this are about what they cover"),
};
const struct fdns_schema_type fdns_type_dnssec = {.kind = FDNS_SCHEMA_RECORD,
                                                  .name = "DNSSEC fault",
                                                  .doc = "What a server does wrong with the DNSSEC "
                                                         "records of a signed zone.",
                                                  .keys = keys,
                                                  .n_keys = sizeof(keys) / sizeof(keys[0])};

const void *fdns_read_dnssec(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct dnssec *dnssec = fdns_arena_alloc(&reading->world->arena, sizeof(*dnssec));
    const struct fdns_node *ignore = fdns_node_find(node, "ignore-do");
    dnssec->selection = fdns_selection_read(reading, node, true);
    dnssec->signatures =
        (enum signatures)fdns_word_index(&signatures, fdns_node_text(node, "signatures"));
    dnssec->denial = (enum denial)fdns_word_index(&denial, fdns_node_text(node, "denial"));
    dnssec->ignores_do = ignore != NULL && fdns_node_boolean(ignore);
    return dnssec;
}

// --- signatures

// The type that a signature covers; 0 if it is too short.
static uint16_t covered(const struct fdns_rdata *rrsig)
{
    return rrsig->len < 2 ? 0 : (uint16_t)((unsigned)rrsig->octets[0] << 8 | rrsig->octets[1]);
}

static bool is_selected(const struct dnssec *dnssec, size_t section, const struct fdns_rrset *rrset,
                        const struct fdns_rdata *rrsig)
{
    struct fdns_rrset covers = {.owner = rrset->owner, .type = covered(rrsig)};
    return fdns_selection_has(&dnssec->selection, section, &covers);
}

// Takes out the signatures of what is selected, or of what is not.
static void take_out(const struct dnssec *dnssec, struct fdns_reply *reply, bool selected)
{
    for (size_t section = 0; section < FDNS_N_SECTIONS; section++) {
        struct fdns_rrset_list *list = &reply->sections[section];
        size_t n = 0;
        for (size_t i = 0; i < list->n_items; i++) {
            struct fdns_rrset *rrset = &list->items[i];
            if (rrset->type == FDNS_TYPE_RRSIG) {
                struct fdns_rdata *rdatas = fdns_own_rdatas(reply, rrset);
                size_t left = 0;
                for (size_t k = 0; k < rrset->n_rdatas; k++) {
                    if (is_selected(dnssec, section, rrset, &rdatas[k]) != selected) {
                        rdatas[left++] = rdatas[k];
                    }
                }
                rrset->n_rdatas = left;
            }
            if (rrset->type != FDNS_TYPE_RRSIG || rrset->n_rdatas > 0) {
                list->items[n++] = *rrset;
            }
        }
        list->n_items = n;
    }
}

static void corrupt(const struct dnssec *dnssec, struct fdns_reply *reply)
{
    for (size_t section = 0; section < FDNS_N_SECTIONS; section++) {
        struct fdns_rrset_list *list = &reply->sections[section];
        for (size_t i = 0; i < list->n_items; i++) {
            struct fdns_rrset *rrset = &list->items[i];
            struct fdns_rdata *rdatas =
                rrset->type == FDNS_TYPE_RRSIG ? fdns_own_rdatas(reply, rrset) : NULL;
            for (size_t k = 0; rdatas != NULL && k < rrset->n_rdatas; k++) {
                if (rdatas[k].len > 0 && is_selected(dnssec, section, rrset, &rdatas[k])) {
                    uint8_t *octets =
                        fdns_arena_copy(reply->arena, rdatas[k].octets, rdatas[k].len);
                    octets[rdatas[k].len - 1] ^= 1;
                    rdatas[k].octets = octets;
                }
            }
        }
    }
}

static bool asked_with_do(const struct fdns_reply *reply)
{
    return reply->query->edns.present && (reply->query->edns.flags & FDNS_EDNS_DO) != 0;
}

static void edit_signatures(const struct dnssec *dnssec, struct fdns_reply *reply)
{
    switch (dnssec->signatures) {
    case AS_THEY_ARE:
        break;
    case MISSING:
        take_out(dnssec, reply, true);
        break;
    case CORRUPT:
        corrupt(dnssec, reply);
        break;
    case ALWAYS:
        if (!asked_with_do(reply)) {
            fdns_add_signatures(reply->arena, reply->sections, reply->n_required_glue);
            take_out(dnssec, reply, false);
        }
        break;
    }
}

// --- denial

static bool denies(uint16_t type)
{
    return type == FDNS_TYPE_NSEC || type == FDNS_TYPE_NSEC3;
}

// The one behind it in the zone's chain; NULL if it is not from there, or the only one.
static const struct fdns_rrset *next_in_chain(const struct fdns_denial *chain,
                                              const struct fdns_rrset *rrset)
{
    for (size_t i = 0; i < chain->n_nsecs; i++) {
        if (chain->nsecs[i]->rdatas == rrset->rdatas) {
            return chain->n_nsecs > 1 ? chain->nsecs[(i + 1) % chain->n_nsecs] : NULL;
        }
    }
    for (size_t i = 0; i < chain->n_nsec3s; i++) {
        if (chain->nsec3s[i].rrset->rdatas == rrset->rdatas) {
            return chain->n_nsec3s > 1 ? chain->nsec3s[(i + 1) % chain->n_nsec3s].rrset : NULL;
        }
    }
    return NULL;
}

static void add_other(struct fdns_reply *reply, struct fdns_rrset_list *list,
                      const struct fdns_rrset *rrset)
{
    const struct fdns_denial *chain = reply->zone != NULL ? reply->zone->denial : NULL;
    const struct fdns_rrset *other = chain != NULL ? next_in_chain(chain, rrset) : NULL;
    if (other != NULL) {
        fdns_rrset_list_add(reply->arena, list, other);
    }
    if (other != NULL && other->signatures != NULL) {
        fdns_rrset_list_add(reply->arena, list, other->signatures);
    }
}

static void edit_denial(enum denial how, struct fdns_reply *reply)
{
    const struct fdns_rrset_list before = reply->sections[FDNS_AUTHORITY];
    struct fdns_rrset_list after = {0};
    for (size_t i = 0; i < before.n_items; i++) {
        const struct fdns_rrset *rrset = &before.items[i];
        bool is_signature = rrset->type == FDNS_TYPE_RRSIG && rrset->n_rdatas > 0;
        if (denies(rrset->type)) {
            if (how == OTHER_DENIAL) {
                add_other(reply, &after, rrset);
            }
        } else if (!is_signature || !denies(covered(&rrset->rdatas[0]))) {
            fdns_rrset_list_add(reply->arena, &after, rrset);
        }
    }
    reply->sections[FDNS_AUTHORITY] = after;
}

// --- DO

static void ignore_do(struct fdns_reply *reply)
{
    for (size_t section = 0; section < FDNS_N_SECTIONS; section++) {
        struct fdns_rrset_list *list = &reply->sections[section];
        size_t n = 0;
        for (size_t i = 0; i < list->n_items; i++) {
            uint16_t type = list->items[i].type;
            bool added = type == FDNS_TYPE_RRSIG ||
                         (section == FDNS_AUTHORITY && (denies(type) || type == FDNS_TYPE_DS));
            if (!added || type == reply->qtype) {
                list->items[n++] = list->items[i];
            }
        }
        list->n_items = n;
    }
    reply->edns_flags &= (uint16_t)~FDNS_EDNS_DO;
}

void fdns_edit_dnssec(const void *value, const struct fdns_exchange *exchange,
                      struct fdns_reply *reply)
{
    (void)exchange;
    const struct dnssec *dnssec = value;
    if (dnssec->denial != HONEST) {
        edit_denial(dnssec->denial, reply);
    }
    edit_signatures(dnssec, reply);
    if (dnssec->ignores_do) {
        ignore_do(reply);
    }
}
