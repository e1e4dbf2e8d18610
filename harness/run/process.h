// A checker's command as a process: started in a group of its own, its output read up to a ceiling,
// ended with all that it started when its time is over.
//
//   IDLE --start--> RUNNING --exit and both pipes at their end | time over--> CLOSING --> done()
#pragma once

#include "fakedns/base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

enum { DC_PROCESS_OUTPUT_MAX = 1024 * 1024 };

struct dc_process;
typedef void dc_process_done_fn(struct dc_process *process);

struct dc_process {
    uv_process_t process;
    uv_pipe_t pipes[2]; // stdout, stderr
    uv_timer_t deadline;
    unsigned n_handles; // open
    unsigned n_waiting; // of: exit, two ends of output
    bool exited;
    bool finished;
    char chunk[65536];
    // what came out of it
    struct fdns_buf text;   // stdout; what is past the ceiling is read and dropped
    struct fdns_buf errors; // stderr
    bool cut;               // output was past the ceiling
    bool timed_out;
    int exit_status; // -1: ended by a signal
    int start_error; // a libuv code; then nothing ran
    dc_process_done_fn *done;
    void *owner;
};

// Starts words[0] with its arguments. done is called exactly once, from the loop, when everything
// is closed, also if the start failed. Clear the process then.
void dc_process_start(struct dc_process *process, uv_loop_t *loop, char **words, int64_t timeout_us,
                      dc_process_done_fn *done, void *owner);
void dc_process_clear(struct dc_process *process);
