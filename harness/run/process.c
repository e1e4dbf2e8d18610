#include "harness/run/process.h"

#include <signal.h>
#include <string.h>

static void on_exit(uv_process_t *handle, int64_t status, int signal);
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf);
static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);
static void on_deadline(uv_timer_t *timer);
static void on_closed(uv_handle_t *handle);
static void finish(struct dc_process *process);

static void init_pipes(struct dc_process *process, uv_loop_t *loop, uv_stdio_container_t *stdio)
{
    stdio[0].flags = UV_IGNORE;
    for (int i = 0; i < 2; i++) {
        uv_pipe_init(loop, &process->pipes[i], 0);
        process->pipes[i].data = process;
        process->n_handles++;
        stdio[i + 1].flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE;
        stdio[i + 1].data.stream = (uv_stream_t *)&process->pipes[i];
    }
}

void dc_process_start(struct dc_process *process, uv_loop_t *loop, char **words, int64_t timeout_us,
                      dc_process_done_fn *done, void *owner)
{
    memset(process, 0, sizeof *process);
    process->done = done;
    process->owner = owner;
    process->exit_status = -1;
    fdns_buf_init(&process->text, DC_PROCESS_OUTPUT_MAX);
    fdns_buf_init(&process->errors, DC_PROCESS_OUTPUT_MAX);

    uv_stdio_container_t stdio[3];
    init_pipes(process, loop, stdio);
    uv_timer_init(loop, &process->deadline);
    process->deadline.data = process;
    process->process.data = process;
    process->n_handles += 2;
    uv_process_options_t options = {
        .exit_cb = on_exit,
        .file = words[0],
        .args = words,
        .flags = UV_PROCESS_DETACHED, // a session, and so a process group, of its own
        .stdio_count = 3,
        .stdio = stdio,
    };
    process->start_error = uv_spawn(loop, &process->process, &options);
    if (process->start_error != 0) {
        finish(process);
        return;
    }
    process->n_waiting = 3;
    uv_timer_start(&process->deadline, on_deadline, (uint64_t)(timeout_us / 1000) + 1, 0);
    uv_read_start((uv_stream_t *)&process->pipes[0], on_alloc, on_read);
    uv_read_start((uv_stream_t *)&process->pipes[1], on_alloc, on_read);
}

void dc_process_clear(struct dc_process *process)
{
    fdns_buf_clear(&process->text);
    fdns_buf_clear(&process->errors);
}

static void one_less(struct dc_process *process)
{
    if (--process->n_waiting == 0) {
        finish(process);
    }
}

// Ends the command and all that it started.
static void kill_group(struct dc_process *process)
{
    if (process->process.pid > 0) {
        kill(-process->process.pid, SIGKILL);
    }
}

static void on_exit(uv_process_t *handle, int64_t status, int signal)
{
    struct dc_process *process = handle->data;
    process->exited = true;
    process->exit_status = signal == 0 ? (int)status : -1;
    // What it left behind would hold the pipes open for ever.
    kill_group(process);
    one_less(process);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct dc_process *process = handle->data;
    (void)suggested;
    *buf = uv_buf_init(process->chunk, sizeof process->chunk);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct dc_process *process = stream->data;
    struct fdns_buf *text =
        stream == (uv_stream_t *)&process->pipes[0] ? &process->text : &process->errors;
    if (n < 0) {
        uv_read_stop(stream);
        one_less(process);
        return;
    }
    size_t room = text->ceiling - text->len;
    size_t len = (size_t)n < room ? (size_t)n : room;
    process->cut |= len < (size_t)n;
    fdns_buf_append(text, buf->base, len);
}

static void on_deadline(uv_timer_t *timer)
{
    struct dc_process *process = timer->data;
    process->timed_out = true;
    kill_group(process);
    // A process that left the group may hold the pipes; they are not waited for. The command itself
    // is, so that it does not stay behind as a zombie.
    uv_read_stop((uv_stream_t *)&process->pipes[0]);
    uv_read_stop((uv_stream_t *)&process->pipes[1]);
    process->n_waiting = 1;
    if (process->exited) {
        one_less(process);
    }
}

static void finish(struct dc_process *process)
{
    if (process->finished) {
        return;
    }
    process->finished = true;
    uv_close((uv_handle_t *)&process->deadline, on_closed);
    uv_close((uv_handle_t *)&process->pipes[0], on_closed);
    uv_close((uv_handle_t *)&process->pipes[1], on_closed);
    uv_close((uv_handle_t *)&process->process, on_closed);
}

static void on_closed(uv_handle_t *handle)
{
    struct dc_process *process = handle->data;
    if (--process->n_handles == 0) {
        process->done(process);
    }
}
