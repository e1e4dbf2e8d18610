#include "harness/seen/observation_json.h"

#include <string.h>

enum {
    MESSAGE_MAX = 65535,
    TRANSCRIPT_MAX = 1024 * 1024,
    STEPS_MAX = 256,
    ATTEMPTS_MAX = 100,
};

static void read_address(struct dc_json_reader *reader, const json_t *json, const char *key,
                         struct fdns_address *address)
{
    const char *text = dc_json_text(reader, json, key, true);
    if (text != NULL && fdns_address_parse(text, 53, address) != FDNS_OK) {
        dc_json_wrong(reader, "\"%s\" is not an address", key);
    }
}

static enum dc_outcome read_outcome(struct dc_json_reader *reader, const json_t *json)
{
    enum dc_outcome outcome = DC_SILENT;
    const char *text = dc_json_text(reader, json, "outcome", true);
    if (text != NULL && !dc_outcome_parse(text, &outcome)) {
        dc_json_wrong(reader, "\"outcome\" is not a known word");
    }
    return outcome;
}

static void read_step(struct dc_json_reader *reader, const json_t *json, struct dc_step *step)
{
    const char *kind = dc_json_text(reader, json, "kind", true);
    if (kind != NULL && !dc_step_parse(kind, &step->kind)) {
        dc_json_wrong(reader, "\"kind\" of a step is not a known word");
    }
    step->octets = dc_json_octets(reader, json, "octets", TRANSCRIPT_MAX, &step->len);
    step->n_messages = (unsigned)dc_json_integer(reader, json, "messages", 0, MESSAGE_MAX, 0);
    step->wait_us = dc_json_integer(reader, json, "wait_us", 0, INT64_MAX, 0);
}

static void read_steps(struct dc_json_reader *reader, const json_t *json,
                       struct dc_question *question)
{
    const json_t *list = dc_json_list(reader, json, "steps", STEPS_MAX);
    size_t n = json_array_size(list);
    struct dc_step *steps = n != 0 ? fdns_arena_array(reader->arena, n, sizeof *steps) : NULL;
    for (size_t i = 0; i < n; i++) {
        read_step(reader, json_array_get(list, i), &steps[i]);
    }
    question->steps = steps;
    question->n_steps = n;
}

static const struct dc_question *read_question(struct dc_json_reader *reader, const json_t *json)
{
    struct dc_question *question = fdns_arena_alloc(reader->arena, sizeof *question);
    read_address(reader, json, "address", &question->server);
    question->server_name = dc_json_text(reader, json, "server", false);
    const char *transport = dc_json_text(reader, json, "transport", true);
    if (transport != NULL && strcmp(transport, "udp") != 0 && strcmp(transport, "tcp") != 0) {
        dc_json_wrong(reader, "\"transport\" is neither udp nor tcp");
    }
    question->transport = transport != NULL && strcmp(transport, "tcp") == 0 ? DC_TCP : DC_UDP;
    question->request = dc_json_octets(reader, json, "asked", MESSAGE_MAX, &question->len);
    question->visit = (unsigned)dc_json_integer(reader, json, "visit", 0, UINT32_MAX, 0);
    question->repetition = (unsigned)dc_json_integer(reader, json, "repetition", 0, UINT32_MAX, 0);
    read_steps(reader, json, question);
    if (question->request == NULL && question->n_steps == 0) {
        dc_json_wrong(reader, "\"asked\" is missing");
    }
    return question;
}

static void read_strays(struct dc_json_reader *reader, const json_t *json,
                        struct dc_attempt *attempt)
{
    const json_t *list = dc_json_list(reader, json, "strays", DC_STRAYS_KEPT);
    attempt->n_strays = json_array_size(list);
    for (size_t i = 0; i < attempt->n_strays; i++) {
        const json_t *item = json_array_get(list, i);
        struct dc_stray *stray = &attempt->strays[i];
        const char *reason = dc_json_text(reader, item, "reason", true);
        if (reason != NULL && !dc_stray_parse(reason, &stray->reason)) {
            dc_json_wrong(reader, "\"reason\" is not a known word");
        }
        read_address(reader, item, "source", &stray->source);
        stray->octets = dc_json_octets(reader, item, "received", MESSAGE_MAX, &stray->len);
    }
}

static void read_attempt(struct dc_json_reader *reader, const json_t *json,
                         struct dc_attempt *attempt)
{
    attempt->asked_us = dc_json_integer(reader, json, "asked_us", INT64_MIN, INT64_MAX, 0);
    attempt->ended_us =
        dc_json_integer(reader, json, "ended_us", INT64_MIN, INT64_MAX, attempt->asked_us);
    attempt->id = (uint16_t)dc_json_integer(reader, json, "id", 0, UINT16_MAX, 0);
    attempt->outcome = read_outcome(reader, json);
    attempt->octets = dc_json_octets(reader, json, "received", TRANSCRIPT_MAX, &attempt->len);
    read_strays(reader, json, attempt);
}

static void read_attempts(struct dc_json_reader *reader, const json_t *json,
                          struct dc_observation *observation)
{
    const json_t *list = dc_json_list(reader, json, "attempts", ATTEMPTS_MAX);
    size_t n = json_array_size(list);
    struct dc_attempt *attempts = fdns_arena_array(reader->arena, n != 0 ? n : 1, sizeof *attempts);
    for (size_t i = 0; i < n; i++) {
        read_attempt(reader, json_array_get(list, i), &attempts[i]);
    }
    if (n == 0) {
        int64_t at_us = dc_json_integer(reader, json, "at_us", INT64_MIN, INT64_MAX, 0);
        attempts[0] = (struct dc_attempt){.asked_us = at_us,
                                          .ended_us = at_us,
                                          .outcome = observation->outcome,
                                          .octets = observation->message,
                                          .len = observation->message_len};
    }
    observation->attempts = attempts;
    observation->n_attempts = n != 0 ? n : 1;
    if (attempts[observation->n_attempts - 1].outcome != observation->outcome) {
        dc_json_wrong(reader, "\"outcome\" is not that of the last attempt");
    }
}

const struct dc_observation *dc_observation_read(struct dc_json_reader *reader, const json_t *json)
{
    struct dc_observation *observation = fdns_arena_alloc(reader->arena, sizeof *observation);
    observation->question = read_question(reader, json);
    observation->outcome = read_outcome(reader, json);
    observation->message =
        dc_json_octets(reader, json, "received", MESSAGE_MAX, &observation->message_len);
    if ((observation->outcome == DC_ANSWERED) != (observation->message != NULL)) {
        dc_json_wrong(reader, "\"received\" and \"outcome\" contradict each other");
    }
    read_attempts(reader, json, observation);
    return reader->why == NULL ? observation : NULL;
}
