// Effects on zone transfers: how they are cut into messages, and how they end.
#include "fakedns/reply/transfer.h"
#include "fakedns/world/effect.h"

#include <string.h>

struct transfer_edit {
    size_t records; // a message; 0: as many as fit
    bool question_once;
    bool has_stop, waits; // waits: the connection stays open
    size_t stop_after;
    bool no_last_soa;
    bool has_serial, next_serial;
    uint32_t serial;
};

static const char *const question_words[] = {"all", "first"};
static const struct fdns_schema_type question = {
    .kind = FDNS_SCHEMA_WORD, .name = "messages", .words = question_words, .n_words = 2};
static const char *const end_words[] = {"close", "wait"};
static const struct fdns_schema_type end = {
    .kind = FDNS_SCHEMA_WORD, .name = "end", .words = end_words, .n_words = 2};
static const struct fdns_schema_type records = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number of records", .min = 1, .max = 65535};
static const struct fdns_schema_type stop = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number of records", .min = 0, .max = 1000000000};

static const struct fdns_schema_key keys[] = {
    {.name = "records",
     .type = &records,
     .doc = "So many records a message at most; without it as many as fit into 16384 octets.",
     .example = "1"},
    {.name = "question",
     .type = &question,
     .doc = "Whether `all` messages repeat the question, as they do without this, or only the "
            "`first`. Clients must take both (RFC 5936 2.2.1).",
     .example = "first"},
    {.name = "stop-after",
     .type = &stop,
     .doc = "The transfer ends after so many records, complete or not.",
     .example = "10"},
    {.name = "end",
     .type = &end,
     .doc = "How a transfer that stops does so: the connection is closed (`close`, as without "
            "this), or nothing more is said on it (`wait`).",
     .example = "wait"},
    {.name = "last-soa",
     .type = &fdns_type_boolean,
     .doc = "`no`: the SOA at the end is missing, and nothing more is said.",
     .example = "no"},
    {.name = "last-serial",
     .type = &fdns_type_serial,
     .doc =
         "The serial of the SOA at the end, where the one at the start has the zone's: a number, "
         "or `next` for one more.",
     .example = "next"},
};
const struct fdns_schema_type fdns_type_transfer_edit = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "transfer",
    .doc = "What is wrong with a zone transfer. The other words of `then` act on each of its "
           "messages.",
    .keys = keys,
    .n_keys = sizeof(keys) / sizeof(keys[0])};

static bool is_word(const struct fdns_node *node, const char *key, const char *word)
{
    const char *text = fdns_node_text(node, key);
    return text != NULL && strcmp(text, word) == 0;
}

const void *fdns_read_transfer_edit(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    const struct fdns_node *most = fdns_node_find(node, "records");
    const struct fdns_node *after = fdns_node_find(node, "stop-after");
    const struct fdns_node *last = fdns_node_find(node, "last-soa");
    const struct fdns_node *serial = fdns_node_find(node, "last-serial");
    struct transfer_edit *edit = fdns_arena_alloc(&reading->world->arena, sizeof(*edit));
    edit->records = most != NULL ? (size_t)fdns_node_integer(most) : 0;
    edit->question_once = is_word(node, "question", "first");
    edit->has_stop = after != NULL;
    edit->stop_after = after != NULL ? (size_t)fdns_node_integer(after) : 0;
    edit->waits = is_word(node, "end", "wait");
    edit->no_last_soa = last != NULL && !fdns_node_boolean(last);
    edit->has_serial = serial != NULL;
    edit->next_serial = is_word(node, "last-serial", "next");
    edit->serial = serial != NULL && !edit->next_serial ? (uint32_t)fdns_node_integer(serial) : 0;
    if (fdns_node_find(node, "end") != NULL && !edit->has_stop) {
        fdns_diag(reading->diags, FDNS_ERROR, reading->source, node->line, node->column,
                  "`end` needs a `stop-after`");
    }
    return edit;
}

static void change_last(const struct transfer_edit *edit, struct fdns_reply *reply)
{
    struct fdns_rrset_list *answer = &reply->sections[FDNS_ANSWER];
    if (!reply->transfer->over || answer->n_items == 0) {
        return;
    }
    struct fdns_rrset *soa = &answer->items[answer->n_items - 1];
    if (edit->has_serial && soa->type == FDNS_TYPE_SOA) {
        uint32_t serial = edit->next_serial ? fdns_zone_serial(reply->zone) + 1 : edit->serial;
        struct fdns_record record = fdns_zone_soa_with(reply->arena, reply->zone, serial);
        soa->rdatas = fdns_arena_copy(reply->arena, &record.rdata, sizeof(record.rdata));
    }
    if (edit->no_last_soa) {
        answer->n_items--;
    }
}

static void stop_there(const struct transfer_edit *edit, struct fdns_reply *reply)
{
    struct fdns_transfer *transfer = reply->transfer;
    struct fdns_rrset_list *answer = &reply->sections[FDNS_ANSWER];
    size_t left = edit->stop_after > transfer->n_before ? edit->stop_after - transfer->n_before : 0;
    if (answer->n_items >= left) {
        answer->n_items = left;
        transfer->over = true;
        transfer->ends = !edit->waits;
    }
}

void fdns_edit_transfer(const void *value, const struct fdns_exchange *exchange,
                        struct fdns_reply *reply)
{
    const struct transfer_edit *edit = value;
    struct fdns_transfer *transfer = reply->transfer;
    if (transfer == NULL || exchange->transport != FDNS_TCP) {
        return; // no transfer, or one that is a single datagram
    }
    if (edit->records != 0) {
        fdns_transfer_fill(transfer, reply, FDNS_TRANSFER_MESSAGE, edit->records);
    }
    change_last(edit, reply);
    if (edit->has_stop) {
        stop_there(edit, reply);
    }
    if (edit->question_once && transfer->n_messages > 0) {
        reply->n_questions = 0;
    }
    // A message without records says nothing, but the first one answers.
    if (reply->sections[FDNS_ANSWER].n_items == 0 && transfer->n_messages > 0) {
        reply->silent = true;
    }
}
