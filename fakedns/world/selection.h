// Selection: which records of an answer an effect is about, as `of` and `section` say in its YAML.
#pragma once

#include "fakedns/world/value.h"

struct fdns_selection {
    bool all;                      // without `of`
    struct fdns_rrset_items items; // else
    bool sections[FDNS_N_SECTIONS];
};

extern const struct fdns_schema_type fdns_type_section_names;

// Their two keys in the schema of an effect.
#define FDNS_SELECTION_ROWS(where)                                                                 \
    {.name = "of",                                                                                 \
     .type = &fdns_type_rrset_items,                                                               \
     .doc = "Only these RRsets, as `TYPE` or `NAME TYPE`.",                                        \
     .example = "TXT"},                                                                            \
    {                                                                                              \
        .name = "section", .type = &fdns_type_section_names,                                       \
        .doc = "In which sections; without it " where ".", .example = "authority"                  \
    }

// node may be a scalar, or NULL: then everything in the answer section, or in all of them.
struct fdns_selection fdns_selection_read(struct fdns_rule_reading *reading,
                                          const struct fdns_node *node, bool in_all_sections);
bool fdns_selection_has(const struct fdns_selection *selection, size_t section,
                        const struct fdns_rrset *rrset);

// Goes through the RRsets of a reply that are selected. What is added to it meanwhile is left out.
struct fdns_selected {
    const struct fdns_selection *selection;
    struct fdns_reply *reply;
    size_t section, at, n; // of the RRset that was returned last
};
struct fdns_selected fdns_selected(const struct fdns_selection *selection,
                                   struct fdns_reply *reply);
// NULL: that was all.
struct fdns_rrset *fdns_selected_next(struct fdns_selected *selected);

// Rdatas of an RRset that may be changed: a copy in the reply's arena, which the RRset has from now
// on.
struct fdns_rdata *fdns_own_rdatas(struct fdns_reply *reply, struct fdns_rrset *rrset);
// A record of an encoded message.
bool fdns_selection_has_rr(const struct fdns_selection *selection, const struct fdns_view *view,
                           const struct fdns_view_rr *rr);
