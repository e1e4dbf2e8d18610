#include "unit/harness.h"

extern const struct suite suite_pattern, suite_build, suite_mistakes, suite_timeline, suite_state,
    suite_rule, suite_sign, suite_value;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {&suite_pattern,  &suite_build, &suite_mistakes,
                                                 &suite_timeline, &suite_rule,  &suite_state,
                                                 &suite_sign,     &suite_value};
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
