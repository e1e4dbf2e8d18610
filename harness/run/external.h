// Somebody else's checker: a command that is run at each checkpoint of a scenario, against the
// world served on loopback in real time.
//
// The world's clock stands at the checkpoint when the command starts and runs while it runs. Its
// verdict is read from JSON in our report schema if it prints that on stdout, else through an
// adapter, else from its exit status.
#pragma once

#include "fakedns/world/state.h"
#include "harness/run/adapter.h"
#include "harness/run/command.h"

struct dc_external {
    struct dc_command command;
    struct dc_adapter *adapter; // or NULL
    int64_t timeout_us;
};

// Splits and checks a command: quoting, placeholders, whether the program exists. False with *why.
bool dc_external_init(struct dc_external *external, struct fdns_arena *arena, const char *command,
                      struct dc_adapter *adapter, int64_t timeout_us, const char **why);

struct dc_external_run; // the loop and folder that commands of one player share

struct dc_external_run *dc_external_run_new(const struct dc_external *external);
void dc_external_run_free(struct dc_external_run *run);

// Runs the command at a checkpoint. NULL with *why if it could not be run or did not do its work.
// state_file is kept for the checkpoints of one scenario: forget it with dc_external_run_begin.
const struct dc_report *dc_external_report(struct dc_external_run *run,
                                           const struct dc_scenario *scenario,
                                           const struct dc_checkpoint *checkpoint,
                                           struct fdns_world_state *state, struct fdns_arena *arena,
                                           const char **why);
// A new scenario begins: the file that {state} names is gone.
void dc_external_run_begin(struct dc_external_run *run);
