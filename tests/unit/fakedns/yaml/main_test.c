#include "unit/harness.h"

extern const struct suite suite_mutation, suite_parse, suite_place, suite_schema,
    suite_schema_print;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {&suite_parse, &suite_place, &suite_schema,
                                                 &suite_schema_print, &suite_mutation};
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
