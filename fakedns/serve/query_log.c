#include "fakedns/serve/query_log.h"

#include "fakedns/base/fatal.h"
#include "fakedns/reply/plan.h"
#include "fakedns/wire/view.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_OCTETS = 16 << 20 };

struct fdns_query_log {
    FILE *file;  // NULL: none
    char **kept; // a ring: the line of number n is at n % n_kept
    size_t n_kept;
    size_t kept_octets;
    uint64_t first, next;
    bool failed; // and said so
};

struct fdns_query_log *fdns_query_log_new(void)
{
    struct fdns_query_log *log = calloc(1, sizeof *log);
    if (log == NULL) {
        fdns_fatal("out of memory");
    }
    log->first = log->next = 1;
    return log;
}

struct fdns_query_log *fdns_query_log_open(const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "ae");
    if (file == NULL) {
        return NULL;
    }
    struct fdns_query_log *log = fdns_query_log_new();
    log->file = file;
    return log;
}

// ---- what is kept

void fdns_query_log_keep(struct fdns_query_log *log, size_t n)
{
    log->n_kept = n;
    log->kept = calloc(n, sizeof *log->kept);
    if (log->kept == NULL) {
        fdns_fatal("out of memory");
    }
}

static void drop_first(struct fdns_query_log *log)
{
    char **place = &log->kept[log->first++ % log->n_kept];
    log->kept_octets -= strlen(*place) + 1;
    free(*place);
    *place = NULL;
}

// Takes the line over.
static void keep_line(struct fdns_query_log *log, char *line)
{
    while (log->next - log->first == log->n_kept ||
           (log->next > log->first && log->kept_octets + strlen(line) + 1 > KEPT_OCTETS)) {
        drop_first(log);
    }
    log->kept_octets += strlen(line) + 1;
    log->kept[log->next++ % log->n_kept] = line;
}

struct fdns_query_log_kept fdns_query_log_kept(const struct fdns_query_log *log)
{
    return (struct fdns_query_log_kept){.first = log->first, .next = log->next};
}

const char *fdns_query_log_line(const struct fdns_query_log *log, uint64_t number)
{
    return number >= log->first && number < log->next ? log->kept[number % log->n_kept] : NULL;
}

void fdns_query_log_forget(struct fdns_query_log *log)
{
    while (log->first < log->next) {
        drop_first(log);
    }
    log->first = log->next = 1;
}

// ---- the file

static void note_failure(struct fdns_query_log *log)
{
    if (!log->failed) {
        fprintf(stderr, "fakedns: the query log cannot be written (%s), serving goes on\n",
                strerror(errno));
    }
    log->failed = true;
}

void fdns_query_log_flush(struct fdns_query_log *log)
{
    if (log->file != NULL && fflush(log->file) != 0) {
        note_failure(log);
    }
}

bool fdns_query_log_close(struct fdns_query_log *log)
{
    fdns_query_log_flush(log);
    if (log->file != NULL && log->file != stdout && fclose(log->file) != 0) {
        note_failure(log);
    }
    bool good = !log->failed;
    fdns_query_log_forget(log);
    free(log->kept);
    free(log);
    return good;
}

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text));
}

static void set_flags(json_t *object, uint16_t flags)
{
    static const struct {
        enum fdns_flag flag;
        const char *word;
    } words[] = {{FDNS_QR, "qr"}, {FDNS_AA, "aa"}, {FDNS_TC, "tc"}, {FDNS_RD, "rd"},
                 {FDNS_RA, "ra"}, {FDNS_Z, "z"},   {FDNS_AD, "ad"}, {FDNS_CD, "cd"}};
    char text[sizeof words / sizeof words[0] * 3 + 1] = "";
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((flags & words[i].flag) == 0) {
            continue;
        }
        if (text[0] != '\0') {
            strcat(text, " ");
        }
        strcat(text, words[i].word);
    }
    set_text(object, "flags", text);
}

static void set_edns(json_t *object, const struct fdns_edns *edns)
{
    if (!edns->present) {
        return;
    }
    json_object_set_new(object, "edns",
                        json_pack("{s:i, s:i, s:b}", "udp", (int)edns->udp_size, "version",
                                  (int)edns->version, "do", (edns->flags & FDNS_EDNS_DO) != 0));
}

static void set_question(json_t *object, const struct fdns_view *query)
{
    uint8_t name[FDNS_NAME_MAX];
    char text[FDNS_NAME_TEXT_MAX];
    char code[FDNS_CODE_TEXT_MAX];
    if (query->n_questions == 0) {
        return;
    }
    const struct fdns_view_question *question = &query->questions[0];
    if (fdns_view_name(query, question->at, name, NULL)) {
        set_text(object, "qname", fdns_name_print(name, text));
    }
    set_text(object, "qtype", fdns_type_print(question->type, code));
    set_text(object, "qclass", fdns_class_print(question->rr_class, code));
}

static void set_query(json_t *object, const struct fdns_view *query)
{
    char code[FDNS_CODE_TEXT_MAX];
    if (query->len < FDNS_HEADER_LEN) {
        return;
    }
    json_object_set_new(object, "id", json_integer(query->id));
    set_flags(object, query->flags);
    set_text(object, "opcode", fdns_opcode_print(fdns_view_opcode(query), code));
    set_edns(object, &query->edns);
    set_question(object, query);
}

static void set_plan(json_t *object, const struct fdns_plan *plan)
{
    char code[FDNS_CODE_TEXT_MAX];
    // A rule's name is what somebody wrote into a file: it may be no UTF-8, then it is left out.
    if (plan->rule != NULL) {
        set_text(object, "rule", plan->rule);
    }
    if (plan->n_steps == 0) {
        return;
    }
    set_text(object, "rcode", fdns_rcode_print(plan->rcode, code));
    json_object_set_new(object, "size", json_integer((json_int_t)plan->size));
}

void fdns_query_log_add(struct fdns_query_log *log, const struct fdns_address *server,
                        const struct fdns_exchange *exchange, const struct fdns_plan *plan)
{
    char text[FDNS_ADDRESS_TEXT_MAX];
    json_t *object = json_object();
    if (object == NULL) {
        fdns_fatal("out of memory");
    }
    json_object_set_new(object, "time_us", json_integer(exchange->now_us));
    set_text(object, "server", server != NULL ? fdns_address_print(server, text) : "resolver");
    set_text(object, "transport", exchange->transport == FDNS_UDP ? "udp" : "tcp");
    set_text(object, "client", fdns_address_print(&exchange->client, text));
    set_query(object, exchange->query);
    set_plan(object, plan);
    if (log->file != NULL &&
        (json_dumpf(object, log->file, JSON_COMPACT) != 0 || fputc('\n', log->file) == EOF)) {
        note_failure(log);
    }
    if (log->n_kept > 0) {
        json_object_set_new(object, "n", json_integer((json_int_t)log->next));
        char *line = json_dumps(object, JSON_COMPACT);
        if (line == NULL) {
            fdns_fatal("out of memory");
        }
        keep_line(log, line);
    }
    json_decref(object);
}
