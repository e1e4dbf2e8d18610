// Where the CNAME at a token leads, and whether that is where the key is (4.B of the catalogue of
// modes). An alias that reaches the expected name over others is as good as a direct one.
#include "harness/check/dkim/diagnose.h"
#include "harness/check/dkim/sender.h"
#include "harness/check/dkim/target.h"

enum {
    NO_DOT,
    SWAPPED,
    REGION,
    NO_HOST,
    TYPO,
    DANGLING,
    TARGET_NODATA,
    LOOP,
    LONG,
    DNAME,
    WILDCARD,
    TARGET_SILENT,
    TWO_CNAMES,
    N_ROWS
};

#define PASTE_TARGET                                                                               \
    "Replace the target of the CNAME by the one that is expected; copy it from the console."

const struct dc_finding_row dc_alias_rows[DC_ALIAS_ROWS] = {
    [NO_DOT] = {.id = "record/cname-target-no-dot",
                .level = DC_ERROR,
                .title = "The domain was appended to the target of the CNAME",
                .cause = "A target without a final dot is completed with the zone's name in zone "
                         "files, and some panels do the same.",
                .remedy = "End the target of the CNAME with a dot, or enter it the way the "
                          "documentation of your DNS provider shows.",
                .refs = "seed:R19; RFC 1035 5.1"},
    [SWAPPED] = {.id = "record/cname-swapped-tokens",
                 .level = DC_ERROR,
                 .title = "The CNAME points to the key of another token",
                 .cause =
                     "Each token has a key of its own; the selector in a signature has to lead "
                     "to its own key.",
                 .remedy = "Give each CNAME the target that begins with its own token.",
                 .refs = "seed:R19"},
    [REGION] = {.id = "record/cname-wrong-region",
                .level = DC_ERROR,
                .title = "The CNAME belongs to another AWS Region or identity",
                .cause =
                    "Each Region and each account has tokens of its own, and some Regions have "
                    "a key zone of their own.",
                .remedy = "Copy the records from the console of this account, with this Region "
                          "chosen. Records of other Regions may stay beside them.",
                .refs = "seed:R11; seed:R12; seed:R19"},
    [NO_HOST] = {.id = "record/cname-to-url-or-ip",
                 .level = DC_ERROR,
                 .title = "The target of the CNAME is a URL or an address",
                 .cause = "A CNAME leads to a host name and to nothing else.",
                 .remedy = PASTE_TARGET,
                 .refs = "seed:R19; RFC 1034 3.6.2"},
    [TYPO] = {.id = "record/cname-target-typo",
              .level = DC_ERROR,
              .title = "The CNAME points to the wrong name",
              .cause = "The key is not there, so the record does not verify.",
              .remedy = PASTE_TARGET,
              .refs = "seed:R19"},
    [DANGLING] = {.id = "record/cname-dangling",
                  .level = DC_ERROR,
                  .title = "The CNAME is right, but its target does not exist",
                  .cause =
                      "The mail provider has no key for this token: the identity may have been "
                      "deleted, or the token belongs to an earlier set-up.",
                  .remedy = "Look in the console whether the identity still exists and has these "
                            "tokens; if not, create it again and publish the new records.",
                  .refs = "seed:R19; RFC 2308 2.1"},
    [TARGET_NODATA] = {.id = "record/cname-target-nodata",
                       .level = DC_WARNING,
                       .title = "The CNAME is right, but there is no TXT at its target",
                       .cause = "The mail provider has not published a key there, or not yet.",
                       .remedy = "Wait a while, then ask the mail provider.",
                       .refs = "seed:R19; RFC 2308 2.2"},
    [LOOP] = {.id = "record/cname-loop",
              .level = DC_ERROR,
              .title = "The CNAME leads back to itself",
              .cause = "Aliases that go in a circle never reach a key.",
              .remedy = PASTE_TARGET,
              .refs = "seed:R19; RFC 1034 3.6.2"},
    [LONG] = {.id = "record/cname-chain-long",
              .level = DC_WARNING,
              .title = "The CNAME leads over very many others",
              .cause = "Resolvers give up after some aliases, most of them between 8 and 16.",
              .remedy = "Let the CNAME point to the mail provider's name directly.",
              .refs = "seed:R19; RFC 1034 3.6.2"},
    [DNAME] = {.id = "record/dname-over-domainkey",
               .level = DC_ERROR,
               .title = "A DNAME makes up the CNAME, and hides what is entered below it",
               .cause = "Names below a DNAME are rewritten, so records there are never served.",
               .remedy = "Delete the DNAME record above this name.",
               .refs = "seed:R19; RFC 6672 2.4"},
    [WILDCARD] = {.id = "server/wildcard-masks-missing",
                  .level = DC_ERROR,
                  .title = "A wildcard answers for the record, which is missing",
                  .cause =
                      "A random name beside it gets the same answer, so this is not a record of "
                      "your own.",
                  .remedy = "Create the record itself; the wildcard may stay.",
                  .refs = "seed:R19; seed:R20; RFC 4592 2.2.1"},
    [TARGET_SILENT] = {.id = "server/target-unavailable",
                       .level = DC_WARNING,
                       .title = "The key behind the CNAME could not be fetched",
                       .cause = "The record is right, but the servers of its target give no "
                                "answer or an error.",
                       .remedy = "Nothing has to be changed in your zone. Try again; if it stays, "
                                 "tell whoever runs the target, as a rule the mail provider.",
                       .refs = "RFC 6376 6.1.2"},
    [TWO_CNAMES] = {.id = "record/two-cnames",
                    .level = DC_ERROR,
                    .title = "There are several CNAMEs at one name",
                    .cause = "A name has one CNAME at most. Many servers refuse the whole zone.",
                    .remedy = "Keep the CNAME with the expected target and delete the others.",
                    .refs = "seed:R19; RFC 2181 10.1"},
};
_Static_assert((int)N_ROWS == (int)DC_ALIAS_ROWS, "diagnose.h counts the rows");

bool dc_is_wildcard(const struct dc_diagnosis *d, size_t i, const struct dc_answer *answer)
{
    const struct dc_gathered_record *record = &d->g->records[i];
    return record->has_random && dc_answer_same(d->hits.arena, answer, &record->random);
}

static struct dc_hit *hit_alias(struct dc_diagnosis *d, int row, enum dc_rank rank, size_t i,
                                const struct dc_answer *alias, const struct dc_endpoint *endpoint)
{
    return dc_diagnosis_answer(d, &dc_alias_rows[row], rank, i, alias, endpoint);
}

void dc_diagnose_wildcard(struct dc_diagnosis *d, size_t i, const struct dc_answer *answer,
                          const struct dc_endpoint *endpoint)
{
    struct dc_hit *hit = hit_alias(d, WILDCARD, DC_RANK_NAME, i, answer, endpoint);
    dc_hit_show(hit, d->g->records[i].random.observation);
}

static void hit_long(struct dc_diagnosis *d, size_t i, const struct dc_answer *alias,
                     const struct dc_chain *chain, const struct dc_endpoint *endpoint)
{
    struct dc_hit *hit = hit_alias(d, LONG, DC_RANK_TYPE, i, alias, endpoint);
    hit->actual = fdns_arena_format(d->hits.arena, "%zu aliases or more", chain->n_hops);
}

static int row_of_target(enum dc_target_fault fault)
{
    switch (fault) {
    case DC_TARGET_NO_DOT:
        return NO_DOT;
    case DC_TARGET_SWAPPED:
        return SWAPPED;
    case DC_TARGET_REGION:
        return REGION;
    case DC_TARGET_NO_HOST:
        return NO_HOST;
    case DC_TARGET_TYPO:
    case DC_TARGET_RIGHT:
        return TYPO;
    }
    return TYPO;
}

// The alias never comes by the expected name.
static void diagnose_target(struct dc_diagnosis *d, size_t i, const struct dc_answer *alias,
                            const struct dc_chain *chain, const struct dc_endpoint *endpoint)
{
    struct fdns_arena *arena = d->hits.arena;
    const struct dc_expected *expected = &d->g->expectation->records[i];
    const char *detail = NULL;
    if (dc_is_wildcard(d, i, alias)) {
        dc_diagnose_wildcard(d, i, alias, endpoint);
        return;
    }
    if (chain != NULL && chain->loop) {
        hit_alias(d, LOOP, DC_RANK_TYPE, i, alias, endpoint);
        return;
    }
    if (chain != NULL && chain->too_long) {
        hit_long(d, i, alias, chain, endpoint); // it was given up: nobody knows where it ends
        return;
    }
    if (alias->synthesized) {
        hit_alias(d, DNAME, DC_RANK_TYPE, i, alias, endpoint);
        return;
    }
    enum dc_target_fault fault =
        dc_target_compare(arena, d->g->expectation, i, alias->cname, d->g->places[0].apex, &detail);
    struct dc_hit *hit = hit_alias(d, row_of_target(fault), DC_RANK_VALUE, i, alias, endpoint);
    hit->actual = fdns_arena_format(arena, "%s (%s)", hit->actual, detail);
    hit->remedy = fdns_arena_format(arena, "At %s: %s The target is %s", expected->owner_text,
                                    hit->row->remedy, expected->target_text);
}

// Another selector of the set leads to a text, and the sender needs no more than one that does.
static bool is_spare(const struct dc_diagnosis *d, size_t i)
{
    const struct dc_gathered *g = d->g;
    bool needs_all = d->subject->method != DC_SELECTORS || !dc_sender_of(d->subject)->has_spares;
    for (size_t k = 0; !needs_all && k < g->expectation->n_keys; k++) {
        for (size_t e = 0; k != i && e < g->n_endpoints; e++) {
            const struct dc_answer *alias = &g->endpoints[e].cname[k];
            const struct dc_chain *chain =
                dc_endpoint_tells(g, &g->endpoints[e], k) && alias->n_cnames > 0
                    ? dc_gathered_chain(g, alias->cname)
                    : NULL;
            if (chain != NULL && chain->end.answer.kind == DC_ANSWER_DATA) {
                return true;
            }
        }
    }
    return false;
}

// The record is right, but there is nothing where it leads.
static enum dc_cell diagnose_nothing(struct dc_diagnosis *d, size_t i,
                                     const struct dc_answer *alias, const struct dc_answer *end,
                                     const struct dc_endpoint *endpoint)
{
    int row = end->kind == DC_ANSWER_NXDOMAIN ? DANGLING : TARGET_NODATA;
    struct dc_hit *hit = hit_alias(d, row, DC_RANK_VALUE, i, end, endpoint);
    hit->actual = fdns_arena_format(d->hits.arena, "%s at %s", hit->actual,
                                    fdns_name_text(d->hits.arena, end->name));
    dc_hit_show(hit, alias->observation);
    if (!is_spare(d, i)) {
        return DC_CELL_WRONG;
    }
    hit->level = DC_INFO;
    hit->rank = DC_RANK_POLICY;
    hit->remedy = "Nothing has to be done: the sender signs with its other selector, and publishes "
                  "a key here when it needs it.";
    return DC_CELL_RIGHT;
}

enum dc_cell dc_diagnose_end(struct dc_diagnosis *d, size_t i, const struct dc_answer *alias,
                             const struct dc_chain *chain, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *end = &chain->end.answer;
    if (chain->loop) {
        hit_alias(d, LOOP, DC_RANK_TYPE, i, alias, endpoint);
        return DC_CELL_WRONG;
    }
    if (dc_chain_is_long(chain)) {
        hit_long(d, i, alias, chain, endpoint);
    }
    if (chain->too_long) {
        return DC_CELL_WRONG;
    }
    if (chain->result != DC_WALK_FOUND) {
        d->key_unknown = true;
        if (end->observation == NULL) {
            return DC_CELL_RIGHT; // nobody to ask: there is neither a root nor a resolver
        }
        hit_alias(d, TARGET_SILENT, DC_RANK_UNREACHABLE, i, end, endpoint);
        return DC_CELL_SILENT;
    }
    if (dc_answer_is_negative(end)) {
        return diagnose_nothing(d, i, alias, end, endpoint);
    }
    return dc_diagnose_key(d, i, end, end->name, endpoint) ? DC_CELL_RIGHT : DC_CELL_WRONG;
}

static bool passes_target(const struct dc_chain *chain, const struct dc_expected *expected)
{
    for (size_t i = 0; i < chain->n_hops; i++) {
        if (dc_expected_leads_to(expected, chain->hops[i])) {
            return true;
        }
    }
    return false;
}

enum dc_cell dc_diagnose_alias(struct dc_diagnosis *d, size_t i, const struct dc_answer *alias,
                               const struct dc_endpoint *endpoint)
{
    const struct dc_expected *expected = &d->g->expectation->records[i];
    const struct dc_chain *chain = dc_gathered_chain(d->g, alias->cname);
    if (alias->n_cnames > 1) {
        hit_alias(d, TWO_CNAMES, DC_RANK_TYPE, i, alias, endpoint);
        return DC_CELL_WRONG;
    }
    if (chain != NULL && passes_target(chain, expected)) {
        return dc_diagnose_end(d, i, alias, chain, endpoint);
    }
    diagnose_target(d, i, alias, chain, endpoint);
    return DC_CELL_WRONG;
}
