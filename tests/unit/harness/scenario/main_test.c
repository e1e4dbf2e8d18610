#include "unit/harness.h"

extern const struct suite suite_verdict;
extern const struct suite suite_load;

int main(int argc, char **argv)
{
    static const struct suite *const suites[] = {&suite_verdict, &suite_load};
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
