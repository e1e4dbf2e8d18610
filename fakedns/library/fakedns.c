// In a thread of its own: one job at a time is handed over, and its caller waits.
//
//   caller: lock, set job, wake the loop --> loop: runs it, posts --> caller: takes the result,
//   unlock

#include "fakedns/library/fakedns.h"

#include "fakedns/base/fatal.h"
#include "fakedns/control/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
    void (*run)(struct fakedns *dns, struct job *job);
    const char *text; // command, address or name
    const char *arguments;
    char *reply;
    struct fdns_address endpoint;
    bool found;
};

struct fakedns {
    uv_loop_t *loop;
    struct fdns_session *session;
    // in a loop of somebody else's
    void (*done)(void *context);
    void *context;
    // in a thread of its own
    bool has_thread;
    uv_loop_t own_loop;
    uv_thread_t thread;
    uv_async_t wake;
    uv_mutex_t lock;   // held by the caller whose job it is
    uv_sem_t finished; // the job, or the start
    struct job *job;
    const struct fakedns_options *options; // while it starts
    struct fdns_buf why;                   // of the start
};

enum { WHY_MAX = 1 << 20 };

static void tell(char *why, size_t size, const char *text)
{
    if (why != NULL && size > 0) {
        snprintf(why, size, "%s", text);
    }
}

// ---- the session

static bool open_session(struct fakedns *dns, const struct fakedns_options *options,
                         struct fdns_buf *why)
{
    struct fdns_session_options opening = {
        .loop = dns->loop,
        .world_file = options->world_file,
        .world_text = options->world_text,
        .world_len = options->world_text != NULL ? strlen(options->world_text) : 0,
        .resolver = options->resolver,
        .manual_clock = options->manual_clock,
        .seed = options->seed,
        .keeps_log = true,
        .query_log = options->query_log,
        .capture = options->capture,
    };
    struct fdns_diags diags;
    fdns_diags_init(&diags);
    dns->session = fdns_session_open(&opening, &diags, NULL, why);
    fdns_diags_print(&diags, 0, why);
    fdns_diags_clear(&diags);
    return dns->session != NULL;
}

static bool check_options(const struct fakedns_options *options, char *why, size_t why_size)
{
    bool good = options->size == sizeof *options;
    bool one = (options->world_file != NULL) != (options->world_text != NULL);
    tell(why, why_size, "");
    if (!good) {
        tell(why, why_size, "options.size is not the size of the options of this version");
    } else if (!one) {
        tell(why, why_size, "give a world_file or a world_text");
    }
    return good && one;
}

static struct fakedns *new_fakedns(void)
{
    struct fakedns *dns = calloc(1, sizeof *dns);
    if (dns == NULL) {
        fdns_fatal("out of memory");
    }
    fdns_buf_init(&dns->why, WHY_MAX);
    return dns;
}

static void free_fakedns(struct fakedns *dns)
{
    fdns_buf_clear(&dns->why);
    free(dns);
}

// ---- in a loop of somebody else's

static void on_closed(void *context)
{
    struct fakedns *dns = context;
    void (*done)(void *context) = dns->done;
    void *done_context = dns->context;
    free_fakedns(dns);
    if (done != NULL) {
        done(done_context);
    }
}

struct fakedns *fakedns_start_in_loop(const struct fakedns_options *options, struct uv_loop_s *loop,
                                      char *why, size_t why_size)
{
    if (!check_options(options, why, why_size)) {
        return NULL;
    }
    struct fakedns *dns = new_fakedns();
    dns->loop = loop;
    if (open_session(dns, options, &dns->why)) {
        return dns;
    }
    tell(why, why_size, fdns_buf_text(&dns->why));
    free_fakedns(dns);
    return NULL;
}

// ---- in a thread of its own

static void on_wake(uv_async_t *wake)
{
    struct fakedns *dns = wake->data;
    struct job *job = dns->job;
    if (job != NULL) {
        dns->job = NULL;
        job->run(dns, job);
        uv_sem_post(&dns->finished);
    }
}

static void serve(void *argument)
{
    struct fakedns *dns = argument;
    bool open = open_session(dns, dns->options, &dns->why);
    if (!open) {
        uv_close((uv_handle_t *)&dns->wake, NULL);
    }
    uv_sem_post(&dns->finished);
    uv_run(&dns->own_loop, UV_RUN_DEFAULT);
}

static void need(int error)
{
    if (error != 0) {
        fdns_fatal("libuv cannot start: %s", uv_strerror(error));
    }
}

static void end_thread(struct fakedns *dns)
{
    uv_thread_join(&dns->thread);
    uv_loop_close(&dns->own_loop);
    uv_mutex_destroy(&dns->lock);
    uv_sem_destroy(&dns->finished);
}

struct fakedns *fakedns_start(const struct fakedns_options *options, char *why, size_t why_size)
{
    if (!check_options(options, why, why_size)) {
        return NULL;
    }
    struct fakedns *dns = new_fakedns();
    dns->has_thread = true;
    dns->loop = &dns->own_loop;
    dns->options = options;
    dns->wake.data = dns;
    need(uv_loop_init(&dns->own_loop));
    need(uv_async_init(&dns->own_loop, &dns->wake, on_wake));
    need(uv_mutex_init(&dns->lock));
    need(uv_sem_init(&dns->finished, 0));
    need(uv_thread_create(&dns->thread, serve, dns));
    uv_sem_wait(&dns->finished);
    if (dns->session != NULL) {
        return dns;
    }
    tell(why, why_size, fdns_buf_text(&dns->why));
    end_thread(dns);
    free_fakedns(dns);
    return NULL;
}

static void run_job(struct fakedns *dns, struct job *job)
{
    if (!dns->has_thread) {
        job->run(dns, job);
        return;
    }
    uv_mutex_lock(&dns->lock);
    dns->job = job;
    uv_async_send(&dns->wake);
    uv_sem_wait(&dns->finished);
    uv_mutex_unlock(&dns->lock);
}

static void stop_job(struct fakedns *dns, struct job *job)
{
    (void)job;
    fdns_session_close(dns->session, NULL, NULL);
    uv_close((uv_handle_t *)&dns->wake, NULL);
}

void fakedns_stop(struct fakedns *dns, void (*done)(void *context), void *context)
{
    dns->done = done;
    dns->context = context;
    if (!dns->has_thread) {
        fdns_session_close(dns->session, on_closed, dns);
        return;
    }
    struct job job = {.run = stop_job};
    run_job(dns, &job);
    end_thread(dns);
    on_closed(dns);
}

// ---- what is asked of it

static const struct fdns_address *find_endpoint(struct fakedns *dns, const char *of)
{
    const struct fdns_map *map = fdns_session_map(dns->session);
    const struct fdns_server *server = fdns_world_find_server(fdns_session_world(dns->session), of);
    struct fdns_address address;
    if (strcmp(of, "resolver") == 0) {
        return map->has_resolver ? &map->resolver : NULL;
    }
    if (server != NULL && server->n_addresses > 0) {
        return fdns_map_find(map, &server->addresses[0]);
    }
    return fdns_address_parse(of, 53, &address) == FDNS_OK ? fdns_map_find(map, &address) : NULL;
}

static void endpoint_job(struct fakedns *dns, struct job *job)
{
    const struct fdns_address *endpoint = find_endpoint(dns, job->text);
    job->found = endpoint != NULL;
    if (job->found) {
        job->endpoint = *endpoint;
    }
}

int fakedns_endpoint(struct fakedns *dns, const char *of, char *host, size_t host_size,
                     uint16_t *port)
{
    char text[FDNS_ADDRESS_TEXT_MAX];
    struct job job = {.run = endpoint_job, .text = of};
    run_job(dns, &job);
    if (!job.found) {
        return -1;
    }
    fdns_address_print_host(&job.endpoint, text);
    if (strlen(text) >= host_size) {
        return -1;
    }
    strcpy(host, text);
    *port = job.endpoint.port;
    return 0;
}

static void command_job(struct fakedns *dns, struct job *job)
{
    struct fdns_control_reply reply = {0};
    const struct fdns_command *command = fdns_command_find(job->text);
    json_t *arguments = NULL;
    if (command == NULL) {
        fdns_control_no_command(&reply, job->text);
    } else if (job->arguments != NULL) {
        arguments = fdns_control_parse(job->arguments, strlen(job->arguments), &reply);
    }
    if (reply.body == NULL) {
        fdns_command_run(command, dns->session, arguments, &reply);
    }
    job->reply = fdns_control_print(&reply);
    json_decref(arguments);
    json_decref(reply.body);
}

char *fakedns_command(struct fakedns *dns, const char *command, const char *arguments)
{
    struct job job = {.run = command_job, .text = command, .arguments = arguments};
    run_job(dns, &job);
    return job.reply;
}

void fakedns_free(char *text)
{
    free(text);
}

// 0, or -1 with the message of the error. Takes arguments over.
static int do_command(struct fakedns *dns, const char *command, json_t *arguments, char *why,
                      size_t why_size)
{
    char *text = arguments != NULL ? json_dumps(arguments, JSON_COMPACT) : NULL;
    json_decref(arguments);
    char *reply = fakedns_command(dns, command, text);
    json_t *body = json_loads(reply, 0, NULL);
    const json_t *error = json_object_get(body, "error");
    const char *message = json_string_value(json_object_get(error, "message"));
    bool failed = error != NULL;
    tell(why, why_size, message != NULL ? message : "");
    json_decref(body);
    free(reply);
    free(text);
    return failed ? -1 : 0;
}

int fakedns_patch(struct fakedns *dns, const char *world_text, char *why, size_t why_size)
{
    return do_command(dns, "patch", json_pack("{s:s}", "world", world_text), why, why_size);
}

int fakedns_advance(struct fakedns *dns, int64_t by_us)
{
    char text[40];
    snprintf(text, sizeof text, "%lldus", (long long)by_us);
    return by_us < 0 ? -1 : do_command(dns, "advance", json_pack("{s:s}", "by", text), NULL, 0);
}

int fakedns_reset(struct fakedns *dns, char *why, size_t why_size)
{
    return do_command(dns, "reset", NULL, why, why_size);
}
