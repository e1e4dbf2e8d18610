// Arguments of a command are checked against its row before it runs.
#include "fakedns/base/duration.h"
#include "fakedns/base/suggest.h"
#include "fakedns/control/command.h"

#include <string.h>

static const struct fdns_argument *find_argument(const struct fdns_command *command,
                                                 const char *name)
{
    for (size_t i = 0; i < FDNS_COMMAND_ARGUMENTS && command->arguments[i].name != NULL; i++) {
        if (strcmp(command->arguments[i].name, name) == 0) {
            return &command->arguments[i];
        }
    }
    return NULL;
}

static void refuse_unknown(const struct fdns_command *command, const char *name,
                           struct fdns_control_reply *reply)
{
    const char *names[FDNS_COMMAND_ARGUMENTS];
    size_t n = 0;
    for (; n < FDNS_COMMAND_ARGUMENTS && command->arguments[n].name != NULL; n++) {
        names[n] = command->arguments[n].name;
    }
    const char *near = strlen(name) < 64 ? fdns_suggest(name, names, n) : NULL;
    fdns_control_error(reply, 400, "unknown-argument",
                       near != NULL ? "%s has no argument \"%.64s\" (did you mean \"%s\"?)"
                                    : "%s has no argument \"%.64s\"",
                       command->name, name, near);
}

static bool is_word(const struct fdns_argument *argument, const char *text)
{
    for (const char *const *word = argument->words; *word != NULL; word++) {
        if (strcmp(*word, text) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_number(const char *text)
{
    size_t len = strspn(text, "0123456789");
    return len > 0 && len <= 18 && text[len] == '\0';
}

// NULL: it is good; else what is expected.
static const char *check_value(const struct fdns_argument *argument, const json_t *value)
{
    const char *text = json_string_value(value);
    int64_t us = 0;
    switch (argument->kind) {
    case FDNS_ARGUMENT_TEXT:
        return text != NULL ? NULL : "a text";
    case FDNS_ARGUMENT_WORD:
        return text != NULL && is_word(argument, text) ? NULL : argument->doc;
    case FDNS_ARGUMENT_DURATION:
        return text != NULL && fdns_duration_parse(text, &us) == FDNS_OK
                   ? NULL
                   : "a time that is not negative, such as \"90s\", \"71h59m\" or \"3d\"";
    case FDNS_ARGUMENT_NUMBER:
        return (json_is_integer(value) && json_integer_value(value) >= 0) ||
                       (text != NULL && is_number(text))
                   ? NULL
                   : "a whole number from 0";
    }
    return NULL;
}

static bool check_given(const struct fdns_command *command, json_t *arguments,
                        struct fdns_control_reply *reply)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(arguments, name, value)
    {
        const struct fdns_argument *argument = find_argument(command, name);
        const char *expected = argument != NULL ? check_value(argument, value) : NULL;
        if (argument == NULL) {
            refuse_unknown(command, name, reply);
            return false;
        }
        if (expected != NULL) {
            fdns_control_error(reply, 400, "bad-argument", "%s: \"%s\" takes %s", command->name,
                               name, expected);
            return false;
        }
    }
    return true;
}

static bool check_required(const struct fdns_command *command, const json_t *arguments,
                           struct fdns_control_reply *reply)
{
    for (size_t i = 0; i < FDNS_COMMAND_ARGUMENTS && command->arguments[i].name != NULL; i++) {
        const struct fdns_argument *argument = &command->arguments[i];
        if (argument->required && json_object_get(arguments, argument->name) == NULL) {
            fdns_control_error(reply, 400, "missing-argument", "%s needs \"%s\": %s", command->name,
                               argument->name, argument->doc);
            return false;
        }
    }
    return true;
}

void fdns_command_run(const struct fdns_command *command, struct fdns_session *session,
                      json_t *arguments, struct fdns_control_reply *reply)
{
    if (check_given(command, arguments, reply) && check_required(command, arguments, reply)) {
        command->run(session, arguments, reply);
    }
}
