// The words of `then`. A row is a word: how its value is read, and what it edits or sends.
#include "fakedns/world/build.h"

#include <string.h>

static const bool yes = true;

static const void *read_yes(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    (void)reading;
    return fdns_node_boolean(node) ? &yes : NULL;
}

static void clear_sections(struct fdns_reply *reply)
{
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        reply->sections[i] = (struct fdns_rrset_list){0};
    }
    reply->n_required_glue = 0;
}

// --- rcode

static const void *read_rcode(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    uint16_t *rcode = fdns_arena_alloc(&reading->world->arena, sizeof(*rcode));
    fdns_rcode_parse(node->text, rcode);
    return rcode;
}

static void set_rcode(const void *value, const struct fdns_exchange *exchange,
                      struct fdns_reply *reply)
{
    (void)exchange;
    reply->rcode = *(const uint16_t *)value;
}

// As servers do that fail: nothing but the code. Only "no such name" and "no error" can have
// authority.
static void edit_rcode(const void *value, const struct fdns_exchange *exchange,
                       struct fdns_reply *reply)
{
    set_rcode(value, exchange, reply);
    clear_sections(reply);
    if (reply->rcode != FDNS_NOERROR && reply->rcode != FDNS_NXDOMAIN) {
        reply->flags &= (uint16_t)~FDNS_AA;
    }
}

static const char *check_rcode(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena, (void)len;
    uint16_t code = 0;
    return fdns_rcode_parse(text, &code) ? NULL : "write a mnemonic or 0 to 4095";
}

static const struct fdns_schema_type rcode = {
    .kind = FDNS_SCHEMA_TEXT, .name = "rcode", .check = check_rcode};

// --- flags

static const struct flag_word {
    const char *name;
    uint16_t bit;
} flag_words[] = {
    {"QR", FDNS_QR}, {"AA", FDNS_AA}, {"TC", FDNS_TC}, {"RD", FDNS_RD},
    {"RA", FDNS_RA}, {"Z", FDNS_Z},   {"AD", FDNS_AD}, {"CD", FDNS_CD},
};
static const char *const flag_texts[] = {"QR", "AA", "TC", "RD", "RA", "Z", "AD", "CD"};

static const void *read_flags(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    uint16_t *bits = fdns_arena_alloc(&reading->world->arena, sizeof(*bits));
    for (size_t i = 0; i < fdns_node_n(node); i++) {
        for (size_t k = 0; k < sizeof(flag_words) / sizeof(flag_words[0]); k++) {
            if (strcmp(flag_words[k].name, fdns_node_item(node, i)->text) == 0) {
                *bits |= flag_words[k].bit;
            }
        }
    }
    return bits;
}

static void edit_set(const void *value, const struct fdns_exchange *exchange,
                     struct fdns_reply *reply)
{
    (void)exchange;
    reply->flags |= *(const uint16_t *)value;
}

static void edit_clear(const void *value, const struct fdns_exchange *exchange,
                       struct fdns_reply *reply)
{
    (void)exchange;
    reply->flags &= (uint16_t) ~*(const uint16_t *)value;
}

static const struct fdns_schema_type flag = {.kind = FDNS_SCHEMA_WORD,
                                             .name = "flag",
                                             .words = flag_texts,
                                             .n_words = sizeof(flag_texts) / sizeof(char *)};
static const struct fdns_schema_type flag_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of flags", .item = &flag};

// --- the whole answer

static void edit_empty(const void *value, const struct fdns_exchange *exchange,
                       struct fdns_reply *reply)
{
    (void)value, (void)exchange;
    reply->rcode = FDNS_NOERROR;
    clear_sections(reply);
}

static void edit_truncate(const void *value, const struct fdns_exchange *exchange,
                          struct fdns_reply *reply)
{
    (void)value;
    if (exchange->transport == FDNS_TCP) {
        return;
    }
    reply->flags |= FDNS_TC;
    clear_sections(reply);
}

static void edit_no_edns(const void *value, const struct fdns_exchange *exchange,
                         struct fdns_reply *reply)
{
    (void)value, (void)exchange;
    reply->edns = false;
}

// The question is sent back as it came, octet by octet; only letters of its names change.
static void edit_lowercase_question(const void *value, const struct fdns_exchange *exchange,
                                    struct fdns_reply *reply)
{
    (void)value, (void)exchange;
    uint8_t *octets = fdns_arena_copy(reply->arena, reply->questions, reply->questions_len);
    for (size_t at = 0; at < reply->questions_len;) {
        size_t len = octets[at];
        if (len == 0 || len > FDNS_LABEL_MAX) {
            break;
        }
        for (size_t i = at + 1; i <= at + len && i < reply->questions_len; i++) {
            if (octets[i] >= 'A' && octets[i] <= 'Z') {
                octets[i] = (uint8_t)(octets[i] + 32);
            }
        }
        at += len + 1;
    }
    reply->questions = octets;
}

// --- the way it is sent

static void send_nothing(const void *value, const struct fdns_exchange *exchange,
                         struct fdns_plan *plan)
{
    (void)value, (void)exchange;
    plan->n_steps = 0;
}

static const void *read_duration(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    int64_t us = fdns_node_duration(node);
    return fdns_arena_copy(&reading->world->arena, &us, sizeof(us));
}

static void send_later(const void *value, const struct fdns_exchange *exchange,
                       struct fdns_plan *plan)
{
    (void)exchange;
    for (size_t i = 0; i < plan->n_steps; i++) {
        plan->steps[i].delay_us += *(const int64_t *)value;
    }
}

// --- the message itself

static const void *read_number(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    int64_t number = fdns_node_integer(node);
    return fdns_arena_copy(&reading->world->arena, &number, sizeof(number));
}

static const struct fdns_schema_type octets_type = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "octets", .min = 1, .max = FDNS_MESSAGE_MAX};

static void send_cut(const void *value, const struct fdns_exchange *exchange,
                     struct fdns_plan *plan)
{
    (void)exchange;
    size_t n = (size_t) * (const int64_t *)value;
    for (size_t i = 0; i < plan->n_steps; i++) {
        plan->steps[i].len -= n < plan->steps[i].len ? n : plan->steps[i].len;
    }
}

// --- connections: a field of the rule

static const void *read_tcp(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    reading->rule->tcp = strcmp(node->text, "refuse") == 0 ? FDNS_TCP_REFUSED : FDNS_TCP_HANGS;
    if (reading->rule->counts) {
        fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column,
                  "`tcp` is about connections, which are not counted: no `nth`, `first`, "
                  "`from-nth` or `every` beside it");
    }
    for (size_t i = 0; i < fdns_n_triggers; i++) {
        const struct fdns_trigger *trigger = &fdns_triggers[i];
        if (trigger->matches != NULL && !trigger->of_connection &&
            fdns_node_find(reading->when, trigger->key.name) != NULL) {
            fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column,
                      "`tcp` is about connections, which ask nothing yet: `%s` cannot be matched",
                      trigger->key.name);
        }
    }
    return NULL;
}

static const char *const tcp_words[] = {"refuse", "hang"};
static const struct fdns_schema_type tcp_fault = {
    .kind = FDNS_SCHEMA_WORD, .name = "TCP fault", .words = tcp_words, .n_words = 2};

#define WORD(word, its_type, text, sample)                                                         \
    {                                                                                              \
        .name = word, .type = its_type, .doc = text, .example = sample                             \
    }

// clang-format off
const struct fdns_effect fdns_effects[] = {
    {.key = WORD("add", &fdns_type_section_texts,
                 "Records that sections have besides, as zone text. They join an RRset of the same "
                 "name and type. Relative names are completed with the one zone of `when`.",
                 "{ answer: \"other.example.com. TXT wrong\" }"),
     .read = fdns_read_section_texts, .edit = fdns_edit_add},
    {.key = WORD("clear", &flag_list, "Header flags that are clear in the answer.", "[AA]"),
     .read = read_flags, .edit = edit_clear},
    {.key = WORD("cut", &octets_type,
                 "So many octets are missing at the end of the message: it is malformed.", "3"),
     .read = read_number, .send = send_cut},
    {.key = WORD("delay", &fdns_type_duration, "The answer is sent that much later.", "3s"),
     .read = read_duration, .send = send_later},
    {.key = WORD("drop", &fdns_type_boolean, "No answer is ever sent.", "yes"),
     .read = read_yes, .send = send_nothing},
    {.key = WORD("empty", &fdns_type_boolean,
                 "NOERROR with empty sections, not even the SOA. AA stays as it is.", "yes"),
     .read = read_yes, .edit = edit_empty},
    {.key = WORD("lowercase-question", &fdns_type_boolean,
                 "The question is echoed in lower case.", "yes"),
     .read = read_yes, .edit = edit_lowercase_question},
    {.key = WORD("no-edns", &fdns_type_boolean, "The answer has no OPT record.", "yes"),
     .read = read_yes, .edit = edit_no_edns},
    {.key = WORD("rcode", &rcode,
                 "The answer is this code and nothing else: sections are empty, and AA is clear "
                 "unless the code is NOERROR or NXDOMAIN.",
                 "SERVFAIL"),
     .read = read_rcode, .edit = edit_rcode},
    {.key = WORD("remove", &fdns_type_section_items,
                 "RRsets that are taken out of sections, as `NAME TYPE` or `NAME`; the name is a "
                 "pattern as in `when`, and `\"* SOA\"` is every SOA.",
                 "{ authority: [\"* SOA\"] }"),
     .read = fdns_read_section_items, .edit = fdns_edit_remove},
    {.key = WORD("replace", &fdns_type_section_texts,
                 "Records that sections have instead of all they had, as zone text.",
                 "{ answer: \"example.com. TXT wrong\" }"),
     .read = fdns_read_section_texts, .edit = fdns_edit_replace},
    {.key = WORD("set", &flag_list, "Header flags that are set in the answer.", "[AA, RA]"),
     .read = read_flags, .edit = edit_set},
    {.key = WORD("set-rcode", &rcode,
                 "The answer has this code; its sections and flags stay as they are.", "SERVFAIL"),
     .read = read_rcode, .edit = set_rcode},
    {.key = WORD("tcp", &tcp_fault,
                 "TCP connections are refused, or accepted and never read (`hang`). It can be "
                 "narrowed only by `server`, `address` and times.",
                 "refuse"),
     .read = read_tcp},
    {.key = WORD("truncate", &fdns_type_boolean,
                 "Over UDP, TC is set and the sections are empty, so that clients come back over "
                 "TCP.",
                 "yes"),
     .read = read_yes, .edit = edit_truncate},
};
// clang-format on
const size_t fdns_n_effects = sizeof(fdns_effects) / sizeof(fdns_effects[0]);

const struct fdns_schema_type fdns_type_then = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "then",
    .doc = "What a rule does to the honest answer. Words act in the order in which they are "
           "written, and rules in theirs.",
    .keys = fdns_effects,
    .n_keys = sizeof(fdns_effects) / sizeof(fdns_effects[0]),
    .stride = sizeof(fdns_effects[0])};
