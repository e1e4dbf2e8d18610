// One client: READING --line--> WRITING --written--> READING … --end|deadline|error--> CLOSING.
// While a reply is being written nothing is read, so that what waits for a client is one reply.

#include "fakedns/control/lines.h"

#include "fakedns/base/fatal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 128 };

struct client {
    uv_pipe_t pipe;
    uv_timer_t deadline;
    uv_write_t write;
    struct fdns_lines *lines;
    struct client *next;
    struct client **place;
    struct fdns_buf in;
    size_t searched; // octets of in that hold no line end
    char *reply;     // that is being written
    unsigned n_handles;
    bool ending; // after the reply
};

struct fdns_lines {
    uv_pipe_t pipe;
    struct fdns_session *session;
    struct client *clients;
    size_t n_clients;
    uint64_t deadline_ms;
    bool stopped;
    char path[sizeof((struct sockaddr_un *)0)->sun_path];
};

static void *need(void *memory)
{
    if (memory == NULL) {
        fdns_fatal("out of memory");
    }
    return memory;
}

// ---- a request

char *fdns_lines_answer(struct fdns_session *session, const char *line, size_t len)
{
    struct fdns_control_reply reply = {0};
    json_t *request = fdns_control_parse(line, len, &reply);
    json_t *id = request != NULL ? json_incref(json_object_get(request, "id")) : NULL;
    const char *name = json_string_value(json_object_get(request, "command"));
    const struct fdns_command *command = name != NULL ? fdns_command_find(name) : NULL;
    if (request != NULL && name == NULL) {
        fdns_control_error(&reply, 400, "missing-argument", "\"command\" is missing");
    } else if (request != NULL && command == NULL) {
        fdns_control_no_command(&reply, name);
    } else if (request != NULL) {
        json_object_del(request, "id");
        json_object_del(request, "command");
        fdns_command_run(command, session, request, &reply);
    }
    if (id != NULL) {
        json_object_set_new(reply.body, "id", id);
    }
    char *text = fdns_control_print(&reply);
    json_decref(reply.body);
    json_decref(request);
    return text;
}

// ---- closing

static void free_lines_when_done(struct fdns_lines *lines)
{
    if (lines->stopped && lines->n_clients == 0) {
        free(lines);
    }
}

static void on_client_closed(uv_handle_t *handle)
{
    struct client *client = handle->data;
    if (--client->n_handles > 0) {
        return;
    }
    struct fdns_lines *lines = client->lines;
    *client->place = client->next;
    if (client->next != NULL) {
        client->next->place = client->place;
    }
    lines->n_clients--;
    fdns_buf_clear(&client->in);
    free(client->reply);
    free(client);
    free_lines_when_done(lines);
}

static void finish(struct client *client)
{
    if (!uv_is_closing((uv_handle_t *)&client->pipe)) {
        uv_close((uv_handle_t *)&client->pipe, on_client_closed);
        uv_close((uv_handle_t *)&client->deadline, on_client_closed);
    }
}

// ---- a client

static void on_octets(uv_stream_t *stream, ssize_t n, const uv_buf_t *octets);
static void take_lines(struct client *client);

static void on_deadline(uv_timer_t *timer);

static void wait_at_most(struct client *client, bool waits)
{
    if (!waits) {
        uv_timer_stop(&client->deadline);
    } else if (!uv_is_active((uv_handle_t *)&client->deadline)) {
        uv_timer_start(&client->deadline, on_deadline, client->lines->deadline_ms, 0);
    }
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
    (void)handle;
    *room = uv_buf_init(need(malloc(suggested)), (unsigned)suggested);
}

static void on_written(uv_write_t *write, int status)
{
    struct client *client = write->data;
    free(client->reply);
    client->reply = NULL;
    wait_at_most(client, false);
    if (status != 0 || client->ending) {
        finish(client);
        return;
    }
    take_lines(client);
    if (client->reply == NULL && !uv_is_closing((uv_handle_t *)&client->pipe)) {
        uv_read_start((uv_stream_t *)&client->pipe, on_room, on_octets);
    }
}

// Takes the text over.
static void send_reply(struct client *client, char *text)
{
    size_t len = strlen(text);
    client->reply = need(realloc(text, len + 1));
    client->reply[len] = '\n';
    uv_buf_t octets = uv_buf_init(client->reply, (unsigned)(len + 1));
    client->write.data = client;
    uv_read_stop((uv_stream_t *)&client->pipe);
    wait_at_most(client, false);
    wait_at_most(client, true);
    if (uv_write(&client->write, (uv_stream_t *)&client->pipe, &octets, 1, on_written) != 0) {
        finish(client);
    }
}

static void send_last(struct client *client, int status, const char *code, const char *message)
{
    struct fdns_control_reply reply = {0};
    fdns_control_error(&reply, status, code, "%s", message);
    client->ending = true;
    send_reply(client, fdns_control_print(&reply));
    json_decref(reply.body);
}

static void on_deadline(uv_timer_t *timer)
{
    struct client *client = timer->data;
    if (client->reply != NULL) {
        finish(client);
    } else {
        send_last(client, 408, "timeout", "the line was not complete in time");
    }
}

// Answers one complete line, if there is one.
static void take_lines(struct client *client)
{
    while (client->reply == NULL && !uv_is_closing((uv_handle_t *)&client->pipe)) {
        uint8_t *start = client->in.data;
        size_t left = client->in.len - client->searched;
        uint8_t *end = left > 0 ? memchr(start + client->searched, '\n', left) : NULL;
        if (end == NULL) {
            client->searched = client->in.len;
            break;
        }
        size_t len = (size_t)(end - start);
        bool blank = len == 0 || (len == 1 && start[0] == '\r');
        char *reply =
            blank ? NULL : fdns_lines_answer(client->lines->session, (const char *)start, len);
        fdns_buf_drop_front(&client->in, len + 1);
        client->searched = 0;
        if (reply != NULL) {
            send_reply(client, reply);
        }
    }
    if (client->reply == NULL) {
        wait_at_most(client, client->in.len > 0);
    }
}

static void on_octets(uv_stream_t *stream, ssize_t n, const uv_buf_t *octets)
{
    struct client *client = stream->data;
    if (n > 0) {
        fdns_buf_append(&client->in, octets->base, (size_t)n);
    }
    free(octets->base);
    if (n < 0) {
        finish(client);
    } else if (client->in.overflow) {
        send_last(client, 413, "too-large", "a request has at most 4194304 octets");
    } else if (n > 0) {
        take_lines(client);
    }
}

static void on_client(uv_stream_t *server, int status)
{
    struct fdns_lines *lines = server->data;
    if (status != 0) {
        return;
    }
    struct client *client = need(calloc(1, sizeof *client));
    client->lines = lines;
    client->pipe.data = client;
    client->deadline.data = client;
    client->n_handles = 2;
    client->place = &lines->clients;
    client->next = lines->clients;
    if (client->next != NULL) {
        client->next->place = &client->next;
    }
    lines->clients = client;
    lines->n_clients++;
    fdns_buf_init(&client->in, FDNS_CONTROL_REQUEST + 65536);
    uv_pipe_init(server->loop, &client->pipe, 0);
    uv_timer_init(server->loop, &client->deadline);
    if (uv_accept(server, (uv_stream_t *)&client->pipe) != 0) {
        finish(client);
    } else if (lines->n_clients > FDNS_CONTROL_CLIENTS) {
        send_last(client, 503, "too-many-clients", "64 clients are connected already");
    } else {
        uv_read_start((uv_stream_t *)&client->pipe, on_room, on_octets);
    }
}

// ---- starting and stopping

static void on_gone(uv_handle_t *handle)
{
    struct fdns_lines *lines = handle->data;
    lines->stopped = true;
    free_lines_when_done(lines);
}

// A socket file whose program is gone: nobody accepts there.
static bool is_stale(const char *path)
{
    struct stat status;
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    if (lstat(path, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        return false;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return false;
    }
    strcpy(name.sun_path, path);
    bool refused = connect(fd, (struct sockaddr *)&name, sizeof name) != 0 && errno == ECONNREFUSED;
    close(fd);
    return refused;
}

static int listen_at(struct fdns_lines *lines)
{
    if (is_stale(lines->path)) {
        unlink(lines->path);
    }
    mode_t before = umask(0177);
    int code = uv_pipe_bind(&lines->pipe, lines->path);
    umask(before);
    if (code != 0) {
        return code;
    }
    code = uv_listen((uv_stream_t *)&lines->pipe, BACKLOG, on_client);
    return code;
}

struct fdns_lines *fdns_lines_start(uv_loop_t *loop, struct fdns_session *session, const char *path,
                                    uint64_t deadline_ms, struct fdns_buf *why)
{
    struct fdns_lines *lines = need(calloc(1, sizeof *lines));
    lines->session = session;
    lines->deadline_ms = deadline_ms != 0 ? deadline_ms : FDNS_CONTROL_DEADLINE_MS;
    if (path[0] == '\0' || strlen(path) >= sizeof lines->path) {
        fdns_buf_format(why, "the path of a unix socket has 1 to %zu octets",
                        sizeof lines->path - 1);
        free(lines);
        return NULL;
    }
    strcpy(lines->path, path);
    uv_pipe_init(loop, &lines->pipe, 0);
    lines->pipe.data = lines;
    int code = listen_at(lines);
    if (code != 0) {
        fdns_buf_format(why, "cannot listen at %s: %s", path,
                        code == UV_EACCES ? "there is no such folder, or permission is denied"
                                          : uv_strerror(code));
        uv_close((uv_handle_t *)&lines->pipe, on_gone);
        return NULL;
    }
    return lines;
}

void fdns_lines_stop(struct fdns_lines *lines)
{
    for (struct client *client = lines->clients; client != NULL; client = client->next) {
        finish(client);
    }
    uv_close((uv_handle_t *)&lines->pipe, on_gone);
}
