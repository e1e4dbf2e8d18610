// What the unit tests share: CUnit with asserts that print both values, and one way to register.
//
// A test file lists its tests in a const table and exports the suite:
//
//   static const struct test tests[] = {{"an empty buffer has no octets", test_empty}, …};
//   SUITE(buf, tests)
//
// The program of a layer (one per folder) finds every suite by the table in its main_test.c:
//
//   int main(int argc, char **argv) { return run_suites(suites, n, argc, argv); }
#pragma once

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test {
    const char *name;
    void (*run)(void);
};

struct suite {
    const char *name;
    const struct test *tests;
    size_t n_tests;
};

#define SUITE(id, table)                                                                           \
    extern const struct suite suite_##id;                                                          \
    const struct suite suite_##id = {#id, table, sizeof(table) / sizeof((table)[0])};

// Runs all suites (argv[1], if given, names one). Returns 0 if at least one test ran and none
// failed: CUnit's own result does not say so.
int run_suites(const struct suite *const *suites, size_t n_suites, int argc, char **argv);

void check_true(bool value, const char *what, const char *file, unsigned line);
void check_int(int64_t expected, int64_t actual, const char *what, const char *file, unsigned line);
void check_text(const char *expected, const char *actual, const char *what, const char *file,
                unsigned line);
void check_octets(const void *expected, size_t n_expected, const void *actual, size_t n_actual,
                  const char *what, const char *file, unsigned line);
// actual contains expected
void check_contains(const char *expected, const char *actual, const char *what, const char *file,
                    unsigned line);

#define CHECK(value) check_true((value), #value, __FILE__, __LINE__)
#define CHECK_INT(expected, actual)                                                                \
    check_int((int64_t)(expected), (int64_t)(actual), #actual, __FILE__, __LINE__)
#define CHECK_TEXT(expected, actual) check_text((expected), (actual), #actual, __FILE__, __LINE__)
#define CHECK_OCTETS(expected, n_expected, actual, n_actual)                                       \
    check_octets((expected), (n_expected), (actual), (n_actual), #actual, __FILE__, __LINE__)
#define CHECK_CONTAINS(expected, actual)                                                           \
    check_contains((expected), (actual), #actual, __FILE__, __LINE__)
