#include "fakedns/control/control.h"

#include "fakedns/base/fatal.h"
#include "fakedns/control/lines.h"
#include "fakedns/control/module.h"
#include "fakedns/control/web.h"
#include "fakedns/serve/socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BACKLOG = 64, HTTP_CONNECTIONS = 64 };

struct place {
    const char *text;         // of a unix socket
    struct fdns_lines *lines; // one of the two
    struct fdns_http *http;
    struct fdns_web web;
};

struct fdns_control {
    struct place places[FDNS_CONTROL_PLACES];
    size_t n_places;
    const struct fdns_http_module *module; // NULL until it is wanted
    const struct fdns_control_options *options;
    struct fdns_session *session;
    uv_loop_t *loop;
};

static const char unix_prefix[] = "unix:";

// ---- HTTP

static int listen_on(const struct fdns_address *address, struct fdns_address *local)
{
    int fd = fdns_socket_open(address->family, SOCK_STREAM);
    int on = 1;
    if (fd < 0) {
        return -1;
    }
    if (address->port != 0) {
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    }
    if (fdns_socket_bind(fd, address, local) == 0 && listen(fd, BACKLOG) == 0) {
        return fd;
    }
    int code = errno;
    close(fd);
    errno = code;
    return -1;
}

static void on_asked(void *context, const struct fdns_http_request *request,
                     struct fdns_http_response *response)
{
    fdns_web_answer(context, request, response);
}

static bool start_http(struct fdns_control *control, struct place *place, int fd,
                       struct fdns_buf *why)
{
    uint64_t deadline_ms = control->options->deadline_ms;
    struct fdns_http_options options = {.loop = control->loop,
                                        .fd = fd,
                                        .body_max = FDNS_CONTROL_REQUEST,
                                        .n_connections = HTTP_CONNECTIONS,
                                        .deadline_ms = deadline_ms != 0 ? deadline_ms
                                                                        : FDNS_CONTROL_DEADLINE_MS,
                                        .answer = on_asked,
                                        .refuse = fdns_web_refuse,
                                        .context = &place->web};
    place->http = control->module->start(&options);
    if (place->http == NULL) {
        fdns_buf_string(why, "libmicrohttpd does not start");
    }
    return place->http != NULL;
}

static bool open_http(struct fdns_control *control, struct place *place, struct fdns_buf *why)
{
    struct fdns_address address;
    char text[FDNS_ADDRESS_TEXT_MAX];
    // No port at all is no address of a place.
    struct fdns_address other;
    if (fdns_address_parse(place->text, 1, &address) != FDNS_OK ||
        fdns_address_parse(place->text, 2, &other) != FDNS_OK || address.port != other.port) {
        fdns_buf_format(why, "--control takes unix:PATH or ADDRESS:PORT, not \"%s\"", place->text);
        return false;
    }
    place->web.session = control->session;
    place->web.token = control->options->token;
    if (place->web.token == NULL && !fdns_address_is_loopback(&address)) {
        fdns_buf_format(why, "--control %s needs --control-token-file: others can reach it",
                        place->text);
        return false;
    }
    if (control->module == NULL) {
        control->module = fdns_module_load(why);
    }
    if (control->module == NULL) {
        return false;
    }
    int fd = listen_on(&address, &place->web.bound);
    if (fd < 0) {
        fdns_buf_format(why, "cannot listen on %s for control: %s",
                        fdns_address_print(&address, text), strerror(errno));
        return false;
    }
    return start_http(control, place, fd, why);
}

// ---- places

static bool open_place(struct fdns_control *control, struct place *place, struct fdns_buf *why)
{
    size_t len = strlen(unix_prefix);
    if (strncmp(place->text, unix_prefix, len) != 0) {
        return open_http(control, place, why);
    }
    place->lines = fdns_lines_start(control->loop, control->session, place->text + len,
                                    control->options->deadline_ms, why);
    return place->lines != NULL;
}

struct fdns_control *fdns_control_start(const struct fdns_control_options *options,
                                        struct fdns_session *session, uv_loop_t *loop,
                                        struct fdns_buf *why)
{
    struct fdns_control *control = calloc(1, sizeof *control);
    if (control == NULL) {
        fdns_fatal("out of memory");
    }
    control->options = options;
    control->session = session;
    control->loop = loop;
    for (size_t i = 0; i < options->n_places; i++) {
        struct place *place = &control->places[i];
        place->text = options->places[i];
        if (!open_place(control, place, why)) {
            fdns_control_stop(control);
            return NULL;
        }
        control->n_places++;
    }
    return control;
}

void fdns_control_stop(struct fdns_control *control)
{
    for (size_t i = 0; i < control->n_places; i++) {
        struct place *place = &control->places[i];
        if (place->lines != NULL) {
            fdns_lines_stop(place->lines);
        } else {
            control->module->stop(place->http);
        }
    }
    free(control);
}

void fdns_control_print_endpoints(const struct fdns_control *control, struct fdns_buf *out)
{
    char text[FDNS_ADDRESS_TEXT_MAX];
    for (size_t i = 0; i < control->n_places; i++) {
        const struct place *place = &control->places[i];
        fdns_buf_format(out, "control %s\n",
                        place->lines != NULL ? place->text
                                             : fdns_address_print(&place->web.bound, text));
    }
}
