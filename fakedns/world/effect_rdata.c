// Effects on what records hold, whatever their type: class, rdata, how often.
#include "fakedns/world/effect.h"

#include <string.h>

// --- class

struct class_edit {
    struct fdns_selection selection;
    uint16_t rr_class;
};

static const struct fdns_schema_key class_keys[] = {
    {.name = "to",
     .type = &fdns_type_rr_class,
     .required = true,
     .doc = "The class they have instead.",
     .example = "CH"},
    FDNS_SELECTION_ROWS("the answer section"),
};
static const struct fdns_schema_type class_record = {.kind = FDNS_SCHEMA_RECORD,
                                                     .name = "class of records",
                                                     .doc = "Records of another class.",
                                                     .keys = class_keys,
                                                     .n_keys = 3};
static const struct fdns_schema_type *const class_choices[] = {&fdns_type_rr_class, &class_record};
const struct fdns_schema_type fdns_type_class_edit = {.kind = FDNS_SCHEMA_EITHER,
                                                      .name = "class or class of records",
                                                      .choices = class_choices,
                                                      .n_choices = 2};

const void *fdns_read_class_edit(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct class_edit *edit = fdns_arena_alloc(&reading->world->arena, sizeof(*edit));
    edit->selection = fdns_selection_read(reading, node, false);
    fdns_class_parse(node->kind == FDNS_MAP ? fdns_node_text(node, "to") : node->text,
                     &edit->rr_class);
    return edit;
}

void fdns_edit_class(const void *value, const struct fdns_exchange *exchange,
                     struct fdns_reply *reply)
{
    (void)exchange;
    const struct class_edit *edit = value;
    struct fdns_selected selected = fdns_selected(&edit->selection, reply);
    for (struct fdns_rrset *rrset; (rrset = fdns_selected_next(&selected)) != NULL;) {
        rrset->rr_class = edit->rr_class;
    }
}

// --- duplicate

struct duplicate {
    struct fdns_selection selection;
    size_t more;
};

static const struct fdns_schema_type copies = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number of copies", .min = 1, .max = 1000};
static const struct fdns_schema_key duplicate_keys[] = {
    {.name = "copies",
     .type = &copies,
     .required = true,
     .doc = "So many more of each.",
     .example = "1"},
    FDNS_SELECTION_ROWS("the answer section"),
};
static const struct fdns_schema_type duplicate_record = {.kind = FDNS_SCHEMA_RECORD,
                                                         .name = "duplicate",
                                                         .doc = "Records that stand there again.",
                                                         .keys = duplicate_keys,
                                                         .n_keys = 3};
static const struct fdns_schema_type *const duplicate_choices[] = {&copies, &duplicate_record};
const struct fdns_schema_type fdns_type_duplicate = {.kind = FDNS_SCHEMA_EITHER,
                                                     .name = "number of copies or duplicate",
                                                     .choices = duplicate_choices,
                                                     .n_choices = 2};

const void *fdns_read_duplicate(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct duplicate *duplicate = fdns_arena_alloc(&reading->world->arena, sizeof(*duplicate));
    duplicate->selection = fdns_selection_read(reading, node, false);
    duplicate->more =
        (size_t)fdns_node_integer(node->kind == FDNS_MAP ? fdns_node_find(node, "copies") : node);
    return duplicate;
}

void fdns_edit_duplicate(const void *value, const struct fdns_exchange *exchange,
                         struct fdns_reply *reply)
{
    (void)exchange;
    const struct duplicate *duplicate = value;
    struct fdns_selected selected = fdns_selected(&duplicate->selection, reply);
    for (struct fdns_rrset *rrset; (rrset = fdns_selected_next(&selected)) != NULL;) {
        size_t n = rrset->n_rdatas;
        if (n * (duplicate->more + 1) > UINT16_MAX) {
            continue; // no message can count them
        }
        struct fdns_rdata *rdatas =
            fdns_arena_array(reply->arena, n * (duplicate->more + 1), sizeof(*rdatas));
        for (size_t i = 0; i <= duplicate->more; i++) {
            memcpy(rdatas + i * n, rrset->rdatas, n * sizeof(*rdatas));
        }
        rrset->rdatas = rdatas;
        rrset->n_rdatas = n * (duplicate->more + 1);
    }
}

// --- rdata

struct rdata_edit {
    struct fdns_selection selection;
    bool has_type, has_octets, has_length;
    uint16_t type;
    struct fdns_rdata octets;
    struct fdns_change length;
};

static const struct fdns_schema_key rdata_keys[] = {
    {.name = "type", .type = &fdns_type_rr_type, .doc = "Their type is this.", .example = "A"},
    {.name = "hex",
     .type = &fdns_type_hex,
     .doc = "They hold these octets.",
     .example = "7f000001"},
    {.name = "length",
     .type = &fdns_type_change,
     .doc = "RDLENGTH says this; the octets stay as they are.",
     .example = "+2"},
    FDNS_SELECTION_ROWS("the answer section"),
};
const struct fdns_schema_type fdns_type_rdata_edit = {.kind = FDNS_SCHEMA_RECORD,
                                                      .name = "rdata",
                                                      .doc = "Records with other rdata.",
                                                      .keys = rdata_keys,
                                                      .n_keys =
                                                          sizeof(rdata_keys) / sizeof(*rdata_keys)};

static void read_octets(struct fdns_rule_reading *reading, const struct fdns_node *hex,
                        struct rdata_edit *edit)
{
    size_t len = 0;
    const uint8_t *octets = fdns_hex_octets(&reading->world->arena, hex->text, &len);
    if (len > UINT16_MAX) {
        fdns_diag(reading->diags, FDNS_ERROR, reading->source, hex->line, hex->column,
                  "rdata has at most %d octets", UINT16_MAX);
        return;
    }
    edit->octets = (struct fdns_rdata){octets, (uint16_t)len};
    edit->has_octets = true;
}

const void *fdns_read_rdata_edit(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct rdata_edit *edit = fdns_arena_alloc(&reading->world->arena, sizeof(*edit));
    const struct fdns_node *type = fdns_node_find(node, "type"), *hex = fdns_node_find(node, "hex");
    const struct fdns_node *length = fdns_node_find(node, "length");
    edit->selection = fdns_selection_read(reading, node, false);
    edit->has_type = type != NULL && fdns_type_parse(type->text, &edit->type);
    edit->has_length = length != NULL && fdns_change_parse(length->text, &edit->length);
    if (hex != NULL) {
        read_octets(reading, hex, edit);
    }
    if (edit->has_type && edit->has_length) {
        fdns_diag(reading->diags, FDNS_ERROR, reading->source, length->line, length->column,
                  "`length` looks for records as they are sent: beside `type` it would not find "
                  "them, so write it in a rule behind this one");
    }
    return edit;
}

void fdns_edit_rdata(const void *value, const struct fdns_exchange *exchange,
                     struct fdns_reply *reply)
{
    (void)exchange;
    const struct rdata_edit *edit = value;
    struct fdns_selected selected = fdns_selected(&edit->selection, reply);
    for (struct fdns_rrset *rrset; (rrset = fdns_selected_next(&selected)) != NULL;) {
        if (edit->has_type) {
            rrset->type = edit->type;
        }
        struct fdns_rdata *rdatas = edit->has_octets ? fdns_own_rdatas(reply, rrset) : NULL;
        for (size_t i = 0; rdatas != NULL && i < rrset->n_rdatas; i++) {
            rdatas[i] = edit->octets;
        }
    }
}

void fdns_bytes_rdata(const void *value, const struct fdns_exchange *exchange,
                      struct fdns_message *message)
{
    (void)exchange;
    const struct rdata_edit *edit = value;
    struct fdns_view view;
    if (!edit->has_length) {
        return;
    }
    fdns_view_init(&view, message->arena, message->octets, message->len);
    for (size_t i = 0; i < view.n_rrs; i++) {
        const struct fdns_view_rr *rr = &view.rrs[i];
        if (fdns_selection_has_rr(&edit->selection, &view, rr)) {
            uint16_t length = fdns_changed(&edit->length, rr->rdata_len);
            message->octets[rr->rdata_at - 2] = (uint8_t)(length >> 8);
            message->octets[rr->rdata_at - 1] = (uint8_t)length;
        }
    }
}
