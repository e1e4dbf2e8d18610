#include "harness/seen/observation_json.h"

static json_t *address_json(const struct fdns_address *address)
{
    char text[FDNS_ADDRESS_TEXT_MAX];
    return dc_json_string(fdns_address_print(address, text));
}

static json_t *steps_json(const struct dc_question *question)
{
    json_t *steps = dc_json_array();
    for (size_t i = 0; i < question->n_steps; i++) {
        const struct dc_step *step = &question->steps[i];
        json_t *json = dc_json_object();
        dc_json_set(json, "kind", dc_json_string(dc_step_text(step->kind)));
        if (step->kind == DC_STEP_SEND) {
            dc_json_set(json, "octets", dc_json_hex(step->octets, step->len));
        } else if (step->kind == DC_STEP_AWAIT) {
            dc_json_set(json, "messages", json_integer(step->n_messages));
        } else if (step->kind == DC_STEP_WAIT) {
            dc_json_set(json, "wait_us", json_integer(step->wait_us));
        }
        dc_json_append(steps, json);
    }
    return steps;
}

static json_t *strays_json(const struct dc_attempt *attempt)
{
    json_t *strays = dc_json_array();
    for (size_t i = 0; i < attempt->n_strays; i++) {
        const struct dc_stray *stray = &attempt->strays[i];
        json_t *json = dc_json_object();
        dc_json_set(json, "reason", dc_json_string(dc_stray_text(stray->reason)));
        dc_json_set(json, "source", address_json(&stray->source));
        dc_json_set(json, "received", dc_json_hex(stray->octets, stray->len));
        dc_json_append(strays, json);
    }
    return strays;
}

static json_t *attempts_json(const struct dc_observation *observation)
{
    json_t *attempts = dc_json_array();
    for (size_t i = 0; i < observation->n_attempts; i++) {
        const struct dc_attempt *attempt = &observation->attempts[i];
        json_t *json = dc_json_object();
        dc_json_set(json, "asked_us", json_integer(attempt->asked_us));
        dc_json_set(json, "ended_us", json_integer(attempt->ended_us));
        dc_json_set(json, "id", json_integer(attempt->id));
        dc_json_set(json, "outcome", dc_json_string(dc_outcome_text(attempt->outcome)));
        dc_json_set(json, "received", dc_json_hex(attempt->octets, attempt->len));
        if (attempt->n_strays != 0) {
            dc_json_set(json, "strays", strays_json(attempt));
        }
        dc_json_append(attempts, json);
    }
    return attempts;
}

json_t *dc_observation_json(const struct dc_observation *observation, size_t n)
{
    const struct dc_question *question = observation->question;
    char host[FDNS_ADDRESS_TEXT_MAX];
    json_t *json = dc_json_object();
    dc_json_set(json, "n", json_integer((json_int_t)n));
    dc_json_set(json, "server",
                dc_json_string(question->server_name != NULL
                                   ? question->server_name
                                   : fdns_address_print_host(&question->server, host)));
    dc_json_set(json, "address", address_json(&question->server));
    dc_json_set(json, "transport", dc_json_string(question->transport == DC_TCP ? "tcp" : "udp"));
    dc_json_set(json, "asked", dc_json_hex(question->request, question->len));
    dc_json_set(json, "received", dc_json_hex(observation->message, observation->message_len));
    dc_json_set(json, "outcome", dc_json_string(dc_outcome_text(observation->outcome)));
    dc_json_set(json, "at_us",
                json_integer(observation->attempts[observation->n_attempts - 1].asked_us));
    dc_json_set(json, "visit", json_integer(question->visit));
    dc_json_set(json, "repetition", json_integer(question->repetition));
    if (question->n_steps != 0) {
        dc_json_set(json, "steps", steps_json(question));
    }
    dc_json_set(json, "attempts", attempts_json(observation));
    return json;
}
