// dnsconform list WHAT
#include "harness/check/catalogue.h"
#include "harness/check/dkim/sender.h"
#include "harness/cli/command.h"
#include "harness/cli/outputs.h"
#include "harness/run/select.h"
#include "harness/scenario/scenario.h"

#include "fakedns/base/suggest.h"
#include "fakedns/world/rule.h"

#include <string.h>

struct list_row {
    const char *name;
    const char *doc;
    int (*print)(const struct dc_options *options);
};

static int list_commands(const struct dc_options *options)
{
    (void)options;
    for (size_t i = 0; i < dc_n_commands; i++) {
        printf("%-14s %s\n", dc_commands[i]->name, dc_commands[i]->doc);
    }
    return DC_EXIT_CONFORMS;
}

static int list_effects(const struct dc_options *options)
{
    (void)options;
    for (size_t i = 0; i < fdns_n_effects; i++) {
        printf("%-20s %s\n", fdns_effects[i].key.name, fdns_effects[i].key.doc);
    }
    return DC_EXIT_CONFORMS;
}

static int list_findings(const struct dc_options *options)
{
    for (size_t i = 0; i < dc_catalogue_size(); i++) {
        const struct dc_finding_row *row = dc_catalogue_at(i);
        printf("%-34s %-8s %s\n", row->id, dc_level_text(row->level), row->title);
        if (options->verbose) {
            printf("    cause: %s\n    remedy: %s\n    refs: %s\n", row->cause, row->remedy,
                   row->refs);
        }
    }
    return DC_EXIT_CONFORMS;
}

static int list_findings_page(const struct dc_options *options)
{
    (void)options;
    for (size_t i = 0; i < dc_catalogue_size(); i++) {
        const struct dc_finding_row *row = dc_catalogue_at(i);
        printf("## %s\n\n**%s** (%s). %s\n\n*What to do:* %s\n\n*References:* %s\n\n", row->id,
               row->title, dc_level_text(row->level), row->cause, row->remedy, row->refs);
    }
    return DC_EXIT_CONFORMS;
}

static int list_formats(const struct dc_options *options)
{
    (void)options;
    for (size_t i = 0; i < dc_n_reporters; i++) {
        printf("%-14s %s\n", dc_reporters[i]->name, dc_reporters[i]->doc);
    }
    return DC_EXIT_CONFORMS;
}

static int list_reference(const struct dc_options *options)
{
    (void)options;
    struct fdns_buf text;
    fdns_buf_init(&text, 16 * 1024 * 1024);
    fdns_schema_print_reference(&dc_type_scenario, &text);
    fwrite(text.data, 1, text.len, stdout);
    fdns_buf_clear(&text);
    return DC_EXIT_CONFORMS;
}

static int list_scenarios(const struct dc_options *options)
{
    static const char *const here[] = {"scenarios"};
    bool given = options->operands.n_items > 1;
    struct dc_selection_options selecting = {
        .paths = given ? options->operands.items + 1 : here,
        .n_paths = given ? options->operands.n_items - 1 : 1,
        .filters = options->filters.items,
        .n_filters = options->filters.n_items,
        .tags = options->tags.items,
        .n_tags = options->tags.n_items,
        .refs = options->refs.items,
        .n_refs = options->refs.n_items,
    };
    struct dc_selection selection;
    struct fdns_diags diags;
    fdns_diags_init(&diags);
    bool good = dc_select(&selection, &selecting, &diags);
    dc_print_diags(&diags);
    fdns_diags_clear(&diags);
    for (size_t i = 0; i < selection.n_scenarios; i++) {
        printf("%-56s %s\n", selection.scenarios[i]->file, selection.scenarios[i]->title);
    }
    bool empty = selection.n_scenarios == 0;
    dc_selection_clear(&selection);
    if (!good) {
        return DC_EXIT_USAGE;
    }
    return empty ? DC_EXIT_NOTHING_SELECTED : DC_EXIT_CONFORMS;
}

static int list_schema(const struct dc_options *options)
{
    (void)options;
    struct fdns_buf text;
    fdns_buf_init(&text, 16 * 1024 * 1024);
    fdns_schema_print_json(&dc_type_scenario, "scenario.schema.json", "dnsconform scenario", &text);
    fwrite(text.data, 1, text.len, stdout);
    fdns_buf_clear(&text);
    return DC_EXIT_CONFORMS;
}

static int list_senders(const struct dc_options *options)
{
    (void)options;
    for (size_t i = 0; i < dc_n_senders; i++) {
        printf("%-14s %s: %s\n", dc_senders[i].id, dc_senders[i].title, dc_senders[i].records);
    }
    return DC_EXIT_CONFORMS;
}

static int list_triggers(const struct dc_options *options)
{
    (void)options;
    for (size_t i = 0; i < fdns_n_triggers; i++) {
        printf("%-20s %s\n", fdns_triggers[i].key.name, fdns_triggers[i].key.doc);
    }
    return DC_EXIT_CONFORMS;
}

// Sorted by name.
static const struct list_row lists[] = {
    {"commands", "what dnsconform can do", list_commands},
    {"effects", "what a rule can do to an answer", list_effects},
    {"findings", "every finding, with -v its cause, remedy and references", list_findings},
    {"findings-page", "the same as Markdown", list_findings_page},
    {"formats", "how results can be reported", list_formats},
    {"reference", "what a scenario file may say, as Markdown", list_reference},
    {"scenarios", "the scenarios in a folder (scenarios)", list_scenarios},
    {"schema", "the JSON Schema of scenario files", list_schema},
    {"senders", "the mail providers that --sender knows, and their records", list_senders},
    {"triggers", "what a rule can match on", list_triggers},
};
enum { N_LISTS = sizeof lists / sizeof lists[0] };

static int unknown(const char *word)
{
    const char *names[N_LISTS];
    for (size_t i = 0; i < N_LISTS; i++) {
        names[i] = lists[i].name;
    }
    const char *near = word != NULL ? fdns_suggest(word, names, N_LISTS) : NULL;
    if (near != NULL) {
        fprintf(stderr, "dnsconform list: unknown word \"%s\" (did you mean \"%s\"?)\n", word,
                near);
    } else {
        fputs("dnsconform list: say what:\n", stderr);
    }
    for (size_t i = 0; i < N_LISTS; i++) {
        fprintf(stderr, "  %-14s %s\n", lists[i].name, lists[i].doc);
    }
    return DC_EXIT_USAGE;
}

static int list(const struct dc_options *options)
{
    const char *word = options->operands.n_items > 0 ? options->operands.items[0] : NULL;
    for (size_t i = 0; word != NULL && i < N_LISTS; i++) {
        if (strcmp(word, lists[i].name) == 0) {
            return lists[i].print(options);
        }
    }
    return unknown(word);
}

const struct dc_command_row dc_command_list = {
    .name = "list",
    .bit = DC_CMD_LIST,
    .operands = "WHAT",
    .doc = "List findings, scenarios, senders, formats, triggers, effects, or print the schema.",
    .run = list,
};
