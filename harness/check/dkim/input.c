#include "harness/check/dkim/input.h"

struct dc_hit *dc_input_hit(struct dc_hits *hits, const struct dc_finding_row *row,
                            const char *expected, const char *actual)
{
    struct dc_hit *hit = dc_hits_add(hits, row, DC_RANK_INPUT);
    hit->expected = expected;
    hit->actual = actual;
    return hit;
}

const char *dc_input_encoding(struct fdns_arena *arena, const struct dc_given_key *key)
{
    switch (key->encoding) {
    case DC_KEY_NOTHING:
        return "nothing";
    case DC_KEY_ENCODED:
        return fdns_arena_format(arena, "%zu characters of base64", key->n_chars);
    case DC_KEY_DER:
        return "binary (DER)";
    case DC_KEY_HEX:
        return "hexadecimal";
    case DC_KEY_RECORD:
        return "a DNS record with tags";
    case DC_KEY_UNENCODED:
        return fdns_arena_format(arena, "something else, from octet %zu on", key->bad_at + 1);
    }
    return NULL;
}

const struct dc_given_key *dc_own_key(const struct dc_dkim_subject *subject)
{
    if (subject->private_key != NULL && subject->private_key->octets != NULL) {
        return subject->private_key;
    }
    return subject->public_key != NULL && subject->public_key->octets != NULL ? subject->public_key
                                                                              : NULL;
}

size_t dc_input_judge(struct dc_hits *hits, const struct dc_dkim_subject *subject)
{
    size_t n_before = hits->n;
    if (subject->selector != NULL && subject->profile != NULL) {
        dc_input_selector(hits, subject->selector, subject->profile);
    }
    if (subject->public_key != NULL) {
        dc_input_public(hits, subject->public_key, subject->profile);
    }
    if (subject->private_key != NULL) {
        dc_input_private(hits, subject->private_key, subject->profile);
    }
    if (subject->public_key != NULL && subject->private_key != NULL) {
        dc_input_pair(hits, subject->public_key, subject->private_key);
    }
    return hits->n - n_before;
}

bool dc_input_names_selector(const struct dc_hits *hits)
{
    for (size_t i = 0; i < hits->n; i++) {
        for (size_t row = 0; row < DC_INPUT_SELECTOR_ROWS; row++) {
            if (hits->items[i].row == &dc_input_selector_rows[row]) {
                return true;
            }
        }
    }
    return false;
}

void dc_input_report(struct fdns_arena *arena, const struct dc_dkim_subject *subject, int64_t at_us,
                     struct dc_report *report)
{
    struct dc_hits hits = {.arena = arena};
    dc_input_judge(&hits, subject);
    *report = (struct dc_report){
        .tool = "dnsconform " DNSCONFORM_VERSION,
        .subject = fdns_arena_format(arena, "input for DKIM (profile %s)", subject->profile->name),
        .domain = subject->domain,
        .at_us = at_us,
        .status = DC_STATUS_SUCCESS};
    report->findings = dc_hits_findings(&hits, &report->n_findings);
    for (size_t i = 0; i < report->n_findings; i++) {
        if (report->findings[i].level == DC_ERROR) {
            report->status = DC_STATUS_FAILED;
        }
    }
}
