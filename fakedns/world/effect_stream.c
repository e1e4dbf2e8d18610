// Effects on the TCP stream: how an answer is framed and cut into segments, and what becomes of the
// connection after it. Over UDP they do nothing.
#include "fakedns/base/arena.h"
#include "fakedns/world/effect.h"

#include <string.h>

static bool is_over_tcp(const struct fdns_exchange *exchange)
{
    return exchange->transport == FDNS_TCP;
}

static void add_step(struct fdns_plan *plan, const struct fdns_step *step)
{
    if (plan->n_steps < FDNS_PLAN_STEPS) {
        plan->steps[plan->n_steps++] = *step;
    }
}

// --- connection

static const char *const end_words[] = {"close", "reset", "hang"};
const struct fdns_schema_type fdns_type_connection = {
    .kind = FDNS_SCHEMA_WORD, .name = "end of a connection", .words = end_words, .n_words = 3};

const void *fdns_read_connection(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    static const enum fdns_step_kind kinds[] = {FDNS_STEP_CLOSE, FDNS_STEP_RESET, FDNS_STEP_STALL};
    return fdns_arena_copy(&reading->world->arena,
                           &kinds[fdns_word_index(&fdns_type_connection, node->text)],
                           sizeof(kinds[0]));
}

// When all that comes of the query has been sent.
static int64_t last_us(const struct fdns_plan *plan)
{
    int64_t us = 0;
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct fdns_step *step = &plan->steps[i];
        int64_t end_us = step->delay_us + (int64_t)step->copies * step->copies_us;
        us = end_us > us ? end_us : us;
    }
    return us;
}

void fdns_send_end(const void *value, const struct fdns_exchange *exchange, struct fdns_plan *plan)
{
    struct fdns_step step = {.kind = *(const enum fdns_step_kind *)value,
                             .delay_us = last_us(plan)};
    if (is_over_tcp(exchange)) {
        add_step(plan, &step);
    }
}

// --- frame

struct frame {
    struct fdns_change length;
    bool half;
    bool keeps;
    size_t kept; // octets of the frame, with its length
};

enum { LENGTH_LEN = 2 };

static const char *const half_words[] = {"half"};
static const struct fdns_schema_type half = {
    .kind = FDNS_SCHEMA_WORD, .name = "half", .words = half_words, .n_words = 1};
static const struct fdns_schema_type kept = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number of octets", .min = 0, .max = 65537};
static const struct fdns_schema_type *const keep_choices[] = {&half, &kept};
static const struct fdns_schema_type keep = {.kind = FDNS_SCHEMA_EITHER,
                                             .name = "number of octets or half",
                                             .choices = keep_choices,
                                             .n_choices = 2};
static const struct fdns_schema_key frame_keys[] = {
    {.name = "length",
     .type = &fdns_type_change,
     .doc = "The length in front of the message is this, or so much more or less than it should.",
     .example = "\"+10\""},
    {.name = "keep",
     .type = &keep,
     .doc = "Only so many octets are sent of length and message together; `half` is half the "
            "message.",
     .example = "half"},
};
const struct fdns_schema_type fdns_type_frame = {.kind = FDNS_SCHEMA_RECORD,
                                                 .name = "frame",
                                                 .doc = "How an answer is framed over TCP.",
                                                 .keys = frame_keys,
                                                 .n_keys = 2};

const void *fdns_read_frame(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct frame *frame = fdns_arena_alloc(&reading->world->arena, sizeof(*frame));
    const struct fdns_node *length = fdns_node_find(node, "length");
    const struct fdns_node *keeps = fdns_node_find(node, "keep");
    *frame = (struct frame){.length = {.relative = true}, .keeps = keeps != NULL};
    if (length != NULL) {
        (void)fdns_change_parse(length->text, &frame->length);
    }
    frame->half = keeps != NULL && strcmp(keeps->text, half_words[0]) == 0;
    if (keeps != NULL && !frame->half) {
        frame->kept = (size_t)fdns_node_integer(keeps);
    }
    return frame;
}

static void frame_step(const struct frame *frame, struct fdns_arena *arena, struct fdns_step *step)
{
    uint16_t length = fdns_changed(&frame->length, (uint16_t)step->len);
    size_t len = step->len + LENGTH_LEN;
    uint8_t *octets = fdns_arena_alloc(arena, len);
    octets[0] = (uint8_t)(length >> 8);
    octets[1] = (uint8_t)length;
    if (step->len > 0) {
        memcpy(octets + LENGTH_LEN, step->octets, step->len);
    }
    size_t wanted = frame->half ? LENGTH_LEN + step->len / 2 : frame->kept;
    step->kind = FDNS_STEP_RAW;
    step->octets = octets;
    step->len = frame->keeps && wanted < len ? wanted : len;
}

void fdns_send_framed(const void *value, const struct fdns_exchange *exchange,
                      struct fdns_plan *plan)
{
    for (size_t i = 0; is_over_tcp(exchange) && i < plan->n_steps; i++) {
        if (plan->steps[i].kind == FDNS_STEP_SEND) {
            frame_step(value, plan->arena, &plan->steps[i]);
        }
    }
}

// --- gather

struct gather {
    uint32_t answers;
    bool reversed;
};

static const struct fdns_schema_type answers = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number of answers", .min = 2, .max = 100};
static const struct fdns_schema_key gather_keys[] = {
    {.name = "answers", .type = &answers, .required = true, .doc = "So many.", .example = "2"},
    {.name = "reverse",
     .type = &fdns_type_boolean,
     .doc = "The newest comes first.",
     .example = "yes"},
};
static const struct fdns_schema_type gather_record = {.kind = FDNS_SCHEMA_RECORD,
                                                      .name = "gather",
                                                      .doc = "Answers that wait for each other.",
                                                      .keys = gather_keys,
                                                      .n_keys = 2};
static const struct fdns_schema_type *const gather_choices[] = {&answers, &gather_record};
const struct fdns_schema_type fdns_type_gather = {.kind = FDNS_SCHEMA_EITHER,
                                                  .name = "number of answers or gather",
                                                  .choices = gather_choices,
                                                  .n_choices = 2};

const void *fdns_read_gather(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct gather *gather = fdns_arena_alloc(&reading->world->arena, sizeof(*gather));
    const struct fdns_node *n = node, *reverse = NULL;
    if (node->kind == FDNS_MAP) {
        n = fdns_node_find(node, "answers");
        reverse = fdns_node_find(node, "reverse");
    }
    gather->answers = (uint32_t)fdns_node_integer(n);
    gather->reversed = reverse != NULL && fdns_node_boolean(reverse);
    return gather;
}

void fdns_send_gathered(const void *value, const struct fdns_exchange *exchange,
                        struct fdns_plan *plan)
{
    const struct gather *gather = value;
    for (size_t i = 0; is_over_tcp(exchange) && i < plan->n_steps; i++) {
        if (fdns_step_sends(&plan->steps[i])) {
            plan->steps[i].gather = gather->answers;
            plan->steps[i].gather_reversed = gather->reversed;
        }
    }
}

// --- segments

struct segments {
    uint32_t octets;
    int64_t gap_us;
};

static const int64_t usual_gap_us = 10000, least_gap_us = 1000;

static const struct fdns_schema_key segments_keys[] = {
    {.name = "octets",
     .type = &fdns_type_octets,
     .required = true,
     .doc = "Of one segment.",
     .example = "1"},
    {.name = "gap",
     .type = &fdns_type_duration,
     .doc = "Between one and the next, 1ms or more; without it 10ms.",
     .example = "100ms"},
};
static const struct fdns_schema_type segments_record = {.kind = FDNS_SCHEMA_RECORD,
                                                        .name = "segments",
                                                        .doc = "How an answer drips.",
                                                        .keys = segments_keys,
                                                        .n_keys = 2};
static const struct fdns_schema_type *const segments_choices[] = {&fdns_type_octets,
                                                                  &segments_record};
const struct fdns_schema_type fdns_type_segments = {.kind = FDNS_SCHEMA_EITHER,
                                                    .name = "number of octets or segments",
                                                    .choices = segments_choices,
                                                    .n_choices = 2};

const void *fdns_read_segments(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct segments *segments = fdns_arena_alloc(&reading->world->arena, sizeof(*segments));
    const struct fdns_node *octets = node, *gap = NULL;
    if (node->kind == FDNS_MAP) {
        octets = fdns_node_find(node, "octets");
        gap = fdns_node_find(node, "gap");
    }
    segments->octets = (uint32_t)fdns_node_integer(octets);
    segments->gap_us = gap != NULL ? fdns_node_duration(gap) : usual_gap_us;
    if (segments->gap_us < least_gap_us) {
        fdns_diag(reading->diags, FDNS_ERROR, reading->source, gap->line, gap->column,
                  "a `gap` has to be 1ms or more");
    }
    return segments;
}

void fdns_send_segments(const void *value, const struct fdns_exchange *exchange,
                        struct fdns_plan *plan)
{
    const struct segments *segments = value;
    for (size_t i = 0; is_over_tcp(exchange) && i < plan->n_steps; i++) {
        if (fdns_step_sends(&plan->steps[i])) {
            plan->steps[i].segment = segments->octets;
            plan->steps[i].segment_us = segments->gap_us;
        }
    }
}
