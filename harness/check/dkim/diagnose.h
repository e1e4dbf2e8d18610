// Diagnosis: from what was gathered to hits. Pure: nothing is asked here. Each area stands in a
// file of its own, with its rows of the catalogue.
#pragma once

#include "harness/check/dkim/gather.h"
#include "harness/check/dkim/hits.h"
#include "harness/check/dkim/key.h"
#include "harness/check/dkim/life.h"
#include "harness/check/dkim/text.h"

// What an endpoint has of a record.
enum dc_cell {
    DC_CELL_RIGHT,
    DC_CELL_ABSENT, // neither CNAME nor TXT
    DC_CELL_WRONG,  // something that will not do: a hit says what
    DC_CELL_SILENT, // no word: not the same as absent
    DC_CELL_FAILED, // an error, so that nothing is known of what is there: a hit says which
};

// A key record that was read: servers repeat each other, and reading a key is the dearest step.
struct dc_read_key {
    const uint8_t *rdata;
    size_t len;
    struct dc_key key;
};

enum { DC_READ_KEYS = 16 };

struct dc_diagnosis {
    const struct dc_dkim_subject *subject;
    struct dc_gathered *g;
    struct dc_hits hits;
    // by record: the worst of its cells, and whether a cause was found for its absence
    enum dc_cell records[DC_RECORDS];
    bool explained[DC_RECORDS];
    bool key_seen;    // a key that receivers can use
    bool key_unknown; // the keys could not be reached
    struct dc_read_key read_keys[DC_READ_KEYS];
    size_t n_read_keys;
    size_t mismatch; // 1 + the hit that says that parent and child name other servers
};

// A hit about a record at an endpoint (NULL: at all of them alike).
struct dc_hit *dc_diagnosis_hit(struct dc_diagnosis *d, const struct dc_finding_row *row,
                                enum dc_rank rank, size_t record,
                                const struct dc_endpoint *endpoint);
// The same, with what was answered, which is shown.
struct dc_hit *dc_diagnosis_answer(struct dc_diagnosis *d, const struct dc_finding_row *row,
                                   enum dc_rank rank, size_t record, const struct dc_answer *answer,
                                   const struct dc_endpoint *endpoint);
// A hit about a zone as a whole.
struct dc_hit *dc_diagnosis_zone(struct dc_diagnosis *d, const struct dc_finding_row *row,
                                 enum dc_rank rank, const char *zone);

// A hit about a server itself, with the SOA it gave. It names the zone.
struct dc_hit *dc_diagnosis_server(struct dc_diagnosis *d, const struct dc_finding_row *row,
                                   enum dc_rank rank, const struct dc_endpoint *endpoint);

// Its server and where it was seen; also when it is about the server itself.
void dc_diagnosis_at(struct dc_diagnosis *d, struct dc_hit *hit,
                     const struct dc_endpoint *endpoint);

// The walk to the servers, and the servers of every place: lame, silent (server.c).
void dc_diagnose_servers(struct dc_diagnosis *d);
// The domain's servers cannot be found, or nobody is sent to them (delegation.c).
void dc_diagnose_no_zone(struct dc_diagnosis *d);
// What parent and zone say of the servers of a place (delegation.c).
void dc_diagnose_delegation(struct dc_diagnosis *d, const struct dc_place *place);
// The endpoint speaks without authority (server_authority.c).
void dc_diagnose_authority(struct dc_diagnosis *d, const struct dc_endpoint *endpoint);
// EDNS: none, not this version, not these options (server_edns.c).
void dc_diagnose_edns(struct dc_diagnosis *d, const struct dc_endpoint *endpoint);
// Queries with EDNS go unanswered (server_edns.c).
bool dc_drops_edns(const struct dc_diagnosis *d, const struct dc_endpoint *endpoint);
// Letters of both cases (server_case.c).
void dc_diagnose_case(struct dc_diagnosis *d, const struct dc_endpoint *endpoint);
// How it says that there is nothing (server_negative.c).
void dc_diagnose_negative(struct dc_diagnosis *d, const struct dc_endpoint *endpoint);
// Large answers over UDP that get lost (server_size.c).
void dc_diagnose_oversize(struct dc_diagnosis *d, const struct dc_endpoint *endpoint);
// An answer that is cut off without TC (server_size.c). True if there was a hit.
bool dc_diagnose_cut(struct dc_diagnosis *d, size_t record, const struct dc_endpoint *endpoint);
// The row for an answer that was lost on a TCP connection which was accepted; NULL if it was not
// (server_size.c).
const struct dc_finding_row *dc_tcp_row(const struct dc_answer *answer);
// What arrived in place of an answer does not belong to the question (server_reply.c): its row, or
// NULL; and a hit about a record if that is so.
const struct dc_finding_row *dc_stray_row(const struct dc_answer *answer);
bool dc_diagnose_stray(struct dc_diagnosis *d, size_t record, const struct dc_endpoint *endpoint);
// SERVFAIL that passes, and queries that are answered only later (server_repeat.c).
void dc_diagnose_servfail(struct dc_diagnosis *d, const struct dc_endpoint *endpoint);
void dc_diagnose_rate(struct dc_diagnosis *d, const struct dc_endpoint *endpoint);
bool dc_endpoint_is_limited(const struct dc_gathered *g, const struct dc_endpoint *endpoint);
// One endpoint gives different answers about a record (server_repeat.c). True if there was a hit.
bool dc_diagnose_flips(struct dc_diagnosis *d, size_t record, const struct dc_endpoint *endpoint);
// Servers that publish different keys, all of them good (server_keys.c). True if there was a hit.
bool dc_diagnose_keys_differ(struct dc_diagnosis *d, size_t record, const enum dc_cell *cells);
// The TTL of a record (ttl.c).
void dc_diagnose_ttl(struct dc_diagnosis *d, size_t record, const struct dc_endpoint *endpoint);
// Answers that depend on the client subnet (view.c).
void dc_diagnose_geo(struct dc_diagnosis *d, size_t record, const struct dc_endpoint *endpoint);
// The row for a resolver that was told just now what the servers do not tell us; NULL if it may
// have been told before (view.c).
const struct dc_finding_row *dc_split_row(const struct dc_answer *seen,
                                          const struct dc_answer *truth,
                                          const struct dc_endpoint *endpoint);
// An error of the resolver, unless it is told not to validate, and the row for it (dnssec.c).
bool dc_is_bogus(const struct dc_gathered_record *record);
const struct dc_finding_row *dc_bogus_row(const struct dc_answer *seen);
// The row for an NSEC record that denies a type which is there; NULL if it does not (dnssec.c).
const struct dc_finding_row *dc_denied_row(const struct dc_answer *proof);
// One endpoint lacks a record that another has (server.c).
void dc_diagnose_stale(struct dc_diagnosis *d, size_t record, const struct dc_endpoint *without,
                       const struct dc_endpoint *with);
// Servers of a place that a record was delegated to, if none of them can be judged (server.c).
// Returns the first hit as dc_hit.follows wants it; 0 if there is none.
size_t dc_find_server_hit(struct dc_diagnosis *d, const struct dc_place *place);
// An answer to TXT where CNAME is fine, and the like (server_txt.c). True if there was a hit.
bool dc_diagnose_answers(struct dc_diagnosis *d, size_t record, const struct dc_endpoint *endpoint);
// Records at all endpoints: what is there and of which type (record.c).
void dc_diagnose_records(struct dc_diagnosis *d);
// One of the TXT records of an answer is a value of the domain verification (record.c).
bool dc_holds_value(struct dc_diagnosis *d, const struct dc_answer *txt, const char *value);
// A record that no endpoint has: explains it if it can, and sets d->explained (missing.c).
void dc_diagnose_missing(struct dc_diagnosis *d, size_t record);
// There is no record for the domain verification, whatever the answer is (missing.c).
void dc_diagnose_no_value(struct dc_diagnosis *d, size_t record, const struct dc_answer *answer,
                          const struct dc_endpoint *endpoint);
// After all records: what is still missing without a cause, the set as a whole (missing.c).
void dc_diagnose_set(struct dc_diagnosis *d);
// What the sender asks of the zone beyond its records (sender_findings.c).
void dc_diagnose_sender(struct dc_diagnosis *d);
// Where an alias leads that stands at a token (alias.c). endpoint NULL: told by nobody's server in
// particular.
enum dc_cell dc_diagnose_alias(struct dc_diagnosis *d, size_t record, const struct dc_answer *alias,
                               const struct dc_endpoint *endpoint);
// What is at the end of an alias that leads to the right name, or of any alias at a selector: a
// loop, too many aliases, silence, nothing, or a key that is judged (alias.c).
enum dc_cell dc_diagnose_end(struct dc_diagnosis *d, size_t record, const struct dc_answer *alias,
                             const struct dc_chain *chain, const struct dc_endpoint *endpoint);
// The answer is a wildcard's: a random name says the same (alias.c).
bool dc_is_wildcard(const struct dc_diagnosis *d, size_t record, const struct dc_answer *answer);
// Says so (alias.c).
void dc_diagnose_wildcard(struct dc_diagnosis *d, size_t record, const struct dc_answer *answer,
                          const struct dc_endpoint *endpoint);
// Other names for an absent record (name.c). True if one explains it.
bool dc_diagnose_name(struct dc_diagnosis *d, size_t record);
// The key record in a TXT of an answer (key_findings.c). rr NULL: an empty one.
struct dc_key dc_diagnosis_key(struct dc_diagnosis *d, const struct dc_answer *txt,
                               const struct fdns_view_rr *rr);
// TXT records at owner in an answer, as keys: true if they do (key_findings.c). A spare key of Easy
// DKIM, which is an empty text, does.
bool dc_diagnose_key(struct dc_diagnosis *d, size_t record, const struct dc_answer *txt,
                     const uint8_t *owner, const struct dc_endpoint *endpoint);
// The rows of what happened to a text: of its flaw, of a note; NULL if the flaw or the note is
// about what the key says. And the row of several TXT records at one name (text_findings.c).
const struct dc_finding_row *dc_text_row(const struct dc_key *key);
const struct dc_finding_row *dc_text_row_of_note(enum dc_key_note note);
const struct dc_finding_row *dc_text_row_of_several(const struct dc_key *keys, size_t n);
// Shows the record and marks a place in it (key_findings.c).
void dc_hit_mark(struct dc_diagnosis *d, struct dc_hit *hit, const struct dc_key *key,
                 struct dc_span place);
// After all records: there has to be one key (key_findings.c). False if there is none.
bool dc_diagnose_keys(struct dc_diagnosis *d);
// What a resolver sees (cache.c).
void dc_diagnose_caches(struct dc_diagnosis *d);
// Waiting, expiry, revocation (time.c).
void dc_diagnose_time(struct dc_diagnosis *d, const struct dc_life *life, int64_t visit_us);

// Rows of each file's table, so that findings.c can list them.
enum {
    DC_ACCOUNT_ROWS = 7,
    DC_CHECK_ROWS = 1,
    DC_NAME_ROWS = 17,
    DC_RECORD_ROWS = 8,
    DC_MISSING_ROWS = 6,
    DC_DELEGATION_ROWS = 4,
    DC_ALIAS_ROWS = 13,
    DC_SERVER_ROWS = 8,
    DC_SERVER_AUTHORITY_ROWS = 2,
    DC_SERVER_CASE_ROWS = 2,
    DC_SERVER_EDNS_ROWS = 4,
    DC_SERVER_KEYS_ROWS = 1,
    DC_SERVER_NEGATIVE_ROWS = 3,
    DC_SERVER_REPEAT_ROWS = 4,
    DC_SERVER_REPLY_ROWS = 3,
    DC_SERVER_SIZE_ROWS = 3,
    DC_SERVER_TXT_ROWS = 16,
    DC_CACHE_ROWS = 3,
    DC_DNSSEC_ROWS = 4,
    DC_VIEW_ROWS = 2,
    DC_TTL_ROWS = 3,
    DC_TIME_ROWS = 7,
    DC_SENDER_ROWS = 1,
    DC_KEY_ROWS = 23,
    DC_TEXT_ROWS = 29,
};
extern const struct dc_finding_row dc_account_rows[DC_ACCOUNT_ROWS];
extern const struct dc_finding_row dc_check_rows[DC_CHECK_ROWS];
extern const struct dc_finding_row dc_name_rows[DC_NAME_ROWS];
extern const struct dc_finding_row dc_record_rows[DC_RECORD_ROWS];
extern const struct dc_finding_row dc_missing_rows[DC_MISSING_ROWS];
extern const struct dc_finding_row dc_delegation_rows[DC_DELEGATION_ROWS];
extern const struct dc_finding_row dc_alias_rows[DC_ALIAS_ROWS];
extern const struct dc_finding_row dc_server_rows[DC_SERVER_ROWS];
extern const struct dc_finding_row dc_server_authority_rows[DC_SERVER_AUTHORITY_ROWS];
extern const struct dc_finding_row dc_server_case_rows[DC_SERVER_CASE_ROWS];
extern const struct dc_finding_row dc_server_edns_rows[DC_SERVER_EDNS_ROWS];
extern const struct dc_finding_row dc_server_keys_rows[DC_SERVER_KEYS_ROWS];
extern const struct dc_finding_row dc_server_negative_rows[DC_SERVER_NEGATIVE_ROWS];
extern const struct dc_finding_row dc_server_repeat_rows[DC_SERVER_REPEAT_ROWS];
extern const struct dc_finding_row dc_server_reply_rows[DC_SERVER_REPLY_ROWS];
extern const struct dc_finding_row dc_server_size_rows[DC_SERVER_SIZE_ROWS];
extern const struct dc_finding_row dc_server_txt_rows[DC_SERVER_TXT_ROWS];
extern const struct dc_finding_row dc_cache_rows[DC_CACHE_ROWS];
extern const struct dc_finding_row dc_dnssec_rows[DC_DNSSEC_ROWS];
extern const struct dc_finding_row dc_view_rows[DC_VIEW_ROWS];
extern const struct dc_finding_row dc_ttl_rows[DC_TTL_ROWS];
extern const struct dc_finding_row dc_time_rows[DC_TIME_ROWS];
extern const struct dc_finding_row dc_key_rows[DC_KEY_ROWS];
extern const struct dc_finding_row dc_sender_rows[DC_SENDER_ROWS];
extern const struct dc_finding_row dc_text_rows[DC_TEXT_ROWS];
