// dnsconform dkim DOMAIN
#include "harness/check/dkim/sender.h"
#include "harness/cli/command.h"
#include "harness/cli/dkim_keys.h"
#include "harness/cli/dkim_lint.h"
#include "harness/cli/dkim_message.h"
#include "harness/cli/domain.h"
#include "harness/cli/outputs.h"
#include "harness/cli/verdict_exit.h"
#include "harness/report/escape.h"
#include "harness/run/live.h"
#include "harness/run/roots.h"
#include "harness/run/saved.h"
#include "harness/scenario/account.h"

#include "fakedns/base/duration.h"
#include "fakedns/base/file.h"
#include "fakedns/base/suggest.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DNS_PORT = 53, WINDOW_HOURS = 72, STATE_MAX = 1024 * 1024 };
// At most so many queries a second to a server that is not ours; those of a map are.
enum { QPS_REAL = 20, QPS_MAPPED = 100000 };
enum { DEFAULT_RETRIES = 2, DEFAULT_INTERVAL_S = 60, MAX_VISITS = 100000 };

struct dkim {
    const struct dc_options *options;
    struct fdns_arena *arena;
    struct dc_dkim_subject subject;
    struct dc_dkim_how how;
    struct dc_dkim_state *states; // one a set-up
    struct fdns_map map;
    struct dc_store store;
    struct dc_live *live;
    int64_t *visits_us;
    size_t n_visits;
    size_t visits_capacity;
};

static bool complain(const char *option, const char *value, const char *what)
{
    enum { SHOWN_MAX = 300 };
    fprintf(stderr, "dnsconform dkim: %s: \"%.*s\" %s\n", option, SHOWN_MAX, value, what);
    return false;
}

static bool read_file(struct dkim *dkim, const char *path, size_t largest, const char **text,
                      size_t *len)
{
    struct fdns_diags diags;
    fdns_diags_init(&diags);
    bool good = fdns_file_read(dkim->arena, path, largest, text, len, &diags);
    dc_print_diags(&diags);
    fdns_diags_clear(&diags);
    return good;
}

// ---- the subject ---------------------------------------------------------------------------

// A token or selector as panels and consoles show it, with more around it than it has itself.
static const char *more_than_label(const char *text)
{
    return text[strcspn(text, " \t\r\n")] != '\0' ? "holds white space"
           : strchr(text, ',') != NULL ? "holds a comma: give each with an option of its own"
           : strstr(text, "._domainkey") != NULL
               ? "is a whole name: give what stands before ._domainkey"
           : strstr(text, ".dkim.") != NULL ? "is a target: give what stands before .dkim"
                                            : NULL;
}

static bool check_label(const char *option, const char *text)
{
    uint8_t name[FDNS_NAME_MAX];
    const char *more = more_than_label(text);
    if (more != NULL) {
        return complain(option, text, more);
    }
    return fdns_name_parse(text, NULL, name) == FDNS_OK ||
           complain(option, text, "is no DNS label");
}

static bool set_domain(struct dkim *dkim, const char *text)
{
    dkim->subject.domain = dc_domain_read(dkim->arena, text);
    return dkim->subject.domain != NULL;
}

// Where the limits of a profile are applied, they say what is wrong with a selector.
static bool check_selector(const struct dkim *dkim)
{
    return dkim->subject.selector == NULL || dkim->subject.profile != NULL ||
           check_label("--selector", dkim->subject.selector);
}

static bool check_name(const char *option, const char *text)
{
    uint8_t name[FDNS_NAME_MAX];
    return fdns_name_parse(text, NULL, name) == FDNS_OK ||
           complain(option, text, "is no domain name");
}

static bool check_targets(const struct dc_texts *targets)
{
    for (size_t i = 0; i < targets->n_items; i++) {
        if (!check_name("--target", targets->items[i])) {
            return false;
        }
    }
    return true;
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * FDNS_US_PER_S + now.tv_nsec / 1000;
}

static bool check_labels(const char *option, const struct dc_texts *texts)
{
    for (size_t i = 0; i < texts->n_items; i++) {
        if (!check_label(option, texts->items[i])) {
            return false;
        }
    }
    return true;
}

static bool is_ses(const struct dc_options *options)
{
    return options->sender == NULL || strcmp(options->sender, "ses") == 0;
}

// Selectors of whoever sends; Amazon SES has one at most, and no targets to be told.
static bool wants_selectors(const struct dc_options *options)
{
    return !is_ses(options) || options->selectors.n_items > 1 || options->targets.n_items > 0;
}

static bool check_sender(const char *sender)
{
    if (sender == NULL || dc_sender_find(sender) != NULL) {
        return true;
    }
    const char *near = dc_sender_suggest(sender);
    if (near != NULL) {
        fprintf(stderr,
                "dnsconform dkim: --sender: there is no sender \"%s\" (did you mean "
                "\"%s\"?)\n",
                sender, near);
        return false;
    }
    return complain("--sender", sender, "is no sender: see dnsconform list senders");
}

// Options that mean nothing to other senders than Amazon SES.
static bool check_not_ses(const struct dc_options *options)
{
    const struct {
        const char *option;
        bool given;
    } of_ses[] = {{"--token", options->tokens.n_items > 0},
                  {"--verification", options->verification != NULL},
                  {"--region", options->region != NULL},
                  {"--mail-from", options->mail_from != NULL},
                  {"--public-key", options->public_key != NULL},
                  {"--private-key", options->private_key != NULL},
                  {"--profile", options->profile != NULL}};
    for (size_t i = 0; i < sizeof of_ses / sizeof of_ses[0]; i++) {
        if (of_ses[i].given) {
            fprintf(stderr,
                    "dnsconform dkim: %s belongs to Amazon SES; other senders have "
                    "--selector and --target\n",
                    of_ses[i].option);
            return false;
        }
    }
    return true;
}

// The sender that the first target shows, if the user did not say.
static const char *guess_sender(const struct dkim *dkim)
{
    const struct dc_options *options = dkim->options;
    const struct dc_sender *sender =
        options->targets.n_items > 0 && options->selectors.n_items > 0
            ? dc_sender_of_target(options->targets.items[0], options->selectors.items[0],
                                  dkim->subject.domain)
            : NULL;
    return sender != NULL ? sender->id : "generic";
}

static bool set_selectors(struct dkim *dkim)
{
    const struct dc_options *options = dkim->options;
    struct dc_dkim_subject *subject = &dkim->subject;
    subject->method = DC_SELECTORS;
    subject->sender = options->sender != NULL ? options->sender : guess_sender(dkim);
    const struct dc_sender *sender = dc_sender_find(subject->sender);
    bool own = options->selectors.n_items == 0;
    subject->selectors = own ? sender->selectors : options->selectors.items;
    subject->n_selectors = own ? dc_sender_n_selectors(sender) : options->selectors.n_items;
    subject->targets = options->targets.items;
    subject->n_targets = options->targets.n_items;
    if (subject->n_selectors == 0) {
        fprintf(stderr, "dnsconform dkim: give --selector: %s has none that it always uses\n",
                sender->title);
        return false;
    }
    if (subject->n_targets > 0 && subject->n_targets != subject->n_selectors) {
        fprintf(stderr, "dnsconform dkim: %zu --target for %zu selectors: give one for each\n",
                subject->n_targets, subject->n_selectors);
        return false;
    }
    return check_not_ses(options) && check_labels("--selector", &options->selectors) &&
           check_targets(&options->targets);
}

static bool set_ses(struct dkim *dkim)
{
    const struct dc_options *options = dkim->options;
    if (options->tokens.n_items == 0 && options->selector == NULL) {
        fputs("dnsconform dkim: give --token for each token (Easy DKIM), --selector (BYODKIM) or "
              "--sender\n",
              stderr);
        return false;
    }
    if (options->tokens.n_items > 0 && options->selector != NULL) {
        fputs("dnsconform dkim: --token and --selector exclude each other\n", stderr);
        return false;
    }
    dkim->subject.method = options->selector != NULL ? DC_BYODKIM : DC_EASY_DKIM;
    return check_labels("--token", &options->tokens) && check_selector(dkim);
}

static bool set_with(struct dkim *dkim)
{
    static const char *const words[] = {
#define WITH_TEXT(name, bit, text) text,
        DC_WITHS(WITH_TEXT)};
    const struct dc_texts *with = &dkim->options->with;
    for (size_t i = 0; i < with->n_items; i++) {
        unsigned bit = dc_with_parse(with->items[i]);
        const char *near = fdns_suggest(with->items[i], words, sizeof words / sizeof words[0]);
        if (bit == 0 && near != NULL) {
            return complain("--with", with->items[i],
                            fdns_arena_format(dkim->arena, "is none of %s (did you mean \"%s\"?)",
                                              dc_with_list(dkim->arena, ~0U), near));
        }
        if (bit == 0) {
            return complain(
                "--with", with->items[i],
                fdns_arena_format(dkim->arena, "is none of %s", dc_with_list(dkim->arena, ~0U)));
        }
        dkim->subject.with |= bit;
    }
    if ((dkim->subject.with & DC_WITH_MAIL_FROM) && dkim->options->mail_from == NULL) {
        fputs("dnsconform dkim: --with mail-from needs --mail-from NAME\n", stderr);
        return false;
    }
    dkim->subject.mail_from = dkim->options->mail_from;
    dkim->subject.with |= dkim->options->mail_from != NULL ? DC_WITH_MAIL_FROM : 0;
    return dkim->options->mail_from == NULL || check_name("--mail-from", dkim->options->mail_from);
}

static bool set_subject(struct dkim *dkim)
{
    const struct dc_options *options = dkim->options;
    if (options->message != NULL) {
        return dc_message_subject(options, &dkim->subject) &&
               (dkim->subject.domain == NULL || set_domain(dkim, dkim->subject.domain));
    }
    if (options->restart && options->state == NULL) {
        fputs("dnsconform dkim: --restart goes with --state\n", stderr);
        return false;
    }
    if (options->operands.n_items != 1) {
        fputs("dnsconform dkim: name one domain (see --help)\n", stderr);
        return false;
    }
    dkim->subject = (struct dc_dkim_subject){
        .tokens = options->tokens.items,
        .n_tokens = options->tokens.n_items,
        .selector = options->selector,
        .verification = options->verification,
        .region = options->region,
        .account_id = options->account_id,
        // With a history to come, it begins now; without one, nobody knows how it has been so far.
        .has_started = options->state != NULL || options->watch,
        .started_us = now_us(),
        .window_us = options->window_us != 0 ? options->window_us : WINDOW_HOURS * FDNS_US_PER_H,
    };
    return check_sender(options->sender) && set_domain(dkim, options->operands.items[0]) &&
           dc_dkim_keys(options, &dkim->subject) &&
           (wants_selectors(options) ? set_selectors(dkim) : set_ses(dkim)) && set_with(dkim);
}

// ---- the account side ------------------------------------------------------------------------

// ADDRESS[,REGION[,ACCOUNT]]
static bool parse_sender(struct dkim *dkim, const char *text, struct dc_identity *sender)
{
    size_t len = strcspn(text, ",");
    const char *region = text[len] == ',' ? text + len + 1 : "";
    size_t region_len = strcspn(region, ",");
    const char *account_id = region[region_len] == ',' ? region + region_len + 1 : "";
    *sender = (struct dc_identity){.name = fdns_arena_string_n(dkim->arena, text, len),
                                   .region = dkim->subject.region,
                                   .account_id = dkim->subject.account_id};
    if (region_len > 0) {
        sender->region = fdns_arena_string_n(dkim->arena, region, region_len);
    }
    if (*account_id != '\0') {
        sender->account_id = account_id;
    }
    return dc_address_domain(sender->name) != NULL ||
           complain("--from", text, "is no e-mail address");
}

// Those of --from come before those of the file.
static bool add_senders(struct dkim *dkim, struct dc_account *account)
{
    size_t n = dkim->options->senders.n_items;
    struct dc_identity *senders =
        fdns_arena_array(dkim->arena, n + account->n_senders, sizeof *senders);
    for (size_t i = 0; i < n; i++) {
        if (!parse_sender(dkim, dkim->options->senders.items[i], &senders[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < account->n_senders; i++) {
        senders[n++] = account->senders[i];
    }
    account->senders = senders;
    account->n_senders = n;
    return n <= DC_SENDERS_MAX ||
           complain("--from", dkim->options->senders.items[0], "is too many");
}

static bool set_account(struct dkim *dkim)
{
    const struct dc_options *options = dkim->options;
    const struct dc_account *account;
    struct fdns_diags diags;
    if (options->account == NULL && options->senders.n_items == 0) {
        return true;
    }
    fdns_diags_init(&diags);
    if (options->account != NULL) {
        account = dc_account_load(dkim->arena, options->account, &dkim->subject, &diags);
    } else {
        const struct dc_account_reading reading = {
            .arena = dkim->arena, .subject = &dkim->subject, .diags = &diags, .live = true};
        account = dc_account_read(&reading, NULL);
    }
    dc_print_diags(&diags);
    fdns_diags_clear(&diags);
    if (account == NULL) {
        return false;
    }
    struct dc_account *with_senders = fdns_arena_copy(dkim->arena, account, sizeof *with_senders);
    dkim->subject.account = with_senders;
    return add_senders(dkim, with_senders);
}

// ---- how the DNS is reached ----------------------------------------------------------------

static bool parse_address(const char *option, const char *text, struct fdns_address *address)
{
    return fdns_address_parse(text, DNS_PORT, address) == FDNS_OK ||
           complain(option, text, "is no address (192.0.2.1, 192.0.2.1:53 or [2001:db8::1]:53)");
}

static bool set_servers(struct dkim *dkim)
{
    const struct dc_options *options = dkim->options;
    size_t n = options->servers.n_items;
    struct fdns_address *servers = fdns_arena_array(dkim->arena, n, sizeof *servers);
    for (size_t i = 0; i < n; i++) {
        if (!parse_address("--server", options->servers.items[i], &servers[i])) {
            return false;
        }
    }
    dkim->how.servers = servers;
    dkim->how.n_servers = n;
    if (options->resolver != NULL) {
        struct fdns_address *resolver = fdns_arena_alloc(dkim->arena, sizeof *resolver);
        dkim->how.resolver = resolver;
        return parse_address("--resolver", options->resolver, resolver);
    }
    return true;
}

static bool load_map_and_hints(struct dkim *dkim)
{
    const struct dc_options *options = dkim->options;
    struct fdns_diags diags;
    fdns_diags_init(&diags);
    bool good = options->map == NULL || fdns_map_load(&dkim->map, options->map, &diags);
    if (good && options->root_hints != NULL) {
        dkim->how.roots =
            dc_hints_load(dkim->arena, options->root_hints, &dkim->how.n_roots, &diags);
        good = dkim->how.roots != NULL;
    }
    dc_print_diags(&diags);
    fdns_diags_clear(&diags);
    if (good && options->map != NULL && dkim->map.n_entries == 0) {
        // whoever names a map does not mean the public DNS
        fprintf(stderr, "dnsconform dkim: %s names no server; fakedns may not be ready yet\n",
                options->map);
        return false;
    }
    return good;
}

// Without hints: the roots of the map, else those of the public DNS.
static void set_roots(struct dkim *dkim)
{
    if (dkim->how.roots != NULL) {
        return;
    }
    if (dkim->map.n_entries > 0) {
        dkim->how.roots =
            dc_live_mapped_roots(dkim->live, dkim->arena, &dkim->map, &dkim->how.n_roots);
    } else {
        dkim->how.roots = dc_public_roots(dkim->arena, &dkim->how.n_roots);
    }
}

// ---- the state file ------------------------------------------------------------------------

// States before the first visit: those of the file, and new ones.
static bool load_states(struct dkim *dkim)
{
    const char *path = dkim->options->state;
    const char *text;
    const char *why = NULL;
    size_t len;
    dkim->states = dc_dkim_states_new(dkim->arena, &dkim->subject, dkim->subject.started_us);
    if (path == NULL || access(path, F_OK) != 0) {
        return true;
    }
    if (!read_file(dkim, path, STATE_MAX, &text, &len)) {
        return false;
    }
    const struct dc_dkim_state anew = dkim->states[0];
    json_t *json = dc_json_load(dkim->arena, text, len, &why);
    bool good =
        json != NULL && dc_state_read(dkim->arena, json, &dkim->subject, dkim->states, &why);
    json_decref(json);
    if (!good) {
        return complain("--state", path, fdns_arena_format(dkim->arena, "cannot be used: %s", why));
    }
    if (dkim->options->restart) {
        dkim->states[0] = anew;
    }
    return true;
}

static bool write_json(const char *path, json_t *json)
{
    char *text = json_dumps(json, JSON_INDENT(1));
    const char *why = fdns_file_write(path, text, strlen(text));
    free(text);
    json_decref(json);
    if (why != NULL) {
        fprintf(stderr, "dnsconform: %s cannot be written: %s\n", path, why);
    }
    return why == NULL;
}

static bool keep(struct dkim *dkim, const struct dc_dkim_state *before)
{
    const struct dc_options *options = dkim->options;
    bool good = true;
    if (options->state != NULL) {
        good = write_json(options->state, dc_state_json(&dkim->subject, dkim->states));
    }
    if (options->save != NULL) {
        struct dc_saved saved = {
            .subject = dkim->subject,
            .how = dkim->how,
            .states = before,
            .visits_us = dkim->visits_us,
            .n_visits = dkim->n_visits,
        };
        saved.observations = dc_store_sorted(&dkim->store, dkim->arena, &saved.n_observations);
        json_t *document = dc_saved_begin(DC_TOOL);
        dc_saved_add(document, &saved);
        good = write_json(options->save, document) && good;
    }
    return good;
}

// ---- visits --------------------------------------------------------------------------------

static const struct dc_report *visit(struct dkim *dkim)
{
    const char *why = NULL;
    const struct dc_report *report =
        dc_live_dkim(dkim->live, &dkim->subject, &dkim->how, dkim->states, (unsigned)dkim->n_visits,
                     &dkim->store, dkim->arena, &why);
    if (report == NULL) {
        fprintf(stderr, "dnsconform dkim: %s\n", why);
        return NULL;
    }
    dkim->visits_us =
        fdns_arena_grow(dkim->arena, dkim->visits_us, dkim->n_visits, dkim->n_visits + 1,
                        sizeof *dkim->visits_us, &dkim->visits_capacity);
    dkim->visits_us[dkim->n_visits++] = report->at_us;
    return report;
}

// Every set-up has succeeded or failed.
static bool is_settled(const struct dc_report *report)
{
    for (size_t i = 0; i < report->n_set_ups; i++) {
        enum dc_status status = report->set_ups[i].status;
        if (status != DC_STATUS_SUCCESS && status != DC_STATUS_FAILED) {
            return false;
        }
    }
    return report->status == DC_STATUS_SUCCESS || report->status == DC_STATUS_FAILED;
}

static void show_waiting(const struct dkim *dkim, const struct dc_report *report, int64_t wait_us)
{
    if (dkim->options->quiet || !isatty(STDERR_FILENO)) {
        return;
    }
    char wait[FDNS_DURATION_TEXT_MAX];
    time_t now = (time_t)(report->at_us / FDNS_US_PER_S);
    struct tm local;
    char at[16];
    strftime(at, sizeof at, "%H:%M:%S", localtime_r(&now, &local));
    fprintf(stderr, "\r\033[K%s %s, %zu findings; asking again in %s", at,
            dc_status_text(report->status), report->n_findings, fdns_duration_print(wait_us, wait));
    fflush(stderr);
}

static const struct dc_report *watch(struct dkim *dkim, const struct dc_dkim_state *before)
{
    int64_t interval_us = dkim->options->interval_us != 0 ? dkim->options->interval_us
                                                          : DEFAULT_INTERVAL_S * FDNS_US_PER_S;
    const struct dc_report *report = visit(dkim);
    while (dkim->options->watch && report != NULL && !is_settled(report) &&
           dkim->n_visits < MAX_VISITS) {
        show_waiting(dkim, report, interval_us);
        if (!keep(dkim, before)) {
            return NULL;
        }
        dc_live_wait(dkim->live, interval_us);
        report = visit(dkim);
    }
    if (dkim->options->watch && !dkim->options->quiet && isatty(STDERR_FILENO)) {
        fputs("\r\033[K", stderr);
    }
    return report;
}

// ---- the end -------------------------------------------------------------------------------

static const char *add_word(struct dkim *dkim, const char *text, const char *option,
                            const char *value)
{
    struct fdns_buf word;
    if (value == NULL) {
        return text;
    }
    fdns_buf_init(&word, 1024 * 1024);
    dc_escape_shell(&word, value);
    text = fdns_arena_format(dkim->arena, "%s %s %s", text, option, fdns_buf_text(&word));
    fdns_buf_clear(&word);
    return text;
}

static const char *add_all(struct dkim *dkim, const char *text, const char *option,
                           const struct dc_texts *values)
{
    for (size_t i = 0; i < values->n_items; i++) {
        text = add_word(dkim, text, option, values->items[i]);
    }
    return text;
}

static const char *rerun_command(struct dkim *dkim)
{
    const struct dc_options *options = dkim->options;
    const char *text = options->message != NULL
                           ? dc_message_rerun(options)
                           : add_word(dkim, "dnsconform", "dkim", dkim->subject.domain);
    text = add_all(dkim, text, "--token", &options->tokens);
    text = add_all(dkim, text, "--selector", &options->selectors);
    text = add_all(dkim, text, "--target", &options->targets);
    text = add_word(dkim, text, "--verification", options->verification);
    text = add_word(dkim, text, "--region", options->region);
    text = add_word(dkim, text, "--account-id", options->account_id);
    text = add_word(dkim, text, "--sender", options->sender);
    text = add_word(dkim, text, "--public-key", options->public_key);
    text = add_word(dkim, text, "--private-key", options->private_key);
    text = add_word(dkim, text, "--profile", options->profile);
    text = add_word(dkim, text, "--mail-from", options->mail_from);
    text = add_all(dkim, text, "--with", &options->with);
    text = add_all(dkim, text, "--server", &options->servers);
    text = add_word(dkim, text, "--resolver", options->resolver);
    text = add_word(dkim, text, "--account", options->account);
    text = add_all(dkim, text, "--from", &options->senders);
    text = add_word(dkim, text, "--root-hints", options->root_hints);
    text = add_word(dkim, text, "--map", options->map);
    return text;
}

static int check(struct dkim *dkim)
{
    static struct dc_outputs outputs;
    if (!dc_outputs_open(&outputs, dkim->options, 0, rerun_command(dkim))) {
        return DC_EXIT_USAGE;
    }
    set_roots(dkim);
    const struct dc_dkim_state *before =
        dc_dkim_states_copy(dkim->arena, &dkim->subject, dkim->states);
    const struct dc_report *report = watch(dkim, before);
    int status = DC_EXIT_INTERNAL;
    if (report != NULL) {
        bool written = dc_outputs_report(&outputs, report);
        written = keep(dkim, before) && written;
        status = written ? dc_report_exit(dkim->options, report) : DC_EXIT_USAGE;
    }
    dc_outputs_close(&outputs);
    return status;
}

static int dkim(const struct dc_options *options)
{
    struct dkim dkim = {.options = options, .arena = options->arena};
    int status = DC_EXIT_USAGE;
    if (options->lint) {
        return dc_dkim_lint(options);
    }
    fdns_map_init(&dkim.map);
    dc_store_init(&dkim.store);
    if (set_subject(&dkim) && set_servers(&dkim) && load_map_and_hints(&dkim) &&
        set_account(&dkim) && load_states(&dkim)) {
        struct dc_live_options asking = {
            .map = &dkim.map,
            .allow_real = true,
            .timeout_us = options->timeout_us,
            .retries = options->has_retries ? (unsigned)options->retries : DEFAULT_RETRIES,
            .qps = options->qps != 0 ? (unsigned)options->qps
                                     : (options->map != NULL ? QPS_MAPPED : QPS_REAL),
        };
        dkim.live = dc_live_new(&asking);
        status = check(&dkim);
        dc_live_free(dkim.live);
    }
    dc_store_clear(&dkim.store);
    fdns_map_clear(&dkim.map);
    return status;
}

const struct dc_command_row dc_command_dkim = {
    .name = "dkim",
    .bit = DC_CMD_DKIM,
    .operands = "DOMAIN | --message FILE [DOMAIN]",
    .doc = "Check the DKIM set-up of a domain, or the signatures of a message: on the real DNS, or "
           "on a running fakedns.",
    .run = dkim,
};
