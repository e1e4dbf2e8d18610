// SPF: the record at a name, and all that it includes, as far as it can be judged without a message
// (RFC 7208). Which addresses pass is not asked; that the record can be evaluated at all is.
//
//   1. TXT at the name: exactly one record that begins with v=spf1 (4.5)
//   2. each term is read; what is no term makes the whole record an error (4.6)
//   3. each term that makes a receiver ask the DNS counts, in the records that are included too:
//      ten at most, and of those whose answer is empty two at most (4.6.4)
//
// Counted is what a receiver meets in the worst case: if no mechanism matches before the last, for
// mail that comes over IPv4.
// Names with macros (7) need a message, so they are counted but not followed.
#include "harness/check/dkim/neighbour.h"
#include "harness/check/dkim/sender.h"
#include "harness/check/dkim/spf_term.h"

#include <string.h>
#include <strings.h>

enum {
    MISSING,
    QUOTED,
    TYPE_99,
    SYNTAX,
    TWO_RECORDS,
    INCLUDE_MISSING,
    TOO_MANY_LOOKUPS,
    TOO_MANY_VOIDS,
    WITHOUT_SENDER,
    N_ROWS
};

enum {
    LOOKUPS = 10, // RFC 7208 4.6.4
    VOIDS = 2,    // likewise
    COUNTED = 40, // further than that nobody has to count
    DEPTH_MAX = COUNTED + 1,
};

const struct dc_finding_row dc_spf_rows[DC_SPF_ROWS] = {
    [MISSING] = {.id = "neighbour/spf-missing",
                 .level = DC_INFO,
                 .title = "The domain has no SPF record",
                 .cause =
                     "Receivers know no servers that may send for this domain in the envelope. "
                     "Mail that a provider sends with an envelope domain of its own is not "
                     "concerned.",
                 .remedy = "Create one TXT record at the domain that begins with v=spf1 and names "
                           "your senders.",
                 .refs = "RFC 7208 4.5"},
    [QUOTED] = {.id = "neighbour/spf-quoted-literal",
                .level = DC_ERROR,
                .title = "The SPF record begins with a quotation mark",
                .cause =
                    "The panel stores the quotation marks that were typed as part of the text, "
                    "so that it does not begin with v=spf1 and is no SPF record.",
                .remedy = "Enter the text without quotation marks.",
                .refs = "RFC 7208 4.5; RFC 1035 5.1"},
    [TYPE_99] = {.id = "neighbour/spf-type99",
                 .level = DC_WARNING,
                 .title = "The SPF record has the obsolete type SPF instead of TXT",
                 .cause = "Type 99 is not used any more; receivers ask for TXT.",
                 .remedy = "Create the same record with the type TXT and delete this one.",
                 .refs = "RFC 7208 3.1"},
    [SYNTAX] = {.id = "neighbour/spf-syntax",
                .level = DC_ERROR,
                .title = "The SPF record has a mistake",
                .cause = "One term that cannot be read makes the whole record an error, and "
                         "receivers do not use any of it.",
                .remedy = "Correct the term that is named.",
                .refs = "RFC 7208 4.6; RFC 7208 12"},
    [TWO_RECORDS] = {.id = "neighbour/spf-two-records",
                     .level = DC_ERROR,
                     .title = "There are several SPF records at one name",
                     .cause = "A name has one SPF record at most. With two of them receivers use "
                              "neither.",
                     .remedy = "Put the terms of both into one record and delete the other.",
                     .refs = "RFC 7208 3.2; RFC 7208 4.5"},
    [INCLUDE_MISSING] = {.id = "neighbour/spf-include-missing",
                         .level = DC_ERROR,
                         .title = "The SPF record includes a domain that has none",
                         .cause = "An include or redirect to a name without an SPF record is an "
                                  "error, and receivers do not use any of the record.",
                         .remedy = "Correct the name, or delete the term.",
                         .refs = "RFC 7208 5.2; RFC 7208 6.1"},
    [TOO_MANY_LOOKUPS] = {.id = "neighbour/spf-too-many-lookups",
                          .level = DC_ERROR,
                          .title = "The SPF record needs more than ten lookups",
                          .cause = "Receivers stop after ten terms that need the DNS, those of "
                                   "included records counted, and treat the record as an error.",
                          .remedy =
                              "Delete what you do not send with any more. Replace a and mx by "
                              "ip4 and ip6, and let senders use an envelope domain of their "
                              "own where they offer it.",
                          .refs = "RFC 7208 4.6.4"},
    [TOO_MANY_VOIDS] = {.id = "neighbour/spf-too-many-void-lookups",
                        .level = DC_WARNING,
                        .title = "The SPF record asks for more than two names that hold nothing",
                        .cause = "Many receivers stop at the third empty answer and treat the "
                                 "record as an error.",
                        .remedy = "Delete the terms whose names are gone.",
                        .refs = "RFC 7208 4.6.4"},
    [WITHOUT_SENDER] = {.id = "neighbour/spf-without-sender",
                        .level = DC_INFO,
                        .title = "The SPF record of the domain does not name the sender",
                        .cause = "It has to only if the domain itself is the envelope sender. As a "
                                 "rule the provider uses a domain of its own or a subdomain there.",
                        .remedy = "Nothing has to be done as long as the envelope sender is "
                                  "another domain.",
                        .refs = "RFC 7208 2.4"},
};
_Static_assert((int)N_ROWS == (int)DC_SPF_ROWS, "neighbour.h counts the rows");

static const char version[] = "v=spf1";

static bool is_record(const char *text)
{
    size_t len = strlen(version);
    return strncasecmp(text, version, len) == 0 && (text[len] == '\0' || text[len] == ' ');
}

static const char *find_record(const char *const *texts, size_t n_texts, size_t *n_records)
{
    return dc_neighbour_find(texts, n_texts, is_record, n_records);
}

// A text that somebody meant to be an SPF record; *quoted if only the quotes are in its way.
static const char *find_attempt(const char *const *texts, size_t n_texts, bool *quoted)
{
    for (size_t i = 0; i < n_texts; i++) {
        size_t blanks = strspn(texts[i], " \t\"'");
        if (strncasecmp(texts[i] + blanks, "v=spf", strlen("v=spf")) == 0 ||
            strncasecmp(texts[i] + blanks, "spf1 ", strlen("spf1 ")) == 0) {
            *quoted = memchr(texts[i], '"', blanks) != NULL;
            return texts[i];
        }
    }
    return NULL;
}

struct evaluation {
    struct dc_neighbours *n;
    struct dc_spf *spf;
    const uint8_t *path[DEPTH_MAX]; // records that are being read
    unsigned depth;
    unsigned n_lookups;
    unsigned n_voids;
    const char *void_names; // for people
    bool complete;
    bool broken; // a hit says that the record is an error
};

static struct dc_hit *hit_row(struct evaluation *e, int row, const struct dc_chain *chain)
{
    struct dc_hit *hit = dc_neighbour_hit(e->n, &dc_spf_rows[row], chain);
    e->broken = true;
    return hit;
}

static void evaluate(struct evaluation *e, const struct dc_chain *chain, const char *record);

static const uint8_t *name_of(struct evaluation *e, const char *text)
{
    uint8_t name[FDNS_NAME_MAX];
    return fdns_name_parse(text, NULL, name) == FDNS_OK ? fdns_name_copy(e->n->look->arena, name)
                                                        : NULL;
}

static bool is_on_path(const struct evaluation *e, const uint8_t *name)
{
    for (unsigned i = 0; i < e->depth; i++) {
        if (fdns_name_equal(e->path[i], name)) {
            return true;
        }
    }
    return false;
}

// The record that an include or redirect leads to.
static void enter(struct evaluation *e, const struct dc_chain *from, const char *term,
                  const uint8_t *name)
{
    struct fdns_arena *arena = e->n->look->arena;
    const char *texts[DC_NEIGHBOUR_TEXTS];
    struct dc_chain chain;
    size_t n_records;
    if (e->spf->wanted != NULL && fdns_name_equal(name, e->spf->wanted)) {
        e->spf->met = true;
    }
    if (is_on_path(e, name) || e->depth == DEPTH_MAX) {
        hit_row(e, TOO_MANY_LOOKUPS, from)->actual =
            fdns_arena_format(arena, "\"%s\" leads back to where it stands", term);
        return;
    }
    if (!dc_neighbour_ask(e->n, name, FDNS_TYPE_TXT, &chain)) {
        e->complete = false;
        return;
    }
    if (dc_neighbour_is_lost(e->n, &chain)) {
        return;
    }
    const char *record = find_record(texts, dc_neighbour_texts(e->n, &chain, texts), &n_records);
    if (n_records > 1) {
        hit_row(e, TWO_RECORDS, &chain);
    } else if (record == NULL) {
        struct dc_hit *hit = hit_row(e, INCLUDE_MISSING, &chain);
        hit->actual = fdns_arena_format(arena, "\"%s\" in the record of %s, and there: %s", term,
                                        dc_name_bare(arena, from->start), hit->actual);
        dc_hit_show(hit, from->end.answer.observation);
    } else {
        evaluate(e, &chain, record);
    }
}

static void count_void(struct evaluation *e, const char *term)
{
    e->n_voids++;
    e->void_names = e->void_names == NULL
                        ? term
                        : fdns_arena_format(e->n->look->arena, "%s, %s", e->void_names, term);
}

// Whether the answer to a term is empty, for mail that comes over IPv4.
static void ask_void(struct evaluation *e, enum dc_spf_kind kind, const char *term,
                     const uint8_t *name)
{
    struct dc_chain chain;
    uint16_t type = kind == DC_SPF_MX ? FDNS_TYPE_MX : FDNS_TYPE_A;
    if (!dc_neighbour_ask(e->n, name, type, &chain)) {
        e->complete = false;
    } else if (chain.result == DC_WALK_FOUND && dc_answer_is_negative(&chain.end.answer)) {
        count_void(e, term);
    }
}

// A term that makes receivers ask the DNS.
static void look_up(struct evaluation *e, const struct dc_chain *from,
                    const struct dc_spf_term *term, const char *text)
{
    bool macros = term->domain != NULL && strchr(term->domain, '%') != NULL;
    if (term->kind == DC_SPF_OTHER || term->kind == DC_SPF_EXP) {
        return;
    }
    const uint8_t *name = term->domain == NULL ? from->start
                          : macros             ? NULL
                                               : name_of(e, term->domain);
    if (++e->n_lookups > COUNTED || name == NULL) {
        return;
    }
    switch (term->kind) {
    case DC_SPF_A:
    case DC_SPF_MX:
    case DC_SPF_EXISTS:
        ask_void(e, term->kind, text, name);
        break;
    case DC_SPF_INCLUDE:
    case DC_SPF_REDIRECT:
        enter(e, from, text, name);
        break;
    case DC_SPF_PTR:
    case DC_SPF_ALL:
    case DC_SPF_EXP:
    case DC_SPF_OTHER:
    case DC_SPF_WRONG:
        break;
    }
}

// Takes the next term out of *at; NULL at the end.
static const char *next_term(struct fdns_arena *arena, const char **at)
{
    *at += strspn(*at, " ");
    size_t len = strcspn(*at, " ");
    const char *term = len > 0 ? fdns_arena_string_n(arena, *at, len) : NULL;
    *at += len;
    return term;
}

// A record that was found at the end of chain: its terms in order, up to "all"; without one, the
// redirect.
static void evaluate(struct evaluation *e, const struct dc_chain *chain, const char *record)
{
    struct fdns_arena *arena = e->n->look->arena;
    const char *at = record + strlen(version);
    struct dc_spf_term redirect = {.kind = DC_SPF_OTHER};
    const char *redirect_text = NULL;
    const char *text;
    bool all = false;
    unsigned n_exp = 0;
    e->path[e->depth++] = chain->start;
    while (!e->broken && (text = next_term(arena, &at)) != NULL) {
        struct dc_spf_term term = dc_spf_term_parse(arena, text);
        bool twice = (term.kind == DC_SPF_REDIRECT && redirect_text != NULL) ||
                     (term.kind == DC_SPF_EXP && n_exp++ > 0);
        if (term.kind == DC_SPF_WRONG || twice) {
            hit_row(e, SYNTAX, chain)->actual =
                fdns_arena_format(arena, "\"%s\" in \"%s\"", text, record);
        } else if (term.kind == DC_SPF_REDIRECT) {
            redirect = term;
            redirect_text = text;
        } else if (term.kind == DC_SPF_ALL) {
            all = true;
        } else if (!all) { // what stands behind "all" is never asked
            look_up(e, chain, &term, text);
        }
    }
    if (!e->broken && !all && redirect_text != NULL) {
        look_up(e, chain, &redirect, redirect_text);
    }
    e->depth--;
}

static void judge_counts(struct evaluation *e)
{
    struct fdns_arena *arena = e->n->look->arena;
    if (e->broken) {
        return; // what was not read was not counted
    }
    if (e->n_lookups > LOOKUPS) {
        struct dc_hit *hit = hit_row(e, TOO_MANY_LOOKUPS, &e->spf->chain);
        hit->expected = "10 lookups at most";
        hit->actual = fdns_arena_format(arena, e->n_lookups > COUNTED ? "more than %u" : "%u",
                                        e->n_lookups > COUNTED ? (unsigned)COUNTED : e->n_lookups);
    }
    if (e->n_voids > VOIDS) {
        struct dc_hit *hit = hit_row(e, TOO_MANY_VOIDS, &e->spf->chain);
        hit->expected = "2 empty answers at most";
        hit->actual = fdns_arena_format(arena, "%u: %s", e->n_voids, e->void_names);
    }
}

// There is no record: why not?
static bool explain_absence(struct dc_neighbours *n, struct dc_spf *spf, const char *const *texts,
                            size_t n_texts)
{
    bool quoted = false;
    const char *attempt = find_attempt(texts, n_texts, &quoted);
    struct dc_chain old;
    const char *old_texts[DC_NEIGHBOUR_TEXTS];
    size_t n_records;
    if (attempt != NULL) {
        dc_neighbour_hit(n, &dc_spf_rows[quoted ? QUOTED : SYNTAX], &spf->chain)->actual =
            fdns_arena_format(n->look->arena, "%s", attempt);
        return true;
    }
    if (!dc_neighbour_ask(n, spf->domain, FDNS_TYPE_SPF, &old)) {
        return false;
    }
    find_record(old_texts, dc_neighbour_texts(n, &old, old_texts), &n_records);
    if (n_records > 0) {
        dc_hit_show(dc_neighbour_hit(n, &dc_spf_rows[TYPE_99], &old),
                    spf->chain.end.answer.observation);
    }
    spf->missing = n_records == 0;
    return true;
}

bool dc_check_spf_at(struct dc_neighbours *n, struct dc_spf *spf)
{
    const char *texts[DC_NEIGHBOUR_TEXTS];
    size_t n_records;
    if (!dc_neighbour_ask(n, spf->domain, FDNS_TYPE_TXT, &spf->chain)) {
        return false;
    }
    if (dc_neighbour_is_lost(n, &spf->chain)) {
        return true;
    }
    size_t n_texts = dc_neighbour_texts(n, &spf->chain, texts);
    const char *record = find_record(texts, n_texts, &n_records);
    if (n_records == 0) {
        return explain_absence(n, spf, texts, n_texts);
    }
    if (n_records > 1) {
        dc_neighbour_hit(n, &dc_spf_rows[TWO_RECORDS], &spf->chain);
        return true;
    }
    struct evaluation *e = fdns_arena_alloc(n->look->arena, sizeof *e);
    *e = (struct evaluation){.n = n, .spf = spf, .complete = true};
    evaluate(e, &spf->chain, record);
    judge_counts(e);
    spf->good = !e->broken;
    return e->complete;
}

bool dc_check_spf(struct dc_neighbours *n)
{
    const char *include = dc_sender_of(n->subject)->spf_include;
    struct dc_spf spf = {.domain = n->expectation->domain};
    uint8_t wanted[FDNS_NAME_MAX];
    if (include != NULL && fdns_name_parse(include, NULL, wanted) == FDNS_OK) {
        spf.wanted = wanted;
    }
    if (!dc_check_spf_at(n, &spf)) {
        return false;
    }
    if (spf.missing) {
        dc_neighbour_hit(n, &dc_spf_rows[MISSING], &spf.chain);
    } else if (spf.good && spf.wanted != NULL && !spf.met) {
        dc_neighbour_hit(n, &dc_spf_rows[WITHOUT_SENDER], &spf.chain)->expected =
            fdns_arena_format(n->look->arena, "include:%s", include);
    }
    return true;
}
