// Effects on the question that the answer repeats.
#include "fakedns/world/effect.h"
#include "fakedns/world/letters.h"
#include "fakedns/world/state.h"

#include <string.h>

struct question {
    bool omit;
    bool twice;
    const uint8_t *name; // NULL: the one asked
    bool has_type, has_class;
    uint16_t type, rr_class;
    enum fdns_letters letters;
};

static const struct fdns_schema_type name_type = {.kind = FDNS_SCHEMA_TEXT, .name = "domain name"};
static const char *const omit_words[] = {"omit"};
static const struct fdns_schema_type omit = {
    .kind = FDNS_SCHEMA_WORD, .name = "word", .words = omit_words, .n_words = 1};
static const struct fdns_schema_key keys[] = {
    {.name = "name",
     .type = &name_type,
     .doc = "Another name than was asked for.",
     .example = "other.example.com"},
    {.name = "type", .type = &fdns_type_rr_type, .doc = "Another type.", .example = "A"},
    {.name = "class", .type = &fdns_type_rr_class, .doc = "Another class.", .example = "CH"},
    {.name = "case",
     .type = &fdns_type_letters,
     .doc = "The letters of the name: all `lower`, all `upper`, each the other way (`flip`), or "
            "each by chance (`random`).",
     .example = "random"},
    {.name = "twice",
     .type = &fdns_type_boolean,
     .doc = "There are two of it, and QDCOUNT says so.",
     .example = "yes"},
};
static const struct fdns_schema_type record = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "question",
    .doc = "What is wrong with the question that an answer repeats. The answer's records stay as "
           "they are. Types and classes may be such as only questions have.",
    .keys = keys,
    .n_keys = sizeof(keys) / sizeof(keys[0])};
static const struct fdns_schema_type *const choices[] = {&omit, &record};
const struct fdns_schema_type fdns_type_question = {
    .kind = FDNS_SCHEMA_EITHER, .name = "`omit` or a question", .choices = choices, .n_choices = 2};

const void *fdns_read_question(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct question *question = fdns_arena_alloc(&reading->world->arena, sizeof(*question));
    question->omit = node->kind == FDNS_SCALAR;
    const struct fdns_node *name = fdns_node_find(node, "name");
    if (name != NULL) {
        question->name = fdns_read_name(reading, name);
    }
    const char *type = fdns_node_text(node, "type"), *rr_class = fdns_node_text(node, "class");
    question->has_type = type != NULL && fdns_type_parse(type, &question->type);
    question->has_class = rr_class != NULL && fdns_class_parse(rr_class, &question->rr_class);
    question->letters = fdns_letters_of(fdns_node_text(node, "case"));
    const struct fdns_node *twice = fdns_node_find(node, "twice");
    question->twice = twice != NULL && fdns_node_boolean(twice);
    return question;
}

static size_t put_u16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
    return 2;
}

static uint16_t get_u16(const uint8_t *at)
{
    return (uint16_t)((unsigned)at[0] << 8 | at[1]);
}

// What it has become so far is changed; with `twice` a second time it is the first that counts.
void fdns_edit_question(const void *value, const struct fdns_exchange *exchange,
                        struct fdns_reply *reply)
{
    const struct question *question = value;
    if (question->omit || reply->n_questions == 0) {
        reply->n_questions = 0;
        return;
    }
    const uint8_t *asked = reply->questions + fdns_name_len(reply->questions);
    const uint8_t *name = question->name != NULL ? question->name : reply->questions;
    size_t len = fdns_name_len(name), copies = question->twice ? 2 : 1;
    uint8_t *octets = fdns_arena_alloc(reply->arena, copies * (len + sizeof(uint16_t) * 2));
    memcpy(octets, name, len);
    fdns_change_name_letters(octets, question->letters,
                             fdns_world_state_random(exchange->state, exchange->rule));
    len += put_u16(octets + len, question->has_type ? question->type : get_u16(asked));
    len += put_u16(octets + len, question->has_class ? question->rr_class : get_u16(asked + 2));
    if (question->twice) {
        memcpy(octets + len, octets, len);
    }
    reply->questions = octets;
    reply->questions_len = copies * len;
    reply->n_questions = (uint16_t)copies;
}
