#include "unit/harness.h"

extern const struct suite suite_honest, suite_chain, suite_edit, suite_sign, suite_text, suite_zone;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {
        &suite_chain, &suite_edit, &suite_honest, &suite_sign, &suite_text, &suite_zone,
    };
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
