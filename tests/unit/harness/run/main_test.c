#include "unit/harness.h"

extern const struct suite suite_command;
extern const struct suite suite_adapter;
extern const struct suite suite_saved;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {&suite_command, &suite_adapter, &suite_saved};
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
