// MAIL FROM: the domain that Amazon SES puts into the envelope instead of its own. It needs one MX
// record, which leads to the Region's host for bounces, and an SPF record at the same name.
#include "harness/check/dkim/neighbour.h"

#include <string.h>
#include <strings.h>

enum {
    NOT_SUBDOMAIN,
    CNAME,
    MISSING_MX,
    DOUBLED,
    TWO_MX,
    WRONG_REGION,
    WRONG_MX,
    MISSING_SPF,
    SPF_WITHOUT_SES,
    N_ROWS
};

#define FALLS_BACK                                                                                 \
    "The set-up of the MAIL FROM domain fails, and Amazon SES uses a domain of its own instead "   \
    "or "                                                                                          \
    "refuses to send, as you chose."

const struct dc_finding_row dc_mail_from_rows[DC_MAIL_FROM_ROWS] = {
    [NOT_SUBDOMAIN] = {.id = "neighbour/mailfrom-not-subdomain",
                       .level = DC_ERROR,
                       .title = "The MAIL FROM domain is not below the domain",
                       .cause = "Amazon SES takes only a subdomain of the identity, so that SPF "
                                "passes for a domain that is aligned with it.",
                       .remedy = "Choose a name below the domain that is used for nothing else.",
                       .refs = "RFC 9989 4.4; RFC 7489 3.1.2"},
    [CNAME] = {.id = "neighbour/mailfrom-cname",
               .level = DC_ERROR,
               .title = "There is a CNAME at the MAIL FROM domain",
               .cause = "A name with a CNAME has no other records, so the MX and the SPF record "
                        "there are not seen. " FALLS_BACK,
               .remedy = "Delete the CNAME, or choose another subdomain as MAIL FROM domain.",
               .refs = "RFC 1034 3.6.2; RFC 2181 10.1"},
    [MISSING_MX] = {.id = "neighbour/mailfrom-missing-mx",
                    .level = DC_ERROR,
                    .title = "The MAIL FROM domain has no MX record",
                    .cause = FALLS_BACK,
                    .remedy = "Create the MX record at the MAIL FROM domain: priority 10, the host "
                              "that the console shows.",
                    .refs = "RFC 5321 5.1"},
    [DOUBLED] = {.id = "neighbour/mailfrom-doubled",
                 .level = DC_ERROR,
                 .title =
                     "The MX record of the MAIL FROM domain exists under a doubled domain name",
                 .cause =
                     "The name was entered with the domain in it, and the DNS provider appended "
                     "the domain once more.",
                 .remedy =
                     "Edit the name of the record: enter only the part before your domain, or "
                     "end the full name with a dot.",
                 .refs = "RFC 1035 5.1"},
    [TWO_MX] = {.id = "neighbour/mailfrom-two-mx",
                .level = DC_ERROR,
                .title = "The MAIL FROM domain has several MX records",
                .cause = "There may be exactly one. " FALLS_BACK,
                .remedy =
                    "Keep the MX record that the console shows and delete the others. If they "
                    "are needed to receive mail, choose another subdomain.",
                .refs = "RFC 5321 5.1"},
    [WRONG_REGION] = {.id = "neighbour/mailfrom-wrong-region-mx",
                      .level = DC_ERROR,
                      .title = "The MX record of the MAIL FROM domain leads to another AWS Region",
                      .cause = "Each Region has a host of its own for bounces. " FALLS_BACK,
                      .remedy = "Let the MX record lead to the host of the Region you send from. "
                                "Each Region needs a MAIL FROM domain of its own.",
                      .refs = "RFC 5321 5.1"},
    [WRONG_MX] = {.id = "neighbour/mailfrom-wrong-mx",
                  .level = DC_ERROR,
                  .title = "The MX record of the MAIL FROM domain leads elsewhere",
                  .cause = "Bounces have to come to the host of Amazon SES. " FALLS_BACK,
                  .remedy = "Let the MX record lead to the host that the console shows. If the "
                            "name receives mail of its own, choose another subdomain.",
                  .refs = "RFC 5321 5.1"},
    [MISSING_SPF] = {.id = "neighbour/mailfrom-missing-spf",
                     .level = DC_WARNING,
                     .title = "The MAIL FROM domain has no SPF record",
                     .cause = "SPF cannot pass for it, and receivers may take the mail for forged.",
                     .remedy = "Create a TXT record at the MAIL FROM domain: v=spf1 "
                               "include:amazonses.com ~all.",
                     .refs = "RFC 7208 2.4; RFC 7208 4.5"},
    [SPF_WITHOUT_SES] = {.id = "neighbour/mailfrom-spf-without-ses",
                         .level = DC_WARNING,
                         .title =
                             "The SPF record of the MAIL FROM domain does not include Amazon SES",
                         .cause = "SPF fails for what Amazon SES sends with this MAIL FROM domain.",
                         .remedy = "Add include:amazonses.com before the last term of the record.",
                         .refs = "RFC 7208 5.2"},
};
_Static_assert((int)N_ROWS == (int)DC_MAIL_FROM_ROWS, "neighbour.h counts the rows");

static bool label_is(const uint8_t *name, unsigned i, const char *word)
{
    const uint8_t *label = fdns_name_skip(name, i);
    return label[0] == strlen(word) && strncasecmp((const char *)label + 1, word, label[0]) == 0;
}

// feedback-smtp.REGION.amazonses.com
static bool is_bounce_host(const uint8_t *host)
{
    return fdns_name_labels(host) == 4 && label_is(host, 0, "feedback-smtp") &&
           label_is(host, 2, "amazonses") && label_is(host, 3, "com");
}

static size_t read_mx(const struct dc_answer *answer, uint8_t host[FDNS_NAME_MAX])
{
    const struct fdns_view_rr *rr;
    size_t count = 0;
    size_t at = 0;
    while ((rr = dc_answer_next(answer, answer->name, FDNS_TYPE_MX, &at)) != NULL) {
        if (!fdns_view_rdata_name(answer->view, rr, host)) {
            host[0] = 0;
        }
        count++;
    }
    return count;
}

static const char *wanted_mx(const struct dc_neighbours *n)
{
    const char *region = n->subject->region;
    return fdns_arena_format(n->look->arena, "one MX, 10 feedback-smtp.%s.amazonses.com.",
                             region != NULL ? region : "REGION");
}

// The one MX record there should be.
static void judge_mx(struct dc_neighbours *n, const struct dc_chain *chain)
{
    uint8_t host[FDNS_NAME_MAX] = {0};
    size_t count = read_mx(&chain->end.answer, host);
    const char *region = n->subject->region;
    int row = count > 1                                      ? TWO_MX
              : !is_bounce_host(host)                        ? WRONG_MX
              : region != NULL && !label_is(host, 1, region) ? WRONG_REGION
                                                             : -1;
    if (row >= 0) {
        dc_neighbour_hit(n, &dc_mail_from_rows[row], chain)->expected = wanted_mx(n);
    }
}

static bool diagnose_no_mx(struct dc_neighbours *n, const struct dc_chain *chain)
{
    bool complete = true;
    struct dc_chain elsewhere = {.start = NULL};
    const uint8_t *doubled = dc_neighbour_doubled(n, chain);
    if (doubled != NULL && !dc_neighbour_ask(n, doubled, FDNS_TYPE_MX, &elsewhere)) {
        return false;
    }
    if (doubled != NULL && !dc_neighbour_is_absent(&elsewhere) &&
        !dc_neighbour_is_wildcard(n, &elsewhere, &complete)) {
        struct dc_hit *hit = dc_neighbour_hit(n, &dc_mail_from_rows[DOUBLED], chain);
        hit->expected = wanted_mx(n);
        hit->actual = fdns_arena_format(n->look->arena, "nothing there, but %s has %s",
                                        dc_name_bare(n->look->arena, doubled),
                                        dc_answer_text(n->look->arena, &elsewhere.end.answer));
        dc_hit_show(hit, elsewhere.end.answer.observation);
        return complete;
    }
    dc_neighbour_hit(n, &dc_mail_from_rows[MISSING_MX], chain)->expected = wanted_mx(n);
    return complete;
}

static bool check_spf(struct dc_neighbours *n, const uint8_t *name)
{
    uint8_t amazonses[FDNS_NAME_MAX];
    struct dc_spf spf = {.domain = name, .wanted = amazonses};
    if (fdns_name_parse("amazonses.com", NULL, amazonses) != FDNS_OK || !dc_check_spf_at(n, &spf)) {
        return false;
    }
    if (spf.missing || (spf.good && !spf.met)) {
        int row = spf.missing ? MISSING_SPF : SPF_WITHOUT_SES;
        dc_neighbour_hit(n, &dc_mail_from_rows[row], &spf.chain)->expected =
            "TXT \"v=spf1 include:amazonses.com ~all\"";
    }
    return true;
}

// *hidden: a CNAME stands at the name.
static bool find_alias(struct dc_neighbours *n, const uint8_t *name, bool *hidden)
{
    struct dc_chain alias = {.start = name};
    if (dc_walk_ask(n->walk, name, FDNS_TYPE_CNAME, &alias.end) == DC_WALK_PENDING) {
        return false;
    }
    *hidden = alias.end.answer.n_cnames > 0;
    if (*hidden) {
        dc_neighbour_hit(n, &dc_mail_from_rows[CNAME], &alias)->expected = wanted_mx(n);
    }
    return true;
}

bool dc_check_mail_from(struct dc_neighbours *n)
{
    struct fdns_arena *arena = n->look->arena;
    uint8_t wire[FDNS_NAME_MAX];
    struct dc_chain chain;
    bool hidden;
    const char *text = n->subject->mail_from;
    if (text == NULL || fdns_name_parse(text, NULL, wire) != FDNS_OK) {
        return true; // whoever read the subject has complained
    }
    const uint8_t *name = fdns_name_copy(arena, wire);
    if (!fdns_name_below(name, n->expectation->domain)) {
        struct dc_hit *hit =
            dc_hits_add(&n->hits, &dc_mail_from_rows[NOT_SUBDOMAIN], DC_RANK_NEIGHBOUR);
        hit->name = dc_name_bare(arena, name);
        hit->expected = fdns_arena_format(arena, "a name below %s", n->expectation->domain_text);
        return true;
    }
    bool complete = find_alias(n, name, &hidden);
    complete &= dc_neighbour_ask(n, name, FDNS_TYPE_MX, &chain);
    if (!complete || hidden) {
        return complete;
    }
    complete = check_spf(n, name);
    if (dc_neighbour_is_lost(n, &chain)) {
        return complete;
    }
    if (dc_neighbour_is_absent(&chain)) {
        return diagnose_no_mx(n, &chain) && complete;
    }
    judge_mx(n, &chain);
    return complete;
}
