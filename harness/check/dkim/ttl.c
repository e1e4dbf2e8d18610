// TTLs of the records (4.C of the catalogue of modes). Anything from a second to a few days is
// good.
#include "harness/check/dkim/diagnose.h"

enum { ZERO, HUGE_TTL, TOP_BIT, N_ROWS };

const struct dc_finding_row dc_ttl_rows[DC_TTL_ROWS] = {
    [ZERO] = {.id = "time/ttl-zero",
              .level = DC_WARNING,
              .title = "The TTL of the record is 0",
              .cause = "No resolver keeps the record, so that the name servers are asked for it "
                       "with every message, and it is missing as soon as they are out of reach.",
              .remedy = "Set the TTL to something between 300 (five minutes) and 86400 (a day).",
              .refs = "seed:R19; RFC 1035 3.2.1; RFC 1912 2.2"},
    [HUGE_TTL] = {.id = "time/ttl-huge",
                  .level = DC_WARNING,
                  .title = "The TTL of the record is longer than a week",
                  .cause = "Resolvers go on with what they have for that long. A change of the "
                           "record, or of the key, is not seen before.",
                  .remedy = "Set the TTL to something between 300 (five minutes) and 86400 (a "
                            "day), and wait until the old one has run out before you change the "
                            "record.",
                  .refs = "seed:R18; RFC 1035 3.2.1; RFC 1912 2.2"},
    [TOP_BIT] = {.id = "time/ttl-msb",
                 .level = DC_WARNING,
                 .title = "The TTL of the record is so large that it counts as 0",
                 .cause = "A TTL has 31 bits. Above that resolvers take it for 0, or for a limit "
                          "of their own.",
                 .remedy = "Set the TTL to something between 300 (five minutes) and 86400 (a "
                           "day). If it is, ask the DNS provider why another one is sent.",
                 .refs = "RFC 2181 8"},
};
_Static_assert((int)N_ROWS == (int)DC_TTL_ROWS, "diagnose.h counts the rows");

static int row_of(uint32_t ttl)
{
    enum { WEEK_S = 7 * 24 * 3600 };
    return ttl > INT32_MAX ? TOP_BIT : ttl > WEEK_S ? HUGE_TTL : ttl == 0 ? ZERO : -1;
}

void dc_diagnose_ttl(struct dc_diagnosis *d, size_t i, const struct dc_endpoint *endpoint)
{
    const struct dc_answer *txt = &endpoint->txt[i];
    // what is not authoritative may come from a cache
    int row = dc_answer_is_positive(txt) && txt->aa ? row_of(txt->wire_ttl) : -1;
    if (row < 0) {
        return;
    }
    struct dc_hit *hit =
        dc_diagnosis_answer(d, &dc_ttl_rows[row], DC_RANK_POLICY, i, txt, endpoint);
    hit->expected = "a TTL from 1 to 604800";
    hit->actual = fdns_arena_format(d->hits.arena, "TTL %u", txt->wire_ttl);
}
