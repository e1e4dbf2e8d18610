#include "harness/seen/observation.h"

#include "harness/seen/words.h"

static const char *const outcomes[] = {DC_OUTCOMES(DC_WORD)};
static const char *const strays[] = {DC_STRAYS(DC_WORD)};

const char *dc_outcome_text(enum dc_outcome outcome)
{
    return outcomes[outcome];
}

bool dc_outcome_parse(const char *text, enum dc_outcome *outcome)
{
    size_t at;
    if (!dc_word_find(outcomes, sizeof outcomes / sizeof outcomes[0], text, &at)) {
        return false;
    }
    *outcome = (enum dc_outcome)at;
    return true;
}

const char *dc_stray_text(enum dc_stray_reason reason)
{
    return strays[reason];
}

bool dc_stray_parse(const char *text, enum dc_stray_reason *reason)
{
    size_t at;
    if (!dc_word_find(strays, sizeof strays / sizeof strays[0], text, &at)) {
        return false;
    }
    *reason = (enum dc_stray_reason)at;
    return true;
}

static const uint8_t *copy_octets(struct fdns_arena *arena, const uint8_t *octets, size_t len)
{
    return octets != NULL ? fdns_arena_copy(arena, octets, len) : NULL;
}

static void copy_attempt(struct fdns_arena *arena, const struct dc_attempt *from,
                         struct dc_attempt *to)
{
    *to = *from;
    to->octets = copy_octets(arena, from->octets, from->len);
    for (size_t i = 0; i < from->n_strays; i++) {
        to->strays[i].octets = copy_octets(arena, from->strays[i].octets, from->strays[i].len);
    }
}

struct dc_observation *dc_observation_copy(struct fdns_arena *arena,
                                           const struct dc_observation *observation)
{
    struct dc_observation *copy = fdns_arena_copy(arena, observation, sizeof *observation);
    struct dc_attempt *attempts =
        fdns_arena_array(arena, observation->n_attempts, sizeof *attempts);
    for (size_t i = 0; i < observation->n_attempts; i++) {
        copy_attempt(arena, &observation->attempts[i], &attempts[i]);
    }
    struct dc_question question = *observation->question;
    question.after = NULL; // what it waited for does not matter any more
    copy->question = dc_question_copy(arena, &question);
    copy->attempts = attempts;
    copy->message = copy_octets(arena, observation->message, observation->message_len);
    return copy;
}

int dc_observation_by_key(const void *a, const void *b)
{
    const struct dc_observation *const *first = a;
    const struct dc_observation *const *second = b;
    return dc_question_compare((*first)->question, (*second)->question);
}
