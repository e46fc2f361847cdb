#include "cluster/cli/commands.h"

#include "cluster/cli/admin.h"

#include <stdio.h>
#include <string.h>

/* `graticule admin`: keys, and what a running cluster looks like. */

struct admin_command {
    const char *name;
    int (*run_fn)(int argument_count, char **arguments);
    const char *help;
};

static const struct admin_command admin_commands[] = {
    {"keygen", admin_keygen, "NAME --out DIR: a key pair for a process"},
    {"status", admin_status, "--config FILE: the region's nodes, tables and sizes"},
    {"ring", admin_ring, "--config FILE: the region's tablets, where they are and who leads"},
};

static void usage(FILE *out)
{
    fputs("Usage: graticule admin COMMAND [OPTION]...\n\n", out);
    for (size_t i = 0; i < sizeof admin_commands / sizeof *admin_commands; i++)
        fprintf(out, "  %-8s %s\n", admin_commands[i].name, admin_commands[i].help);
}

int command_admin(int argument_count, char **arguments)
{
    const char *name = argument_count > 1 ? arguments[1] : "";
    if (strcmp(name, "--help") == 0) {
        usage(stdout);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < sizeof admin_commands / sizeof *admin_commands; i++)
        if (strcmp(name, admin_commands[i].name) == 0)
            return admin_commands[i].run_fn(argument_count - 1, arguments + 1);
    usage(stderr);
    return EXIT_USAGE;
}
