// Records that exist, but under another name than the one that is looked up (4.A of the catalogue
// of modes). For a record that no server has, the names people create by mistake are asked for; a
// positive answer counts only if a random name beside it does not say the same (a wildcard would).
#include "harness/check/dkim/diagnose.h"
#include "harness/check/dkim/input.h"

#include <string.h>
#include <strings.h>

enum {
    DOUBLED,
    DOUBLED_TXT,
    DOUBLED_PARTIAL,
    DOUBLED_DOMAINKEY,
    NO_DOMAINKEY,
    NO_DOT,
    ESCAPED_DOT,
    MISSPELT,
    NO_UNDERSCORE,
    HYPHEN,
    AT_SIGN,
    WHITE_SPACE,
    OTHER_LEVEL,
    WITH_WWW,
    OTHER_SELECTOR,
    AMAZONSES_BARE,
    OTHER_ZONE,
    N_ROWS
};

#define PANEL_NAME                                                                                 \
    "Delete the record and create it again with the name that is expected. Enter only the part "   \
    "before your domain if the panel adds the domain by itself; the documentation of your DNS "    \
    "provider says whether it does."

const struct dc_finding_row dc_name_rows[DC_NAME_ROWS] = {
    [DOUBLED] = {.id = "name/doubled-suffix",
                 .level = DC_ERROR,
                 .title = "The record exists under a doubled domain name",
                 .cause = "The name was entered with the domain in it, and the DNS provider "
                          "appended the domain once more. Nobody looks the record up there.",
                 .remedy =
                     "Edit the name of the record: enter only the part before your domain, or "
                     "end the full name with a dot. The documentation of your DNS provider "
                     "says which of the two it wants.",
                 .refs = "seed:R19; seed:R21; seed:R22; seed:R23; RFC 1035 5.1"},
    [DOUBLED_TXT] = {.id = "name/doubled-suffix-txt",
                     .level = DC_ERROR,
                     .title = "The TXT record exists under a doubled domain name",
                     .cause = "The name was entered with the domain in it, and the DNS provider "
                              "appended the domain once more. Nobody looks the record up there.",
                     .remedy = "Edit the name of the record: enter only the part before your "
                               "domain, or end the full name with a dot. The documentation of your "
                               "DNS provider says which of the two it wants.",
                     .refs = "seed:R20; seed:R21; seed:R23; RFC 1035 5.1"},
    [DOUBLED_PARTIAL] = {.id = "name/doubled-suffix-partial",
                         .level = DC_ERROR,
                         .title = "The record exists under a name in which the subdomain or the "
                                  "domain stands twice",
                         .cause = "The identity is a subdomain of the zone, and part of the name "
                                  "that was entered was appended again by the DNS provider.",
                         .remedy = PANEL_NAME,
                         .refs = "seed:R19; seed:R21; seed:R23"},
    [DOUBLED_DOMAINKEY] = {.id = "name/doubled-domainkey",
                           .level = DC_ERROR,
                           .title = "_domainkey stands twice in the name of the record",
                           .cause = "Receivers look for TOKEN._domainkey and the domain, with one "
                                    "_domainkey.",
                           .remedy = PANEL_NAME,
                           .refs = "seed:R19; seed:R20; RFC 6376 3.6.2.1"},
    [NO_DOMAINKEY] = {.id = "name/name-missing-domainkey",
                      .level = DC_ERROR,
                      .title = "_domainkey is missing in the name of the record",
                      .cause = "Receivers look below _domainkey and nowhere else.",
                      .remedy = PANEL_NAME,
                      .refs = "seed:R19; seed:R20; RFC 6376 3.6.2.1"},
    [NO_DOT] = {.id = "name/name-missing-dot-before-domainkey",
                .level = DC_ERROR,
                .title = "The dot before _domainkey is missing in the name of the record",
                .cause = "Token and _domainkey have become one label, which is another name.",
                .remedy = PANEL_NAME,
                .refs = "seed:R19; seed:R20; RFC 6376 3.6.2.1"},
    [ESCAPED_DOT] = {.id = "name/name-escaped-dot",
                     .level = DC_ERROR,
                     .title = "A dot in the name was stored as an ordinary character",
                     .cause =
                         "The panel or an import escaped the dot, so that the name looks right "
                         "in the panel and is one long label on the wire.",
                     .remedy = PANEL_NAME,
                     .refs = "seed:R19; seed:R20; RFC 1035 5.1; RFC 2181 11"},
    [MISSPELT] = {.id = "name/name-domainkey-plural",
                  .level = DC_ERROR,
                  .title = "_domainkey is misspelt in the name of the record",
                  .cause = "Receivers look below _domainkey and nowhere else.",
                  .remedy = PANEL_NAME,
                  .refs = "seed:R19; seed:R20; RFC 6376 3.6.2.1"},
    [NO_UNDERSCORE] = {.id = "name/underscore-refused",
                       .level = DC_ERROR,
                       .title = "The underscore is missing in the name of the record",
                       .cause = "DKIM names need the underscore. Some panels refuse or remove it, "
                                "although DNS allows it.",
                       .remedy = "Create the record with the underscore. If the panel does not "
                                 "take it, ask the DNS provider, or move the domain to a DNS "
                                 "provider that does.",
                       .refs = "seed:R19; seed:R20; RFC 8552; RFC 2181 11"},
    [HYPHEN] = {.id = "name/underscore-to-hyphen",
                .level = DC_ERROR,
                .title = "The underscore has become a hyphen in the name of the record",
                .cause =
                    "DKIM names need the underscore. Some panels refuse or replace it, although "
                    "DNS allows it.",
                .remedy =
                    "Create the record with the underscore. If the panel does not take it, ask "
                    "the DNS provider, or move the domain to a DNS provider that does.",
                .refs = "seed:R19; seed:R20; RFC 8552; RFC 2181 11"},
    [AT_SIGN] = {.id = "name/at-sign-or-star-literal",
                 .level = DC_ERROR,
                 .title = "The at sign was stored as a part of the name",
                 .cause = "In zone files @ means the domain itself; this panel took it as text.",
                 .remedy = PANEL_NAME,
                 .refs = "seed:R19; seed:R20; RFC 1035 5.1"},
    [WHITE_SPACE] = {.id = "name/name-whitespace",
                     .level = DC_ERROR,
                     .title = "There is an invisible character in the name of the record",
                     .cause = "A blank or a zero-width character was pasted with the name and is "
                              "part of it now.",
                     .remedy =
                         "Delete the record and type its name by hand, without blanks before, "
                         "behind or in it.",
                     .refs = "seed:R19; seed:R20"},
    [OTHER_LEVEL] = {.id = "name/parent-vs-subdomain",
                     .level = DC_ERROR,
                     .title = "The record exists at another level of the domain",
                     .cause = "The records of an identity stand below exactly that domain: those "
                              "of a subdomain below the subdomain, those of the domain below the "
                              "domain.",
                     .remedy = "Create the record with the name that is expected. Delete the one "
                               "at the other level, unless mail of that domain is signed with it.",
                     .refs = "seed:R19; seed:R20; RFC 6376 3.6.2.1"},
    [WITH_WWW] = {.id = "name/www-included",
                  .level = DC_ERROR,
                  .title = "The record exists below www",
                  .cause =
                      "Mail addresses end in the domain without www, and receivers look there.",
                  .remedy = PANEL_NAME,
                  .refs = "seed:R19; seed:R20"},
    [OTHER_SELECTOR] = {.id = "name/selector-mismatch",
                        .level = DC_ERROR,
                        .title = "The key is published under another selector",
                        .cause = "The selector that signs and the selector in the DNS have to be "
                                 "the same word.",
                        .remedy = "Publish the record under the selector that is configured, or "
                                  "configure the one that is published.",
                        .refs = "seed:R20; RFC 6376 3.1"},
    [AMAZONSES_BARE] = {.id = "record/amazonses-no-underscore",
                        .level = DC_ERROR,
                        .title = "The domain verification record stands at amazonses, without the "
                                 "underscore",
                        .cause = "Only _amazonses is looked up. Some panels refuse or remove the "
                                 "underscore, although DNS allows it.",
                        .remedy =
                            "Create the record at _amazonses. If the panel takes no underscore, "
                            "create a TXT record at the domain itself instead, with amazonses: "
                            "before the value.",
                        .refs = "seed:R46; RFC 2181 11"},
    [OTHER_ZONE] = {.id = "name/wrong-domain-zone",
                    .level = DC_ERROR,
                    .title = "The record was created in the zone of another of your domains",
                    .cause = "Records of an identity stand below its own domain. In the zone of "
                             "another domain nobody looks for them.",
                    .remedy = "In the DNS panel choose the zone of the right domain, create the "
                              "record there, and delete the one in the other zone.",
                    .refs = "seed:R19; seed:R20; RFC 6376 3.6.2.1"},
};

enum where { ANYWHERE, AT_APEX, BELOW_APEX };
enum whose { ALL, KEYS, SELECTOR_ONLY, VERIFICATION_ONLY };

// {P} the name before the domain, {T} token or selector, {D} the domain, {E} the domain with its
// dots escaped, {Z} the zone, {S} the labels of the domain before the zone.
static const struct shape {
    unsigned row;
    const char *pattern;
    enum where where;
    enum whose whose;
} shapes[] = {
    {DOUBLED, "{P}.{D}.{Z}", AT_APEX, ALL},
    {DOUBLED_PARTIAL, "{P}.{D}.{Z}", BELOW_APEX, ALL},
    {DOUBLED_PARTIAL, "{P}.{S}.{D}", BELOW_APEX, ALL},
    {DOUBLED_PARTIAL, "{P}.{D}.{D}", BELOW_APEX, ALL},
    {DOUBLED_DOMAINKEY, "{T}._domainkey._domainkey.{D}", ANYWHERE, KEYS},
    {NO_DOMAINKEY, "{T}.{D}", ANYWHERE, KEYS},
    {NO_DOT, "{T}_domainkey.{D}", ANYWHERE, KEYS},
    {ESCAPED_DOT, "{T}\\._domainkey.{D}", ANYWHERE, KEYS},
    {ESCAPED_DOT, "{T}\\._domainkey\\.{E}.{Z}", ANYWHERE, KEYS},
    {MISSPELT, "{T}._domainkeys.{D}", ANYWHERE, KEYS},
    {MISSPELT, "{T}._domain_key.{D}", ANYWHERE, KEYS},
    {MISSPELT, "{T}._domain-key.{D}", ANYWHERE, KEYS},
    {MISSPELT, "{T}.domain-key.{D}", ANYWHERE, KEYS},
    {NO_UNDERSCORE, "{T}.domainkey.{D}", ANYWHERE, KEYS},
    {AMAZONSES_BARE, "amazonses.{D}", ANYWHERE, VERIFICATION_ONLY},
    {HYPHEN, "{T}.-domainkey.{D}", ANYWHERE, KEYS},
    {HYPHEN, "{T}-domainkey.{D}", ANYWHERE, KEYS},
    {HYPHEN, "-amazonses.{D}", ANYWHERE, VERIFICATION_ONLY},
    {AT_SIGN, "{P}.@.{D}", ANYWHERE, ALL},
    {WHITE_SPACE, "\\032{P}.{D}", ANYWHERE, ALL},
    {WHITE_SPACE, "{P}\\032.{D}", ANYWHERE, ALL},
    {WHITE_SPACE, "{T}\\032._domainkey.{D}", ANYWHERE, KEYS},
    {WHITE_SPACE, "\\009{P}.{D}", ANYWHERE, ALL},
    {WHITE_SPACE, "\\226\\128\\139{P}.{D}", ANYWHERE, ALL},             // U+200B
    {WHITE_SPACE, "{P}\\226\\128\\139.{D}", ANYWHERE, ALL},             // U+200B
    {WHITE_SPACE, "{T}\\226\\128\\139._domainkey.{D}", ANYWHERE, KEYS}, // U+200B
    {WHITE_SPACE, "\\239\\187\\191{P}.{D}", ANYWHERE, ALL},             // U+FEFF
    {WHITE_SPACE, "\\194\\160{P}.{D}", ANYWHERE, ALL},                  // U+00A0
    {OTHER_LEVEL, "{P}.mail.{D}", ANYWHERE, ALL},
    {WITH_WWW, "{P}.www.{D}", ANYWHERE, ALL},
    {OTHER_SELECTOR, "default._domainkey.{D}", ANYWHERE, SELECTOR_ONLY},
    {OTHER_SELECTOR, "dkim._domainkey.{D}", ANYWHERE, SELECTOR_ONLY},
    {OTHER_SELECTOR, "mail._domainkey.{D}", ANYWHERE, SELECTOR_ONLY},
    {OTHER_SELECTOR, "selector._domainkey.{D}", ANYWHERE, SELECTOR_ONLY},
    {OTHER_SELECTOR, "selector1._domainkey.{D}", ANYWHERE, SELECTOR_ONLY},
    {OTHER_SELECTOR, "selector2._domainkey.{D}", ANYWHERE, SELECTOR_ONLY},
    {OTHER_SELECTOR, "ses._domainkey.{D}", ANYWHERE, SELECTOR_ONLY},
    {OTHER_SELECTOR, "s1._domainkey.{D}", ANYWHERE, SELECTOR_ONLY},
};

_Static_assert((int)N_ROWS == (int)DC_NAME_ROWS, "diagnose.h counts the rows");
_Static_assert(sizeof shapes / sizeof shapes[0] + DC_OTHER_DOMAINS_MAX <= DC_CANDIDATES_MAX,
               "room for all shapes");

// The first n labels of a name, in presentation form without the final dot.
static const char *leading(struct fdns_arena *arena, const uint8_t *name, unsigned n)
{
    uint8_t labels[FDNS_NAME_MAX];
    return fdns_name_join(name, n, fdns_name_root, labels) == FDNS_OK ? dc_name_bare(arena, labels)
                                                                      : "";
}

static const char *escape_dots(struct fdns_arena *arena, const char *text)
{
    char *out = fdns_arena_alloc(arena, 2 * strlen(text) + 1);
    size_t n = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '.') {
            out[n++] = '\\';
        }
        out[n++] = *c;
    }
    return out;
}

struct words {
    const char *text[128]; // by letter
};

static struct words words_of(const struct dc_gathered *g, const struct dc_expected *record)
{
    struct fdns_arena *arena = g->look->arena;
    unsigned below = fdns_name_labels(record->owner) - fdns_name_labels(g->expectation->domain);
    unsigned sub = fdns_name_labels(g->expectation->domain) - fdns_name_labels(g->places[0].apex);
    struct words words = {{NULL}};
    words.text['P'] = leading(arena, record->owner, below);
    words.text['T'] = leading(arena, record->owner, below - 1);
    words.text['D'] = g->expectation->domain_text;
    words.text['E'] = escape_dots(arena, g->expectation->domain_text);
    words.text['Z'] = dc_name_bare(arena, g->places[0].apex);
    words.text['S'] = leading(arena, g->expectation->domain, sub);
    return words;
}

// The pattern with its words, as a name; NULL if that is no name.
static const uint8_t *fill(struct fdns_arena *arena, const char *pattern, const struct words *words)
{
    const char *text = "";
    uint8_t name[FDNS_NAME_MAX];
    while (*pattern != '\0') {
        size_t plain = strcspn(pattern, "{");
        text = fdns_arena_format(arena, "%s%.*s", text, (int)plain, pattern);
        pattern += plain;
        if (*pattern == '{') {
            text = fdns_arena_format(arena, "%s%s", text, words->text[(unsigned char)pattern[1]]);
            pattern += 3;
        }
    }
    return fdns_name_parse(text, NULL, name) == FDNS_OK ? fdns_name_copy(arena, name) : NULL;
}

static bool fits(const struct dc_gathered *g, const struct shape *shape,
                 const struct dc_expected *record)
{
    bool at_apex = fdns_name_equal(g->expectation->domain, g->places[0].apex);
    if ((shape->where == AT_APEX && !at_apex) || (shape->where == BELOW_APEX && at_apex)) {
        return false;
    }
    switch (shape->whose) {
    case ALL:
        return true;
    case KEYS:
        return record->role != DC_ROLE_VERIFICATION;
    case SELECTOR_ONLY:
        return record->role == DC_ROLE_SELECTOR;
    case VERIFICATION_ONLY:
        return record->role == DC_ROLE_VERIFICATION;
    }
    return false;
}

static bool is_new(const struct dc_gathered_record *record, const uint8_t *owner,
                   const uint8_t *name)
{
    for (size_t i = 0; i < record->n_candidates; i++) {
        if (fdns_name_equal(record->candidates[i].name, name)) {
            return false;
        }
    }
    return !fdns_name_equal(owner, name);
}

// In the zone of the domain its own server is asked, anywhere else whoever is found by a walk.
static bool ask_about(struct dc_gathered *g, size_t i, const uint8_t *name, uint16_t type,
                      struct dc_answer *answer)
{
    struct dc_walk_end end;
    if (fdns_name_at_or_below(name, g->places[0].apex)) {
        return dc_answer_ask(g->look, &dc_gathered_witness(g, i)->address, name, type, answer);
    }
    enum dc_walk_result result = dc_walk_ask(&g->walk, name, type, &end);
    *answer = end.answer;
    return result != DC_WALK_PENDING;
}

static bool ask_candidate(struct dc_gathered *g, size_t i, struct dc_candidate *candidate)
{
    const uint8_t *beside = dc_random_beside(g->look->arena, candidate->name);
    if (!ask_about(g, i, candidate->name, candidate->type, &candidate->answer)) {
        return false;
    }
    bool alias = candidate->answer.kind == DC_ANSWER_CNAME;
    bool there = alias || candidate->answer.kind == DC_ANSWER_DATA;
    bool complete = !alias || candidate->type != FDNS_TYPE_TXT ||
                    dc_gather_chain(g, candidate->answer.cname); // a TXT may stand behind it
    if (there && beside != NULL) {
        complete &= ask_about(g, i, beside, candidate->type, &candidate->random);
    }
    return complete;
}

// False while pending.
static bool add_candidate(struct dc_gathered *g, size_t i, unsigned row, bool is_others,
                          const uint8_t *name)
{
    struct dc_gathered_record *record = &g->records[i];
    const struct dc_expected *expected = &g->expectation->records[i];
    if (name == NULL || record->n_candidates == DC_CANDIDATES_MAX ||
        !is_new(record, expected->owner, name)) {
        return true;
    }
    struct dc_candidate *candidate = &record->candidates[record->n_candidates++];
    *candidate = (struct dc_candidate){
        .row = &dc_name_rows[row], .is_others = is_others, .name = name, .type = expected->type};
    return ask_candidate(g, i, candidate);
}

// The same record at every level above the domain, up to where domains are registered. Those above
// the zone are in other zones.
static bool add_levels_above(struct dc_gathered *g, size_t i)
{
    struct fdns_arena *arena = g->look->arena;
    const uint8_t *domain = g->expectation->domain;
    const uint8_t *owner = g->expectation->records[i].owner;
    unsigned head = fdns_name_labels(owner) - fdns_name_labels(domain);
    bool complete = true;
    for (unsigned k = 1; k < fdns_name_labels(domain); k++) {
        const uint8_t *above = fdns_name_skip(domain, k);
        uint8_t name[FDNS_NAME_MAX];
        if (dc_walk_is_registry(above)) {
            break;
        }
        if (fdns_name_join(owner, head, above, name) == FDNS_OK) {
            complete &= add_candidate(g, i, OTHER_LEVEL, false, fdns_name_copy(arena, name));
        }
    }
    return complete;
}

// The same record below other domains of the same owner.
static bool add_other_domains(struct dc_gathered *g, size_t i)
{
    const struct dc_expectation *expectation = g->expectation;
    const uint8_t *owner = expectation->records[i].owner;
    unsigned head = fdns_name_labels(owner) - fdns_name_labels(expectation->domain);
    bool complete = true;
    for (size_t k = 0; k < expectation->n_others; k++) {
        uint8_t name[FDNS_NAME_MAX];
        if (fdns_name_join(owner, head, expectation->others[k], name) == FDNS_OK) {
            unsigned row = fdns_name_below(expectation->others[k], expectation->domain)
                               ? OTHER_LEVEL
                               : OTHER_ZONE;
            complete &= add_candidate(g, i, row, true, fdns_name_copy(g->look->arena, name));
        }
    }
    return complete;
}

bool dc_gather_candidates(struct dc_gathered *g, size_t i)
{
    struct dc_gathered_record *record = &g->records[i];
    const struct dc_expected *expected = &g->expectation->records[i];
    bool complete = true;
    struct words words = words_of(g, expected);
    record->candidates =
        fdns_arena_array(g->look->arena, DC_CANDIDATES_MAX, sizeof *record->candidates);
    record->n_candidates = 0;
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
        const uint8_t *name =
            fits(g, &shapes[k], expected) ? fill(g->look->arena, shapes[k].pattern, &words) : NULL;
        unsigned row = shapes[k].row == DOUBLED && expected->role != DC_ROLE_TOKEN ? DOUBLED_TXT
                                                                                   : shapes[k].row;
        complete &= add_candidate(g, i, row, false, name);
    }
    complete &= add_levels_above(g, i);
    return add_other_domains(g, i) && complete;
}

static bool is_wildcard(struct fdns_arena *arena, const struct dc_candidate *candidate)
{
    const struct dc_answer *random = &candidate->random;
    return random->kind == candidate->answer.kind && random->observation != NULL &&
           strcmp(dc_answer_text(arena, random), dc_answer_text(arena, &candidate->answer)) == 0;
}

// The answer with the TXT of a candidate: its own, or that at the end of its aliases.
static const struct dc_answer *txt_of(const struct dc_diagnosis *d,
                                      const struct dc_candidate *candidate)
{
    const struct dc_chain *chain = candidate->answer.kind == DC_ANSWER_CNAME
                                       ? dc_gathered_chain(d->g, candidate->answer.cname)
                                       : NULL;
    return chain != NULL ? &chain->end.answer : &candidate->answer;
}

// The text holds the word, in letters of any case.
static bool holds(const struct dc_key *key, const char *word)
{
    size_t len = strlen(word);
    for (size_t at = 0; at + len <= key->text_len; at++) {
        if (strncasecmp(key->text + at, word, len) == 0) {
            return true;
        }
    }
    return false;
}

// A key, or what a panel made of one: quotes, backslashes, a part of it. "MI" begins the base64 of
// every RSA key.
static bool is_like_key(const struct dc_key *key)
{
    return key->octets != NULL || key->bare || holds(key, "v=DKIM1") || holds(key, "p=MI");
}

// TXT strings at the candidate that could be the record; the rest is a neighbour's business.
static bool holds_txt(const struct dc_diagnosis *d, const struct dc_expected *expected,
                      const struct dc_candidate *candidate)
{
    struct fdns_arena *arena = d->g->look->arena;
    const struct dc_given_key *own = dc_own_key(d->subject);
    bool other_selector = candidate->row == &dc_name_rows[OTHER_SELECTOR];
    bool known = own != NULL;
    size_t at = 0;
    const struct fdns_view_rr *rr;
    const struct dc_answer *txt = txt_of(d, candidate);
    while ((rr = dc_answer_next(txt, txt->name, FDNS_TYPE_TXT, &at)) != NULL) {
        struct dc_key key;
        dc_key_parse(&key, arena, txt->view->bytes + rr->rdata_at, rr->rdata_len);
        bool same_key = known && key.octets != NULL &&
                        dc_same_public_key(key.octets, key.n_octets, own->octets, own->n_octets);
        bool same_value = expected->role == DC_ROLE_VERIFICATION &&
                          key.text_len == strlen(d->subject->verification) &&
                          memcmp(key.text, d->subject->verification, key.text_len) == 0;
        // parents and children may have keys of their own under the same selector
        bool other_level = candidate->row == &dc_name_rows[OTHER_LEVEL] && known;
        bool any_key = expected->role == DC_ROLE_SELECTOR && !other_selector && !other_level &&
                       !candidate->is_others && is_like_key(&key);
        if (same_key || same_value || any_key) {
            return true;
        }
    }
    return false;
}

// An alias that could be the record; where other identities have theirs it surely is. Tokens of
// Easy DKIM belong to one identity, while selectors of other senders are the same everywhere.
static bool is_alias(const struct dc_diagnosis *d, const struct dc_expected *expected,
                     const struct dc_candidate *candidate)
{
    if (candidate->answer.kind != DC_ANSWER_CNAME) {
        return false;
    }
    return !candidate->is_others || (d->subject->method == DC_EASY_DKIM &&
                                     dc_expected_leads_to(expected, candidate->answer.cname));
}

static bool matches(const struct dc_diagnosis *d, const struct dc_expected *expected,
                    const struct dc_candidate *candidate)
{
    bool there = expected->role == DC_ROLE_TOKEN ? is_alias(d, expected, candidate)
                                                 : holds_txt(d, expected, candidate);
    return there && !is_wildcard(d->g->look->arena, candidate);
}

bool dc_diagnose_name(struct dc_diagnosis *d, size_t i)
{
    struct fdns_arena *arena = d->g->look->arena;
    const struct dc_gathered_record *record = &d->g->records[i];
    const struct dc_expected *expected = &d->g->expectation->records[i];
    for (size_t k = 0; k < record->n_candidates; k++) {
        const struct dc_candidate *candidate = &record->candidates[k];
        if (!matches(d, expected, candidate)) {
            continue;
        }
        const char *found = dc_name_bare(arena, candidate->name);
        struct dc_hit *hit = dc_diagnosis_hit(d, candidate->row, DC_RANK_NAME, i, NULL);
        hit->actual = fdns_arena_format(arena, "nothing there, but %s has %s", found,
                                        dc_answer_text(arena, &candidate->answer));
        hit->remedy = fdns_arena_format(arena, "The record stands at %s and is wanted at %s. %s",
                                        found, expected->owner_text, candidate->row->remedy);
        dc_hit_show(hit, dc_gathered_witness(d->g, i)->txt[i].observation);
        dc_hit_show(hit, candidate->answer.observation);
        dc_hit_show(hit, candidate->random.observation);
        return true;
    }
    return false;
}
