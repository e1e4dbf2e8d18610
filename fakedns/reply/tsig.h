// TSIG: what a server says that holds no keys (RFC 8945 5.2.1).
#pragma once

#include "fakedns/reply/reply.h"

// Answers a query that is signed: NOTAUTH, with an unsigned TSIG of error BADKEY that repeats key
// name, algorithm and time. FORMERR if the TSIG cannot be read.
void fdns_tsig_answer(struct fdns_reply *reply, const struct fdns_view_rr *tsig);
