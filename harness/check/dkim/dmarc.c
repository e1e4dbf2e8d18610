// DMARC: the record at _dmarc of the domain (RFC 9989, which took the place of RFC 7489). A domain
// without one uses that of a domain above it, so it is missing only if none of them has one.
#include "harness/check/dkim/neighbour.h"
#include "harness/check/dkim/tags.h"

#include <string.h>
#include <strings.h>

enum { MISSING, DOUBLED, TWO_RECORDS, CNAME_AND_TXT, SYNTAX, NO_POLICY, STRICT_SPF, N_ROWS };

const struct dc_finding_row dc_dmarc_rows[DC_DMARC_ROWS] = {
    [MISSING] = {.id = "neighbour/dmarc-missing",
                 .level = DC_WARNING,
                 .title = "The domain has no DMARC record",
                 .cause =
                     "Receivers learn nothing of what to do with mail that fails DKIM and SPF, "
                     "and large ones expect a record from whoever sends much mail.",
                 .remedy = "Create a TXT record at _dmarc that says at least v=DMARC1; p=none.",
                 .refs = "RFC 9989 4.10; RFC 7489 6.6.3"},
    [DOUBLED] = {.id = "neighbour/dmarc-doubled",
                 .level = DC_ERROR,
                 .title = "The DMARC record exists under a doubled domain name",
                 .cause =
                     "The name was entered with the domain in it, and the DNS provider appended "
                     "the domain once more. Nobody looks the record up there.",
                 .remedy = "Edit the name of the record: enter only _dmarc, or end the full name "
                           "with a dot.",
                 .refs = "RFC 9989 4.10; RFC 7489 6.1; RFC 1035 5.1"},
    [TWO_RECORDS] = {.id = "neighbour/dmarc-two-records",
                     .level = DC_ERROR,
                     .title = "There are several DMARC records",
                     .cause = "With more than one record receivers use none of them.",
                     .remedy = "Keep one record and delete the others.",
                     .refs = "RFC 9989 4.10; RFC 7489 6.6.3"},
    [CNAME_AND_TXT] = {.id = "neighbour/dmarc-cname-and-txt",
                       .level = DC_ERROR,
                       .title = "There are a CNAME and a TXT record at _dmarc",
                       .cause = "A name with a CNAME has no other records. Which of the two a "
                                "receiver gets depends on the server that it asks.",
                       .remedy = "Keep the CNAME if a service publishes the policy for you, else "
                                 "the TXT record, and delete the other.",
                       .refs = "RFC 1034 3.6.2; RFC 2181 10.1"},
    [SYNTAX] = {.id = "neighbour/dmarc-syntax",
                .level = DC_ERROR,
                .title = "The DMARC record has a mistake",
                .cause = "A record that does not begin with v=DMARC1 in exactly these letters, or "
                         "that is no list of tags, is not used.",
                .remedy =
                    "Correct the record: v=DMARC1; p=none; and so on, with semicolons between "
                    "the tags and without quotation marks or backslashes.",
                .refs = "RFC 9989 4.7; RFC 7489 6.3; RFC 7489 6.6.3"},
    [NO_POLICY] = {.id = "neighbour/dmarc-no-policy",
                   .level = DC_WARNING,
                   .title = "The DMARC record has no policy that receivers know",
                   .cause =
                       "Without p=none, p=quarantine or p=reject many receivers do not use the "
                       "record, the others take it for p=none.",
                   .remedy = "Write the policy behind v=DMARC1, for instance v=DMARC1; p=none.",
                   .refs = "RFC 9989 4.7; RFC 7489 6.3; RFC 7489 6.6.3"},
    [STRICT_SPF] = {.id = "neighbour/dmarc-strict-spf",
                    .level = DC_INFO,
                    .title = "The DMARC record wants SPF to pass for exactly this domain",
                    .cause = "With aspf=s a MAIL FROM domain below the domain does not count. The "
                             "provider's bounces come to such a domain, so DMARC rests on DKIM "
                             "alone.",
                    .remedy =
                        "Delete aspf=s, which makes the alignment relaxed, unless you want it "
                        "so.",
                    .refs = "RFC 9989 4.4; RFC 7489 3.1.2; RFC 7489 6.3"},
};
_Static_assert((int)N_ROWS == (int)DC_DMARC_ROWS, "neighbour.h counts the rows");

static bool is_record(const char *text)
{
    struct dc_tags tags;
    dc_tags_parse(&tags, text, strlen(text));
    return tags.n_tags > 0 && tags.tags[0].name_len == 1 && tags.tags[0].name[0] == 'v' &&
           dc_tag_is(&tags.tags[0], "DMARC1");
}

// Somebody meant it to be a DMARC record.
static bool is_attempt(const char *text)
{
    return strcasestr(text, "DMARC1") != NULL;
}

static const char *find_record(const char *const *texts, size_t n_texts, size_t *n_records)
{
    return dc_neighbour_find(texts, n_texts, is_record, n_records);
}

// Asks at _dmarc of a domain; *record is NULL if there is none. False while pending.
static bool ask(struct dc_neighbours *n, const uint8_t *domain, struct dc_chain *chain,
                const char **record)
{
    const char *texts[DC_NEIGHBOUR_TEXTS];
    size_t n_records;
    const uint8_t *name = dc_name_below(n->look->arena, "_dmarc", domain);
    *chain = (struct dc_chain){.start = name};
    *record = NULL;
    if (name == NULL) {
        return true;
    }
    if (!dc_neighbour_ask(n, name, FDNS_TYPE_TXT, chain)) {
        return false;
    }
    *record = find_record(texts, dc_neighbour_texts(n, chain, texts), &n_records);
    return true;
}

// A domain above has a record, which counts for this one too, or nobody can tell. From long names
// the walk goes on at seven labels (RFC 9989 4.10). *complete is cleared while pending.
static bool is_inherited(struct dc_neighbours *n, bool *complete)
{
    enum { LONG = 8 };
    const uint8_t *domain = n->expectation->domain;
    unsigned labels = fdns_name_labels(domain);
    for (unsigned k = labels >= LONG ? labels - LONG + 1 : 1; k < labels; k++) {
        const uint8_t *above = fdns_name_skip(domain, k);
        struct dc_chain chain;
        const char *record;
        if (dc_walk_is_registry(above)) {
            break;
        }
        if (!ask(n, above, &chain, &record)) {
            *complete = false;
            return false;
        }
        if (record != NULL || chain.result != DC_WALK_FOUND) {
            return true;
        }
    }
    return false;
}

static bool diagnose_missing(struct dc_neighbours *n, const struct dc_chain *chain)
{
    bool complete = true;
    const uint8_t *doubled = dc_neighbour_doubled(n, chain);
    struct dc_chain elsewhere = {.start = NULL};
    const char *texts[DC_NEIGHBOUR_TEXTS];
    size_t n_records = 0;
    bool inherited = is_inherited(n, &complete);
    if (doubled != NULL && !dc_neighbour_ask(n, doubled, FDNS_TYPE_TXT, &elsewhere)) {
        return false;
    }
    if (doubled != NULL) {
        find_record(texts, dc_neighbour_texts(n, &elsewhere, texts), &n_records);
    }
    if (n_records > 0 && !dc_neighbour_is_wildcard(n, &elsewhere, &complete)) {
        struct dc_hit *hit = dc_neighbour_hit(n, &dc_dmarc_rows[DOUBLED], chain);
        hit->actual = fdns_arena_format(n->look->arena, "nothing there, but %s has %s",
                                        dc_name_bare(n->look->arena, doubled),
                                        dc_answer_text(n->look->arena, &elsewhere.end.answer));
        dc_hit_show(hit, elsewhere.end.answer.observation);
    } else if (!inherited) {
        dc_neighbour_hit(n, &dc_dmarc_rows[MISSING], chain);
    }
    return complete;
}

static bool is_policy(const struct dc_tag *tag)
{
    static const char *const words[] = {"none", "quarantine", "reject"};
    for (size_t i = 0; tag != NULL && i < sizeof words / sizeof words[0]; i++) {
        if (tag->value_len == strlen(words[i]) &&
            strncasecmp(tag->value, words[i], tag->value_len) == 0) {
            return true;
        }
    }
    return false;
}

// The one record that there is.
static void judge(struct dc_neighbours *n, const struct dc_chain *chain, const char *record)
{
    struct dc_tags tags;
    dc_tags_parse(&tags, record, strlen(record));
    if (tags.flaw != DC_TAGS_GOOD) {
        struct dc_hit *hit = dc_neighbour_hit(n, &dc_dmarc_rows[SYNTAX], chain);
        hit->actual =
            fdns_arena_format(n->look->arena, "%s (at octet %zu)", hit->actual, tags.flaw_at + 1);
        return;
    }
    if (!is_policy(dc_tags_find(&tags, "p"))) {
        dc_neighbour_hit(n, &dc_dmarc_rows[NO_POLICY], chain);
    }
    const struct dc_tag *aspf = dc_tags_find(&tags, "aspf");
    if (aspf != NULL && (dc_tag_is(aspf, "s") || dc_tag_is(aspf, "S"))) {
        dc_neighbour_hit(n, &dc_dmarc_rows[STRICT_SPF], chain);
    }
}

// *mixed: a CNAME and a TXT record stand at the name side by side.
static bool find_mix(struct dc_neighbours *n, const struct dc_chain *txt, bool *mixed)
{
    struct dc_walk_end alias;
    if (dc_walk_ask(n->walk, txt->start, FDNS_TYPE_CNAME, &alias) == DC_WALK_PENDING) {
        return false;
    }
    bool own_txt = txt->n_hops == 1 && !dc_neighbour_is_absent(txt);
    *mixed = own_txt && alias.answer.n_cnames > 0;
    if (*mixed) {
        dc_hit_show(dc_neighbour_hit(n, &dc_dmarc_rows[CNAME_AND_TXT], txt),
                    alias.answer.observation);
    }
    return true;
}

bool dc_check_dmarc(struct dc_neighbours *n)
{
    const char *texts[DC_NEIGHBOUR_TEXTS];
    struct dc_chain chain;
    size_t n_records;
    bool mixed;
    const char *record;
    if (!ask(n, n->expectation->domain, &chain, &record)) {
        return false;
    }
    if (chain.start == NULL || dc_neighbour_is_lost(n, &chain)) {
        return true;
    }
    if (!find_mix(n, &chain, &mixed)) {
        return false;
    }
    size_t n_texts = dc_neighbour_texts(n, &chain, texts);
    record = find_record(texts, n_texts, &n_records);
    if (n_records > 1) {
        dc_neighbour_hit(n, &dc_dmarc_rows[TWO_RECORDS], &chain);
    } else if (record != NULL) {
        judge(n, &chain, record);
    }
    for (size_t i = 0; i < n_texts && n_records == 0; i++) {
        if (is_attempt(texts[i])) {
            dc_neighbour_hit(n, &dc_dmarc_rows[SYNTAX], &chain);
            return true;
        }
    }
    return n_records > 0 || mixed || diagnose_missing(n, &chain);
}
