#include "fakedns/serve/notify.h"
#include "fakedns/serve/query_log.h"

static void write_log(const struct fdns_endpoint *endpoint, const struct fdns_request *request,
                      const struct fdns_plan *plan)
{
    struct fdns_serve *serve = endpoint->serve;
    struct fdns_view view;
    fdns_view_init(&view, &serve->arena, request->octets, request->len);
    struct fdns_exchange exchange = {.server = request->server,
                                     .address = request->address,
                                     .transport = request->transport,
                                     .client = request->client,
                                     .connection = request->connection,
                                     .now_us = request->now_us,
                                     .query = &view};
    fdns_query_log_add(serve->options.query_log, fdns_endpoint_scripted(endpoint), &exchange, plan);
}

struct fdns_capture_talk fdns_endpoint_talk(const struct fdns_endpoint *endpoint,
                                            const struct fdns_address *client, const char *rule)
{
    const struct fdns_address *scripted = fdns_endpoint_scripted(endpoint);
    struct fdns_capture_talk talk = {.client = *client,
                                     .server = scripted != NULL ? *scripted : endpoint->local,
                                     .now_us = endpoint->serve->options.clock->now_us,
                                     .rule = rule};
    if (scripted == NULL) {
        talk.server.port = 53;
    }
    return talk;
}

void fdns_serve_log_flush(struct fdns_serve *serve)
{
    if (serve->options.query_log != NULL) {
        fdns_query_log_flush(serve->options.query_log);
    }
    if (serve->options.capture != NULL) {
        fdns_capture_flush(serve->options.capture);
    }
}

struct fdns_request fdns_serve_request(const struct fdns_endpoint *endpoint,
                                       enum fdns_transport transport,
                                       const struct fdns_address *client, uint64_t connection,
                                       const uint8_t *octets, size_t len)
{
    struct fdns_request request = {.server = endpoint->server,
                                   .address = endpoint->address,
                                   .transport = transport,
                                   .client = *client,
                                   .connection = connection,
                                   .now_us = endpoint->serve->options.clock->now_us,
                                   .octets = octets,
                                   .len = len};
    // Ports of clients come from the system: in played time nothing may depend on them.
    if (fdns_serve_is_played(endpoint->serve)) {
        request.client.port = 0;
    }
    return request;
}

void fdns_serve_handle(struct fdns_endpoint *endpoint, enum fdns_transport transport,
                       const struct fdns_address *client, uint64_t connection,
                       const uint8_t *octets, size_t len, struct fdns_plan *plan)
{
    struct fdns_serve *serve = endpoint->serve;
    const struct fdns_serve_options *options = &serve->options;
    struct fdns_request request =
        fdns_serve_request(endpoint, transport, client, connection, octets, len);
    if (transport == FDNS_UDP && serve->notices != NULL) {
        fdns_notify_answered(endpoint, client, octets, len);
    }
    plan->n_steps = 0;
    plan->rule = NULL;
    plan->more = NULL;
    if (endpoint->server != NULL) {
        fdns_answer(options->world, options->state, &request, &serve->arena, plan);
    } else {
        fdns_resolver_answer(options->resolver, &request, &serve->arena, plan);
    }
    serve->counts.queries++;
    if (options->query_log != NULL) {
        write_log(endpoint, &request, plan);
    }
}
