#include "harness/cli/verdict_exit.h"

#include <string.h>

// The input is wrong, so that there was nothing to ask for.
static bool is_about_input(const struct dc_report *report)
{
    for (size_t i = 0; i < report->n_findings; i++) {
        if (strncmp(report->findings[i].id, "input/", strlen("input/")) == 0) {
            return true;
        }
    }
    return false;
}

// Questions were asked, and none was answered. A message may need none.
static bool nothing_answered(const struct dc_report *report)
{
    if (report->n_observations == 0 && (report->signatures != NULL || is_about_input(report))) {
        return false;
    }
    for (size_t i = 0; i < report->n_observations; i++) {
        if (report->observations[i]->outcome == DC_ANSWERED) {
            return false;
        }
    }
    return true;
}

int dc_findings_exit(const struct dc_options *options, const struct dc_report *report)
{
    enum dc_level level = options->fail_on == DC_FAIL_ON_WARNING ? DC_WARNING : DC_ERROR;
    for (size_t i = 0; options->fail_on != DC_FAIL_ON_NEVER && i < report->n_findings; i++) {
        if (report->findings[i].level <= level) {
            return DC_EXIT_DOES_NOT;
        }
    }
    return DC_EXIT_CONFORMS;
}

int dc_report_exit(const struct dc_options *options, const struct dc_report *report)
{
    if (nothing_answered(report)) {
        return DC_EXIT_COULD_NOT_TEST;
    }
    if (options->fail_on == DC_FAIL_ON_NEVER) {
        return DC_EXIT_CONFORMS;
    }
    for (size_t i = 0; i < report->n_set_ups; i++) {
        if (report->set_ups[i].status != DC_STATUS_SUCCESS) {
            return DC_EXIT_DOES_NOT;
        }
    }
    return report->status == DC_STATUS_SUCCESS ? dc_findings_exit(options, report)
                                               : DC_EXIT_DOES_NOT;
}
