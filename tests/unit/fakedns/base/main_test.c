#include "unit/harness.h"

extern const struct suite suite_address, suite_clock, suite_diag, suite_duration, suite_file,
    suite_memory, suite_random, suite_suggest;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {
        &suite_address, &suite_clock,  &suite_diag,   &suite_duration,
        &suite_file,    &suite_memory, &suite_random, &suite_suggest,
    };
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
