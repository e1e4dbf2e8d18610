// The account side of a subject as JSON, for saved runs.
#pragma once

#include "harness/check/dkim/account.h"

// New reference; null for NULL.
json_t *dc_saved_account_json(const struct dc_account *account);
// What stands at `account` in a subject that has been read; NULL if there is none, or with a
// mistake in the reader.
const struct dc_account *dc_saved_account_read(struct dc_json_reader *reader,
                                               const json_t *subject);

// A set-up as JSON, and back, without its account side (saved.c).
json_t *dc_saved_set_up_json(const struct dc_dkim_subject *subject);
void dc_saved_set_up_read(struct dc_json_reader *reader, const json_t *object,
                          struct dc_dkim_subject *subject);
