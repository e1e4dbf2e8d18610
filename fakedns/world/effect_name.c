// Effects on how names are written in the message (RFC 1035 4.1.4): owners that cannot be read, and
// compression. A name that cannot be read is the last of those selected, so that all before it can.
#include "fakedns/world/effect.h"

#include <string.h>

// --- compress

static const char *const compress_words[] = {"usual", "none", "all", "wrapping"};
const struct fdns_schema_type fdns_type_compress = {
    .kind = FDNS_SCHEMA_WORD, .name = "compression", .words = compress_words, .n_words = 4};

const void *fdns_read_compress(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    enum fdns_compression *compression =
        fdns_arena_alloc(&reading->world->arena, sizeof(*compression));
    *compression = (enum fdns_compression)fdns_word_index(&fdns_type_compress, node->text);
    return compression;
}

void fdns_edit_compress(const void *value, const struct fdns_exchange *exchange,
                        struct fdns_reply *reply)
{
    (void)exchange;
    reply->compression = *(const enum fdns_compression *)value;
}

// --- bad-name

enum fault {
    LOOP,
    FORWARD,
    INTO_HEADER,
    PAST_END,
    LABEL_TYPE_01,
    LABEL_TYPE_10,
    LABEL_64,
    TOO_LONG,
};
static const char *const fault_words[] = {"loop",           "forward",       "into-header",
                                          "past-end",       "label-type-01", "label-type-10",
                                          "label-too-long", "too-long"};

struct bad_name {
    struct fdns_selection selection;
    enum fault fault;
};

static const struct fdns_schema_type fault_type = {
    .kind = FDNS_SCHEMA_WORD, .name = "fault of a name", .words = fault_words, .n_words = 8};
static const struct fdns_schema_key keys[] = {
    {.name = "as",
     .type = &fault_type,
     .required = true,
     .doc = "What is wrong with it.",
     .example = "loop"},
    FDNS_SELECTION_ROWS("the answer section"),
};
static const struct fdns_schema_type record = {.kind = FDNS_SCHEMA_RECORD,
                                               .name = "bad name",
                                               .doc = "A record whose owner cannot be read: the "
                                                      "last of those that this is about.",
                                               .keys = keys,
                                               .n_keys = 3};
static const struct fdns_schema_type *const choices[] = {&fault_type, &record};
const struct fdns_schema_type fdns_type_bad_name = {.kind = FDNS_SCHEMA_EITHER,
                                                    .name = "fault of a name or bad name",
                                                    .choices = choices,
                                                    .n_choices = 2};

const void *fdns_read_bad_name(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct bad_name *bad = fdns_arena_alloc(&reading->world->arena, sizeof(*bad));
    const char *word = node->kind == FDNS_MAP ? fdns_node_text(node, "as") : node->text;
    bad->selection = fdns_selection_read(reading, node, false);
    bad->fault = (enum fault)fdns_word_index(&fault_type, word);
    return bad;
}

enum { BAD_MAX = 512, POINTER = 0xc000, POINTER_MAX = 0x3fff };

static size_t put_pointer(uint8_t *out, size_t target)
{
    size_t pointer = POINTER | (target < POINTER_MAX ? target : POINTER_MAX);
    out[0] = (uint8_t)(pointer >> 8);
    out[1] = (uint8_t)pointer;
    return 2;
}

// A label of len letters behind a length octet of any kind, and the root behind that.
static size_t put_label(uint8_t *out, uint8_t first, size_t len)
{
    out[0] = first;
    memset(out + 1, 'x', len);
    out[1 + len] = 0;
    return len + 2;
}

// Four labels of 63 octets: 257 with the root.
static size_t put_long_name(uint8_t *out)
{
    size_t len = 0;
    for (unsigned i = 0; i < 4; i++) {
        len += put_label(out + len, FDNS_LABEL_MAX, FDNS_LABEL_MAX) - 1;
    }
    return len + 1;
}

// at: where it will stand; behind: where the record would end if its owner had no octets.
static size_t make(enum fault fault, uint8_t out[BAD_MAX], size_t at, size_t behind)
{
    enum { TYPE_01 = 0x40, TYPE_10 = 0x80, SOME = 4 };
    switch (fault) {
    case LOOP:
        return put_pointer(out, at);
    case FORWARD:
        return put_pointer(out, behind + 2);
    case INTO_HEADER:
        return put_pointer(out, 0);
    case PAST_END:
        return put_pointer(out, POINTER_MAX);
    case LABEL_TYPE_01:
        return put_label(out, TYPE_01 | SOME, SOME);
    case LABEL_TYPE_10:
        return put_label(out, TYPE_10 | SOME, SOME);
    case LABEL_64:
        return put_label(out, FDNS_LABEL_MAX + 1, FDNS_LABEL_MAX + 1);
    case TOO_LONG:
        return put_long_name(out);
    }
    return 0;
}

static const struct fdns_view_rr *find_last(const struct fdns_selection *selection,
                                            const struct fdns_view *view)
{
    for (size_t i = view->n_rrs; i > 0; i--) {
        if (fdns_selection_has_rr(selection, view, &view->rrs[i - 1])) {
            return &view->rrs[i - 1];
        }
    }
    return NULL;
}

void fdns_bytes_bad_name(const void *value, const struct fdns_exchange *exchange,
                         struct fdns_message *message)
{
    enum { FIXED = 10 };
    (void)exchange;
    const struct bad_name *bad = value;
    struct fdns_view view;
    uint8_t name[BAD_MAX];
    fdns_view_init(&view, message->arena, message->octets, message->len);
    const struct fdns_view_rr *rr = find_last(&bad->selection, &view);
    if (rr == NULL) {
        return;
    }
    size_t end = rr->rdata_at - FIXED, at = rr->at;
    size_t behind = at + FIXED + rr->rdata_len;
    size_t len = make(bad->fault, name, at, behind);
    fdns_message_remove(message, at, end - at);
    if (fdns_message_insert(message, at, len)) {
        memcpy(message->octets + at, name, len);
    }
}
