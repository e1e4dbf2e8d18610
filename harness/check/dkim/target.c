#include "harness/check/dkim/target.h"

#include <string.h>

// target is what is expected with suffix's labels behind it.
static bool is_appended(const uint8_t *target, const struct dc_expected *record,
                        const uint8_t *suffix)
{
    uint8_t before[FDNS_NAME_MAX];
    unsigned labels = fdns_name_labels(target);
    unsigned behind = fdns_name_labels(suffix);
    return fdns_name_below(target, suffix) &&
           fdns_name_join(target, labels - behind, fdns_name_root, before) == FDNS_OK &&
           dc_expected_leads_to(record, before);
}

static const struct dc_expected *other_token(const struct dc_expectation *expectation, size_t i,
                                             const uint8_t *target)
{
    for (size_t k = 0; k < expectation->n_keys; k++) {
        if (k != i && dc_expected_leads_to(&expectation->records[k], target)) {
            return &expectation->records[k];
        }
    }
    return NULL;
}

static bool label_is(const uint8_t *name, const char *label)
{
    return name[0] == strlen(label) && strncasecmp((const char *)name + 1, label, name[0]) == 0;
}

// TOKEN.dkim.amazonses.com or TOKEN.dkim.REGION.amazonses.com
static bool is_key_name(const uint8_t *target)
{
    unsigned labels = fdns_name_labels(target);
    return (labels == 4 || labels == 5) && label_is(fdns_name_skip(target, 1), "dkim") &&
           label_is(fdns_name_skip(target, labels - 2), "amazonses") &&
           label_is(fdns_name_skip(target, labels - 1), "com");
}

// What real tokens look like: 32 of a-z and 2-7.
static bool is_token(const uint8_t *label)
{
    enum { TOKEN_LEN = 32 };
    for (unsigned i = 1; i <= label[0]; i++) {
        if ((label[i] < 'a' || label[i] > 'z') && (label[i] < '2' || label[i] > '7')) {
            return false;
        }
    }
    return label[0] == TOKEN_LEN;
}

// The first labels differ in two places at most: a letter that was mistaken, lost or typed twice.
// Tokens are random, so no two real ones are that near.
static bool is_near(const uint8_t *target, const uint8_t *expected)
{
    enum { NEAR = 2 };
    unsigned row[FDNS_LABEL_MAX + 1]; // edit distances of a's first i letters to b's first k
    uint8_t a[FDNS_NAME_MAX];
    uint8_t b[FDNS_NAME_MAX];
    fdns_name_lower(target, a);
    fdns_name_lower(expected, b);
    for (unsigned k = 0; k <= b[0]; k++) {
        row[k] = k;
    }
    for (unsigned i = 1; i <= a[0]; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned k = 1; k <= b[0]; k++) {
            unsigned change = diagonal + (a[i] != b[k] ? 1 : 0);
            unsigned skip = 1 + (row[k] < row[k - 1] ? row[k] : row[k - 1]);
            diagonal = row[k];
            row[k] = change < skip ? change : skip;
        }
    }
    return row[b[0]] <= NEAR;
}

static bool is_of_other_region(const uint8_t *target, const uint8_t *expected)
{
    if (!is_key_name(target) || !is_key_name(expected)) {
        return false;
    }
    if (!fdns_name_equal(target, expected) && is_near(target, expected) &&
        fdns_name_equal(fdns_name_skip(target, 1), fdns_name_skip(expected, 1))) {
        return false;
    }
    return !fdns_name_equal(fdns_name_skip(target, 1), fdns_name_skip(expected, 1)) ||
           is_token(target);
}

static bool is_number(const uint8_t *label)
{
    for (unsigned i = 1; i <= label[0]; i++) {
        if (label[i] < '0' || label[i] > '9') {
            return false;
        }
    }
    return label[0] > 0;
}

// An address has become four labels of digits (before a domain that was appended, perhaps); a URL
// has left its colon or slashes.
static bool is_no_host(const uint8_t *target)
{
    unsigned labels = fdns_name_labels(target);
    unsigned n_numbers = 0;
    for (unsigned i = 0; i < labels; i++) {
        const uint8_t *label = fdns_name_skip(target, i);
        n_numbers += i < 4 && is_number(label) ? 1 : 0;
        if (memchr(label + 1, ':', label[0]) != NULL || memchr(label + 1, '/', label[0]) != NULL) {
            return true;
        }
    }
    return n_numbers == 4;
}

static const char *label_text(struct fdns_arena *arena, const uint8_t *name)
{
    uint8_t label[FDNS_LABEL_MAX + 2] = {0};
    memcpy(label, name, 1U + name[0]);
    return dc_name_bare(arena, label);
}

static const char *describe_typo(struct fdns_arena *arena, const uint8_t *target,
                                 const uint8_t *expected)
{
    if (expected == NULL) {
        return "this is no target of this sender";
    }
    unsigned have = fdns_name_labels(target);
    unsigned want = fdns_name_labels(expected);
    if (have != want) {
        return fdns_arena_format(arena, "it has %u labels instead of %u", have, want);
    }
    for (unsigned i = 0; i < want; i++) {
        const uint8_t *a = fdns_name_skip(target, i);
        const uint8_t *b = fdns_name_skip(expected, i);
        if (a[0] != b[0] || strncasecmp((const char *)a + 1, (const char *)b + 1, a[0]) != 0) {
            return fdns_arena_format(arena, "label %u is \"%s\" instead of \"%s\"", i + 1,
                                     label_text(arena, a), label_text(arena, b));
        }
    }
    return "it differs";
}

enum dc_target_fault dc_target_compare(struct fdns_arena *arena,
                                       const struct dc_expectation *expectation, size_t i,
                                       const uint8_t *target, const uint8_t *apex,
                                       const char **detail)
{
    const struct dc_expected *record = &expectation->records[i];
    const uint8_t *expected = record->target; // NULL: it has shapes
    *detail = NULL;
    if (dc_expected_leads_to(record, target)) {
        return DC_TARGET_RIGHT;
    }
    if (is_appended(target, record, apex) || is_appended(target, record, expectation->domain)) {
        *detail = "the zone's own name stands behind the target";
        return DC_TARGET_NO_DOT;
    }
    const struct dc_expected *other = other_token(expectation, i, target);
    if (other != NULL) {
        *detail = fdns_arena_format(arena, "this is the target of %s", other->label);
        return DC_TARGET_SWAPPED;
    }
    if (expected != NULL && is_of_other_region(target, expected)) {
        *detail = "this is the key of another token or another AWS Region";
        return DC_TARGET_REGION;
    }
    if (is_no_host(target)) {
        *detail = "this is a URL or an address, not a host name";
        return DC_TARGET_NO_HOST;
    }
    *detail = describe_typo(arena, target, expected);
    return DC_TARGET_TYPO;
}
