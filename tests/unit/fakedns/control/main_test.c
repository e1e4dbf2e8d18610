#include "unit/harness.h"

extern const struct suite suite_command;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {&suite_command};
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
