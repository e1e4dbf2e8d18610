#include "fakedns/answer/transfer.h"

#include <string.h>

// Of those that are left, some: the same ones in every run with the same seed.
static bool is_drawn(const struct fdns_rule *rule, struct fdns_world_state *state)
{
    enum { MILLION = 1000000 };
    return fdns_random_below(fdns_world_state_random(state, rule), MILLION) < rule->chance_ppm;
}

// The rule matches, and the count of its matches is one it names.
static bool fires(const struct fdns_world *world, struct fdns_world_state *state,
                  const struct fdns_rule *rule, const struct fdns_exchange *exchange,
                  const struct fdns_reply *reply)
{
    if (rule->actions.n_items == 0 || !fdns_rule_matches(world, rule, exchange, reply)) {
        return false;
    }
    if (rule->counts) {
        uint64_t n = fdns_world_state_count(state, rule, exchange);
        if (n < rule->nth_from || (rule->nth_to != 0 && n > rule->nth_to) ||
            (rule->every != 0 && n % rule->every != 0)) {
            return false;
        }
    }
    return rule->chance_ppm == 0 || is_drawn(rule, state);
}

static void edit(const struct fdns_actions *actions, const struct fdns_exchange *exchange,
                 struct fdns_reply *reply)
{
    for (size_t i = 0; i < actions->n_items; i++) {
        if (actions->items[i].effect->edit != NULL) {
            actions->items[i].effect->edit(actions->items[i].value, exchange, reply);
        }
    }
}

static void change_bytes(const struct fdns_actions *actions, const struct fdns_exchange *exchange,
                         struct fdns_message *message)
{
    for (size_t i = 0; i < actions->n_items; i++) {
        if (actions->items[i].effect->bytes != NULL) {
            actions->items[i].effect->bytes(actions->items[i].value, exchange, message);
        }
    }
}

static void send(const struct fdns_actions *actions, const struct fdns_exchange *exchange,
                 struct fdns_plan *plan)
{
    for (size_t i = 0; i < actions->n_items; i++) {
        if (actions->items[i].effect->send != NULL) {
            actions->items[i].effect->send(actions->items[i].value, exchange, plan);
        }
    }
}

static struct fdns_message encode(const struct fdns_reply *reply, struct fdns_arena *arena)
{
    size_t room = reply->limit < FDNS_UDP_PLAIN ? FDNS_UDP_PLAIN : reply->limit;
    room = room < FDNS_MESSAGE_MAX ? room : FDNS_MESSAGE_MAX;
    uint8_t *out = fdns_arena_alloc(arena, room);
    return (struct fdns_message){
        .arena = arena, .octets = out, .len = fdns_reply_encode(reply, out, room), .room = room};
}

// The plan sends a message.
static void send_message(const struct fdns_message *message, struct fdns_plan *plan)
{
    plan->steps[0] =
        (struct fdns_step){.kind = FDNS_STEP_SEND, .octets = message->octets, .len = message->len};
    plan->n_steps = 1;
}

// As many steps of another plan as there is room for, at its beginning or its end.
static void take_steps(struct fdns_plan *plan, const struct fdns_plan *more, bool first)
{
    size_t room = FDNS_PLAN_STEPS - plan->n_steps;
    size_t n = more->n_steps < room ? more->n_steps : room;
    if (first) {
        memmove(plan->steps + n, plan->steps, plan->n_steps * sizeof(plan->steps[0]));
    }
    memcpy(plan->steps + (first ? 0 : plan->n_steps), more->steps, n * sizeof(plan->steps[0]));
    plan->n_steps += n;
}

static void add_other(const struct fdns_other *other, const struct fdns_exchange *exchange,
                      const struct fdns_reply *reply, struct fdns_plan *plan)
{
    struct fdns_reply copy;
    fdns_reply_copy(reply, &copy);
    edit(&other->actions, exchange, &copy);
    if (copy.silent) {
        return;
    }
    struct fdns_message message = encode(&copy, plan->arena);
    change_bytes(&other->actions, exchange, &message);
    struct fdns_plan more = {.arena = plan->arena};
    send_message(&message, &more);
    send(&other->actions, exchange, &more);
    take_steps(plan, &more, other->first);
}

static void add_others(const struct fdns_actions *actions, const struct fdns_exchange *exchange,
                       const struct fdns_reply *reply, struct fdns_plan *plan)
{
    for (size_t i = 0; i < actions->n_items; i++) {
        const struct fdns_others *others =
            actions->items[i].effect->is_other ? actions->items[i].value : NULL;
        for (size_t k = 0; others != NULL && k < others->n_items; k++) {
            add_other(&others->items[k], exchange, reply, plan);
        }
    }
}

// What is no query over TCP shows that the stream is out of step or its client confused: servers
// end such connections.
static void end_connection(const struct fdns_exchange *exchange, struct fdns_plan *plan)
{
    if (exchange->transport == FDNS_TCP) {
        plan->steps[0] = (struct fdns_step){.kind = FDNS_STEP_CLOSE};
        plan->n_steps = 1;
    }
}

// What is sent later, or apart, is known by its rule too.
static void name_steps(struct fdns_plan *plan)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        plan->steps[i].rule = plan->rule;
    }
}

struct fired {
    const struct fdns_rule **rules;
    size_t n;
};

static struct fired fire(const struct fdns_world *world, struct fdns_world_state *state,
                         struct fdns_exchange *turn, struct fdns_reply *reply,
                         struct fdns_arena *arena)
{
    struct fired fired = {0};
    for (size_t i = 0; i < world->n_rules; i++) {
        turn->rule = world->rules[i];
        if (!fires(world, state, turn->rule, turn, reply)) {
            continue;
        }
        if (fired.rules == NULL) {
            fired.rules = fdns_arena_array(arena, world->n_rules - i, sizeof(const void *));
        }
        fired.rules[fired.n++] = turn->rule;
        fdns_world_state_fire(state, turn->rule);
        edit(&turn->rule->actions, turn, reply);
        if (turn->rule->last) {
            break;
        }
    }
    return fired;
}

// What has been edited is encoded, and the rules do the rest.
static void finish(const struct fired *fired, struct fdns_exchange *turn,
                   const struct fdns_reply *reply, struct fdns_plan *plan)
{
    if (fired->n > 0) {
        plan->rule = fired->rules[fired->n - 1]->name;
    }
    if (reply->silent) {
        return; // a rule wants it so
    }
    struct fdns_message message = encode(reply, reply->arena);
    for (size_t i = 0; i < fired->n; i++) {
        turn->rule = fired->rules[i];
        change_bytes(&turn->rule->actions, turn, &message);
    }
    plan->rcode = reply->rcode;
    plan->size = message.len;
    send_message(&message, plan);
    for (size_t i = 0; i < fired->n; i++) {
        turn->rule = fired->rules[i];
        send(&turn->rule->actions, turn, plan);
    }
    for (size_t i = 0; i < fired->n; i++) {
        turn->rule = fired->rules[i];
        add_others(&turn->rule->actions, turn, reply, plan);
    }
    name_steps(plan);
}

// What comes behind this message: nothing if a rule made it an error, or keeps it back.
static void go_on(const struct fired *fired, const struct fdns_reply *reply, struct fdns_plan *plan)
{
    const struct fdns_transfer *transfer = reply->transfer;
    if (transfer == NULL) {
        return;
    }
    if (transfer->ends && reply->rcode == FDNS_NOERROR && plan->n_steps < FDNS_PLAN_STEPS) {
        int64_t delay_us = plan->n_steps > 0 ? plan->steps[plan->n_steps - 1].delay_us : 0;
        plan->steps[plan->n_steps++] =
            (struct fdns_step){.kind = FDNS_STEP_CLOSE, .delay_us = delay_us};
    }
    if (transfer->over || reply->silent || plan->n_steps == 0 || reply->rcode != FDNS_NOERROR) {
        return;
    }
    struct fdns_more more = {.part = transfer->next.part,
                             .record = transfer->next.record,
                             .n_records = transfer->n_before + reply->sections[FDNS_ANSWER].n_items,
                             .n_messages = transfer->n_messages + 1,
                             .fired = fired->rules,
                             .n_fired = fired->n};
    plan->more = fdns_arena_copy(reply->arena, &more, sizeof(more));
}

void fdns_answer_edit(const struct fdns_world *world, struct fdns_world_state *state,
                      const struct fdns_exchange *exchange, struct fdns_reply *reply,
                      struct fdns_arena *arena, struct fdns_plan *plan)
{
    *plan = (struct fdns_plan){.arena = arena};
    if (reply->silent) {
        end_connection(exchange, plan);
        return;
    }
    struct fdns_exchange turn = *exchange;
    turn.state = state;
    struct fired fired = fire(world, state, &turn, reply, arena);
    finish(&fired, &turn, reply, plan);
    go_on(&fired, reply, plan);
}

static struct fdns_exchange exchange_of(const struct fdns_request *request,
                                        const struct fdns_view *view)
{
    return (struct fdns_exchange){.server = request->server,
                                  .address = request->address,
                                  .transport = request->transport,
                                  .client = request->client,
                                  .connection = request->connection,
                                  .now_us = request->now_us,
                                  .query = view};
}

static void answer_honestly(struct fdns_reply *reply, const struct fdns_request *request,
                            const struct fdns_view *view, struct fdns_arena *arena)
{
    struct fdns_zone_set zones = fdns_server_zones(request->server, request->now_us, arena);
    fdns_reply_honest(reply, arena, view, &zones, &request->server->identity,
                      request->transport == FDNS_TCP);
}

void fdns_answer(const struct fdns_world *world, struct fdns_world_state *state,
                 const struct fdns_request *request, struct fdns_arena *arena,
                 struct fdns_plan *plan)
{
    *plan = (struct fdns_plan){0};
    if (!fdns_server_is_up(request->server, request->now_us)) {
        return;
    }
    if (request->transport == FDNS_UDP &&
        fdns_answer_udp_refused(world, request->server, request->address, request->now_us)) {
        return;
    }
    struct fdns_view view;
    struct fdns_reply reply;
    struct fdns_transfer transfer;
    fdns_view_init(&view, arena, request->octets, request->len);
    answer_honestly(&reply, request, &view, arena);
    (void)fdns_transfer_begin(&transfer, request, NULL, &reply);
    struct fdns_exchange exchange = exchange_of(request, &view);
    fdns_answer_edit(world, state, &exchange, &reply, arena, plan);
}

void fdns_answer_more(struct fdns_world_state *state, const struct fdns_request *request,
                      const struct fdns_more *more, struct fdns_arena *arena,
                      struct fdns_plan *plan)
{
    struct fdns_view view;
    struct fdns_reply reply;
    struct fdns_transfer transfer;
    struct fdns_cursor_at from = {more->part, more->record};
    struct fired fired = {fdns_arena_array(arena, more->n_fired, sizeof(*fired.rules)),
                          more->n_fired};
    *plan = (struct fdns_plan){.arena = arena};
    fdns_view_init(&view, arena, request->octets, request->len);
    answer_honestly(&reply, request, &view, arena);
    if (!fdns_transfer_begin(&transfer, request, &from, &reply)) {
        return;
    }
    transfer.n_before = more->n_records;
    transfer.n_messages = more->n_messages;
    struct fdns_exchange turn = exchange_of(request, &view);
    turn.state = state;
    for (size_t i = 0; i < fired.n; i++) {
        turn.rule = fired.rules[i] = more->fired[i];
        edit(&turn.rule->actions, &turn, &reply);
    }
    finish(&fired, &turn, &reply, plan);
    go_on(&fired, &reply, plan);
}

static void add_terms(const struct fdns_tcp_terms *more, struct fdns_tcp_terms *terms)
{
    terms->fault = more->fault != FDNS_TCP_SERVED ? more->fault : terms->fault;
    terms->idle_us = more->idle_us != 0 ? more->idle_us : terms->idle_us;
    terms->limit = more->limit != 0 ? more->limit : terms->limit;
}

struct fdns_tcp_terms fdns_answer_tcp_terms(const struct fdns_world *world,
                                            const struct fdns_server *server, size_t address,
                                            int64_t now_us)
{
    struct fdns_exchange exchange = {
        .server = server, .address = address, .transport = FDNS_TCP, .now_us = now_us};
    struct fdns_tcp_terms terms = {.fault = FDNS_TCP_SERVED};
    if (!fdns_server_is_up(server, now_us)) {
        terms.fault = FDNS_TCP_HANGS;
        return terms;
    }
    for (size_t i = 0; i < world->n_rules; i++) {
        const struct fdns_tcp_terms *more = &world->rules[i]->tcp;
        bool says = more->fault != FDNS_TCP_SERVED || more->idle_us != 0 || more->limit != 0;
        if (says && fdns_rule_matches(world, world->rules[i], &exchange, NULL)) {
            add_terms(more, &terms);
        }
    }
    return terms;
}

enum fdns_tcp_fault fdns_answer_tcp(const struct fdns_world *world,
                                    const struct fdns_server *server, size_t address,
                                    int64_t now_us)
{
    return fdns_answer_tcp_terms(world, server, address, now_us).fault;
}

bool fdns_answer_udp_refused(const struct fdns_world *world, const struct fdns_server *server,
                             size_t address, int64_t now_us)
{
    struct fdns_exchange exchange = {
        .server = server, .address = address, .transport = FDNS_UDP, .now_us = now_us};
    for (size_t i = 0; world->any_udp_refused && i < world->n_rules; i++) {
        if (world->rules[i]->udp_refused &&
            fdns_rule_matches(world, world->rules[i], &exchange, NULL)) {
            return true;
        }
    }
    return false;
}
