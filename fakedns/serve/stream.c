#include "fakedns/serve/stream.h"

#include "fakedns/base/fatal.h"
#include "fakedns/base/random.h"

#include <stdlib.h>
#include <string.h>

struct fdns_stream {
    struct fdns_request request;
    struct fdns_more more;
    const struct fdns_rule **fired; // of more
    uint64_t hash;
    uint8_t octets[]; // of the request
};

struct fdns_stream *fdns_stream_new(const struct fdns_request *request,
                                    const struct fdns_plan *plan)
{
    const struct fdns_more *more = plan->more;
    struct fdns_stream *stream = malloc(sizeof *stream + request->len);
    const struct fdns_rule **fired = calloc(more->n_fired + 1, sizeof(const void *));
    if (stream == NULL || fired == NULL) {
        fdns_fatal("out of memory");
    }
    stream->request = *request;
    stream->request.octets = stream->octets;
    memcpy(stream->octets, request->octets, request->len);
    for (size_t i = 0; i < more->n_fired; i++) {
        fired[i] = more->fired[i];
    }
    stream->more = *more;
    stream->more.fired = stream->fired = fired;
    stream->hash = fdns_hash(0, request->octets, request->len);
    return stream;
}

bool fdns_stream_next(struct fdns_stream *stream, struct fdns_world_state *state,
                      struct fdns_arena *arena, struct fdns_plan *plan)
{
    fdns_answer_more(state, &stream->request, &stream->more, arena, plan);
    if (plan->more == NULL) {
        fdns_stream_free(stream);
        return false;
    }
    // The rules stay the same ones.
    stream->more = *plan->more;
    stream->more.fired = stream->fired;
    return true;
}

uint64_t fdns_stream_hash(const struct fdns_stream *stream)
{
    return stream->hash;
}

void fdns_stream_free(struct fdns_stream *stream)
{
    if (stream != NULL) {
        free(stream->fired);
        free(stream);
    }
}
