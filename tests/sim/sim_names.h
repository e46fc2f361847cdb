/*
 * The names on a simulated disk: which path leads to which node, now and after a power cut.
 *
 * Every change is made to the present names at once, and waits until it is synced (or a power cut
 * lets it through) to be made to the durable ones. Paths come normalised: see sim_names_path.
 *
 * Ownership: nodes are counted; names hold references of their own.
 */
#pragma once

#include "core/base/random.h"
#include "core/base/status.h"
#include "core/env/env.h"
#include "tests/sim/sim_file.h"

#include <stdbool.h>
#include <stdint.h>

enum { SIM_PATH_SIZE = 512 };

struct sim_disk;

struct sim_node {
    struct sim_disk *disk;
    uint32_t reference_count;
    bool is_directory;
    struct sim_file file;
};

struct sim_node *sim_node_create(struct sim_disk *disk, bool is_directory);
void sim_node_keep(struct sim_node *node);
void sim_node_release(struct sim_node *node);

struct sim_names;

struct sim_names *sim_names_create(void);
void sim_names_destroy(struct sim_names *names);

/* Without empty and "." parts; an absolute path keeps its first '/'. A too long one is a mistake.
 */
void sim_names_path(const char *path, char out_path[SIM_PATH_SIZE]);

/* NULL when the name is not there, and for the root, which has no node. */
struct sim_node *sim_names_get(const struct sim_names *names, const char *path);
bool sim_names_has_directory(const struct sim_names *names, const char *path);

/* The directory that is to hold the name is there. */
bool sim_names_has_parent(const struct sim_names *names, const char *path);

void sim_names_link(struct sim_names *names, const char *path, struct sim_node *node);
void sim_names_unlink(struct sim_names *names, const char *path);
void sim_names_rename(struct sim_names *names, const char *from, const char *to);

void sim_names_list(const struct sim_names *names, const char *directory, env_name_fn name_fn,
                    void *context);

/* Makes the changes in this directory durable. */
void sim_names_sync(struct sim_names *names, const char *directory);
void sim_names_cut_power(struct sim_names *names, struct random *random);
