// The account side of a subject as YAML: `account:` of a scenario, and files of its own for
// `dnsconform dkim --account`.
#pragma once

#include "fakedns/yaml/schema.h"
#include "harness/check/dkim/account.h"

extern const struct fdns_schema_type dc_type_account;
extern const struct fdns_schema_type dc_type_restarts; // schema.c

struct dc_account_reading {
    struct fdns_arena *arena;              // of the account
    const struct dc_dkim_subject *subject; // whose Region and account stand where none is written
    const struct fdns_source *source;
    struct fdns_diags *diags;
    bool live; // of the real world: without a time of its own, so without `events` and the like
};

// Reads a node that the schema has checked (NULL: an account with the subject's identity alone).
// Mistakes are in diags; what is returned is used only if there are none.
const struct dc_account *dc_account_read(const struct dc_account_reading *reading,
                                         const struct fdns_node *node);

// Reads a file that holds an account. NULL if there is a mistake in it.
const struct dc_account *dc_account_load(struct fdns_arena *arena, const char *path,
                                         const struct dc_dkim_subject *subject,
                                         struct fdns_diags *diags);
