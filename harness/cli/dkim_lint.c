#include "harness/cli/dkim_lint.h"

#include "harness/check/dkim/input.h"
#include "harness/cli/conflict.h"
#include "harness/cli/dkim_keys.h"
#include "harness/cli/domain.h"
#include "harness/cli/outputs.h"
#include "harness/cli/verdict_exit.h"
#include "harness/report/escape.h"

#include <time.h>

// Options of a check on the DNS mean nothing here.
static bool check_options(const struct dc_options *options)
{
    const struct dc_conflict others[] = {
        {options->operands.n_items > 1, "--lint takes one domain at most"},
        {options->tokens.n_items > 0, "--lint and --token exclude each other"},
        {options->message != NULL, "--lint and --message exclude each other"},
        {options->verification != NULL, "--lint and --verification exclude each other"},
        {options->servers.n_items > 0, "--lint and --server exclude each other"},
        {options->resolver != NULL, "--lint and --resolver exclude each other"},
        {options->state != NULL, "--lint and --state exclude each other"},
        {options->save != NULL, "--lint and --save exclude each other"},
        {options->watch, "--lint and --watch exclude each other"},
        {options->selector == NULL && options->public_key == NULL && options->private_key == NULL,
         "--lint checks --selector, --public-key and --private-key: give one of them"},
    };
    return dc_conflicts_none(others, sizeof others / sizeof others[0]);
}

static const char *rerun_command(const struct dc_options *options)
{
    const char *given[][2] = {{"--selector", options->selector},
                              {"--public-key", options->public_key},
                              {"--private-key", options->private_key},
                              {"--profile", options->profile}};
    struct fdns_buf text;
    fdns_buf_init(&text, 1024 * 1024);
    fdns_buf_string(&text, "dnsconform dkim --lint");
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        if (given[i][1] != NULL) {
            fdns_buf_format(&text, " %s ", given[i][0]);
            dc_escape_shell(&text, given[i][1]);
        }
    }
    const char *rerun =
        text.overflow ? NULL : fdns_arena_string(options->arena, fdns_buf_text(&text));
    fdns_buf_clear(&text);
    return rerun;
}

static bool set_domain(const struct dc_options *options, struct dc_dkim_subject *subject)
{
    if (options->operands.n_items == 0) {
        return true;
    }
    subject->domain = dc_domain_read(options->arena, options->operands.items[0]);
    return subject->domain != NULL;
}

int dc_dkim_lint(const struct dc_options *options)
{
    static struct dc_outputs outputs;
    struct dc_dkim_subject subject = {
        .method = DC_BYODKIM,
        .selector = options->selector,
    };
    struct dc_report report;
    if (!check_options(options) || !set_domain(options, &subject) ||
        !dc_dkim_keys(options, &subject) ||
        !dc_outputs_open(&outputs, options, 0, rerun_command(options))) {
        return DC_EXIT_USAGE;
    }
    dc_input_report(options->arena, &subject, (int64_t)time(NULL) * 1000000, &report);
    bool written = dc_outputs_report(&outputs, &report);
    dc_outputs_close(&outputs);
    return written ? dc_findings_exit(options, &report) : DC_EXIT_USAGE;
}
