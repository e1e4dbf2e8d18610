#include "harness/check/dkim/neighbour.h"

#include <string.h>

const struct dc_finding_row dc_neighbour_rows[DC_NEIGHBOUR_ROWS] = {
    {.id = "neighbour/unanswered",
     .level = DC_WARNING,
     .title = "A record beside the DKIM records could not be looked up",
     .cause = "The servers of its zone gave no answer or an error, so nothing is known of it. "
              "Receivers that get no answer postpone or refuse mail.",
     .remedy = "Try again. If it stays, tell whoever runs the DNS servers of that name.",
     .refs = "RFC 7208 2.6.6; RFC 1034 4.3.2"},
};

static const struct {
    unsigned bit;
    const char *text;
} withs[] = {
#define WITH_ROW(name, bit, text) {name, text},
    DC_WITHS(WITH_ROW)};

unsigned dc_with_parse(const char *word)
{
    for (size_t i = 0; i < sizeof withs / sizeof withs[0]; i++) {
        if (strcmp(withs[i].text, word) == 0) {
            return withs[i].bit;
        }
    }
    return 0;
}

const char *dc_with_list(struct fdns_arena *arena, unsigned with)
{
    const char *list = "";
    for (size_t i = 0; i < sizeof withs / sizeof withs[0]; i++) {
        if (with & withs[i].bit) {
            list =
                fdns_arena_format(arena, "%s%s%s", list, *list != '\0' ? ", " : "", withs[i].text);
        }
    }
    return list;
}

bool dc_neighbour_ask(struct dc_neighbours *n, const uint8_t *name, uint16_t type,
                      struct dc_chain *chain)
{
    *chain = (struct dc_chain){.start = name};
    chain->result = dc_walk_follow(n->walk, type, chain);
    return chain->result != DC_WALK_PENDING;
}

bool dc_neighbour_is_lost(struct dc_neighbours *n, const struct dc_chain *chain)
{
    if (chain->result == DC_WALK_FOUND && !chain->loop && !chain->too_long) {
        return false;
    }
    if (chain->end.answer.observation != NULL) {
        struct dc_hit *hit = dc_neighbour_hit(n, &dc_neighbour_rows[0], chain);
        hit->actual = chain->loop       ? "aliases that lead back to themselves"
                      : chain->too_long ? "more aliases than resolvers follow"
                                        : hit->actual;
    }
    return true;
}

bool dc_neighbour_is_absent(const struct dc_chain *chain)
{
    return chain->end.answer.kind != DC_ANSWER_DATA;
}

bool dc_neighbour_is_wildcard(struct dc_neighbours *n, const struct dc_chain *chain, bool *complete)
{
    struct dc_chain random;
    const uint8_t *beside = dc_random_beside(n->look->arena, chain->start);
    if (beside == NULL) {
        return false;
    }
    if (!dc_neighbour_ask(n, beside, chain->end.answer.type, &random)) {
        *complete = false;
        return false;
    }
    return !dc_neighbour_is_absent(&random) &&
           dc_answer_same(n->look->arena, &random.end.answer, &chain->end.answer);
}

struct dc_hit *dc_neighbour_hit(struct dc_neighbours *n, const struct dc_finding_row *row,
                                const struct dc_chain *chain)
{
    const struct dc_answer *answer = &chain->end.answer;
    struct dc_hit *hit = dc_hits_add(&n->hits, row, DC_RANK_NEIGHBOUR);
    char type[FDNS_CODE_TEXT_MAX];
    hit->name = dc_name_bare(n->look->arena, chain->start);
    hit->type = fdns_arena_string(n->look->arena, fdns_type_print(answer->type, type));
    hit->actual = answer->observation != NULL ? dc_answer_text(n->look->arena, answer) : NULL;
    dc_hit_show(hit, answer->observation);
    return hit;
}

static char as_text(uint8_t octet)
{
    return octet == '\t' || (octet >= ' ' && octet <= '~') ? (char)octet : '#';
}

// Character-strings of rdata, joined.
static const char *join(struct fdns_arena *arena, const uint8_t *rdata, size_t len)
{
    char *text = fdns_arena_alloc(arena, len + 1);
    size_t n = 0;
    for (size_t at = 0; at < len; at += 1U + rdata[at]) {
        for (size_t i = at + 1; i < len && i <= at + rdata[at]; i++) {
            text[n++] = as_text(rdata[i]);
        }
    }
    text[n] = '\0';
    return text;
}

size_t dc_neighbour_texts(struct dc_neighbours *n, const struct dc_chain *chain,
                          const char *texts[DC_NEIGHBOUR_TEXTS])
{
    const struct dc_answer *answer = &chain->end.answer;
    const struct fdns_view_rr *rr;
    size_t count = 0;
    size_t at = 0;
    if (answer->view == NULL) {
        return 0;
    }
    while (count < DC_NEIGHBOUR_TEXTS &&
           (rr = dc_answer_next(answer, answer->name, answer->type, &at)) != NULL) {
        texts[count++] = join(n->look->arena, answer->view->bytes + rr->rdata_at, rr->rdata_len);
    }
    return count;
}

const uint8_t *dc_neighbour_doubled(struct dc_neighbours *n, const struct dc_chain *chain)
{
    uint8_t doubled[FDNS_NAME_MAX];
    const uint8_t *apex = dc_answer_apex(n->look, &chain->end.answer);
    const uint8_t *zone =
        apex != NULL && fdns_name_at_or_below(chain->start, apex) ? apex : n->expectation->domain;
    return fdns_name_join(chain->start, fdns_name_labels(chain->start), zone, doubled) == FDNS_OK
               ? fdns_name_copy(n->look->arena, doubled)
               : NULL;
}

bool dc_check_neighbours(struct dc_neighbours *n)
{
    bool complete = true;
    if (n->subject->with & DC_WITH_MAIL_FROM) {
        complete &= dc_check_mail_from(n);
    }
    if (n->subject->with & DC_WITH_SPF) {
        complete &= dc_check_spf(n);
    }
    if (n->subject->with & DC_WITH_DMARC) {
        complete &= dc_check_dmarc(n);
    }
    return complete;
}

const char *dc_neighbour_find(const char *const *texts, size_t n_texts,
                              bool (*is_record)(const char *text), size_t *n_records)
{
    const char *record = NULL;
    *n_records = 0;
    for (size_t i = 0; i < n_texts; i++) {
        if (is_record(texts[i])) {
            record = record == NULL ? texts[i] : record;
            ++*n_records;
        }
    }
    return record;
}
