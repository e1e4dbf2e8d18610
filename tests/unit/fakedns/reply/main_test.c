#include "unit/harness.h"

extern const struct suite suite_encode, suite_message, suite_odd, suite_reply;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {&suite_encode, &suite_message, &suite_odd,
                                                 &suite_reply};
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
