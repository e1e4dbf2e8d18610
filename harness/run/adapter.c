#include "harness/run/adapter.h"

#include "fakedns/base/fatal.h"
#include "harness/scenario/checker_fault.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

struct pattern {
    regex_t regex;
    const char *const *ids;
    size_t n_ids;
    enum dc_status status;
};

struct exit_rule {
    int status; // -1: other
    enum dc_exit_meaning meaning;
};

struct dc_adapter {
    struct fdns_arena arena;
    const char *command;
    bool each_token;
    struct exit_rule *exits;
    size_t n_exits;
    struct pattern *findings;
    size_t n_findings;
    struct pattern *statuses;
    size_t n_statuses;
};

static const char *check_regex(struct fdns_arena *arena, const char *text, size_t len)
{
    regex_t regex;
    (void)len;
    int error = regcomp(&regex, text, REG_EXTENDED | REG_NEWLINE);
    if (error == 0) {
        regfree(&regex);
        return NULL;
    }
    char why[128];
    regerror(error, NULL, why, sizeof why);
    return fdns_arena_format(arena, "not a regular expression: %s", why);
}

static const char *check_exit(struct fdns_arena *arena, const char *text, size_t len)
{
    (void)arena;
    bool number = len > 0 && len <= 3 && strspn(text, "0123456789") == len && atoi(text) <= 255;
    return number || strcmp(text, "other") == 0 ? NULL : "not an exit status (0 to 255, or other)";
}

static const char *const each_words[] = {"subject", "token"};
static const struct fdns_schema_type type_each = {.kind = FDNS_SCHEMA_WORD,
                                                  .name = "subject or token",
                                                  .words = each_words,
                                                  .n_words = N_OF(each_words)};
static const char *const meanings[] = {"healthy", "fault", "error"};
static const struct fdns_schema_type type_meaning = {
    .kind = FDNS_SCHEMA_WORD, .name = "meaning", .words = meanings, .n_words = N_OF(meanings)};
static const struct fdns_schema_type type_exit_status = {
    .kind = FDNS_SCHEMA_TEXT, .name = "exit status", .check = check_exit};
static const struct fdns_schema_type type_exit = {.kind = FDNS_SCHEMA_MAP,
                                                  .name = "meanings of exit statuses",
                                                  .key = &type_exit_status,
                                                  .item = &type_meaning};
static const struct fdns_schema_type type_regex = {
    .kind = FDNS_SCHEMA_TEXT, .name = "regular expression", .check = check_regex};
static const struct fdns_schema_type type_id_list = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of finding ids", .item = &fdns_type_text, .min = 1};
static const struct fdns_schema_type *const id_choices[] = {&fdns_type_text, &type_id_list};
static const struct fdns_schema_type type_ids = {.kind = FDNS_SCHEMA_EITHER,
                                                 .name = "finding id, or a list of them",
                                                 .choices = id_choices,
                                                 .n_choices = N_OF(id_choices)};
static const struct fdns_schema_key finding_keys[] = {
    {"match", &type_regex, true, "POSIX extended regular expression.", "'record not found'"},
    {"id", &type_ids, true, "What the message can stand for.", "[record/missing-all]"},
};
static const struct fdns_schema_type type_finding = {.kind = FDNS_SCHEMA_RECORD,
                                                     .name = "message of the checker",
                                                     .keys = finding_keys,
                                                     .n_keys = N_OF(finding_keys)};
static const struct fdns_schema_type type_findings = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of messages", .item = &type_finding};
static const char *const status_words[] = {"SUCCESS", "NOT_STARTED", "PENDING", "TEMPORARY_FAILURE",
                                           "FAILED"};
static const struct fdns_schema_type type_status_word = {.kind = FDNS_SCHEMA_WORD,
                                                         .name = "status",
                                                         .words = status_words,
                                                         .n_words = N_OF(status_words)};
static const struct fdns_schema_key status_keys[] = {
    {"match", &type_regex, true, "POSIX extended regular expression.", "'pending'"},
    {"status", &type_status_word, true, "The status it tells.", "PENDING"},
};
static const struct fdns_schema_type type_status = {.kind = FDNS_SCHEMA_RECORD,
                                                    .name = "status message",
                                                    .keys = status_keys,
                                                    .n_keys = N_OF(status_keys)};
static const struct fdns_schema_type type_statuses = {
    .kind = FDNS_SCHEMA_LIST, .name = "list of status messages", .item = &type_status};
static const struct fdns_schema_key adapter_keys[] = {
    {"command", &fdns_type_text, false, "The checker, with placeholders.",
     "opendkim-testkey -d {domain} -s {selector}"},
    {"each", &type_each, false, "Run it once for the subject, or once for each token.", "token"},
    {"exit", &type_exit, false,
     "What exit statuses mean. Without it: 0 is healthy, anything else a fault.",
     "{ 0: healthy, 1: fault, other: error }"},
    {"findings", &type_findings, false, "Messages that name a cause.", NULL},
    {"status", &type_statuses, false, "Messages that name a status.", NULL},
};
const struct fdns_schema_type dc_type_adapter = {
    .kind = FDNS_SCHEMA_RECORD,
    .name = "adapter",
    .doc = "How the output of somebody else's checker is read.",
    .keys = adapter_keys,
    .n_keys = N_OF(adapter_keys)};

static void compile(regex_t *regex, const char *text)
{
    if (regcomp(regex, text, REG_EXTENDED | REG_NEWLINE) != 0) {
        fdns_fatal("a regular expression that its schema accepted does not compile");
    }
}

static void read_exits(struct dc_adapter *adapter, const struct fdns_node *map)
{
    if (map == NULL) {
        return;
    }
    adapter->n_exits = map->n_pairs;
    adapter->exits = fdns_arena_array(&adapter->arena, adapter->n_exits, sizeof *adapter->exits);
    for (size_t i = 0; i < adapter->n_exits; i++) {
        const char *word = map->pairs[i].value->text;
        const char *status = map->pairs[i].key->text;
        adapter->exits[i].status = strcmp(status, "other") == 0 ? -1 : atoi(status);
        for (size_t m = 0; m < N_OF(meanings); m++) {
            if (strcmp(word, meanings[m]) == 0) {
                adapter->exits[i].meaning = (enum dc_exit_meaning)m;
            }
        }
    }
}

static void read_ids(struct dc_adapter *adapter, struct pattern *pattern,
                     const struct fdns_node *node, const struct fdns_source *source,
                     struct fdns_diags *diags)
{
    pattern->n_ids = fdns_node_n(node);
    const char **ids = fdns_arena_array(&adapter->arena, pattern->n_ids, sizeof *ids);
    for (size_t i = 0; i < pattern->n_ids; i++) {
        ids[i] = fdns_node_item(node, i)->text;
        dc_check_finding_id(fdns_node_item(node, i), source, diags);
    }
    pattern->ids = ids;
}

static void read_findings(struct dc_adapter *adapter, const struct fdns_node *list,
                          const struct fdns_source *source, struct fdns_diags *diags)
{
    size_t n = list != NULL ? list->n_items : 0;
    adapter->findings = fdns_arena_array(&adapter->arena, n, sizeof *adapter->findings);
    for (size_t i = 0; i < n; i++) {
        struct pattern *pattern = &adapter->findings[adapter->n_findings++];
        compile(&pattern->regex, fdns_node_text(list->items[i], "match"));
        read_ids(adapter, pattern, fdns_node_find(list->items[i], "id"), source, diags);
    }
}

static void read_statuses(struct dc_adapter *adapter, const struct fdns_node *list)
{
    size_t n = list != NULL ? list->n_items : 0;
    adapter->statuses = fdns_arena_array(&adapter->arena, n, sizeof *adapter->statuses);
    for (size_t i = 0; i < n; i++) {
        struct pattern *pattern = &adapter->statuses[adapter->n_statuses++];
        compile(&pattern->regex, fdns_node_text(list->items[i], "match"));
        dc_status_parse(fdns_node_text(list->items[i], "status"), &pattern->status);
    }
}

// "./check {domain}" in /a/b/adapter.yaml is /a/b/./check {domain}.
static const char *locate_command(struct dc_adapter *adapter, const char *path, const char *command)
{
    const char *slash = strrchr(path, '/');
    size_t program = command != NULL ? strcspn(command, " \t") : 0;
    bool relative = command != NULL && *command != '/' && *command != '"' && *command != '\'' &&
                    memchr(command, '/', program) != NULL;
    if (!relative || slash == NULL) {
        return command;
    }
    return fdns_arena_format(&adapter->arena, "%.*s/%s", (int)(slash - path), path, command);
}

struct dc_adapter *dc_adapter_load(const char *path, struct fdns_diags *diags)
{
    struct dc_adapter *adapter = calloc(1, sizeof *adapter);
    if (adapter == NULL) {
        fdns_fatal("out of memory (%zu octets)", sizeof *adapter);
    }
    fdns_arena_init(&adapter->arena, 0);
    size_t errors_before = diags->n_errors;
    struct fdns_source source;
    const struct fdns_node *root = fdns_yaml_load(&adapter->arena, path, &source, diags);
    if (root != NULL && fdns_schema_check(&dc_type_adapter, root, &source, diags)) {
        const char *each = fdns_node_text(root, "each");
        adapter->command = locate_command(adapter, path, fdns_node_text(root, "command"));
        adapter->each_token = each != NULL && strcmp(each, "token") == 0;
        read_exits(adapter, fdns_node_find(root, "exit"));
        read_findings(adapter, fdns_node_find(root, "findings"), &source, diags);
        read_statuses(adapter, fdns_node_find(root, "status"));
    }
    if (root == NULL || diags->n_errors != errors_before) {
        dc_adapter_free(adapter);
        return NULL;
    }
    return adapter;
}

void dc_adapter_free(struct dc_adapter *adapter)
{
    if (adapter == NULL) {
        return;
    }
    for (size_t i = 0; i < adapter->n_findings; i++) {
        regfree(&adapter->findings[i].regex);
    }
    for (size_t i = 0; i < adapter->n_statuses; i++) {
        regfree(&adapter->statuses[i].regex);
    }
    fdns_arena_clear(&adapter->arena);
    free(adapter);
}

const char *dc_adapter_command(const struct dc_adapter *adapter)
{
    return adapter->command;
}

bool dc_adapter_runs_each_token(const struct dc_adapter *adapter)
{
    return adapter->each_token;
}

static enum dc_exit_meaning meaning_of(const struct dc_adapter *adapter, int status)
{
    for (int pass = 0; adapter != NULL && pass < 2; pass++) {
        int wanted = pass == 0 ? status : -1;
        for (size_t i = 0; i < adapter->n_exits; i++) {
            if (adapter->exits[i].status == wanted) {
                return adapter->exits[i].meaning;
            }
        }
    }
    return status == 0 ? DC_EXIT_HEALTHY : DC_EXIT_FAULT;
}

static bool is_expected(const struct dc_expected_finding *expected, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(expected[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

// Of the causes that one message can stand for, the one that is expected, else the first.
static const char *choose_id(const struct pattern *pattern, const struct dc_checkpoint *checkpoint)
{
    for (size_t i = 0; i < pattern->n_ids; i++) {
        if (is_expected(checkpoint->findings, checkpoint->n_findings, pattern->ids[i])) {
            return pattern->ids[i];
        }
    }
    for (size_t i = 0; i < pattern->n_ids; i++) {
        if (is_expected(checkpoint->also, checkpoint->n_also, pattern->ids[i])) {
            return pattern->ids[i];
        }
    }
    return pattern->ids[0];
}

static void add_finding(struct fdns_arena *arena, struct dc_report *report, const char *id,
                        const char *name)
{
    struct dc_finding *findings = fdns_arena_array(arena, report->n_findings + 1, sizeof *findings);
    if (report->n_findings > 0) {
        memcpy(findings, report->findings, report->n_findings * sizeof *findings);
    }
    const struct dc_finding_row *row = dc_catalogue_find(id);
    findings[report->n_findings++] = (struct dc_finding){
        .id = id, .level = row != NULL ? row->level : DC_ERROR, .row = row, .name = name};
    report->findings = findings;
}

bool dc_adapter_read(const struct dc_adapter *adapter, struct fdns_arena *arena,
                     const struct dc_command_output *output, const struct dc_checkpoint *checkpoint,
                     const char *name, struct dc_report *report, enum dc_status *status,
                     const char **why)
{
    enum dc_exit_meaning meaning = meaning_of(adapter, output->exit_status);
    if (output->exit_status < 0) {
        *why = "the checker was ended by a signal";
        return false;
    }
    if (meaning == DC_EXIT_ERROR) {
        *why = fdns_arena_format(arena, "the checker ended with status %d", output->exit_status);
        return false;
    }
    bool named = false;
    for (size_t i = 0; adapter != NULL && i < adapter->n_findings; i++) {
        const struct pattern *pattern = &adapter->findings[i];
        if (regexec(&pattern->regex, output->text, 0, NULL, 0) == 0) {
            add_finding(arena, report, choose_id(pattern, checkpoint), name);
            named = true;
        }
    }
    if (meaning == DC_EXIT_FAULT && !named) {
        add_finding(arena, report, DC_CHECKER_FAULT, name);
    }
    *status = meaning == DC_EXIT_HEALTHY && !named ? DC_STATUS_SUCCESS : DC_STATUS_UNKNOWN;
    for (size_t i = 0; adapter != NULL && i < adapter->n_statuses; i++) {
        if (regexec(&adapter->statuses[i].regex, output->text, 0, NULL, 0) == 0) {
            *status = adapter->statuses[i].status;
        }
    }
    return true;
}
