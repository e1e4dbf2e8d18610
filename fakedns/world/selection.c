#include "fakedns/world/selection.h"

#include <string.h>

static const char *const section_words[FDNS_N_SECTIONS] = {"answer", "authority", "additional"};
static const struct fdns_schema_type section_name = {.kind = FDNS_SCHEMA_WORD,
                                                     .name = "section",
                                                     .words = section_words,
                                                     .n_words = FDNS_N_SECTIONS};
static const struct fdns_schema_type section_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of sections", .item = &section_name, .min = 1};
static const struct fdns_schema_type *const section_choices[] = {&section_name, &section_list};
const struct fdns_schema_type fdns_type_section_names = {.kind = FDNS_SCHEMA_EITHER,
                                                         .name = "section or list of them",
                                                         .choices = section_choices,
                                                         .n_choices = 2};

struct fdns_selection fdns_selection_read(struct fdns_rule_reading *reading,
                                          const struct fdns_node *node, bool in_all_sections)
{
    const struct fdns_node *of = fdns_node_find(node, "of");
    const struct fdns_node *sections = fdns_node_find(node, "section");
    struct fdns_selection selection = {.all = of == NULL,
                                       .items = fdns_rrset_items_read(reading, of)};
    for (size_t i = 0; i < FDNS_N_SECTIONS; i++) {
        selection.sections[i] = sections == NULL && (in_all_sections || i == FDNS_ANSWER);
    }
    for (size_t i = 0; sections != NULL && i < fdns_node_n(sections); i++) {
        selection.sections[fdns_word_index(&section_name, fdns_node_item(sections, i)->text)] =
            true;
    }
    return selection;
}

bool fdns_selection_has(const struct fdns_selection *selection, size_t section,
                        const struct fdns_rrset *rrset)
{
    return selection->sections[section] &&
           (selection->all || fdns_rrset_items_have(&selection->items, rrset));
}

struct fdns_selected fdns_selected(const struct fdns_selection *selection, struct fdns_reply *reply)
{
    return (struct fdns_selected){
        .selection = selection, .reply = reply, .n = reply->sections[0].n_items, .at = (size_t)-1};
}

struct fdns_rrset *fdns_selected_next(struct fdns_selected *selected)
{
    for (;;) {
        selected->at++;
        while (selected->at >= selected->n) {
            if (++selected->section >= FDNS_N_SECTIONS) {
                return NULL;
            }
            selected->at = 0;
            selected->n = selected->reply->sections[selected->section].n_items;
        }
        struct fdns_rrset *rrset =
            &selected->reply->sections[selected->section].items[selected->at];
        if (fdns_selection_has(selected->selection, selected->section, rrset)) {
            return rrset;
        }
    }
}

struct fdns_rdata *fdns_own_rdatas(struct fdns_reply *reply, struct fdns_rrset *rrset)
{
    struct fdns_rdata *rdatas =
        fdns_arena_copy(reply->arena, rrset->rdatas, rrset->n_rdatas * sizeof(*rdatas));
    rrset->rdatas = rdatas;
    return rdatas;
}

bool fdns_selection_has_rr(const struct fdns_selection *selection, const struct fdns_view *view,
                           const struct fdns_view_rr *rr)
{
    uint8_t owner[FDNS_NAME_MAX];
    struct fdns_rrset rrset = {.owner = owner, .type = rr->type};
    return rr->type != FDNS_TYPE_OPT && fdns_view_name(view, rr->at, owner, NULL) &&
           fdns_selection_has(selection, rr->section, &rrset);
}
