// Commands: what can be asked of a session, as rows of one table. JSON in, JSON out; how it came
// and where it goes is the matter of lines.h and web.h.
//
//   {"by": "72h"}  ->  {"result": {"now": "72h", "now_us": 259200000000}}
//                  or  {"error": {"code": "bad-argument", "message": "…"}}
//
// A new command is a function and a row of fdns_commands.
#pragma once

#include "fakedns/session/session.h"

#include <jansson.h>

enum fdns_argument_kind {
    FDNS_ARGUMENT_TEXT,
    FDNS_ARGUMENT_WORD,     // one of words
    FDNS_ARGUMENT_DURATION, // text as in 72h (base/duration.h)
    FDNS_ARGUMENT_NUMBER,   // a whole number from 0, or the text of one
};

struct fdns_argument {
    const char *name; // NULL: the end of the row
    enum fdns_argument_kind kind;
    bool required;
    const char *doc;
    const char *const *words; // of a WORD, NULL at the end
};

// What came of a command: an HTTP status and the whole body, which is the receiver's.
struct fdns_control_reply {
    int status;
    json_t *body;
};

typedef void fdns_command_fn(struct fdns_session *session, const json_t *arguments,
                             struct fdns_control_reply *reply);

enum { FDNS_COMMAND_ARGUMENTS = 4 };

struct fdns_command {
    const char *name;
    const char *doc;
    bool reads; // changes nothing: may be asked with GET
    struct fdns_argument arguments[FDNS_COMMAND_ARGUMENTS];
    fdns_command_fn *run;
};

extern const struct fdns_command fdns_commands[]; // sorted by name
extern const size_t fdns_n_commands;
const struct fdns_command *fdns_command_find(const char *name);

// Checks the arguments (an object, or NULL: none) against the row, and runs the command.
void fdns_command_run(const struct fdns_command *command, struct fdns_session *session,
                      json_t *arguments, struct fdns_control_reply *reply);

// Replies. A reply that has a body already is not changed.
void fdns_control_result(struct fdns_control_reply *reply, json_t *result); // takes result over
void fdns_control_error(struct fdns_control_reply *reply, int status, const char *code,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));
// "there is no command …", with "did you mean".
void fdns_control_no_command(struct fdns_control_reply *reply, const char *name);
// The object of a JSON text; NULL after an error: it is no JSON, or no object.
json_t *fdns_control_parse(const char *text, size_t len, struct fdns_control_reply *reply);
// The body as text, without a line end; free() it. NULL never.
char *fdns_control_print(const struct fdns_control_reply *reply);
