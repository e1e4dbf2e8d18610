// Query log: a JSON line per query, into a file, kept in memory, or both.
//
//   {"time_us":1250000,"server":"192.0.2.1:53","transport":"udp","client":"127.0.0.1:4242","id":7,
//    "flags":"rd","opcode":"QUERY","edns":{"udp":1232,"version":0,"do":true},"qname":"ExAmple.com.",
//    "qtype":"TXT","qclass":"IN","rule":"rule 1 at line 9","rcode":"SERVFAIL","size":54}
//
// Time is the world's, in microseconds. Names stand as they were sent, escaped. What could not be
// read of a query is left out; a query that nothing was sent for has neither rcode nor size.
#pragma once

#include "fakedns/base/error.h"
#include "fakedns/world/rule.h"

struct fdns_plan;
struct fdns_query_log; // owned by its maker

// Appends to a file ("-" is standard output). NULL if it cannot be opened; errno tells why.
struct fdns_query_log *fdns_query_log_open(const char *path);
// One that writes no file.
struct fdns_query_log *fdns_query_log_new(void);
// From now on the latest n lines are kept in memory too, at most 16 MiB of them.
void fdns_query_log_keep(struct fdns_query_log *log, size_t n);

// What is kept. Lines are numbered from 1, in the order of the queries, and have that number as
// "n"; it starts again at 1 when the log is cleared.
struct fdns_query_log_kept {
    uint64_t first; // number of the oldest line that is kept, or of the next one
    uint64_t next;  // number of the next line
};
struct fdns_query_log_kept fdns_query_log_kept(const struct fdns_query_log *log);
// The line of a number, valid until the next query; NULL: it is not kept.
const char *fdns_query_log_line(const struct fdns_query_log *log, uint64_t number);
// Forgets what is kept; a file stays as it is.
void fdns_query_log_forget(struct fdns_query_log *log);

// Flushes and closes. False if anything could not be written since it was opened.
bool fdns_query_log_close(struct fdns_query_log *log);

// server is the scripted address, or NULL for the recursive front end. When writing fails that is
// said once, on standard error, and serving goes on.
void fdns_query_log_add(struct fdns_query_log *log, const struct fdns_address *server,
                        const struct fdns_exchange *exchange, const struct fdns_plan *plan);
void fdns_query_log_flush(struct fdns_query_log *log);
