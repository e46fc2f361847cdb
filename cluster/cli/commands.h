/*
 * Commands of the program `graticule`: one file each. A command reads its own arguments, and
 * returns what the process exits with.
 */
#pragma once

int command_admin(int argument_count, char **arguments);
int command_dev(int argument_count, char **arguments);
int command_node(int argument_count, char **arguments);
int command_router(int argument_count, char **arguments);

/* What a process exits with. */
enum {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
};
