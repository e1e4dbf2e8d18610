// The acceptance test of played time: 360 questions with 36 behaviours, and a checkpoint 72 hours
// later, give one and the same trace in every run.
//
//   played_trace [--hog] [RUNS]     plays RUNS times and compares; prints the trace's hash
//
// The trace is the query log (the order in which servers handled what arrived) and every
// observation with its times, ids and octets. With --hog another process uses up the core that this
// one runs on.

#include "component/stage.h"
#include "component/worlds.h"
#include "fakedns/base/duration.h"
#include "fakedns/base/random.h"
#include "harness/seen/observation_json.h"

#include <CUnit/CUnit.h>
#include <jansson.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct behaviour {
    const char *name;
    const char *server;
    enum dc_transport transport;
    bool conversation;
};

static const struct behaviour behaviours[] = {
    {"a", "192.0.2.1", DC_UDP, false},       {"drop", "192.0.2.1", DC_UDP, false},
    {"once", "192.0.2.2", DC_UDP, false},    {"slow", "2001:db8::1", DC_UDP, false},
    {"late", "192.0.2.2", DC_UDP, false},    {"cut", "192.0.2.1", DC_UDP, false},
    {"cut", "192.0.2.1", DC_TCP, false},     {"fail", "192.0.2.2", DC_UDP, false},
    {"third", "192.0.2.2", DC_UDP, false},   {"a", "192.0.2.3", DC_TCP, false},
    {"reset", "192.0.2.1", DC_TCP, false},   {"half", "192.0.2.2", DC_TCP, false},
    {"stall", "192.0.2.1", DC_TCP, true},    {"wrongid", "192.0.2.1", DC_UDP, false},
    {"shuffle", "192.0.2.2", DC_UDP, false}, {"slow", "192.0.2.1", DC_TCP, true},
    {"drip", "192.0.2.1", DC_TCP, true},     {"slow-drip", "192.0.2.2", DC_TCP, false},
    {"over", "192.0.2.1", DC_TCP, false},    {"rst", "192.0.2.2", DC_TCP, false},
    {"part", "192.0.2.1", DC_TCP, true},     {"long", "192.0.2.2", DC_TCP, false},
    {"short", "192.0.2.1", DC_TCP, false},   {"zero", "192.0.2.2", DC_TCP, true},
    {"a", "192.0.2.4", DC_TCP, false},       {"a", "192.0.2.4", DC_UDP, false},
    {"server", "192.0.2.1", DC_UDP, false},  {"port", "2001:db8::1", DC_UDP, false},
    {"nobody", "192.0.2.1", DC_UDP, false},  {"away", "192.0.2.2", DC_UDP, false},
    {"many", "192.0.2.1", DC_UDP, false},    {"many", "192.0.2.2", DC_TCP, true},
    {"forged", "192.0.2.2", DC_UDP, false},  {"second", "192.0.2.1", DC_UDP, false},
    {"second", "192.0.2.1", DC_TCP, true},   {"pair", "192.0.2.1", DC_TCP, true},
};

enum { N_BEHAVIOURS = sizeof behaviours / sizeof behaviours[0], N_QUESTIONS = 360 };

static void add_steps(struct stage *stage, struct dc_question *question, const char *name)
{
    struct dc_step steps[] = {stage_send(stage, name, FDNS_TYPE_TXT, 1),
                              stage_send(stage, "a.example.com", FDNS_TYPE_TXT, 2),
                              {.kind = DC_STEP_WAIT, .wait_us = 300000},
                              stage_send(stage, "b.example.com", FDNS_TYPE_TXT, 3),
                              {.kind = DC_STEP_HALF_CLOSE},
                              {.kind = DC_STEP_AWAIT, .n_messages = 3}};
    stage_steps(stage, question, steps, sizeof steps / sizeof steps[0]);
}

static const struct dc_question *make_question(struct stage *stage, unsigned i, unsigned visit)
{
    const struct behaviour *behaviour = &behaviours[i % N_BEHAVIOURS];
    char name[64];
    snprintf(name, sizeof name, "%s-%u.example.com", behaviour->name, i);
    struct dc_question *question =
        stage_question(stage, behaviour->server, name, FDNS_TYPE_TXT, behaviour->transport);
    question->visit = visit;
    if (behaviour->conversation)
        add_steps(stage, question, name);
    return question;
}

static void ask_all(struct stage *stage, unsigned visit)
{
    const struct dc_question *questions[N_QUESTIONS];
    for (unsigned i = 0; i < N_QUESTIONS; i++)
        questions[i] = make_question(stage, i, visit);
    stage_ask(stage, questions, N_QUESTIONS);
}

static uint64_t hash_observations(const struct stage *stage, uint64_t hash, FILE *out)
{
    struct fdns_arena arena;
    size_t n = 0;
    fdns_arena_init(&arena, 0);
    const struct dc_observation *const *sorted = dc_store_sorted(&stage->store, &arena, &n);
    for (size_t i = 0; i < n; i++) {
        json_t *json = dc_observation_json(sorted[i], i);
        char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
        hash = fdns_hash(hash, text, strlen(text));
        if (out != NULL)
            fprintf(out, "%s\n", text);
        free(text);
        json_decref(json);
    }
    fdns_arena_clear(&arena);
    return hash;
}

static uint64_t hash_file(const char *path, uint64_t hash, FILE *out)
{
    char chunk[4096];
    size_t n = 0;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        abort();
    struct fdns_buf text;
    fdns_buf_init(&text, 64 << 20);
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0)
        fdns_buf_append(&text, chunk, n);
    fclose(file);
    if (out != NULL)
        fwrite(text.data, 1, text.len, out);
    hash = fdns_hash(hash, text.data, text.len);
    fdns_buf_clear(&text);
    return hash;
}

static uint64_t play_once(FILE *out)
{
    char log[] = "/tmp/dnsconform-trace-XXXXXX";
    struct stage stage;
    struct stage_options options = {.retries = 1, .query_log = log};
    close(mkstemp(log));
    stage_open(&stage, world_of_behaviours, &options);
    ask_all(&stage, 0);
    stage_go_to(&stage, 72 * FDNS_US_PER_H);
    ask_all(&stage, 1);
    uint64_t hash = hash_observations(&stage, 0, out);
    stage_close(&stage);
    hash = hash_file(log, hash, out);
    unlink(log);
    return hash;
}

// ---- a hog on the same core

static pid_t start_hog(void)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0)
        perror("cannot stay on one core");
    pid_t hog = fork();
    volatile unsigned n = 0;
    while (hog == 0)
        n = n + 1;
    return hog;
}

static void stop_hog(pid_t hog)
{
    if (hog <= 0)
        return;
    kill(hog, SIGKILL);
    waitpid(hog, NULL, 0);
}

// ---- runs

static unsigned n_runs = 3;
static int n_different;

static void write_trace(const char *path)
{
    FILE *out = fopen(path, "wb");
    if (out == NULL)
        abort();
    play_once(out);
    fclose(out);
}

static void play_all(void)
{
    uint64_t first = play_once(NULL);
    for (unsigned i = 1; i < n_runs; i++) {
        if (play_once(NULL) != first)
            n_different++;
    }
    printf("trace %016llx in %u runs, %d different\n", (unsigned long long)first, n_runs,
           n_different);
    const char *path = getenv("TRACE_FILE");
    if (path != NULL)
        write_trace(path);
    CU_ASSERT_EQUAL(n_different, 0);
}

int main(int argc, char **argv)
{
    pid_t hog = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--hog") == 0)
            hog = start_hog();
        else
            n_runs = (unsigned)strtoul(argv[i], NULL, 10);
    }
    // The checks that the stage makes need a test to run in.
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("trace", NULL, NULL);
    CU_add_test(suite, "every run is the same", play_all);
    CU_run_all_tests();
    unsigned n_failed = CU_get_number_of_failures();
    for (CU_pFailureRecord record = CU_get_failure_list(); record != NULL; record = record->pNext)
        printf("%s:%u: %s\n", record->strFileName, record->uiLineNumber, record->strCondition);
    CU_cleanup_registry();
    stop_hog(hog);
    return n_failed != 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
