#include "unit/harness.h"

extern const struct suite suite_builder, suite_codes, suite_frame, suite_mutation, suite_name,
    suite_rdata, suite_show, suite_view;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {
        &suite_builder, &suite_codes, &suite_frame, &suite_mutation,
        &suite_name,    &suite_rdata, &suite_show,  &suite_view,
    };
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
