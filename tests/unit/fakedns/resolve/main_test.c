#include "unit/harness.h"

extern const struct suite suite_cache, suite_faults, suite_resolver;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {&suite_cache, &suite_faults, &suite_resolver};
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
