// Effects on what records are called: their owner, and the names inside their rdata.
#include "fakedns/wire/shape.h"
#include "fakedns/world/effect.h"
#include "fakedns/world/letters.h"
#include "fakedns/world/state.h"

#include <string.h>

// How a name is changed, in this order.
struct renaming {
    struct fdns_selection selection;
    bool to_asked;         // it becomes the name asked for
    const uint8_t *to;     // it becomes this; NULL: it stays
    unsigned lose;         // so many labels at its end are lost
    const uint8_t *append; // these labels come behind it; NULL: none
    enum fdns_letters letters;
};

static const struct fdns_schema_type new_name = {.kind = FDNS_SCHEMA_TEXT,
                                                 .name = "`asked` or domain name"};
static const struct fdns_schema_type domain_name = {.kind = FDNS_SCHEMA_TEXT,
                                                    .name = "domain name"};
static const struct fdns_schema_type labels = {
    .kind = FDNS_SCHEMA_INTEGER, .name = "number of labels", .min = 0, .max = FDNS_NAME_LABELS_MAX};

#define RENAMING_ROWS                                                                              \
    {.name = "to",                                                                                 \
     .type = &new_name,                                                                            \
     .doc = "Another name; `asked` is the name asked for.",                                        \
     .example = "other.example.com"},                                                              \
        {.name = "lose",                                                                           \
         .type = &labels,                                                                          \
         .doc = "So many labels are lost at its end.",                                             \
         .example = "1"},                                                                          \
        {.name = "append",                                                                         \
         .type = &domain_name,                                                                     \
         .doc = "These labels stand behind it.",                                                   \
         .example = "example.com"},                                                                \
    {                                                                                              \
        .name = "case", .type = &fdns_type_letters, .doc = "Its letters.", .example = "upper"      \
    }

static const struct fdns_schema_key owner_keys[] = {RENAMING_ROWS,
                                                    FDNS_SELECTION_ROWS("the answer section")};
static const struct fdns_schema_type owner_record = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "owner",
    .doc = "What becomes of the names of records, in the order of this table.",
    .keys = owner_keys,
    .n_keys = sizeof(owner_keys) / sizeof(owner_keys[0])};
static const struct fdns_schema_type *const owner_choices[] = {&new_name, &owner_record};
const struct fdns_schema_type fdns_type_owner = {
    .kind = FDNS_SCHEMA_EITHER, .name = "name or owner", .choices = owner_choices, .n_choices = 2};

static const struct fdns_schema_key target_keys[] = {RENAMING_ROWS,
                                                     FDNS_SELECTION_ROWS("the answer section")};
static const struct fdns_schema_type target_record = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "target",
    .doc =
        "What becomes of the names inside records (of CNAME, NS, MX, PTR, SRV, DNAME, SOA …), in "
        "the order of this table.",
    .keys = target_keys,
    .n_keys = sizeof(target_keys) / sizeof(target_keys[0])};
static const struct fdns_schema_type *const target_choices[] = {&new_name, &target_record};
const struct fdns_schema_type fdns_type_target = {.kind = FDNS_SCHEMA_EITHER,
                                                  .name = "name or target",
                                                  .choices = target_choices,
                                                  .n_choices = 2};

static void read_to(struct fdns_rule_reading *reading, const struct fdns_node *to,
                    struct renaming *renaming)
{
    if (to == NULL) {
        return;
    }
    renaming->to_asked = strcmp(to->text, "asked") == 0;
    renaming->to = renaming->to_asked ? NULL : fdns_read_name(reading, to);
}

const void *fdns_read_renaming(struct fdns_rule_reading *reading, const struct fdns_node *node)
{
    struct renaming *renaming = fdns_arena_alloc(&reading->world->arena, sizeof(*renaming));
    const struct fdns_node *lose = fdns_node_find(node, "lose");
    const struct fdns_node *append = fdns_node_find(node, "append");
    renaming->selection = fdns_selection_read(reading, node, false);
    read_to(reading, node->kind == FDNS_MAP ? fdns_node_find(node, "to") : node, renaming);
    renaming->lose = lose != NULL ? (unsigned)fdns_node_integer(lose) : 0;
    renaming->append = append != NULL ? fdns_read_absolute_name(reading, append) : NULL;
    renaming->letters = fdns_letters_of(fdns_node_text(node, "case"));
    return renaming;
}

// A name that would grow over 255 octets keeps what it had before.
static void rename_to(const struct renaming *renaming, const struct fdns_exchange *exchange,
                      const struct fdns_reply *reply, const uint8_t *old,
                      uint8_t out[FDNS_NAME_MAX])
{
    const uint8_t *name = renaming->to != NULL ? renaming->to : old;
    if (renaming->to_asked && reply->asked) {
        name = reply->qname;
    }
    unsigned n = fdns_name_labels(name);
    unsigned kept = n > renaming->lose ? n - renaming->lose : 0;
    const uint8_t *append = renaming->append != NULL ? renaming->append : fdns_name_root;
    if (fdns_name_join(name, kept, append, out) != FDNS_OK) {
        memcpy(out, name, fdns_name_len(name));
    }
    fdns_change_name_letters(out, renaming->letters,
                             fdns_world_state_random(exchange->state, exchange->rule));
}

void fdns_edit_owner(const void *value, const struct fdns_exchange *exchange,
                     struct fdns_reply *reply)
{
    const struct renaming *renaming = value;
    struct fdns_selected selected = fdns_selected(&renaming->selection, reply);
    for (struct fdns_rrset *rrset; (rrset = fdns_selected_next(&selected)) != NULL;) {
        uint8_t name[FDNS_NAME_MAX];
        rename_to(renaming, exchange, reply, rrset->owner, name);
        rrset->owner = fdns_name_copy(reply->arena, name);
    }
}

// The fields of a rdata one by one, names renamed. False if it is not of its shape.
static bool rename_inside(const struct renaming *renaming, const struct fdns_exchange *exchange,
                          struct fdns_reply *reply, const char *shape, struct fdns_rdata *rdata)
{
    struct fdns_cursor cursor = fdns_cursor(rdata->octets, rdata->len);
    uint8_t *out = fdns_arena_alloc(reply->arena, rdata->len + strlen(shape) * FDNS_NAME_MAX);
    size_t len = 0;
    for (; *shape != '\0' && !cursor.bad; shape++) {
        size_t n = 0;
        if (*shape != 'n' && *shape != 'N') {
            const uint8_t *field = fdns_shape_take(&cursor, *shape, &n);
            if (field != NULL) {
                memcpy(out + len, field, n);
                len += n;
            }
            continue;
        }
        const uint8_t *name = cursor.data + cursor.pos;
        n = fdns_name_measure(name, fdns_cursor_left(&cursor));
        cursor.bad = n == 0;
        if (!cursor.bad) {
            rename_to(renaming, exchange, reply, name, out + len);
            len += fdns_name_len(out + len);
            fdns_cursor_take(&cursor, n);
        }
    }
    if (cursor.bad || fdns_cursor_left(&cursor) > 0 || len > UINT16_MAX) {
        return false;
    }
    *rdata = (struct fdns_rdata){out, (uint16_t)len};
    return true;
}

void fdns_edit_target(const void *value, const struct fdns_exchange *exchange,
                      struct fdns_reply *reply)
{
    const struct renaming *renaming = value;
    struct fdns_selected selected = fdns_selected(&renaming->selection, reply);
    for (struct fdns_rrset *rrset; (rrset = fdns_selected_next(&selected)) != NULL;) {
        const char *shape = fdns_shape(rrset->type);
        if (shape == NULL || strpbrk(shape, "nN") == NULL) {
            continue;
        }
        struct fdns_rdata *rdatas = fdns_own_rdatas(reply, rrset);
        for (size_t i = 0; i < rrset->n_rdatas; i++) {
            (void)rename_inside(renaming, exchange, reply, shape, &rdatas[i]);
        }
    }
}
