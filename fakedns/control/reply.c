#include "fakedns/base/escape.h"
#include "fakedns/base/fatal.h"
#include "fakedns/base/suggest.h"
#include "fakedns/control/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fdns_control_result(struct fdns_control_reply *reply, json_t *result)
{
    if (reply->body != NULL) {
        json_decref(result);
        return;
    }
    reply->status = 200;
    reply->body = json_pack("{s:o}", "result", result);
    if (reply->body == NULL) {
        fdns_fatal("out of memory");
    }
}

void fdns_control_error(struct fdns_control_reply *reply, int status, const char *code,
                        const char *format, ...)
{
    struct fdns_buf raw;
    struct fdns_buf text;
    va_list args;
    if (reply->body != NULL) {
        return;
    }
    fdns_buf_init(&raw, 4096);
    fdns_buf_init(&text, 16384);
    va_start(args, format);
    fdns_buf_vformat(&raw, format, args);
    va_end(args);
    const char *sentence =
        raw.overflow ? "what was sent is too long to be told back" : fdns_buf_text(&raw);
    fdns_escape(&text, sentence, strlen(sentence));
    reply->status = status;
    reply->body =
        json_pack("{s:{s:s, s:s}}", "error", "code", code, "message", fdns_buf_text(&text));
    fdns_buf_clear(&raw);
    fdns_buf_clear(&text);
    if (reply->body == NULL) {
        fdns_fatal("out of memory");
    }
}

void fdns_control_no_command(struct fdns_control_reply *reply, const char *name)
{
    const char *names[32];
    size_t n = 0;
    for (size_t i = 0; i < fdns_n_commands && n < sizeof names / sizeof names[0]; i++) {
        names[n++] = fdns_commands[i].name;
    }
    const char *near = strlen(name) < 64 ? fdns_suggest(name, names, n) : NULL;
    fdns_control_error(reply, 404, "unknown-command",
                       near != NULL ? "there is no command \"%.64s\" (did you mean \"%s\"?)"
                                    : "there is no command \"%.64s\"",
                       name, near);
}

json_t *fdns_control_parse(const char *text, size_t len, struct fdns_control_reply *reply)
{
    json_error_t error;
    json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        fdns_control_error(reply, 400, "bad-json", "line %d, column %d: %s", error.line,
                           error.column, error.text);
        return NULL;
    }
    if (!json_is_object(json)) {
        json_decref(json);
        fdns_control_error(reply, 400, "bad-json", "a JSON object is expected");
        return NULL;
    }
    return json;
}

char *fdns_control_print(const struct fdns_control_reply *reply)
{
    char *text = json_dumps(reply->body, JSON_COMPACT);
    if (text == NULL) {
        fdns_fatal("out of memory");
    }
    return text;
}
