#include "cluster/cli/commands.h"

#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    int (*run_fn)(int argument_count, char **arguments);
    const char *help;
};

static const struct command commands[] = {
    {"dev", command_dev, "every role of one or more regions in one process"},
    {"node", command_node, "one storage node"},
    {"router", command_router, "one router: the DynamoDB endpoint of a region"},
    {"admin", command_admin, "keys, and the state of a cluster"},
};

static void usage(FILE *out)
{
    fputs("Usage: graticule COMMAND [OPTION]...\n\n", out);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].help);
    fputs("\n`graticule COMMAND --help` tells the options of a command.\n", out);
}

int main(int argument_count, char **arguments)
{
    const char *name = argument_count > 1 ? arguments[1] : "";
    if (strcmp(name, "--version") == 0) {
        puts("graticule " GRATICULE_VERSION);
        return EXIT_DONE;
    }
    if (strcmp(name, "--help") == 0) {
        usage(stdout);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(name, commands[i].name) == 0)
            return commands[i].run_fn(argument_count - 1, arguments + 1);
    usage(stderr);
    return EXIT_USAGE;
}
