#include "unit/harness.h"

extern const struct suite suite_played, suite_real, suite_flight;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {&suite_flight, &suite_played, &suite_real};
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
