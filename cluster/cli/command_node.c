#include "cluster/cli/commands.h"

#include "cluster/cli/node_parts.h"
#include "cluster/cli/process_settings.h"
#include "cluster/cli/settings_check.h"
#include "cluster/cli/stopping.h"
#include "cluster/cli/turn_watch.h"
#include "core/catalog/ring.h"
#include "core/env/env_uv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `graticule node`: one storage node. Prints `ready NAME ADDRESS` once it serves what it holds. */

enum { LOOK_US = 5000 };

static const struct config_setting node_settings[] = {
    PROCESS_SETTINGS,
    {"listen", CONFIG_TEXT, NULL, true, 0, 0, "numeric address:port for other processes"},
    {"advertise", CONFIG_TEXT, NULL, false, 0, 0, "where others reach it, if not at `listen`"},
    {"data", CONFIG_TEXT, NULL, true, 0, 0, "directory of its data; belongs to this node alone"},
    {"host", CONFIG_TEXT, NULL, false, 0, 0, "replicas of one tablet go to different hosts"},
    {"zone", CONFIG_TEXT, NULL, false, 0, 0, "and to different zones, if they can"},
    {"tablets", CONFIG_INTEGER, "128", false, 1, RING_TABLETS_MAX,
     "of a new region: a power of two, the same on all catalog nodes, for good"},
    {"nodes", CONFIG_INTEGER, "1", false, 1, 256,
     "of a new region: how many nodes must be there before tablets are placed"},
    {"durability", CONFIG_TEXT, "sync", false, 0, 0,
     "sync: acknowledge after fdatasync; relaxed: before, and lose up to a second at a power cut"},
    {"row_cache", CONFIG_SIZE, "64MB", false, 1 << 20, 0, "rows kept in memory"},
    {"block_cache", CONFIG_SIZE, "64MB", false, 1 << 20, 0, "LevelDB's blocks kept in memory"},
    {"compression", CONFIG_TEXT, "none", false, 0, 0,
     "none; snappy: of tables written from now on, for half the disk and more CPU"},
    {"checkpoint_every", CONFIG_SIZE, "64MB", false, 1 << 20, 0,
     "of log: how much a restart replays at most, about"},
};

static const struct config_table node_table = {
    .settings = node_settings, .count = sizeof node_settings / sizeof *node_settings};

struct process {
    struct env *env;
    struct node *node;
    const char *name;
    const char *address;
    struct env_timer look_timer;
    struct turn_watch turn_watch;
};

static void look(void *context)
{
    struct process *process = context;
    if (!node_is_ready(process->node)) {
        env_timer_start(process->env, &process->look_timer, LOOK_US, look, process);
        return;
    }
    printf("ready %s %s\n", process->name, process->address);
    fflush(stdout);
    turn_watch_start(&process->turn_watch, process->env, process->name);
}

static void checkpointed(void *context)
{
    struct process *process = context;
    env_uv_stop(process->env);
}

/* All that has been acknowledged is durable already: the checkpoint spares the next start a replay.
 */
static void stop(void *context)
{
    struct process *process = context;
    node_checkpoint(process->node, checkpointed, process);
}

static bool holds_catalog(const struct process_settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->seed_count; i++)
        if (strcmp(settings->seeds[i].name, name) == 0)
            return true;
    return false;
}

static struct node_options options_make(const struct process_settings *settings, struct env *env)
{
    const struct config *config = settings->config;
    const char *name = config_text(config, "name");
    bool is_relaxed = strcmp(config_text(config, "durability"), "relaxed") == 0;
    return (struct node_options){
        .env = env,
        .data_path = config_text(config, "data"),
        .name = name,
        .address = config_text(config, "listen"),
        .advertised_address = config_text(config, "advertise"),
        .region = config_text(config, "region"),
        .host = config_text(config, "host"),
        .zone = config_text(config, "zone"),
        .seeds = settings->seeds,
        .seed_count = settings->seed_count,
        .holds_catalog = holds_catalog(settings, name),
        .tablet_count = (uint32_t)config_integer(config, "tablets"),
        .node_count = (uint32_t)config_integer(config, "nodes"),
        .durability = is_relaxed ? LOG_DURABILITY_RELAXED : LOG_DURABILITY_SYNC,
        .row_cache_bytes = config_size(config, "row_cache"),
        .checkpoint_bytes = config_size(config, "checkpoint_every"),
    };
}

static int node_run(const struct process_settings *settings)
{
    struct env_uv_options env_options = {.keys = settings->keys};
    struct process process = {.env = env_uv_create(&env_options)};
    struct node_options options = options_make(settings, process.env);
    if (options.durability == LOG_DURABILITY_RELAXED)
        fputs("graticule: durability is relaxed: writes are acknowledged before they are synced\n",
              stderr);
    process.name = options.name;
    process.address = options.address;
    struct node_storage storage = {
        .block_cache_bytes = config_size(settings->config, "block_cache"),
        .is_compressed = strcmp(config_text(settings->config, "compression"), "snappy") == 0,
    };
    enum status status = node_parts_create(&options, &storage, &process.node);
    if (status == STATUS_OK) {
        stopping_on_signals(process.env, stop, &process);
        look(&process);
        env_uv_run(process.env);
    }
    turn_watch_stop(&process.turn_watch);
    node_destroy(process.node);
    env_timer_stop(process.env, &process.look_timer);
    env_uv_finish_works(process.env);
    env_uv_destroy(process.env);
    return status == STATUS_OK ? EXIT_DONE : EXIT_FAILED;
}

int command_node(int argument_count, char **arguments)
{
    struct process_settings settings;
    int result = process_settings_read(argument_count, arguments, &node_table, settings_check_node,
                                       &settings);
    if (result == EXIT_DONE)
        result = node_run(&settings);
    process_settings_deinit(&settings);
    return result < 0 ? EXIT_DONE : result;
}
