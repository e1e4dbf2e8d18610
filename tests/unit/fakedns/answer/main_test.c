#include "unit/harness.h"

extern const struct suite suite_trigger, suite_effect, suite_run, suite_send, suite_tcp,
    suite_transfer;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {&suite_trigger, &suite_effect, &suite_run,
                                                 &suite_send,    &suite_tcp,    &suite_transfer};
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
