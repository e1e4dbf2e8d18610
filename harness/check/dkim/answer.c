#include "harness/check/dkim/answer.h"

#include <stdlib.h>
#include <string.h>

#include "fakedns/wire/show.h"

static const struct fdns_view_rr *next_in(const struct fdns_view *view, enum fdns_section section,
                                          const uint8_t *owner, uint16_t type, size_t *at)
{
    for (; view != NULL && *at < view->n_rrs; (*at)++) {
        const struct fdns_view_rr *rr = &view->rrs[*at];
        if (rr->section == section && rr->type == type && rr->rr_class == FDNS_CLASS_IN &&
            (owner == NULL || fdns_view_owner_is(view, rr, owner))) {
            (*at)++;
            return rr;
        }
    }
    return NULL;
}

const struct fdns_view_rr *dc_answer_next(const struct dc_answer *answer, const uint8_t *owner,
                                          uint16_t type, size_t *at)
{
    return next_in(answer->view, FDNS_ANSWER, owner, type, at);
}

static const struct fdns_view_rr *first(const struct dc_answer *answer, enum fdns_section section,
                                        const uint8_t *owner, uint16_t type)
{
    size_t at = 0;
    return next_in(answer->view, section, owner, type, &at);
}

static const struct fdns_view_rr *soa_of(const struct dc_answer *answer)
{
    const struct fdns_view_rr *rr = first(answer, FDNS_ANSWER, NULL, FDNS_TYPE_SOA);
    return rr != NULL ? rr : first(answer, FDNS_AUTHORITY, NULL, FDNS_TYPE_SOA);
}

// RFC 2181 8: a TTL with the top bit set is 0.
static void note_ttl(struct dc_answer *answer, const struct fdns_view_rr *rr)
{
    answer->wire_ttl = rr->ttl;
    answer->ttl = rr->ttl > INT32_MAX ? 0 : rr->ttl;
}

// A DNAME stands above the name itself; one above a target is another matter.
static bool is_below_dname(const struct dc_answer *answer)
{
    size_t at = 0;
    const struct fdns_view_rr *rr;
    while ((rr = dc_answer_next(answer, NULL, FDNS_TYPE_DNAME, &at)) != NULL) {
        uint8_t owner[FDNS_NAME_MAX];
        if (fdns_view_name(answer->view, rr->at, owner, NULL) &&
            fdns_name_below(answer->name, owner)) {
            return true;
        }
    }
    return false;
}

static void note_cnames(struct dc_look *look, struct dc_answer *answer)
{
    size_t at = 0;
    const struct fdns_view_rr *rr;
    while ((rr = dc_answer_next(answer, answer->name, FDNS_TYPE_CNAME, &at)) != NULL) {
        uint8_t target[FDNS_NAME_MAX];
        if (!fdns_view_rdata_name(answer->view, rr, target)) {
            continue;
        }
        if (answer->n_cnames++ == 0) {
            answer->cname = fdns_name_copy(look->arena, target);
            note_ttl(answer, rr);
        }
    }
    answer->synthesized = is_below_dname(answer);
}

static size_t count_answers(const struct dc_answer *answer)
{
    size_t n = 0;
    for (size_t i = 0; i < answer->view->n_rrs; i++) {
        n += answer->view->rrs[i].section == FDNS_ANSWER ? 1 : 0;
    }
    return n;
}

static enum dc_answer_kind kind_without_records(const struct dc_answer *answer)
{
    if (answer->rcode == FDNS_NXDOMAIN) {
        return DC_ANSWER_NXDOMAIN;
    }
    bool referral = !answer->aa && !answer->ra && soa_of(answer) == NULL &&
                    first(answer, FDNS_AUTHORITY, NULL, FDNS_TYPE_NS) != NULL;
    return referral ? DC_ANSWER_REFERRAL : DC_ANSWER_NODATA;
}

static enum dc_answer_kind kind_of_message(struct dc_look *look, struct dc_answer *answer)
{
    answer->rcode = fdns_view_rcode(answer->view);
    answer->aa = fdns_view_flag(answer->view, FDNS_AA);
    answer->ra = fdns_view_flag(answer->view, FDNS_RA);
    note_cnames(look, answer);
    const struct fdns_view_rr *data = first(answer, FDNS_ANSWER, answer->name, answer->type);
    const struct fdns_view_rr *soa = first(answer, FDNS_AUTHORITY, NULL, FDNS_TYPE_SOA);
    if (answer->rcode != FDNS_NOERROR && answer->rcode != FDNS_NXDOMAIN) {
        return DC_ANSWER_ERROR;
    }
    if (data != NULL && answer->type != FDNS_TYPE_CNAME) {
        note_ttl(answer, data);
        return DC_ANSWER_DATA;
    }
    if (answer->n_cnames > 0) {
        return DC_ANSWER_CNAME;
    }
    if (soa != NULL) {
        answer->has_negative_ttl = true;
        note_ttl(answer, soa);
    }
    return count_answers(answer) > 0 ? DC_ANSWER_OTHER : kind_without_records(answer);
}

static bool is_readable(const struct fdns_view *view)
{
    // octets behind the last record do not keep anybody from reading it
    return view->flaw == FDNS_FLAW_NONE || view->flaw == FDNS_FLAW_TRAILING;
}

// The first that arrived and was not taken, in any of the tries.
static const struct dc_stray *stray_of(const struct dc_observation *observation)
{
    for (size_t i = 0; i < observation->n_attempts; i++) {
        if (observation->attempts[i].n_strays > 0) {
            return &observation->attempts[i].strays[0];
        }
    }
    return NULL;
}

static enum dc_answer_kind classify(struct dc_look *look, struct dc_answer *answer)
{
    if (answer->observation->outcome != DC_ANSWERED) {
        answer->stray = stray_of(answer->observation);
        return answer->truncated != NULL ? DC_ANSWER_TCP_LOST : DC_ANSWER_NOTHING;
    }
    const struct fdns_view *view = dc_look_view(look, answer->observation);
    if (!is_readable(view)) {
        return DC_ANSWER_GARBLED;
    }
    answer->view = view;
    return kind_of_message(look, answer);
}

bool dc_answer_probe(struct dc_look *look, const struct dc_ask *ask, struct dc_answer *answer)
{
    *answer =
        (struct dc_answer){.name = ask->name, .type = ask->type, .without_edns = ask->no_edns};
    answer->observation = dc_look_full(look, ask, &answer->truncated);
    if (answer->observation == NULL) {
        return false;
    }
    answer->kind = classify(look, answer);
    return true;
}

// Without EDNS it is another story, and the true one: whatever is wrong with EDNS is not what the
// server has against the question.
static bool differs(const struct dc_answer *with, const struct dc_answer *without)
{
    if (dc_answer_is_silent(without)) {
        bool nothing = with->kind == DC_ANSWER_NOTHING && with->stray == NULL;
        return nothing && (without->kind != DC_ANSWER_NOTHING || without->stray != NULL);
    }
    return with->kind != without->kind || with->rcode != without->rcode;
}

// Without EDNS it may be another story.
static bool blames_edns(const struct dc_answer *answer)
{
    bool silent = answer->kind == DC_ANSWER_NOTHING && answer->observation->outcome == DC_SILENT &&
                  answer->stray == NULL;
    bool refused = answer->kind == DC_ANSWER_ERROR &&
                   (answer->rcode == FDNS_FORMERR || answer->rcode == FDNS_NOTIMP ||
                    answer->rcode == FDNS_BADVERS);
    return silent || refused;
}

// SERVFAIL may pass: what is said in the end counts.
static bool ask_again(struct dc_look *look, const struct dc_ask *ask, struct dc_answer *answer)
{
    enum { MORE_TRIES = 2 };
    struct dc_ask again = *ask;
    for (again.repetition = 1; again.repetition <= MORE_TRIES; again.repetition++) {
        struct dc_answer next;
        if (answer->kind != DC_ANSWER_ERROR || answer->rcode != FDNS_SERVFAIL) {
            return true;
        }
        if (!dc_answer_probe(look, &again, &next)) {
            return false;
        }
        if (!dc_answer_is_silent(&next)) {
            next.servfail = answer->servfail != NULL ? answer->servfail : answer->observation;
            *answer = next;
        }
    }
    return true;
}

// A message over UDP that ends in the middle of what it promises.
static bool ends_early(struct dc_look *look, const struct dc_answer *answer)
{
    if (answer->kind != DC_ANSWER_GARBLED || answer->observation->question->transport != DC_UDP) {
        return false;
    }
    enum fdns_flaw flaw = dc_look_view(look, answer->observation)->flaw;
    return flaw == FDNS_FLAW_RECORD_CUT || flaw == FDNS_FLAW_NAME_CUT || flaw == FDNS_FLAW_COUNT;
}

// Over TCP it may be whole.
static bool ask_for_the_rest(struct dc_look *look, const struct dc_ask *ask,
                             struct dc_answer *answer)
{
    struct dc_answer whole;
    struct dc_ask again = *ask;
    again.transport = DC_TCP;
    if (!ends_early(look, answer)) {
        return true;
    }
    if (!dc_answer_probe(look, &again, &whole)) {
        return false;
    }
    if (!dc_answer_is_silent(&whole)) {
        whole.cut_off = answer->observation;
        *answer = whole;
    }
    return true;
}

static bool ask_with(struct dc_look *look, struct dc_ask *ask, struct dc_answer *answer)
{
    uint8_t *lower = fdns_arena_alloc(look->arena, FDNS_NAME_MAX);
    fdns_name_lower(ask->name, lower);
    ask->name = lower;
    if (!dc_answer_probe(look, ask, answer) || !ask_again(look, ask, answer) ||
        !ask_for_the_rest(look, ask, answer)) {
        return false;
    }
    if (!blames_edns(answer)) {
        return true;
    }
    struct dc_answer plain;
    ask->no_edns = true;
    if (!dc_answer_probe(look, ask, &plain)) {
        return false;
    }
    if (differs(answer, &plain)) {
        plain.with_edns = answer->observation;
        *answer = plain;
    }
    return true;
}

bool dc_answer_ask(struct dc_look *look, const struct fdns_address *server, const uint8_t *name,
                   uint16_t type, struct dc_answer *answer)
{
    struct dc_ask ask = {.server = *server, .name = name, .type = type};
    return ask_with(look, &ask, answer);
}

bool dc_answer_ask_resolver(struct dc_look *look, const struct fdns_address *resolver,
                            const uint8_t *name, uint16_t type, bool cd, struct dc_answer *answer)
{
    struct dc_ask ask = {.server = *resolver,
                         .name = name,
                         .type = type,
                         .recursion = true,
                         .checking_disabled = cd};
    return ask_with(look, &ask, answer);
}

bool dc_answer_is_silent(const struct dc_answer *answer)
{
    return answer->kind == DC_ANSWER_NOTHING || answer->kind == DC_ANSWER_TCP_LOST ||
           answer->kind == DC_ANSWER_GARBLED;
}

bool dc_answer_is_negative(const struct dc_answer *answer)
{
    return answer->kind == DC_ANSWER_NXDOMAIN || answer->kind == DC_ANSWER_NODATA;
}

bool dc_answer_is_positive(const struct dc_answer *answer)
{
    return answer->kind == DC_ANSWER_CNAME || answer->kind == DC_ANSWER_DATA;
}

bool dc_answer_tells(const struct dc_answer *answer)
{
    return dc_answer_is_positive(answer) || dc_answer_is_negative(answer);
}

bool dc_answer_serial(const struct dc_answer *answer, uint32_t *serial)
{
    const struct fdns_view_rr *rr = soa_of(answer);
    struct fdns_soa soa;
    if (rr == NULL || !fdns_view_soa(answer->view, rr, &soa)) {
        return false;
    }
    *serial = soa.serial;
    return true;
}

bool dc_serial_before(uint32_t a, uint32_t b)
{
    return a != b && (uint32_t)(b - a) < UINT32_C(0x80000000);
}

const uint8_t *dc_answer_apex(struct dc_look *look, const struct dc_answer *answer)
{
    const struct fdns_view_rr *rr = soa_of(answer);
    uint8_t owner[FDNS_NAME_MAX];
    return rr != NULL && fdns_view_name(answer->view, rr->at, owner, NULL)
               ? fdns_name_copy(look->arena, owner)
               : NULL;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// The records that answer, one behind the other.
static const char *records_text(struct fdns_arena *arena, const struct dc_answer *answer)
{
    char type[FDNS_CODE_TEXT_MAX];
    const char **values =
        fdns_arena_array(arena, answer->view->n_rrs, sizeof(const char *)); // room for all
    size_t n = 0;
    uint16_t shown = answer->kind == DC_ANSWER_CNAME ? FDNS_TYPE_CNAME : answer->type;
    size_t at = 0;
    const struct fdns_view_rr *rr;
    while ((rr = dc_answer_next(answer, answer->name, shown, &at)) != NULL) {
        uint16_t len = 0;
        const uint8_t *rdata = fdns_view_rdata(answer->view, rr, arena, &len);
        values[n++] = rdata == NULL            ? "(malformed)"
                      : shown == FDNS_TYPE_TXT ? fdns_txt_text(arena, rdata, len)
                                               : fdns_rdata_text(arena, shown, rdata, len);
    }
    qsort(values, n, sizeof(const char *), by_text);
    const char *text =
        n == 0 ? "an answer that cannot be read"
               : fdns_arena_format(arena, "%s %s", fdns_type_print(shown, type), values[0]);
    for (size_t i = 1; i < n; i++) {
        text = fdns_arena_format(arena, "%s, %s", text, values[i]);
    }
    return text;
}

static const char *other_text(struct fdns_arena *arena, const struct dc_answer *answer)
{
    char type[FDNS_CODE_TEXT_MAX];
    for (size_t i = 0; i < answer->view->n_rrs; i++) {
        if (answer->view->rrs[i].section == FDNS_ANSWER) {
            return fdns_arena_format(arena, "NOERROR with an unasked %s record",
                                     fdns_type_print(answer->view->rrs[i].type, type));
        }
    }
    return "NOERROR without an answer";
}

static const char *error_text(struct fdns_arena *arena, const struct dc_answer *answer)
{
    char rcode[FDNS_CODE_TEXT_MAX];
    fdns_rcode_print(answer->rcode, rcode);
    return answer->n_cnames > 0 ? fdns_arena_format(arena, "%s with CNAME %s in the answer", rcode,
                                                    fdns_name_text(arena, answer->cname))
                                : fdns_arena_string(arena, rcode);
}

// The address only where it is the point: it may be any.
static const char *stray_text(struct fdns_arena *arena, const struct dc_answer *answer)
{
    char source[FDNS_ADDRESS_TEXT_MAX];
    return answer->stray->reason != DC_STRAY_SOURCE
               ? fdns_arena_format(arena, "no answer, but a message that is thrown away: %s",
                                   dc_stray_text(answer->stray->reason))
               : fdns_arena_format(arena, "a message of %s instead of an answer",
                                   fdns_address_print(&answer->stray->source, source));
}

const char *dc_answer_text(struct fdns_arena *arena, const struct dc_answer *answer)
{
    switch (answer->kind) {
    case DC_ANSWER_NOTHING:
        if (answer->observation == NULL) {
            return "no answer (nobody to ask)";
        }
        if (answer->stray != NULL) {
            return stray_text(arena, answer);
        }
        return answer->observation->outcome == DC_SILENT
                   ? "no answer"
                   : fdns_arena_format(arena, "no answer (%s)",
                                       dc_outcome_text(answer->observation->outcome));
    case DC_ANSWER_TCP_LOST:
        return fdns_arena_format(arena, "truncated over UDP, and nothing over TCP (%s)",
                                 dc_outcome_text(answer->observation->outcome));
    case DC_ANSWER_GARBLED:
        return "a message that cannot be read";
    case DC_ANSWER_ERROR:
        return error_text(arena, answer);
    case DC_ANSWER_REFERRAL:
        return "a referral to other servers";
    case DC_ANSWER_NXDOMAIN:
        return "NXDOMAIN";
    case DC_ANSWER_NODATA:
        return "NOERROR without an answer";
    case DC_ANSWER_OTHER:
        return other_text(arena, answer);
    case DC_ANSWER_CNAME:
    case DC_ANSWER_DATA:
        return records_text(arena, answer);
    }
    return "";
}

bool dc_answer_same(struct fdns_arena *arena, const struct dc_answer *a, const struct dc_answer *b)
{
    if (a->kind == DC_ANSWER_CNAME && b->kind == DC_ANSWER_CNAME && a->n_cnames == 1 &&
        b->n_cnames == 1) {
        return fdns_name_equal(a->cname, b->cname); // letters of any case
    }
    return a->kind == b->kind && strcmp(dc_answer_text(arena, a), dc_answer_text(arena, b)) == 0;
}
