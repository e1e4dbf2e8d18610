// Zone transfers out: what a server that gives them says to AXFR and IXFR.
//
// The honest reply refuses every transfer (reply/reply.h). Where the server gives them to this
// client, the refusal becomes the first message of a stream. The others are made one at a time, as
// the client takes them, by fdns_answer_more: the request, the time at which it came and a cursor
// are all there is between two of them, so that the memory of a transfer does not grow with its
// zone.
#pragma once

#include "fakedns/answer/answer.h"
#include "fakedns/reply/transfer.h"

// True if the reply is now the message of a transfer that begins at transfer->from; with NULL for
// from that is its first. The first that applies:
//   - not refused, or not to be given to this client: false, the reply stays;
//   - IXFR without an SOA in the authority section: false, FORMERR;
//   - a zone without SOA (`check: off`): false, SERVFAIL;
//   - AXFR: the whole zone;
//   - IXFR over TCP: the SOA alone, deltas, or the whole zone (reply/transfer.h);
//   - IXFR over UDP: the same if one message holds it, else the SOA alone.
bool fdns_transfer_begin(struct fdns_transfer *transfer, const struct fdns_request *request,
                         const struct fdns_cursor_at *from, struct fdns_reply *reply);
