#include "unit/harness.h"

extern const struct suite suite_dig, suite_escape, suite_golden, suite_reporter, suite_result;

static const struct suite *const suites[] = {&suite_dig, &suite_escape, &suite_golden,
                                             &suite_reporter, &suite_result};

int main(int argc, char **argv)
{
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
