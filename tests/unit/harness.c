#include "unit/harness.h"

#include <CUnit/Basic.h>
#include <stdio.h>
#include <string.h>

static void check(bool good, const char *file, unsigned line, const char *message)
{
    CU_assertImplementation(good ? CU_TRUE : CU_FALSE, line, message, file, "", CU_FALSE);
}

void check_true(bool value, const char *what, const char *file, unsigned line)
{
    check(value, file, line, what);
}

void check_int(int64_t expected, int64_t actual, const char *what, const char *file, unsigned line)
{
    char message[256];
    snprintf(message, sizeof message, "%s: expected %lld, got %lld", what, (long long)expected,
             (long long)actual);
    check(expected == actual, file, line, message);
}

static const char *or_null(const char *text)
{
    return text != NULL ? text : "(null)";
}

void check_text(const char *expected, const char *actual, const char *what, const char *file,
                unsigned line)
{
    bool same =
        expected != NULL && actual != NULL ? strcmp(expected, actual) == 0 : expected == actual;
    char message[4096];
    snprintf(message, sizeof message, "%s: expected \"%s\", got \"%s\"", what, or_null(expected),
             or_null(actual));
    check(same, file, line, message);
}

void check_contains(const char *expected, const char *actual, const char *what, const char *file,
                    unsigned line)
{
    char message[4096];
    snprintf(message, sizeof message, "%s: expected \"%s\" in \"%s\"", what, or_null(expected),
             or_null(actual));
    check(expected != NULL && actual != NULL && strstr(actual, expected) != NULL, file, line,
          message);
}

static void hex(const void *data, size_t n, char *out, size_t room)
{
    const uint8_t *octets = data;
    size_t at = 0;
    for (size_t i = 0; i < n && at + 3 < room; i++) {
        at += (size_t)snprintf(out + at, room - at, "%02x", octets[i]);
    }
    out[at] = '\0';
}

void check_octets(const void *expected, size_t n_expected, const void *actual, size_t n_actual,
                  const char *what, const char *file, unsigned line)
{
    bool same =
        n_expected == n_actual && (n_actual == 0 || memcmp(expected, actual, n_actual) == 0);
    char wanted[1024];
    char got[1024];
    char message[2304];
    hex(expected, n_expected, wanted, sizeof wanted);
    hex(actual, n_actual, got, sizeof got);
    snprintf(message, sizeof message, "%s: expected %zu octets %s, got %zu octets %s", what,
             n_expected, wanted, n_actual, got);
    check(same, file, line, message);
}

static bool add_suite(const struct suite *suite)
{
    CU_pSuite added = CU_add_suite(suite->name, NULL, NULL);
    for (size_t i = 0; added != NULL && i < suite->n_tests; i++) {
        if (CU_add_test(added, suite->tests[i].name, suite->tests[i].run) == NULL) {
            return false;
        }
    }
    return added != NULL;
}

int run_suites(const struct suite *const *suites, size_t n_suites, int argc, char **argv)
{
    const char *only = argc > 1 ? argv[1] : NULL;
    if (CU_initialize_registry() != CUE_SUCCESS) {
        return 2;
    }
    for (size_t i = 0; i < n_suites; i++) {
        if ((only == NULL || strcmp(only, suites[i]->name) == 0) && !add_suite(suites[i])) {
            fprintf(stderr, "cannot register suite %s\n", suites[i]->name);
            return 2;
        }
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    bool good = CU_get_number_of_failures() == 0 && CU_get_number_of_tests_run() > 0;
    CU_cleanup_registry();
    return good ? 0 : 1;
}
