#include "harness/cli/command.h"

#include <string.h>

const struct dc_command_row *const dc_commands[] = {
    &dc_command_dkim,  &dc_command_explain, &dc_command_lint, &dc_command_list,
    &dc_command_merge, &dc_command_replay,  &dc_command_run,
};
const size_t dc_n_commands = sizeof dc_commands / sizeof dc_commands[0];

const struct dc_command_row *dc_command_row_find(const char *name)
{
    for (size_t i = 0; i < dc_n_commands; i++) {
        if (strcmp(dc_commands[i]->name, name) == 0) {
            return dc_commands[i];
        }
    }
    return NULL;
}
