#include "unit/harness.h"

extern const struct suite suite_kept_log;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {&suite_kept_log};
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
