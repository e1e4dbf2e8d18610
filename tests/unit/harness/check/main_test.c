#include "unit/harness.h"

extern const struct suite suite_account, suite_catalogue, suite_dkim_check, suite_dkim_input,
    suite_dkim_parts, suite_dkim_servers, suite_dkim_text, suite_dkim_wire, suite_look,
    suite_message, suite_neighbour, suite_report, suite_sender;

static const struct suite *const suites[] = {
    &suite_account,      &suite_catalogue, &suite_dkim_check, &suite_dkim_input, &suite_dkim_parts,
    &suite_dkim_servers, &suite_dkim_text, &suite_dkim_wire,  &suite_look,       &suite_message,
    &suite_neighbour,    &suite_report,    &suite_sender};

int main(int argc, char **argv)
{
    return run_suites(suites, sizeof suites / sizeof suites[0], argc, argv);
}
