// Adapter: how the output of somebody else's checker is read.
//
//   command: opendkim-testkey -d {domain} -s {selector} -vvv
//   each: token                          # run it once per token; or subject (the default)
//   exit: { 0: healthy, 1: fault, other: error }
//   findings: [ { match: 'record not found', id: [record/missing-all, name/doubled-suffix] } ]
//   status: [ { match: 'pending', status: PENDING } ]
//
// `match` is a POSIX extended regular expression, tried on the whole output (stdout and stderr). An
// `id` list are the causes that one message can stand for: it is taken to mean the one that is
// expected, if that is among them, else the first.
#pragma once

#include "fakedns/yaml/schema.h"
#include "harness/scenario/scenario.h"

enum dc_exit_meaning { DC_EXIT_HEALTHY, DC_EXIT_FAULT, DC_EXIT_ERROR };

struct dc_adapter;

extern const struct fdns_schema_type dc_type_adapter;

// NULL with diagnostics. Free with dc_adapter_free.
struct dc_adapter *dc_adapter_load(const char *path, struct fdns_diags *diags);
void dc_adapter_free(struct dc_adapter *adapter);

// NULL if the file names none. A relative program path is relative to the adapter's folder.
const char *dc_adapter_command(const struct dc_adapter *adapter);
bool dc_adapter_runs_each_token(const struct dc_adapter *adapter);

// What a checker command printed and how it ended.
struct dc_command_output {
    const char *text; // stdout and stderr as they came; NUL octets replaced; cut at the ceiling
    size_t len;
    int exit_status; // -1: it was killed by a signal
};

// Adds the findings of one output to a report, about name (or NULL), and sets *status to what it
// says: SUCCESS for a healthy exit without findings, UNKNOWN for a fault, or what a status message
// told. adapter may be NULL: then only the exit status speaks. False if the checker itself could
// not do its work (an `error` exit, or it was ended by a signal), with *why.
bool dc_adapter_read(const struct dc_adapter *adapter, struct fdns_arena *arena,
                     const struct dc_command_output *output, const struct dc_checkpoint *checkpoint,
                     const char *name, struct dc_report *report, enum dc_status *status,
                     const char **why);
