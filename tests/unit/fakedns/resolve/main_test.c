#include "unit/harness.h"

extern const struct suite suite_resolver, suite_cache;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {&suite_cache, &suite_resolver};
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
