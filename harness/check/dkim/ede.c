#include "harness/check/dkim/ede.h"

enum { EDE_OPTION = 15, TEXT_SHOWN = 120 };

// RFC 8914 4.1 to 4.25.
static const char *const meanings[] = {
    "Other Error",
    "Unsupported DNSKEY Algorithm",
    "Unsupported DS Digest Type",
    "Stale Answer",
    "Forged Answer",
    "DNSSEC Indeterminate",
    "DNSSEC Bogus",
    "Signature Expired",
    "Signature Not Yet Valid",
    "DNSKEY Missing",
    "RRSIGs Missing",
    "No Zone Key Bit Set",
    "NSEC Missing",
    "Cached Error",
    "Not Ready",
    "Blocked",
    "Censored",
    "Filtered",
    "Prohibited",
    "Stale NXDOMAIN Answer",
    "Not Authoritative",
    "Not Supported",
    "No Reachable Authority",
    "Network Error",
    "Invalid Data",
};

struct ede {
    uint16_t code;
    const uint8_t *text;
    size_t len;
};

// The next one; *at starts at 0.
static bool next_ede(const struct dc_answer *answer, size_t *at, struct ede *ede)
{
    uint16_t option;
    uint16_t len;
    const uint8_t *data;
    while (answer->view != NULL && fdns_edns_next(&answer->view->edns, at, &option, &data, &len)) {
        if (option == EDE_OPTION && len >= 2) {
            *ede = (struct ede){
                .code = (uint16_t)(data[0] << 8 | data[1]), .text = data + 2, .len = len - 2U};
            return true;
        }
    }
    return false;
}

bool dc_answer_has_ede(const struct dc_answer *answer, enum dc_ede code)
{
    size_t at = 0;
    struct ede ede;
    while (next_ede(answer, &at, &ede)) {
        if (ede.code == (uint16_t)code) {
            return true;
        }
    }
    return false;
}

// Only what can be read is taken over, so that it stays UTF-8 (RFC 8914 2).
static const char *extra_text(struct fdns_arena *arena, const struct ede *ede)
{
    size_t n = ede->len < TEXT_SHOWN ? ede->len : TEXT_SHOWN;
    char *text = fdns_arena_alloc(arena, n + 1);
    for (size_t i = 0; i < n; i++) {
        text[i] = ede->text[i] >= ' ' && ede->text[i] <= '~' ? (char)ede->text[i] : '?';
    }
    return text;
}

const char *dc_answer_ede_text(struct fdns_arena *arena, const struct dc_answer *answer)
{
    enum { SHOWN = 4 };
    size_t at = 0;
    struct ede ede;
    const char *text = NULL;
    for (unsigned i = 0; i < SHOWN && next_ede(answer, &at, &ede); i++) {
        bool known = ede.code < sizeof meanings / sizeof meanings[0];
        const char *one = fdns_arena_format(arena, "EDE %u (%s)%s%s", ede.code,
                                            known ? meanings[ede.code] : "unknown",
                                            ede.len > 0 ? ": " : "", extra_text(arena, &ede));
        text = text == NULL ? one : fdns_arena_format(arena, "%s, %s", text, one);
    }
    return text;
}
