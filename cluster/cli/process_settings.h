/*
 * Process settings: what a node's and a router's settings file have in common, and reading it.
 */
#pragma once

#include "core/env/config.h"
#include "core/env/keys.h"
#include "proto/catalog_watch.h"

#include <stddef.h>

enum { PROCESS_SEEDS_MAX = 5 };

#define PROCESS_SETTINGS                                                                           \
    {"name", CONFIG_TEXT, NULL, true, 0, 0, "unique in the cluster; also the name of its key"},    \
        {"region", CONFIG_TEXT, NULL, true, 0, 0, "such as us-east-1"},                            \
        {"catalog",                                                                                \
         CONFIG_LIST,                                                                              \
         NULL,                                                                                     \
         true,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "the node that holds the catalog, as name@host:port"},                                    \
        {"secret_key",                                                                             \
         CONFIG_TEXT,                                                                              \
         NULL,                                                                                     \
         true,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "file with this process's secret key, from `graticule admin keygen`"},                    \
    {                                                                                              \
        "known_keys", CONFIG_TEXT, NULL, true, 0, 0,                                               \
            "file with the public keys of all processes of the cluster"                            \
    }

struct process_settings {
    struct config *config;
    struct env_keys *keys;
    struct catalog_seed seeds[PROCESS_SEEDS_MAX];
    size_t seed_count;
    char *seed_texts[PROCESS_SEEDS_MAX];
};

/* Appends what is wrong with the settings beyond their types. NULL: nothing more can be. */
typedef void (*settings_check_fn)(const struct config *config, struct buffer *mistakes);

/*
 * Reads `--config FILE` of the command's arguments, the file and the keys that it names. On a
 * mistake tells it on stderr, and returns what the process exits with; EXIT_DONE means go on, and
 * -1 that only help was asked for.
 */
int process_settings_read(int argument_count, char **arguments, const struct config_table *table,
                          settings_check_fn check_fn, struct process_settings *out_settings);
void process_settings_deinit(struct process_settings *settings);
