#include "harness/cli/verdict_exit.h"

// Questions were asked, and none was answered. A message may need none.
static bool nothing_answered(const struct dc_report *report)
{
    if (report->signatures != NULL && report->n_observations == 0) {
        return false;
    }
    for (size_t i = 0; i < report->n_observations; i++) {
        if (report->observations[i]->outcome == DC_ANSWERED) {
            return false;
        }
    }
    return true;
}

int dc_report_exit(const struct dc_options *options, const struct dc_report *report)
{
    if (nothing_answered(report)) {
        return DC_EXIT_COULD_NOT_TEST;
    }
    if (options->fail_on == DC_FAIL_ON_NEVER) {
        return DC_EXIT_CONFORMS;
    }
    enum dc_level level = options->fail_on == DC_FAIL_ON_WARNING ? DC_WARNING : DC_ERROR;
    for (size_t i = 0; i < report->n_findings; i++) {
        if (report->findings[i].level <= level) {
            return DC_EXIT_DOES_NOT;
        }
    }
    return report->status == DC_STATUS_SUCCESS ? DC_EXIT_CONFORMS : DC_EXIT_DOES_NOT;
}
