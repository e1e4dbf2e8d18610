// libmicrohttpd in a libuv loop.
//
// Every connection has a deadline of its own, beside libmicrohttpd's (which a client that sends an
// octet now and then puts off for ever): from its start, or the end of its last request, until the
// next response is out. A sweep shuts the sockets of those that are late, and libmicrohttpd then
// finds them closed.

#include "fakedns/http/http.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#if MHD_VERSION < 0x00097002
#error "libmicrohttpd 0.9.71 or later is needed"
#endif

struct connection {
    struct connection *next;
    struct connection **place;
    int fd;
    uint64_t since_ms; // loop time
};

struct request {
    char *body;
    size_t len, capacity;
    bool too_large;
};

struct fdns_http {
    struct fdns_http_options options;
    struct MHD_Daemon *daemon;
    uv_poll_t poll;
    uv_timer_t timer; // libmicrohttpd's
    uv_timer_t sweep;
    struct connection *connections;
    unsigned n_handles;
};

static void run(struct fdns_http *http);

// ---- requests

static struct MHD_Response *make_response(struct fdns_http_response *made)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(made->len, made->body, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(made->body);
        return NULL;
    }
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, made->type);
    (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    (void)MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (made->allow != NULL) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, made->allow);
    }
    if (made->status == MHD_HTTP_UNAUTHORIZED) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
    }
    return response;
}

static enum MHD_Result send_response(struct MHD_Connection *connection,
                                     struct fdns_http_response *made)
{
    struct MHD_Response *response = make_response(made);
    if (response == NULL) {
        return MHD_NO;
    }
    enum MHD_Result queued = MHD_queue_response(connection, (unsigned)made->status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result on_argument(void *context, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct fdns_http_request *request = context;
    (void)kind;
    if (request->n_arguments < FDNS_HTTP_ARGUMENTS) {
        request->arguments[request->n_arguments] =
            (struct fdns_http_argument){name, value != NULL ? value : ""};
    }
    request->n_arguments++;
    return MHD_YES;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result answer(struct fdns_http *http, struct MHD_Connection *connection,
                              const char *path, const char *method, const struct request *body)
{
    struct fdns_http_response response = {0};
    struct fdns_http_request request = {.method = method,
                                        .path = path,
                                        .host = header(connection, MHD_HTTP_HEADER_HOST),
                                        .origin = header(connection, MHD_HTTP_HEADER_ORIGIN),
                                        .authorization =
                                            header(connection, MHD_HTTP_HEADER_AUTHORIZATION),
                                        .body = body->body,
                                        .len = body->len};
    if (body->too_large) {
        http->options.refuse(MHD_HTTP_CONTENT_TOO_LARGE, "too-large",
                             "a request has at most 4194304 octets", &response);
    } else {
        (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, on_argument, &request);
        http->options.answer(http->options.context, &request, &response);
    }
    return send_response(connection, &response);
}

// What is too large is read to its end and thrown away, so that the client gets to its response.
static void take_body(const struct fdns_http *http, struct request *request, const char *octets,
                      size_t len)
{
    if (request->too_large || len > http->options.body_max - request->len) {
        request->too_large = true;
        return;
    }
    if (request->len + len > request->capacity) {
        request->capacity = 2 * (request->len + len);
        request->body = realloc(request->body, request->capacity);
        if (request->body == NULL) {
            abort();
        }
    }
    memcpy(request->body + request->len, octets, len);
    request->len += len;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *octets, size_t *len, void **own)
{
    struct fdns_http *http = context;
    struct request *request = *own;
    (void)version;
    if (request == NULL) {
        *own = calloc(1, sizeof *request);
        return *own != NULL ? MHD_YES : MHD_NO;
    }
    if (*len > 0) {
        take_body(http, request, octets, *len);
        *len = 0;
        return MHD_YES;
    }
    return answer(http, connection, path, method, request);
}

static struct connection *connection_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != NULL ? info->socket_context : NULL;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **own,
                         enum MHD_RequestTerminationCode code)
{
    struct fdns_http *http = context;
    struct request *request = *own;
    struct connection *known = connection_of(connection);
    (void)code;
    if (known != NULL) {
        known->since_ms = uv_now(http->options.loop);
    }
    if (request != NULL) {
        free(request->body);
        free(request);
        *own = NULL;
    }
}

// ---- connections

static void on_connection(void *context, struct MHD_Connection *connection, void **own,
                          enum MHD_ConnectionNotificationCode code)
{
    struct fdns_http *http = context;
    struct connection *known = *own;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        known = calloc(1, sizeof *known);
        if (known == NULL) {
            abort();
        }
        known->fd = info != NULL ? info->connect_fd : -1;
        known->since_ms = uv_now(http->options.loop);
        known->place = &http->connections;
        known->next = http->connections;
        if (known->next != NULL) {
            known->next->place = &known->next;
        }
        http->connections = known;
        *own = known;
    } else if (known != NULL) {
        *known->place = known->next;
        if (known->next != NULL) {
            known->next->place = known->place;
        }
        free(known);
        *own = NULL;
    }
}

static void on_sweep(uv_timer_t *timer)
{
    struct fdns_http *http = timer->data;
    uint64_t now_ms = uv_now(http->options.loop);
    for (struct connection *known = http->connections; known != NULL; known = known->next) {
        if (now_ms - known->since_ms > http->options.deadline_ms && known->fd >= 0) {
            (void)shutdown(known->fd, SHUT_RDWR);
        }
    }
    run(http);
}

// ---- the loop

static void on_timer(uv_timer_t *timer)
{
    run(timer->data);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    run(poll->data);
}

static void run(struct fdns_http *http)
{
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    (void)MHD_run(http->daemon);
    if (MHD_get_timeout(http->daemon, &wait_ms) == MHD_YES) {
        uv_timer_start(&http->timer, on_timer, wait_ms, 0);
    } else {
        uv_timer_stop(&http->timer);
    }
}

static struct MHD_Daemon *start_daemon(struct fdns_http *http)
{
    unsigned seconds = (unsigned)(http->options.deadline_ms / 1000 + 1);
    struct MHD_OptionItem items[] = {
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)http->options.n_connections, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)seconds, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, 32 * 1024, NULL},
        {MHD_OPTION_END, 0, NULL}};
    return MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, http,
                            MHD_OPTION_LISTEN_SOCKET, http->options.fd, MHD_OPTION_ARRAY, items,
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_END);
}

static bool watch(struct fdns_http *http)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    uv_loop_t *loop = http->options.loop;
    if (info == NULL || uv_poll_init(loop, &http->poll, info->epoll_fd) != 0) {
        return false;
    }
    uv_timer_init(loop, &http->timer);
    uv_timer_init(loop, &http->sweep);
    http->poll.data = http;
    http->timer.data = http;
    http->sweep.data = http;
    http->n_handles = 3;
    uint64_t period_ms = http->options.deadline_ms / 4 + 1;
    uv_poll_start(&http->poll, UV_READABLE, on_ready);
    uv_timer_start(&http->sweep, on_sweep, period_ms, period_ms);
    return true;
}

static struct fdns_http *start(const struct fdns_http_options *options)
{
    struct fdns_http *http = calloc(1, sizeof *http);
    if (http == NULL) {
        abort();
    }
    http->options = *options;
    http->daemon = start_daemon(http);
    if (http->daemon == NULL) {
        close(options->fd);
        free(http);
        return NULL;
    }
    if (!watch(http)) {
        MHD_stop_daemon(http->daemon);
        free(http);
        return NULL;
    }
    run(http);
    return http;
}

static void on_closed(uv_handle_t *handle)
{
    struct fdns_http *http = handle->data;
    if (--http->n_handles == 0) {
        MHD_stop_daemon(http->daemon);
        free(http);
    }
}

static void stop(struct fdns_http *http)
{
    uv_close((uv_handle_t *)&http->poll, on_closed);
    uv_close((uv_handle_t *)&http->timer, on_closed);
    uv_close((uv_handle_t *)&http->sweep, on_closed);
}

const struct fdns_http_module fdns_http_module = {
    .version = FDNS_HTTP_VERSION, .start = start, .stop = stop};
