// Query log: a JSON line per query.
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
// Flushes and closes. False if anything could not be written since it was opened.
bool fdns_query_log_close(struct fdns_query_log *log);

// server is the scripted address, or NULL for the recursive front end. When writing fails that is
// said once, on standard error, and serving goes on.
void fdns_query_log_add(struct fdns_query_log *log, const struct fdns_address *server,
                        const struct fdns_exchange *exchange, const struct fdns_plan *plan);
void fdns_query_log_flush(struct fdns_query_log *log);
