#include "harness/cli/dkim_message.h"

#include "harness/check/message/mail.h"
#include "harness/cli/conflict.h"
#include "harness/cli/outputs.h"
#include "harness/report/escape.h"
#include "harness/run/saved.h"

#include "fakedns/base/file.h"

// Options of a set-up mean nothing for a message.
static bool check_options(const struct dc_options *options)
{
    const struct dc_conflict others[] = {
        {options->tokens.n_items > 0, "--message and --token exclude each other"},
        {options->selector != NULL, "--message and --selector exclude each other"},
        {options->public_key != NULL, "--message and --public-key exclude each other"},
        {options->private_key != NULL, "--message and --private-key exclude each other"},
        {options->profile != NULL, "--message and --profile exclude each other"},
        {options->verification != NULL, "--message and --verification exclude each other"},
        {options->sender != NULL, "--message and --sender exclude each other"},
        {options->targets.n_items > 0, "--message and --target exclude each other"},
        {options->mail_from != NULL, "--message and --mail-from exclude each other"},
        {options->with.n_items > 0, "--message and --with exclude each other"},
        {options->state != NULL, "--message and --state exclude each other"},
        {options->watch, "--message and --watch exclude each other"},
        {options->operands.n_items > 1, "--message takes one domain at most"},
    };
    return dc_conflicts_none(others, sizeof others / sizeof others[0]);
}

bool dc_message_subject(const struct dc_options *options, struct dc_dkim_subject *subject)
{
    struct fdns_diags diags;
    const char *octets;
    size_t len;
    if (!check_options(options)) {
        return false;
    }
    fdns_diags_init(&diags);
    bool good =
        fdns_file_read(options->arena, options->message, DC_MAIL_MAX, &octets, &len, &diags);
    dc_print_diags(&diags);
    fdns_diags_clear(&diags);
    if (!good) {
        return false;
    }
    if (options->save != NULL && len > DC_SAVED_MESSAGE_MAX) {
        fputs("dnsconform dkim: --save cannot keep a message of more than 4 MiB\n", stderr);
        return false;
    }
    *subject = (struct dc_dkim_subject){
        .domain = options->operands.n_items > 0 ? options->operands.items[0] : NULL,
        .method = DC_DKIM_MESSAGE,
        .message = octets,
        .message_len = len,
    };
    return true;
}

const char *dc_message_rerun(const struct dc_options *options)
{
    struct fdns_buf text;
    fdns_buf_init(&text, 64 * 1024);
    fdns_buf_string(&text, "dnsconform dkim --message ");
    dc_escape_shell(&text, options->message);
    if (options->operands.n_items > 0) {
        fdns_buf_format(&text, " %s", options->operands.items[0]);
    }
    const char *rerun = fdns_arena_string(options->arena, fdns_buf_text(&text));
    fdns_buf_clear(&text);
    return rerun;
}
