// fakedns: serves the world of a file, or ordinary zone files, until it is told to end.
//
// Exit status: 0 after SIGTERM or SIGINT, 2 for mistakes in usage or files and for busy ports.

#include "fakedns/base/file.h"
#include "fakedns/control/control.h"
#include "fakedns/session/session.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

// ---- options

struct settings {
    const char **zones; // NAME=FILE
    size_t n_zones;
    const char *world;
    const char *testns;
    struct fdns_address listen;
    bool has_listen;
    uint16_t port;
    bool resolver;
    const char *query_log;
    const char *capture;
    double scale;
    uint64_t seed;
    bool manual_clock;
    struct fdns_control_options control;
    const char *token_file;
    char *token;
    const char **saved; // NAME=FILE
    size_t n_saved;
    const char *trust_anchor;
    bool over; // --help or --version have been printed
};

// False after a message that says what is expected.
typedef bool read_fn(struct settings *settings, const char *text);

static bool read_zone(struct settings *settings, const char *text)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || equals[1] == '\0') {
        fprintf(stderr, "fakedns: --zone takes NAME=FILE, not \"%s\"\n", text);
        return false;
    }
    settings->zones[settings->n_zones++] = text;
    return true;
}

static bool read_listen(struct settings *settings, const char *text)
{
    settings->has_listen = true;
    if (fdns_address_parse(text, 0, &settings->listen) == FDNS_OK && settings->listen.port == 0) {
        return true;
    }
    fprintf(stderr, "fakedns: --listen takes an address without a port, not \"%s\"\n", text);
    return false;
}

static bool read_number(const char *text, uint64_t max, uint64_t *number)
{
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > max) {
        return false;
    }
    *number = value;
    return true;
}

static bool read_port(struct settings *settings, const char *text)
{
    uint64_t port = 0;
    if (!read_number(text, UINT16_MAX, &port)) {
        fprintf(stderr, "fakedns: --port takes 0 to 65535, not \"%s\"\n", text);
        return false;
    }
    settings->port = (uint16_t)port;
    return true;
}

static bool read_resolver(struct settings *settings, const char *text)
{
    (void)text;
    settings->resolver = true;
    return true;
}

static bool read_clock(struct settings *settings, const char *text)
{
    settings->manual_clock = strcmp(text, "manual") == 0;
    if (settings->manual_clock || strcmp(text, "real") == 0) {
        return true;
    }
    fprintf(stderr, "fakedns: --clock takes real or manual, not \"%s\"\n", text);
    return false;
}

static bool read_capture(struct settings *settings, const char *text)
{
    settings->capture = text;
    return true;
}

static bool read_control(struct settings *settings, const char *text)
{
    if (settings->control.n_places < FDNS_CONTROL_PLACES) {
        settings->control.places[settings->control.n_places++] = text;
        return true;
    }
    fprintf(stderr, "fakedns: --control may be given %d times\n", FDNS_CONTROL_PLACES);
    return false;
}

static bool read_control_timeout(struct settings *settings, const char *text)
{
    uint64_t seconds = 0;
    if (!read_number(text, 3600, &seconds) || seconds == 0) {
        fprintf(stderr, "fakedns: --control-timeout takes 1 to 3600 seconds, not \"%s\"\n", text);
        return false;
    }
    settings->control.deadline_ms = seconds * 1000;
    return true;
}

static bool read_token_file(struct settings *settings, const char *text)
{
    settings->token_file = text;
    return true;
}

static bool read_query_log(struct settings *settings, const char *text)
{
    settings->query_log = text;
    return true;
}

static bool read_scale(struct settings *settings, const char *text)
{
    char *end = NULL;
    settings->scale = strtod(text, &end);
    if (end != text && *end == '\0' && settings->scale >= 1e-3 && settings->scale <= 1e6) {
        return true;
    }
    fprintf(stderr, "fakedns: --scale takes a number from 0.001 to 1000000, not \"%s\"\n", text);
    return false;
}

static bool read_seed(struct settings *settings, const char *text)
{
    if (read_number(text, UINT64_MAX, &settings->seed)) {
        return true;
    }
    fprintf(stderr, "fakedns: --seed takes a whole number, not \"%s\"\n", text);
    return false;
}

static bool read_saved(struct settings *settings, const char *text)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text || equals[1] == '\0') {
        fprintf(stderr, "fakedns: --save-zone takes NAME=FILE, not \"%s\"\n", text);
        return false;
    }
    settings->saved[settings->n_saved++] = text;
    return true;
}

static bool read_trust_anchor(struct settings *settings, const char *text)
{
    settings->trust_anchor = text;
    return true;
}

static bool read_testns(struct settings *settings, const char *text)
{
    settings->testns = text;
    return true;
}

static bool read_help(struct settings *settings, const char *text);

static bool read_version(struct settings *settings, const char *text)
{
    (void)text;
    settings->over = true;
    puts("fakedns " DNSCONFORM_VERSION);
    return true;
}

static const struct {
    const char *name;
    const char *argument; // NULL: none
    const char *doc;
    read_fn *read;
} options[] = {
    {"capture", "FILE", "write a pcapng file of what is received and sent", read_capture},
    {"clock", "real|manual", "manual: the world's time moves by command only (real)", read_clock},
    {"control", "PLACE", "take commands at unix:PATH or ADDRESS:PORT; may be given again",
     read_control},
    {"control-timeout", "SECONDS", "how long a request may take to arrive (10)",
     read_control_timeout},
    {"control-token-file", "FILE", "what it holds has to be shown by requests over HTTP",
     read_token_file},
    {"help", NULL, "print this and end", read_help},
    {"listen", "ADDRESS", "where to listen (127.0.0.1)", read_listen},
    {"port", "PORT", "port of all servers; several count up 127.0.0.1, 127.0.0.2, …", read_port},
    {"query-log", "FILE", "append a JSON line for every query; - is standard output",
     read_query_log},
    {"resolver", NULL, "offer a recursive front end on an endpoint of its own", read_resolver},
    {"save-zone", "NAME=FILE", "write a zone as it is served at the start; may be given again",
     read_saved},
    {"scale", "FACTOR", "seconds of the world in a real second (1)", read_scale},
    {"seed", "NUMBER", "of random choices that the world makes (0)", read_seed},
    {"testns", "FILE", "answer from a data file of ldns-testns", read_testns},
    {"trust-anchor", "FILE", "write the DS and DNSKEY records that validators start from",
     read_trust_anchor},
    {"version", NULL, "print the version and end", read_version},
    {"zone", "NAME=FILE", "serve an ordinary zone file; may be given again", read_zone},
};
enum { N_OPTIONS = sizeof options / sizeof options[0] };

static bool read_help(struct settings *settings, const char *text)
{
    (void)text;
    settings->over = true;
    puts("usage: fakedns [OPTION…] WORLD.yaml\n"
         "       fakedns [OPTION…] --zone NAME=FILE…\n"
         "       fakedns [OPTION…] --testns FILE\n\n"
         "Serves a world of scripted DNS servers on this machine. Prints a line for each endpoint\n"
         "(server ADDRESS ENDPOINT), then `ready`; SIGTERM ends it.\n");
    for (size_t i = 0; i < N_OPTIONS; i++) {
        char left[40];
        snprintf(left, sizeof left, "--%s %s", options[i].name,
                 options[i].argument != NULL ? options[i].argument : "");
        printf("  %-25s %s\n", left, options[i].doc);
    }
    return true;
}

static bool check_settings(struct settings *settings, int argc, char **argv)
{
    if (settings->over) {
        return true;
    }
    if (optind < argc) {
        settings->world = argv[optind++];
    }
    if (optind < argc) {
        fprintf(stderr, "fakedns: one world at a time, \"%s\" is too much\n", argv[optind]);
        return false;
    }
    int n = (settings->world != NULL) + (settings->n_zones > 0) + (settings->testns != NULL);
    if (n != 1) {
        fprintf(stderr, "fakedns: %s (see fakedns --help)\n",
                n > 1 ? "one of a world file, --zone and --testns"
                      : "a world file is missing, or --zone, or --testns");
        return false;
    }
    if (settings->manual_clock && settings->control.n_places == 0) {
        fputs("fakedns: --clock manual needs --control: nothing else can move the time\n", stderr);
        return false;
    }
    return true;
}

static bool read_settings(struct settings *settings, int argc, char **argv)
{
    struct option longs[N_OPTIONS + 1] = {0};
    for (size_t i = 0; i < N_OPTIONS; i++) {
        longs[i].name = options[i].name;
        longs[i].has_arg = options[i].argument != NULL ? required_argument : no_argument;
        longs[i].val = (int)i + 1;
    }
    for (int found = 0; (found = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        if (found < 1 || found > N_OPTIONS) {
            fprintf(stderr, "see fakedns --help\n");
            return false;
        }
        if (!options[found - 1].read(settings, optarg)) {
            return false;
        }
        if (settings->over) {
            break;
        }
    }
    return check_settings(settings, argc, argv);
}

// ---- files

static bool write_text(const char *path, struct fdns_buf *text)
{
    const char *why =
        text->overflow ? "it would be too large" : fdns_file_write(path, text->data, text->len);
    if (why != NULL) {
        fprintf(stderr, "fakedns: %s cannot be written: %s\n", path, why);
    }
    fdns_buf_clear(text);
    return why == NULL;
}

static bool save_zone(const struct fdns_world *world, const char *assignment)
{
    const char *equals = strchr(assignment, '=');
    char name[FDNS_NAME_TEXT_MAX];
    uint8_t apex[FDNS_NAME_MAX];
    size_t len = (size_t)(equals - assignment);
    const struct fdns_zone *zone = NULL;
    if (len < sizeof name) {
        memcpy(name, assignment, len);
        name[len] = '\0';
        zone =
            fdns_name_parse(name, NULL, apex) == FDNS_OK ? fdns_world_find_zone(world, apex) : NULL;
    }
    if (zone == NULL) {
        fprintf(stderr, "fakedns: --save-zone %s: the world has no such zone\n", assignment);
        return false;
    }
    struct fdns_buf text;
    fdns_buf_init(&text, (size_t)FDNS_ZONE_FILE_MAX * 4);
    fdns_zone_print(zone, &text);
    return write_text(equals + 1, &text);
}

static bool write_files(const struct settings *settings, const struct fdns_world *world)
{
    bool written = true;
    for (size_t i = 0; i < settings->n_saved; i++) {
        written &= save_zone(world, settings->saved[i]);
    }
    if (settings->trust_anchor != NULL) {
        struct fdns_buf text;
        fdns_buf_init(&text, 16 << 20);
        fdns_world_print_anchors(world, &text);
        written &= write_text(settings->trust_anchor, &text);
    }
    return written;
}

// ---- serving

struct program {
    uv_loop_t loop;
    struct fdns_session *session;
    struct fdns_control *control;
    uv_signal_t signals[2];
};

static void end(struct program *program)
{
    if (program->control != NULL) {
        fdns_control_stop(program->control);
    }
    fdns_session_close(program->session, NULL, NULL);
    for (size_t i = 0; i < 2; i++) {
        uv_close((uv_handle_t *)&program->signals[i], NULL);
    }
}

static void on_signal(uv_signal_t *handle, int number)
{
    (void)number;
    end(handle->data);
}

static void catch_signals(struct program *program)
{
    static const int numbers[2] = {SIGTERM, SIGINT};
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < 2; i++) {
        uv_signal_init(&program->loop, &program->signals[i]);
        program->signals[i].data = program;
        uv_signal_start(&program->signals[i], on_signal, numbers[i]);
    }
}

static void announce(const struct program *program)
{
    struct fdns_buf text;
    fdns_buf_init(&text, 16 << 20);
    fdns_map_print(fdns_session_map(program->session), &text);
    fdns_control_print_endpoints(program->control, &text);
    fputs(fdns_buf_text(&text), stdout);
    puts("ready");
    fflush(stdout);
    fdns_buf_clear(&text);
}

static void print_diags(const struct fdns_diags *diags)
{
    struct fdns_buf text;
    fdns_buf_init(&text, 4 << 20);
    fdns_diags_print(diags, 0, &text);
    fputs(fdns_buf_text(&text), stderr);
    fdns_buf_clear(&text);
}

// Prints each line of a text with the program's name before it.
static void print_lines(struct fdns_buf *text)
{
    for (const char *line = fdns_buf_text(text); *line != '\0';) {
        size_t len = strcspn(line, "\n");
        fprintf(stderr, "fakedns: %.*s\n", (int)len, line);
        line += len + (line[len] == '\n');
    }
}

static void open_session(struct program *program, const struct settings *settings)
{
    const struct fdns_session_options wanted = {.loop = &program->loop,
                                                .world_file = settings->world,
                                                .zones = settings->zones,
                                                .n_zones = settings->n_zones,
                                                .testns = settings->testns,
                                                .listen =
                                                    settings->has_listen ? &settings->listen : NULL,
                                                .port = settings->port,
                                                .resolver = settings->resolver,
                                                .scale = settings->scale,
                                                .manual_clock = settings->manual_clock,
                                                .keeps_log = settings->control.n_places > 0,
                                                .seed = settings->seed,
                                                .query_log = settings->query_log,
                                                .capture = settings->capture};
    struct fdns_diags diags;
    struct fdns_buf why;
    fdns_diags_init(&diags);
    fdns_buf_init(&why, 16384);
    program->session = fdns_session_open(&wanted, &diags, NULL, &why);
    print_diags(&diags);
    print_lines(&why);
    fdns_buf_clear(&why);
    fdns_diags_clear(&diags);
}

// The first line of the file. False after a message.
static bool read_token(struct settings *settings)
{
    enum { TOKEN_MIN = 16, TOKEN_MAX = 4096 };
    const char *text = "";
    size_t len = 0;
    struct fdns_arena arena;
    struct fdns_diags diags;
    if (settings->token_file == NULL) {
        return true;
    }
    fdns_arena_init(&arena, 0);
    fdns_diags_init(&diags);
    if (fdns_file_read(&arena, settings->token_file, TOKEN_MAX, &text, &len, &diags)) {
        size_t n = strcspn(text, "\r\n");
        settings->token = strndup(text, n);
        if (n < TOKEN_MIN || strspn(text + n, "\r\n") != len - n ||
            strcspn(settings->token, " \t") != n) {
            fprintf(stderr,
                    "fakedns: %s holds no token: one line of %d octets or more, without "
                    "blanks\n",
                    settings->token_file, TOKEN_MIN);
            free(settings->token);
            settings->token = NULL;
        }
    }
    print_diags(&diags);
    fdns_diags_clear(&diags);
    fdns_arena_clear(&arena);
    settings->control.token = settings->token;
    return settings->token != NULL;
}

static bool start_control(struct program *program, const struct settings *settings)
{
    struct fdns_buf why;
    fdns_buf_init(&why, 16384);
    program->control =
        fdns_control_start(&settings->control, program->session, &program->loop, &why);
    print_lines(&why);
    fdns_buf_clear(&why);
    return program->control != NULL;
}

static int run(struct settings *settings)
{
    struct program program = {0};
    if (!read_token(settings)) {
        return EXIT_USAGE;
    }
    int status = EXIT_USAGE;
    uv_loop_init(&program.loop);
    open_session(&program, settings);
    if (program.session != NULL) {
        catch_signals(&program);
        if (write_files(settings, fdns_session_world(program.session)) &&
            start_control(&program, settings)) {
            announce(&program);
            status = EXIT_SUCCESS;
        } else {
            end(&program);
        }
    }
    uv_run(&program.loop, UV_RUN_DEFAULT);
    uv_loop_close(&program.loop);
    return status;
}

int main(int argc, char **argv)
{
    struct settings settings = {.scale = 1};
    settings.zones = calloc((size_t)argc, sizeof *settings.zones);
    settings.saved = calloc((size_t)argc, sizeof *settings.saved);
    int status = EXIT_USAGE;
    if (settings.zones != NULL && settings.saved != NULL && read_settings(&settings, argc, argv)) {
        status = settings.over ? EXIT_SUCCESS : run(&settings);
    }
    free(settings.token);
    free(settings.zones);
    free(settings.saved);
    return status;
}
