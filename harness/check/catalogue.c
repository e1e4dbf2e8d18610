#include "harness/check/catalogue.h"

#include "fakedns/base/fatal.h"
#include "fakedns/base/suggest.h"
#include "harness/check/dkim/findings.h"
#include "harness/check/message/message.h"
#include "harness/seen/words.h"

#include <stdlib.h>

enum { ROWS_MAX = 1024 };

static const char *const levels[] = {DC_LEVELS(DC_WORD)};

const char *dc_level_text(enum dc_level level)
{
    return levels[level];
}

bool dc_level_parse(const char *text, enum dc_level *level)
{
    size_t at;
    if (!dc_word_find(levels, sizeof levels / sizeof levels[0], text, &at)) {
        return false;
    }
    *level = (enum dc_level)at;
    return true;
}

// The rows by id: built once, from constants, when the catalogue is first asked.
struct index {
    const struct dc_finding_row *rows[ROWS_MAX];
    const char *ids[ROWS_MAX];
    size_t n;
};

static void add_family(struct index *index, const struct dc_finding_table *tables, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < tables[i].n; k++) {
            if (index->n == ROWS_MAX) {
                fdns_fatal("more than %d findings in the catalogue", ROWS_MAX);
            }
            index->rows[index->n++] = &tables[i].rows[k];
        }
    }
}

static int by_id(const void *a, const void *b)
{
    const struct dc_finding_row *const *first = a;
    const struct dc_finding_row *const *second = b;
    return strcmp((*first)->id, (*second)->id);
}

static const struct index *catalogue(void)
{
    static struct index index;
    if (index.n == 0) {
        add_family(&index, dc_dkim_findings, dc_dkim_n_findings);
        add_family(&index, dc_message_findings, dc_message_n_findings);
        qsort(index.rows, index.n, sizeof index.rows[0], by_id);
        for (size_t i = 0; i < index.n; i++) {
            index.ids[i] = index.rows[i]->id;
        }
    }
    return &index;
}

size_t dc_catalogue_size(void)
{
    return catalogue()->n;
}

const struct dc_finding_row *dc_catalogue_at(size_t i)
{
    return catalogue()->rows[i];
}

const struct dc_finding_row *dc_catalogue_find(const char *id)
{
    const struct index *index = catalogue();
    const struct dc_finding_row wanted = {.id = id};
    const struct dc_finding_row *key = &wanted;
    const struct dc_finding_row **found =
        bsearch(&key, index->rows, index->n, sizeof index->rows[0], by_id);
    return found != NULL ? *found : NULL;
}

const char *dc_catalogue_suggest(const char *id)
{
    const struct index *index = catalogue();
    return fdns_suggest(id, index->ids, index->n);
}
