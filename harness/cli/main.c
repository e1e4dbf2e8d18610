#include "fakedns/base/suggest.h"
#include "harness/cli/command.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static void print_usage(FILE *out)
{
    fputs("usage: dnsconform COMMAND [OPTION…] [OPERAND…]\n\n", out);
    for (size_t i = 0; i < dc_n_commands; i++) {
        fprintf(out, "  %-8s %s\n", dc_commands[i]->name, dc_commands[i]->doc);
    }
    fputs("\ndnsconform COMMAND --help tells the options of a command.\n", out);
}

static void print_command_help(const struct dc_command_row *command)
{
    printf("usage: dnsconform %s [OPTION…] %s\n\n%s\n\n", command->name, command->operands,
           command->doc);
    dc_options_help(command->bit, stdout);
}

static int unknown_command(const char *word)
{
    enum { MAX = 32 };
    const char *names[MAX];
    size_t n = 0;
    while (n < dc_n_commands && n < MAX) {
        names[n] = dc_commands[n]->name;
        n++;
    }
    const char *near = fdns_suggest(word, names, n);
    fprintf(stderr,
            near != NULL ? "dnsconform: unknown command \"%s\" (did you mean \"%s\"?)\n"
                         : "dnsconform: unknown command \"%s\"\n",
            word, near);
    print_usage(stderr);
    return DC_EXIT_USAGE;
}

static int run_command(const struct dc_command_row *command, int argc, char **argv)
{
    struct fdns_arena arena;
    struct dc_options options;
    fdns_arena_init(&arena, 0);
    int status = DC_EXIT_USAGE;
    if (dc_options_parse(&options, &arena, command->bit, argc, argv, stderr)) {
        if (options.help) {
            print_command_help(command);
            status = DC_EXIT_CONFORMS;
        } else if (options.version) {
            puts(DC_TOOL);
            status = DC_EXIT_CONFORMS;
        } else {
            status = command->run(&options);
        }
    }
    fdns_arena_clear(&arena);
    if (fflush(stdout) != 0 && status < DC_EXIT_USAGE) {
        fputs("dnsconform: cannot write to standard output\n", stderr);
        status = DC_EXIT_USAGE;
    }
    return status;
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        print_usage(stderr);
        return DC_EXIT_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        print_usage(stdout);
        return DC_EXIT_CONFORMS;
    }
    if (strcmp(word, "--version") == 0) {
        puts(DC_TOOL);
        return DC_EXIT_CONFORMS;
    }
    const struct dc_command_row *command = dc_command_row_find(word);
    return command != NULL ? run_command(command, argc - 1, argv + 1) : unknown_command(word);
}
