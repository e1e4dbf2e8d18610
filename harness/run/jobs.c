// Workers take scenarios in turn: worker w plays scenarios w, w + n_jobs, and so on, and writes one
// line of JSON for each. The parent reads all pipes and hands results on as soon as all earlier
// ones are there.
#include "harness/run/jobs.h"

#include "fakedns/base/fatal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_JOBS = 256, LINE_MAX_OCTETS = 64 * 1024 * 1024 };

struct worker {
    pid_t pid;
    int fd; // -1: its end was seen
    struct fdns_buf line;
    size_t next; // index of the scenario it will report next
};

struct pool {
    const struct dc_selection *selection;
    struct worker workers[MAX_JOBS];
    size_t n_workers;
    json_t **results; // by scenario, NULL until it is there
    size_t n_handed;  // results handed on
    dc_on_result_fn *on_result;
    void *context;
};

static void play_here(const struct dc_selection *selection, const struct dc_play_options *options,
                      dc_on_result_fn *on_result, void *context)
{
    struct dc_player *player = dc_player_new(options);
    for (size_t i = 0; i < selection->n_scenarios; i++) {
        struct dc_played *played = dc_player_play(player, selection->scenarios[i]);
        on_result(context, &played->result);
        dc_played_free(played);
    }
    dc_player_free(player);
}

// ---- in a worker ---------------------------------------------------------------------------

static int write_json(const char *data, size_t len, void *context)
{
    const int *fd = context;
    while (len > 0) {
        ssize_t n = write(*fd, data, len);
        if (n < 0 && errno != EINTR) {
            return -1;
        }
        data += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static void send_result(int fd, const struct dc_result *result)
{
    json_t *json = dc_result_json(result);
    char *text = json_dumps(json, JSON_COMPACT);
    if (text == NULL || write_json(text, strlen(text), &fd) != 0 || write_json("\n", 1, &fd) != 0) {
        _exit(1);
    }
    free(text);
    json_decref(json);
}

_Noreturn static void work(const struct dc_selection *selection,
                           const struct dc_play_options *options, size_t first, size_t step, int fd)
{
    struct dc_player *player = dc_player_new(options);
    for (size_t i = first; i < selection->n_scenarios; i += step) {
        struct dc_played *played = dc_player_play(player, selection->scenarios[i]);
        send_result(fd, &played->result);
        dc_played_free(played);
    }
    dc_player_free(player);
    _exit(0);
}

// ---- in the parent -------------------------------------------------------------------------

static bool start_worker(struct pool *pool, const struct dc_play_options *options, size_t index,
                         size_t n_jobs)
{
    int ends[2];
    if (pipe(ends) != 0) {
        return false;
    }
    pid_t pid = fork();
    if (pid < 0) {
        close(ends[0]);
        close(ends[1]);
        return false;
    }
    if (pid == 0) {
        for (size_t i = 0; i < pool->n_workers; i++) {
            close(pool->workers[i].fd);
        }
        close(ends[0]);
        signal(SIGPIPE, SIG_IGN);
        work(pool->selection, options, index, n_jobs, ends[1]);
    }
    close(ends[1]);
    struct worker *worker = &pool->workers[pool->n_workers++];
    *worker = (struct worker){.pid = pid, .fd = ends[0], .next = index};
    fdns_buf_init(&worker->line, LINE_MAX_OCTETS);
    return true;
}

static void hand_on(struct pool *pool, size_t index)
{
    struct fdns_arena arena;
    fdns_arena_init(&arena, 64 * 1024);
    const char *why = NULL;
    const struct dc_result *result =
        pool->results[index] != NULL ? dc_result_read(&arena, pool->results[index], &why) : NULL;
    if (result != NULL) {
        pool->on_result(pool->context, result);
    } else {
        struct dc_result lost =
            dc_result_not_run(&arena, pool->selection->scenarios[index],
                              why != NULL ? why : "its worker process ended before it was played");
        pool->on_result(pool->context, &lost);
    }
    json_decref(pool->results[index]);
    pool->results[index] = NULL;
    fdns_arena_clear(&arena);
}

// Index of the worker that plays a scenario is the scenario's modulo n_workers.
static void hand_on_what_is_ready(struct pool *pool)
{
    while (pool->n_handed < pool->selection->n_scenarios) {
        const struct worker *worker = &pool->workers[pool->n_handed % pool->n_workers];
        if (pool->results[pool->n_handed] == NULL && worker->fd >= 0) {
            return;
        }
        hand_on(pool, pool->n_handed++);
    }
}

static void take_lines(struct pool *pool, struct worker *worker)
{
    const uint8_t *end;
    while (worker->line.len > 0 &&
           (end = memchr(worker->line.data, '\n', worker->line.len)) != NULL) {
        size_t len = (size_t)(end - worker->line.data);
        if (worker->next < pool->selection->n_scenarios) {
            pool->results[worker->next] = json_loadb((const char *)worker->line.data, len, 0, NULL);
            worker->next += pool->n_workers;
        }
        fdns_buf_drop_front(&worker->line, len + 1);
    }
}

static void read_worker(struct pool *pool, struct worker *worker)
{
    static char chunk[65536];
    ssize_t n = read(worker->fd, chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) {
        return;
    }
    if (n > 0) {
        fdns_buf_append(&worker->line, chunk, (size_t)n);
        take_lines(pool, worker);
    }
    if (n <= 0 || worker->line.overflow) {
        close(worker->fd);
        worker->fd = -1;
    }
}

static bool wait_for_workers(struct pool *pool)
{
    struct pollfd fds[MAX_JOBS];
    struct worker *open[MAX_JOBS];
    nfds_t n = 0;
    for (size_t i = 0; i < pool->n_workers; i++) {
        if (pool->workers[i].fd >= 0) {
            open[n] = &pool->workers[i];
            fds[n++] = (struct pollfd){.fd = pool->workers[i].fd, .events = POLLIN};
        }
    }
    if (n == 0 || (poll(fds, n, -1) < 0 && errno != EINTR)) {
        return false;
    }
    for (nfds_t i = 0; i < n; i++) {
        if (fds[i].revents != 0) {
            read_worker(pool, open[i]);
        }
    }
    return true;
}

static void end_workers(struct pool *pool)
{
    for (size_t i = 0; i < pool->n_workers; i++) {
        if (pool->workers[i].fd >= 0) {
            close(pool->workers[i].fd);
        }
        while (waitpid(pool->workers[i].pid, NULL, 0) < 0 && errno == EINTR) {
        }
        fdns_buf_clear(&pool->workers[i].line);
    }
}

bool dc_play_all(const struct dc_selection *selection, const struct dc_play_options *options,
                 size_t n_jobs, dc_on_result_fn *on_result, void *context, const char **why)
{
    size_t n_wanted = n_jobs < selection->n_scenarios ? n_jobs : selection->n_scenarios;
    if (n_wanted <= 1) {
        play_here(selection, options, on_result, context);
        return true;
    }
    struct pool *pool = calloc(1, sizeof *pool);
    json_t **results = calloc(selection->n_scenarios, sizeof *results);
    if (pool == NULL || results == NULL) {
        fdns_fatal("out of memory (%zu scenarios)", selection->n_scenarios);
    }
    *pool = (struct pool){
        .selection = selection, .results = results, .on_result = on_result, .context = context};
    n_wanted = n_wanted < MAX_JOBS ? n_wanted : MAX_JOBS;
    bool started = true;
    for (size_t i = 0; i < n_wanted && started; i++) {
        started = start_worker(pool, options, i, n_wanted);
    }
    if (started) {
        while (wait_for_workers(pool)) {
            hand_on_what_is_ready(pool);
        }
        hand_on_what_is_ready(pool);
    } else {
        *why = "cannot start worker processes";
    }
    end_workers(pool);
    free(results);
    free(pool);
    return started;
}
