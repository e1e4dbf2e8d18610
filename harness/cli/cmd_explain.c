// dnsconform explain ID
#include "harness/check/catalogue.h"
#include "harness/cli/command.h"

static void explain_row(const struct dc_finding_row *row)
{
    printf("%s (%s)\n  %s\n\nwhy it matters\n  %s\n\nwhat to do\n  %s\n\nreferences\n  %s\n",
           row->id, dc_level_text(row->level), row->title, row->cause, row->remedy, row->refs);
}

static int explain(const struct dc_options *options)
{
    if (options->operands.n_items == 0) {
        fputs("dnsconform explain: name a finding (dnsconform list findings)\n", stderr);
        return DC_EXIT_USAGE;
    }
    for (size_t i = 0; i < options->operands.n_items; i++) {
        const char *id = options->operands.items[i];
        const struct dc_finding_row *row = dc_catalogue_find(id);
        if (row == NULL) {
            const char *near = dc_catalogue_suggest(id);
            fprintf(stderr,
                    near != NULL ? "dnsconform: there is no finding \"%s\" (did you mean "
                                   "\"%s\"?)\n"
                                 : "dnsconform: there is no finding \"%s\"\n",
                    id, near);
            return DC_EXIT_USAGE;
        }
        if (i > 0) {
            putchar('\n');
        }
        explain_row(row);
    }
    return DC_EXIT_CONFORMS;
}

const struct dc_command_row dc_command_explain = {
    .name = "explain",
    .bit = DC_CMD_EXPLAIN,
    .operands = "ID…",
    .doc = "Tell what a finding means, why it matters and what to do.",
    .run = explain,
};
