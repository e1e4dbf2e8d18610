// Stream: the query whose answer is not planned to its end, kept between two of its messages.
#pragma once

#include "fakedns/answer/answer.h"

struct fdns_stream;

// Copies what is needed of the request and the plan, which has `more`.
struct fdns_stream *fdns_stream_new(const struct fdns_request *request,
                                    const struct fdns_plan *plan);
// Plans the next message, with octets in arena. False if it was the last: the stream is freed.
bool fdns_stream_next(struct fdns_stream *stream, struct fdns_world_state *state,
                      struct fdns_arena *arena, struct fdns_plan *plan);
uint64_t fdns_stream_hash(const struct fdns_stream *stream);
void fdns_stream_free(struct fdns_stream *stream); // NULL is fine
