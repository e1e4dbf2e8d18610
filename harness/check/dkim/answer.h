// Answer: what one server said to one question, as a DKIM checker needs it. The question is asked
// over UDP with EDNS, over TCP if the answer was truncated, and once more without EDNS if a server
// does not stand EDNS (RFC 6891 6.2.2), and again after SERVFAIL, before anything is held against
// it. Names are asked in lower case; what servers make of other letters is a probe of its own
// (probe.c). What had to be tried first is kept, so that it can be told as well.
#pragma once

#include "harness/check/look.h"

enum dc_answer_kind {
    DC_ANSWER_NOTHING,  // no acceptable message: silent, refused, no route
    DC_ANSWER_TCP_LOST, // truncated over UDP, and TCP gave nothing
    DC_ANSWER_GARBLED,  // a message that cannot be read
    DC_ANSWER_ERROR,    // an rcode other than NOERROR and NXDOMAIN
    DC_ANSWER_REFERRAL, // not here: NS records in the authority section, AA clear
    DC_ANSWER_NXDOMAIN,
    DC_ANSWER_NODATA,
    DC_ANSWER_CNAME, // the name is an alias; what follows it may be there too
    DC_ANSWER_DATA,  // the type that was asked for, at the name
    DC_ANSWER_OTHER, // records, but none that answers
};

struct dc_answer {
    enum dc_answer_kind kind;
    const struct dc_observation *observation;
    const struct dc_observation *truncated; // the UDP answer before TCP, or NULL
    const struct fdns_view *view;           // NULL unless a message can be read
    const uint8_t *name;                    // as asked
    uint16_t type;
    uint16_t rcode;
    bool aa;
    bool ra;
    bool without_edns; // answered only without EDNS
    // What was tried before this answer, each NULL if there was no need:
    const struct dc_observation *with_edns; // with EDNS, which brought no answer or an error
    const struct dc_observation *servfail;  // the first of several, which was SERVFAIL
    const struct dc_observation *cut_off;   // over UDP: ended too early, and had no TC
    const struct dc_stray *stray; // NOTHING: what arrived and does not belong to the question
    size_t n_cnames;              // at the name
    const uint8_t *cname;         // target of the first, or NULL
    bool synthesized;             // the answer has a DNAME that stands above the name
    uint32_t ttl;          // of the first record that answers, or of the SOA of a negative answer
    uint32_t wire_ttl;     // the same as it stood there (RFC 2181 8: the top bit makes it 0)
    bool has_negative_ttl; // there was an SOA in the authority section
};

// False while something is pending. A resolver is asked with RD, and with CD if cd is set.
bool dc_answer_ask(struct dc_look *look, const struct fdns_address *server, const uint8_t *name,
                   uint16_t type, struct dc_answer *answer);
bool dc_answer_ask_resolver(struct dc_look *look, const struct fdns_address *resolver,
                            const uint8_t *name, uint16_t type, bool cd, struct dc_answer *answer);

// One question as it stands, over UDP and over TCP if the answer was truncated; nothing is tried
// again.
bool dc_answer_probe(struct dc_look *look, const struct dc_ask *ask, struct dc_answer *answer);

// Walks the records of the answer section that are at `owner` (NULL: anywhere) and of a type: *at
// starts at 0; NULL at the end.
const struct fdns_view_rr *dc_answer_next(const struct dc_answer *answer, const uint8_t *owner,
                                          uint16_t type, size_t *at);
// A name or a server is there but gives no usable message.
bool dc_answer_is_silent(const struct dc_answer *answer);
// Says that the name or the type does not exist.
bool dc_answer_is_negative(const struct dc_answer *answer);
// Gives records at the name: what was asked for, or an alias.
bool dc_answer_is_positive(const struct dc_answer *answer);
// Positive or negative: an answer to the question, not a failure.
bool dc_answer_tells(const struct dc_answer *answer);

// The serial of an SOA in the answer or authority section; false if there is none.
bool dc_answer_serial(const struct dc_answer *answer, uint32_t *serial);
// RFC 1982: serial a comes before b.
bool dc_serial_before(uint32_t a, uint32_t b);
// Owner of that SOA: the apex of the zone. NULL if there is none.
const uint8_t *dc_answer_apex(struct dc_look *look, const struct dc_answer *answer);

// What came back, in a few words in arena: NXDOMAIN; CNAME a.example.; TXT "v=DKIM1; …". Servers
// turn the order of records, so several of them are sorted.
const char *dc_answer_text(struct fdns_arena *arena, const struct dc_answer *answer);
// Both say the same, each at its own name and in any order of records: if one of the names is
// random, a wildcard speaks.
bool dc_answer_same(struct fdns_arena *arena, const struct dc_answer *a, const struct dc_answer *b);
