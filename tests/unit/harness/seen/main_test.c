#include "unit/harness.h"

extern const struct suite suite_json, suite_observation, suite_question, suite_store;

static const struct suite *const suites[] = {&suite_json, &suite_observation, &suite_question,
                                             &suite_store};

int main(int argc, char **argv)
{
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
