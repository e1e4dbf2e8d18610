#include "harness/cli/options.h"

#include "fakedns/base/duration.h"
#include "harness/check/dkim/profile.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

struct option_row;
// Stores a value; NULL if it is fine, else what is wrong with it.
typedef const char *store_fn(const struct option_row *row, struct dc_options *options,
                             const char *text);

struct option_row {
    const char *name;
    char letter;
    const char *value; // what stands for the value in the help; NULL: takes none
    unsigned commands;
    store_fn *store;
    size_t at; // offset in struct dc_options
    const char *doc;
};

#define AT(field) offsetof(struct dc_options, field)

static void *field(const struct option_row *row, struct dc_options *options)
{
    return (char *)options + row->at;
}

void dc_texts_add(struct fdns_arena *arena, struct dc_texts *texts, const char *text)
{
    texts->items = fdns_arena_grow(arena, texts->items, texts->n_items, texts->n_items + 1,
                                   sizeof *texts->items, &texts->capacity);
    texts->items[texts->n_items++] = text;
}

static const char *store_text(const struct option_row *row, struct dc_options *options,
                              const char *text)
{
    *(const char **)field(row, options) = text;
    return *text != '\0' ? NULL : "is empty";
}

static const char *store_list(const struct option_row *row, struct dc_options *options,
                              const char *text)
{
    dc_texts_add(options->arena, field(row, options), text);
    return *text != '\0' ? NULL : "is empty";
}

// A selector may be empty: what that means is told by the check.
static const char *store_selector(const struct option_row *row, struct dc_options *options,
                                  const char *text)
{
    options->selector = options->selector == NULL ? text : options->selector;
    store_list(row, options, text);
    return NULL;
}

static const char *store_profile(const struct option_row *row, struct dc_options *options,
                                 const char *text)
{
    *(const char **)field(row, options) = text;
    return dc_profile_find(text) != NULL ? NULL : "is none of current, seed";
}

// Words with commas between them.
static const char *store_words(const struct option_row *row, struct dc_options *options,
                               const char *text)
{
    if (*text == '\0') {
        return "is empty";
    }
    for (;; text++) {
        size_t len = strcspn(text, ",");
        dc_texts_add(options->arena, field(row, options),
                     fdns_arena_string_n(options->arena, text, len));
        text += len;
        if (*text == '\0') {
            return NULL;
        }
        if (text[1] == '\0') {
            return "ends with a comma";
        }
    }
}

static const char *store_flag(const struct option_row *row, struct dc_options *options,
                              const char *text)
{
    (void)text;
    *(bool *)field(row, options) = true;
    return NULL;
}

static bool parse_number(const char *text, uint64_t max, uint64_t *number)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value > max) {
        return false;
    }
    *number = value;
    return true;
}

static const char *store_number(const struct option_row *row, struct dc_options *options,
                                const char *text)
{
    return parse_number(text, UINT64_MAX, field(row, options)) ? NULL : "is no whole number";
}

static const char *store_jobs(const struct option_row *row, struct dc_options *options,
                              const char *text)
{
    uint64_t *jobs = field(row, options);
    return parse_number(text, 256, jobs) && *jobs > 0 ? NULL : "is no number from 1 to 256";
}

static const char *store_retries(const struct option_row *row, struct dc_options *options,
                                 const char *text)
{
    options->has_retries = true;
    return parse_number(text, 20, field(row, options)) ? NULL : "is no number from 0 to 20";
}

static const char *store_qps(const struct option_row *row, struct dc_options *options,
                             const char *text)
{
    uint64_t *qps = field(row, options);
    return parse_number(text, 100000, qps) && *qps > 0 ? NULL : "is no number from 1 to 100000";
}

static const char *store_duration(const struct option_row *row, struct dc_options *options,
                                  const char *text)
{
    int64_t *us = field(row, options);
    return fdns_duration_parse(text, us) == FDNS_OK && *us > 0
               ? NULL
               : "is no duration above zero, such as 500ms, 5s or 2m";
}

static const char *store_shard(const struct option_row *row, struct dc_options *options,
                               const char *text)
{
    (void)row;
    char index[24];
    const char *slash = strchr(text, '/');
    size_t len = slash != NULL ? (size_t)(slash - text) : 0;
    if (len == 0 || len >= sizeof index) {
        return "is not of the form 1/4";
    }
    memcpy(index, text, len);
    index[len] = '\0';
    if (!parse_number(index, 10000, &options->shard_index) ||
        !parse_number(slash + 1, 10000, &options->shard_count) || options->shard_index == 0 ||
        options->shard_index > options->shard_count) {
        return "is not of the form 1/4, with the first number from 1 to the second";
    }
    return NULL;
}

// The enums of these options count from 0 in the order of their words.
static bool parse_word(const char *text, const char *const *words, size_t n, unsigned *index)
{
    for (unsigned i = 0; i < n; i++) {
        if (strcmp(text, words[i]) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

static const char *store_fail_on(const struct option_row *row, struct dc_options *options,
                                 const char *text)
{
    static const char *const words[] = {"error", "warning", "never"};
    unsigned index = 0;
    (void)row;
    bool good = parse_word(text, words, sizeof words / sizeof words[0], &index);
    options->fail_on = (enum dc_fail_on)index;
    return good ? NULL : "is none of error, warning, never";
}

static const char *store_colour(const struct option_row *row, struct dc_options *options,
                                const char *text)
{
    static const char *const words[] = {"auto", "always", "never"};
    unsigned index = 0;
    (void)row;
    bool good = parse_word(text, words, sizeof words / sizeof words[0], &index);
    options->colour = (enum dc_colour)index;
    return good ? NULL : "is none of auto, always, never";
}

enum { ASKS = DC_CMD_RUN | DC_CMD_DKIM, REPORTS = ASKS | DC_CMD_REPLAY | DC_CMD_MERGE };

// Sorted by name.
static const struct option_row rows[] = {
    {"account", 0, "FILE", DC_CMD_DKIM, store_text, AT(account),
     "the sender's account side: identities, other Regions and accounts, senders (docs/USAGE.md)"},
    {"account-id", 0, "ID", DC_CMD_DKIM, store_text, AT(account_id),
     "the account that the identity belongs to"},
    {"adapter", 0, "FILE", DC_CMD_RUN, store_text, AT(adapter),
     "how to read the output of --checker (docs/CHECKERS.md); its `command` is the checker if "
     "--checker is not given"},
    {"baseline", 0, "FILE", DC_CMD_RUN, store_text, AT(baseline),
     "a JSON result of an earlier run: fail only for scenarios that were better in it"},
    {"checker", 0, "COMMAND", DC_CMD_RUN, store_text, AT(checker),
     "the checker to try, with {domain} {selector} {tokens} {resolver} {port} {server:NAME} {at} "
     "{state} {map} {message}; without it the built-in one"},
    {"checker-timeout", 0, "TIME", DC_CMD_RUN, store_duration, AT(checker_timeout_us),
     "end a checker command, and all it started, after this time (30s)"},
    {"color", 0, "WHEN", REPORTS, store_colour, AT(colour), "auto, always or never"},
    {"fail-on", 0, "LEVEL", REPORTS, store_fail_on, AT(fail_on),
     "error, warning or never: what makes the exit status 1 (error)"},
    {"filter", 0, "GLOB", DC_CMD_RUN | DC_CMD_LIST, store_list, AT(filters),
     "only scenarios whose path matches; may be repeated"},
    {"format", 0, "NAME[=FILE]", REPORTS, store_list, AT(formats),
     "how to report (dnsconform list formats), to a file or to standard output; may be repeated "
     "(text)"},
    {"from", 0, "ADDRESS[,REGION[,ACCOUNT]]", DC_CMD_DKIM, store_list, AT(senders),
     "say whether mail from this address is signed, by which identity, and which switch to turn; "
     "may be repeated"},
    {"help", 'h', NULL, DC_CMD_ALL, store_flag, AT(help), "this help"},
    {"interval", 0, "TIME", DC_CMD_DKIM, store_duration, AT(interval_us),
     "how long --watch waits between two checks (1m)"},
    {"jobs", 'j', "N", DC_CMD_RUN, store_jobs, AT(jobs),
     "worker processes (one per processor, or 1 with --checker)"},
    {"lint", 0, NULL, DC_CMD_DKIM, store_flag, AT(lint),
     "only judge the selector and the keys that are given, as Amazon SES would take them: no DNS, "
     "and no domain is needed"},
    {"list", 0, NULL, DC_CMD_RUN, store_flag, AT(list), "name the selected scenarios, play none"},
    {"mail-from", 0, "NAME", DC_CMD_DKIM, store_text, AT(mail_from),
     "also check this custom MAIL FROM domain of Amazon SES"},
    {"map", 0, "FILE", DC_CMD_DKIM, store_text, AT(map),
     "which address is reached at which endpoint: the lines that fakedns prints"},
    {"message", 0, "FILE", DC_CMD_DKIM, store_text, AT(message),
     "verify the DKIM signatures of this message (.eml; - is standard input) for the domain in its "
     "From field, or for DOMAIN"},
    {"private-key", 0, "FILE", DC_CMD_DKIM, store_text, AT(private_key),
     "the private key that signs, PEM or base64; - is standard input. It is checked, compared with "
     "the published key, and never kept or shown"},
    {"profile", 0, "NAME", DC_CMD_DKIM, store_profile, AT(profile),
     "current: selector and keys as Amazon SES takes them today (the default with --private-key, "
     "--lint and --sender ses); seed: as its troubleshooting page has them (PKCS #1, 1024 bits, no "
     "hyphens)"},
    {"public-key", 0, "FILE", DC_CMD_DKIM, store_text, AT(public_key),
     "the public key that should be published, PEM or base64; - is standard input"},
    {"qps", 0, "N", ASKS, store_qps, AT(qps),
     "at most so many queries a second to one server (20; in scripted worlds no limit)"},
    {"quiet", 'q', NULL, REPORTS, store_flag, AT(quiet), "no progress, and only what went wrong"},
    {"ref", 0, "REF", DC_CMD_RUN | DC_CMD_LIST, store_list, AT(refs),
     "only scenarios that refer to this requirement (seed:R21, \"RFC 1034 4.3.2\"); may be "
     "repeated"},
    {"region", 0, "NAME", DC_CMD_DKIM, store_text, AT(region),
     "Region of the identity, where it decides the suffix of the CNAME targets"},
    {"resolver", 0, "ADDR[:PORT]", DC_CMD_DKIM, store_text, AT(resolver),
     "a recursive resolver to compare with, and to ask about other zones"},
    {"restart", 0, NULL, DC_CMD_DKIM, store_flag, AT(restart),
     "the set-up has been started again: forget what --state remembers of it"},
    {"retries", 0, "N", ASKS, store_retries, AT(retries), "tries after the first (2)"},
    {"root-hints", 0, "FILE", DC_CMD_DKIM, store_text, AT(root_hints),
     "zone text with the addresses of the root servers (the IANA list)"},
    {"save", 0, "FILE", ASKS, store_text, AT(save),
     "keep everything that was seen, for dnsconform replay"},
    {"seed", 0, "N", DC_CMD_RUN, store_number, AT(seed), "what random choices derive from (1)"},
    {"selector", 0, "NAME", DC_CMD_DKIM, store_selector, AT(selectors),
     "selector of a key of your own (BYODKIM), or of another sender; may be repeated there"},
    {"sender", 0, "NAME", DC_CMD_DKIM, store_text, AT(sender),
     "who sends (dnsconform list senders): it decides which records are expected (ses)"},
    {"server", 0, "ADDR[:PORT]", DC_CMD_DKIM, store_list, AT(servers),
     "ask this server about the domain instead of those it is delegated to; may be repeated"},
    {"shard", 0, "I/N", DC_CMD_RUN, store_shard, AT(shard_index),
     "play only every N-th scenario, from the I-th"},
    {"state", 0, "FILE", DC_CMD_DKIM, store_text, AT(state),
     "remembers when the set-up began and last succeeded, so that PENDING, FAILED and revocation "
     "are told apart"},
    {"tag", 0, "WORD", DC_CMD_RUN | DC_CMD_LIST, store_list, AT(tags),
     "only scenarios with this tag; may be repeated"},
    {"target", 0, "NAME", DC_CMD_DKIM, store_list, AT(targets),
     "where the CNAME of a --selector has to lead; give one for each, in their order"},
    {"timeout", 0, "TIME", ASKS, store_duration, AT(timeout_us),
     "how long to wait for an answer, each try (2s)"},
    {"token", 0, "TOKEN", DC_CMD_DKIM, store_list, AT(tokens),
     "a token of Easy DKIM; give each of them"},
    {"verbose", 'v', NULL, REPORTS | DC_CMD_LIST, store_flag, AT(verbose),
     "show what was asked and answered"},
    {"verification", 0, "VALUE", DC_CMD_DKIM, store_text, AT(verification),
     "the value that the TXT record at _amazonses.DOMAIN should have"},
    {"version", 0, NULL, DC_CMD_ALL, store_flag, AT(version), "the version"},
    {"watch", 0, NULL, DC_CMD_DKIM, store_flag, AT(watch),
     "ask again until the set-up has succeeded or failed"},
    {"window", 0, "TIME", DC_CMD_DKIM, store_duration, AT(window_us),
     "how long a set-up may be pending, and its records missing before it is revoked (72h)"},
    {"with", 0, "WORDS", DC_CMD_DKIM, store_words, AT(with),
     "also check mail-from, spf, dmarc (some of them, with commas); the status stays that of DKIM"},
};
enum { N_ROWS = sizeof rows / sizeof rows[0] };

struct getopt_tables {
    struct option longs[N_ROWS + 1];
    char shorts[2 * N_ROWS + 2];
};

static void make_tables(enum dc_command_bit command, struct getopt_tables *tables)
{
    size_t n_longs = 0;
    size_t n_shorts = 0;
    memset(tables, 0, sizeof *tables);
    tables->shorts[n_shorts++] = ':';
    for (int i = 0; i < N_ROWS; i++) {
        if ((rows[i].commands & command) == 0) {
            continue;
        }
        int has_value = rows[i].value != NULL ? required_argument : no_argument;
        tables->longs[n_longs++] = (struct option){rows[i].name, has_value, NULL, 256 + i};
        if (rows[i].letter != 0) {
            tables->shorts[n_shorts++] = rows[i].letter;
            if (has_value != no_argument) {
                tables->shorts[n_shorts++] = ':';
            }
        }
    }
}

static const struct option_row *row_of(int code)
{
    for (int i = 0; i < N_ROWS; i++) {
        if (code == 256 + i || (code != 0 && code == rows[i].letter)) {
            return &rows[i];
        }
    }
    return NULL;
}

static bool refuse(FILE *err, int code, char **argv)
{
    const char *given = argv[optind - 1];
    if (code == ':') {
        fprintf(err, "dnsconform: %s needs a value\n", given);
    } else if (optopt >= 256) {
        fprintf(err, "dnsconform: --%s takes no value\n", rows[optopt - 256].name);
    } else if (optopt != 0) {
        fprintf(err, "dnsconform: unknown option -%c (see --help)\n", optopt);
    } else {
        fprintf(err, "dnsconform: unknown option %s (see --help)\n", given);
    }
    return false;
}

bool dc_options_parse(struct dc_options *options, struct fdns_arena *arena,
                      enum dc_command_bit command, int argc, char **argv, FILE *err)
{
    *options = (struct dc_options){.arena = arena, .seed = 1};
    struct getopt_tables tables;
    make_tables(command, &tables);
    optind = 0;
    opterr = 0;
    for (;;) {
        int code = getopt_long(argc, argv, tables.shorts, tables.longs, NULL);
        if (code == -1) {
            break;
        }
        const struct option_row *row = code != '?' && code != ':' ? row_of(code) : NULL;
        if (row == NULL) {
            return refuse(err, code, argv);
        }
        const char *wrong = row->store(row, options, optarg != NULL ? optarg : "");
        if (wrong != NULL) {
            fprintf(err, "dnsconform: --%s: \"%s\" %s\n", row->name, optarg, wrong);
            return false;
        }
    }
    for (int i = optind; i < argc; i++) {
        dc_texts_add(arena, &options->operands, argv[i]);
    }
    return true;
}

// Words of doc, wrapped at 78 columns behind an indentation.
static void print_wrapped(const char *doc, FILE *out)
{
    enum { INDENT = 26, WIDTH = 78 };
    size_t column = INDENT;
    for (const char *word = doc; *word != '\0';) {
        size_t len = strcspn(word, " ");
        if (column > INDENT && column + 1 + len > WIDTH) {
            fprintf(out, "\n%*s", INDENT, "");
            column = INDENT;
        }
        column += (size_t)fprintf(out, "%s%.*s", column > INDENT ? " " : "", (int)len, word);
        word += len + strspn(word + len, " ");
    }
    fputc('\n', out);
}

void dc_options_help(enum dc_command_bit command, FILE *out)
{
    for (int i = 0; i < N_ROWS; i++) {
        if ((rows[i].commands & command) == 0) {
            continue;
        }
        char left[64];
        snprintf(left, sizeof left, "  %c%c%s--%s %s", rows[i].letter != 0 ? '-' : ' ',
                 rows[i].letter != 0 ? rows[i].letter : ' ', rows[i].letter != 0 ? ", " : "  ",
                 rows[i].name, rows[i].value != NULL ? rows[i].value : "");
        if (strlen(left) >= 26) {
            fprintf(out, "%s\n%*s", left, 26, "");
        } else {
            fprintf(out, "%-26s", left);
        }
        print_wrapped(rows[i].doc, out);
    }
}

const char *dc_options_name(enum dc_command_bit command, size_t i)
{
    for (int row = 0; row < N_ROWS; row++) {
        if ((rows[row].commands & command) != 0 && i-- == 0) {
            return rows[row].name;
        }
    }
    return NULL;
}
