// The selectors a DKIM subject has at a time: its tokens, or those of the last restart.
#pragma once

#include "harness/check/dkim/dkim.h"

struct dc_dkim_tokens {
    const char *const *items;
    size_t n; // at least 1
};

static inline struct dc_dkim_tokens dc_dkim_tokens_at(const struct dc_dkim_subject *subject,
                                                      int64_t at_us)
{
    struct dc_dkim_tokens tokens = {subject->tokens, subject->n_tokens};
    static const char *const none[] = {""};
    if (subject->method == DC_DKIM_MESSAGE) {
        return (struct dc_dkim_tokens){none, 1};
    }
    if (subject->method == DC_SELECTORS) {
        return (struct dc_dkim_tokens){subject->selectors, subject->n_selectors};
    }
    if (subject->method == DC_BYODKIM) {
        return (struct dc_dkim_tokens){&subject->selector, 1};
    }
    for (size_t i = 0; i < subject->n_restarts; i++) {
        if (subject->restarts[i].at_us <= at_us && subject->restarts[i].n_tokens > 0) {
            tokens =
                (struct dc_dkim_tokens){subject->restarts[i].tokens, subject->restarts[i].n_tokens};
        }
    }
    return tokens;
}
