#include "fakedns/reply/plan.h"
#include "fakedns/serve/query_log.h"
#include "unit/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct fdns_query_log *log, const char *rule)
{
    struct fdns_view query = {0};
    struct fdns_exchange exchange = {.client = {.family = FDNS_IPV4}, .query = &query};
    struct fdns_plan plan = {.rule = rule};
    fdns_query_log_add(log, NULL, &exchange, &plan);
}

static void test_ring(void)
{
    struct fdns_query_log *log = fdns_query_log_new();
    fdns_query_log_keep(log, 3);
    CHECK_INT(1, (int64_t)fdns_query_log_kept(log).next);
    CHECK(fdns_query_log_line(log, 1) == NULL);
    for (int i = 0; i < 5; i++) {
        add(log, "r");
    }
    CHECK_INT(3, (int64_t)fdns_query_log_kept(log).first);
    CHECK_INT(6, (int64_t)fdns_query_log_kept(log).next);
    CHECK(fdns_query_log_line(log, 2) == NULL);
    CHECK_CONTAINS("\"n\":3", fdns_query_log_line(log, 3));
    CHECK(fdns_query_log_line(log, 6) == NULL);
    fdns_query_log_forget(log);
    CHECK(fdns_query_log_line(log, 5) == NULL);
    add(log, "r");
    CHECK_CONTAINS("\"n\":1", fdns_query_log_line(log, 1));
    CHECK(fdns_query_log_close(log));
}

// Lines that are long take the place of more lines.
static void test_octets(void)
{
    enum { LONG = 6 << 20 };
    char *name = malloc(LONG + 1);
    struct fdns_query_log *log = fdns_query_log_new();
    memset(name, 'r', LONG);
    name[LONG] = '\0';
    fdns_query_log_keep(log, 100);
    for (int i = 0; i < 5; i++) {
        add(log, name);
    }
    CHECK_INT(4, (int64_t)fdns_query_log_kept(log).first);
    CHECK_INT(6, (int64_t)fdns_query_log_kept(log).next);
    fdns_query_log_close(log);
    free(name);
}

static const struct test tests[] = {
    {"the latest lines are kept, and numbered", test_ring},
    {"octets are bounded too", test_octets},
};
SUITE(kept_log, tests)
