#include "harness/seen/question.h"

#include "fakedns/base/random.h"
#include "harness/seen/words.h"

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static const char *const steps[] = {DC_STEPS(DC_WORD)};

const char *dc_step_text(enum dc_step_kind kind)
{
    return steps[kind];
}

bool dc_step_parse(const char *text, enum dc_step_kind *kind)
{
    size_t at;
    if (!dc_word_find(steps, sizeof steps / sizeof steps[0], text, &at)) {
        return false;
    }
    *kind = (enum dc_step_kind)at;
    return true;
}

static int compare_octets(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
    size_t common = a_len < b_len ? a_len : b_len;
    int order = common != 0 ? memcmp(a, b, common) : 0;
    return order != 0 ? order : ORDER(a_len, b_len);
}

static int compare_step(const struct dc_step *a, const struct dc_step *b)
{
    int order = ORDER(a->kind, b->kind);
    if (order == 0) {
        order = compare_octets(a->octets, a->len, b->octets, b->len);
    }
    if (order == 0) {
        order = ORDER(a->n_messages, b->n_messages);
    }
    return order != 0 ? order : ORDER(a->wait_us, b->wait_us);
}

static int compare_steps(const struct dc_question *a, const struct dc_question *b)
{
    int order = ORDER(a->n_steps, b->n_steps);
    for (size_t i = 0; order == 0 && i < a->n_steps; i++) {
        order = compare_step(&a->steps[i], &b->steps[i]);
    }
    return order;
}

int dc_question_compare(const struct dc_question *a, const struct dc_question *b)
{
    if (a->visit != b->visit) {
        return ORDER(a->visit, b->visit);
    }
    int order = fdns_address_compare(&a->server, &b->server);
    if (order == 0) {
        order = ORDER(a->transport, b->transport);
    }
    if (order == 0) {
        order = compare_octets(a->request, a->len, b->request, b->len);
    }
    if (order == 0) {
        order = ORDER(a->repetition, b->repetition);
    }
    return order != 0 ? order : compare_steps(a, b);
}

static uint64_t hash_step(uint64_t hash, const struct dc_step *step)
{
    hash = fdns_hash_u64(hash, step->kind);
    hash = fdns_hash(hash, step->octets != NULL ? step->octets : (const uint8_t *)"", step->len);
    hash = fdns_hash_u64(hash, step->n_messages);
    return fdns_hash_u64(hash, (uint64_t)step->wait_us);
}

uint64_t dc_question_hash(const struct dc_question *question)
{
    uint64_t hash = fdns_hash_u64(0, question->visit);
    hash = fdns_hash_u64(hash, question->server.family);
    hash = fdns_hash(hash, question->server.octets, sizeof question->server.octets);
    hash = fdns_hash_u64(hash, question->server.port);
    hash = fdns_hash_u64(hash, question->transport);
    hash = fdns_hash(hash, question->request != NULL ? question->request : (const uint8_t *)"",
                     question->len);
    hash = fdns_hash_u64(hash, question->repetition);
    for (size_t i = 0; i < question->n_steps; i++) {
        hash = hash_step(hash, &question->steps[i]);
    }
    return hash;
}

static const struct dc_step *copy_steps(struct fdns_arena *arena, const struct dc_step *from,
                                        size_t n)
{
    if (n == 0) {
        return NULL;
    }
    struct dc_step *copies = fdns_arena_array(arena, n, sizeof *copies);
    for (size_t i = 0; i < n; i++) {
        copies[i] = from[i];
        if (from[i].len != 0) {
            copies[i].octets = fdns_arena_copy(arena, from[i].octets, from[i].len);
        }
    }
    return copies;
}

struct dc_question *dc_question_copy(struct fdns_arena *arena, const struct dc_question *question)
{
    struct dc_question *copy = fdns_arena_copy(arena, question, sizeof *question);
    if (question->len != 0) {
        copy->request = fdns_arena_copy(arena, question->request, question->len);
    }
    if (question->server_name != NULL) {
        copy->server_name = fdns_arena_string(arena, question->server_name);
    }
    copy->steps = copy_steps(arena, question->steps, question->n_steps);
    if (question->after != NULL) {
        copy->after = dc_question_copy(arena, question->after);
    }
    return copy;
}
