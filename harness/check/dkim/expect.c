#include "harness/check/dkim/expect.h"

#include "harness/check/dkim/account.h"
#include "harness/check/dkim/input.h"
#include "harness/check/dkim/sender.h"

#include <string.h>

// Regions whose keys stand in a zone of their own; the others share dkim.amazonses.com.
static const char *const own_zone[] = {"af-south-1",     "ap-northeast-3", "ap-south-2",
                                       "ap-southeast-3", "ap-southeast-5", "ca-west-1",
                                       "eu-central-2",   "eu-south-1",     "il-central-1",
                                       "me-central-1",   "us-gov-east-1"};

const char *dc_expect_key_zone(struct fdns_arena *arena, const char *region)
{
    for (size_t i = 0; region != NULL && i < sizeof own_zone / sizeof own_zone[0]; i++) {
        if (strcmp(region, own_zone[i]) == 0) {
            return fdns_arena_format(arena, "dkim.%s.amazonses.com", region);
        }
    }
    return "dkim.amazonses.com";
}

const uint8_t *dc_name_below(struct fdns_arena *arena, const char *label, const uint8_t *suffix)
{
    size_t len = strlen(label);
    size_t rest = fdns_name_len(suffix);
    if (len == 0 || len > FDNS_LABEL_MAX || 1 + len + rest > FDNS_NAME_MAX) {
        return NULL;
    }
    uint8_t *name = fdns_arena_alloc(arena, 1 + len + rest);
    name[0] = (uint8_t)len;
    memcpy(name + 1, label, len);
    memcpy(name + 1 + len, suffix, rest);
    return name;
}

const char *dc_name_bare(struct fdns_arena *arena, const uint8_t *name)
{
    char *text = fdns_name_text(arena, name);
    size_t len = strlen(text);
    if (len > 1) {
        text[len - 1] = '\0'; // the final dot; an escaped one would stand before it
    }
    return text;
}

static const uint8_t *parse(struct fdns_arena *arena, const char *text, const uint8_t *origin)
{
    uint8_t name[FDNS_NAME_MAX];
    return text != NULL && fdns_name_parse(text, origin, name) == FDNS_OK
               ? fdns_name_copy(arena, name)
               : NULL;
}

static struct dc_expected *add(struct fdns_arena *arena, struct dc_expectation *expectation,
                               enum dc_record_role role, uint16_t type, const uint8_t *owner)
{
    struct dc_expected *record = &expectation->records[expectation->n_records++];
    *record = (struct dc_expected){
        .role = role, .type = type, .owner = owner, .owner_text = dc_name_bare(arena, owner)};
    return record;
}

static void set_target(struct fdns_arena *arena, struct dc_expected *record, const uint8_t *target)
{
    record->target = target;
    record->target_text = fdns_name_text(arena, target);
    record->text = fdns_arena_format(arena, "CNAME %s", record->target_text);
}

bool dc_expected_leads_to(const struct dc_expected *record, const uint8_t *name)
{
    for (size_t i = 0; i < 2; i++) {
        if (record->shapes[i] != NULL && dc_sender_fits(record->shapes[i], name)) {
            return true;
        }
    }
    return record->target != NULL && fdns_name_equal(record->target, name);
}

static bool add_token(struct fdns_arena *arena, struct dc_expectation *expectation,
                      const char *token, const uint8_t *domainkey, const uint8_t *key_zone)
{
    const uint8_t *owner = dc_name_below(arena, token, domainkey);
    const uint8_t *target = dc_name_below(arena, token, key_zone);
    if (owner == NULL || target == NULL) {
        return false;
    }
    struct dc_expected *record = add(arena, expectation, DC_ROLE_TOKEN, FDNS_TYPE_CNAME, owner);
    record->label = token;
    set_target(arena, record, target);
    return true;
}

static bool add_tokens(struct fdns_arena *arena, struct dc_expectation *expectation,
                       const char *region, const char *const *tokens, size_t n_tokens,
                       const uint8_t *domainkey, const char **why)
{
    const uint8_t *key_zone = parse(arena, dc_expect_key_zone(arena, region), NULL);
    if (n_tokens == 0 || n_tokens > DC_TOKENS_MAX) {
        *why =
            fdns_arena_format(arena, "%zu tokens given, 1 to %d wanted", n_tokens, DC_TOKENS_MAX);
        return false;
    }
    for (size_t i = 0; i < n_tokens; i++) {
        if (!add_token(arena, expectation, tokens[i], domainkey, key_zone)) {
            *why = fdns_arena_format(arena, "the token \"%s\" is no label of a domain name",
                                     tokens[i]);
            return false;
        }
    }
    return true;
}

static bool add_selector(struct fdns_arena *arena, struct dc_expectation *expectation,
                         const struct dc_dkim_subject *subject, const uint8_t *domainkey,
                         const char **why)
{
    // a selector may have several labels (RFC 6376 3.1), so it is read as a name
    const uint8_t *owner = parse(arena, subject->selector, domainkey);
    if (owner == NULL || !fdns_name_below(owner, domainkey)) {
        *why = fdns_arena_format(arena, "the selector \"%s\" makes no domain name",
                                 subject->selector != NULL ? subject->selector : "");
        return false;
    }
    struct dc_expected *record = add(arena, expectation, DC_ROLE_SELECTOR, FDNS_TYPE_TXT, owner);
    record->label = subject->selector;
    record->text = dc_own_key(subject) != NULL ? "TXT with p= and your public key"
                                               : "TXT with p= and a public key";
    return true;
}

// What a shape looks like to people: an ellipsis for what is not known.
static const char *show_shape(struct fdns_arena *arena, const char *shape)
{
    const char *text = "";
    for (size_t len; *shape != '\0'; shape += len + (shape[len] == '*' ? 1 : 0)) {
        len = strcspn(shape, "*");
        text = fdns_arena_format(arena, "%s%.*s%s", text, (int)len, shape,
                                 shape[len] == '*' ? "…" : "");
    }
    return text;
}

static void set_shapes(struct fdns_arena *arena, struct dc_expected *record,
                       const char *const *shapes, size_t n)
{
    record->shapes[0] = shapes[0];
    record->shapes[1] = n > 1 ? shapes[1] : NULL;
    record->target_text = show_shape(arena, shapes[0]);
    if (n > 1) {
        record->target_text =
            fdns_arena_format(arena, "%s or %s", record->target_text, show_shape(arena, shapes[1]));
    }
    record->text = fdns_arena_format(arena, "CNAME to %s", record->target_text);
}

// A selector of another sender: a CNAME if the subject or the sender's table says where it leads,
// else a key.
static bool add_named(struct fdns_arena *arena, struct dc_expectation *expectation,
                      const struct dc_dkim_subject *subject, size_t i, const uint8_t *domainkey,
                      const char **why)
{
    const char *selector = subject->selectors[i];
    const uint8_t *owner = parse(arena, selector, domainkey);
    const char *shapes[DC_SENDER_TARGETS];
    size_t n_shapes =
        dc_sender_targets(arena, dc_sender_of(subject), selector, expectation->domain_text, shapes);
    const uint8_t *target = subject->n_targets > 0 ? parse(arena, subject->targets[i], NULL)
                            : n_shapes == 1 && strchr(shapes[0], '*') == NULL
                                ? parse(arena, shapes[0], NULL)
                                : NULL;
    if (owner == NULL || !fdns_name_below(owner, domainkey)) {
        *why = fdns_arena_format(arena, "the selector \"%s\" makes no domain name", selector);
        return false;
    }
    if (subject->n_targets > 0 && target == NULL) {
        *why = fdns_arena_format(arena, "the target \"%s\" is no domain name", subject->targets[i]);
        return false;
    }
    bool token = target != NULL || n_shapes > 0;
    struct dc_expected *record = add(arena, expectation, token ? DC_ROLE_TOKEN : DC_ROLE_SELECTOR,
                                     token ? FDNS_TYPE_CNAME : FDNS_TYPE_TXT, owner);
    record->label = selector;
    if (target != NULL) {
        set_target(arena, record, target);
    } else if (token) {
        set_shapes(arena, record, shapes, n_shapes);
    } else {
        record->text = "TXT with p= and a public key, or a CNAME to one";
    }
    return true;
}

static bool add_selectors(struct fdns_arena *arena, struct dc_expectation *expectation,
                          const struct dc_dkim_subject *subject, const uint8_t *domainkey,
                          const char **why)
{
    size_t n = subject->n_selectors;
    if (n == 0 || n > DC_TOKENS_MAX || (subject->n_targets > 0 && subject->n_targets != n)) {
        *why = fdns_arena_format(arena,
                                 "%zu selectors and %zu targets given: 1 to %d selectors "
                                 "wanted, and a target for each or none",
                                 n, subject->n_targets, DC_TOKENS_MAX);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (!add_named(arena, expectation, subject, i, domainkey, why)) {
            return false;
        }
    }
    return true;
}

static bool add_verification(struct fdns_arena *arena, struct dc_expectation *expectation,
                             const char *value, const char **why)
{
    const uint8_t *owner = dc_name_below(arena, "_amazonses", expectation->domain);
    if (owner == NULL) {
        *why = "the domain name is too long for its _amazonses record";
        return false;
    }
    struct dc_expected *record =
        add(arena, expectation, DC_ROLE_VERIFICATION, FDNS_TYPE_TXT, owner);
    record->label = "_amazonses";
    record->text = fdns_arena_format(arena, "TXT \"%s\"", value);
    return true;
}

static bool has_other(const struct dc_expectation *expectation, const uint8_t *domain)
{
    for (size_t i = 0; i < expectation->n_others; i++) {
        if (fdns_name_equal(expectation->others[i], domain)) {
            return true;
        }
    }
    return false;
}

// The domains that the account side names: records get entered in the zone of another one.
static void add_others(struct fdns_arena *arena, struct dc_expectation *expectation,
                       const struct dc_account *account)
{
    for (size_t i = 0; account != NULL && i < account->n_identities; i++) {
        const char *name = account->identities[i].key.name;
        const char *of_address = dc_address_domain(name);
        const uint8_t *domain = parse(arena, of_address != NULL ? of_address : name, NULL);
        if (domain != NULL && domain[0] != 0 && expectation->n_others < DC_OTHER_DOMAINS_MAX &&
            !fdns_name_at_or_below(expectation->domain, domain) &&
            !has_other(expectation, domain)) {
            expectation->others[expectation->n_others++] = domain;
        }
    }
}

bool dc_expect(struct fdns_arena *arena, const struct dc_dkim_subject *subject,
               const char *const *tokens, size_t n_tokens, struct dc_expectation *expectation,
               const char **why)
{
    *expectation = (struct dc_expectation){.domain = parse(arena, subject->domain, NULL)};
    if (expectation->domain == NULL || expectation->domain[0] == 0) {
        *why = fdns_arena_format(arena, "\"%s\" is no domain name",
                                 subject->domain != NULL ? subject->domain : "");
        return false;
    }
    expectation->domain_text = dc_name_bare(arena, expectation->domain);
    const uint8_t *domainkey = dc_name_below(arena, "_domainkey", expectation->domain);
    if (domainkey == NULL) {
        *why = "the domain name is too long for DKIM records";
        return false;
    }
    bool good = false;
    switch (subject->method) {
    case DC_EASY_DKIM:
        good = add_tokens(arena, expectation, subject->region, tokens, n_tokens, domainkey, why);
        break;
    case DC_BYODKIM:
        good = add_selector(arena, expectation, subject, domainkey, why);
        break;
    case DC_DKIM_MESSAGE:
        *why = "the records of a message are those that its signatures name";
        break;
    case DC_SELECTORS:
        good = add_selectors(arena, expectation, subject, domainkey, why);
        break;
    }
    expectation->n_keys = expectation->n_records;
    add_others(arena, expectation, subject->account);
    return good && (subject->verification == NULL ||
                    add_verification(arena, expectation, subject->verification, why));
}
