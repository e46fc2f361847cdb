#include "tests/sim/simulate/cluster.h"

#include "core/base/check.h"
#include "core/base/random.h"
#include "tests/sim/engine_memory.h"
#include "tests/sim/world.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    NAME_SIZE = 16,
    ADDRESS_SIZE = 32,
    STEP_US = 2000,
    REFRESH_US = 1000 * 1000, /* one attempt */
    REFRESH_US_MAX = 20 * 1000 * 1000,
};

/* One machine of a node: its engine's disk, and the process that runs now. */
struct host {
    struct engine_memory_disk *disk;
    uint64_t power_cut_count; /* of those that the disk has felt */
    uint64_t life_count;
    struct node *node;
};

struct cluster {
    struct cluster_options options;
    struct random random;
    struct catalog_seed seed;
    struct host hosts[CLUSTER_NODES_MAX];
    struct cluster_client clients[CLUSTER_CLIENTS_MAX]; /* env NULL: down */
};

struct cluster *cluster_create(const struct cluster_options *options)
{
    CHECK(options->node_count > 0 && options->node_count <= CLUSTER_NODES_MAX);
    CHECK(options->client_count <= CLUSTER_CLIENTS_MAX);
    struct cluster *cluster = memory_alloc_zeroed(sizeof *cluster);
    cluster->options = *options;
    cluster->random = random_of_seed(random_next(world_random(options->world)));
    cluster->seed = (struct catalog_seed){.name = "n0", .address = "n0:0"};
    for (uint32_t i = 0; i < options->node_count; i++)
        cluster->hosts[i].disk = engine_memory_disk_create();
    return cluster;
}

void cluster_destroy(struct cluster *cluster)
{
    if (cluster == NULL)
        return;
    for (uint32_t i = 0; i < cluster->options.node_count; i++) {
        CHECK(cluster->hosts[i].node == NULL);
        engine_memory_disk_destroy(cluster->hosts[i].disk);
    }
    memory_free(cluster);
}

uint32_t cluster_machine_count(const struct cluster *cluster)
{
    return cluster->options.node_count + cluster->options.client_count;
}

/* --- Nodes ----------------------------------------------------------------------------------- */

/* The power of the engine's disk is that of the machine. */
static struct engine *engine_start(struct cluster *cluster, uint32_t number, struct env *env)
{
    struct host *host = &cluster->hosts[number];
    uint64_t count = world_power_cut_count(cluster->options.world, number);
    if (host->power_cut_count != count)
        engine_memory_disk_crash(host->disk, &cluster->random);
    host->power_cut_count = count;
    return engine_memory_open(env, host->disk, &cluster->random);
}

static struct node_options node_options_of(const struct cluster *cluster, uint32_t number)
{
    const struct cluster_options *options = &cluster->options;
    return (struct node_options){
        .data_path = "/data",
        .region = "us-east-1",
        .seeds = &cluster->seed,
        .seed_count = 1,
        .holds_catalog = number == 0,
        .tablet_count = options->tablet_count,
        .node_count = options->node_count,
        .durability = options->durability,
        .segment_size = options->segment_size,
        .row_cache_bytes = options->row_cache_bytes,
        .checkpoint_bytes = options->checkpoint_bytes,
        .tablet_faults = options->tablet_faults,
        .log_faults = options->log_faults,
    };
}

static bool is_of_disk(enum status status)
{
    return status == STATUS_IO || status == STATUS_DISK_FULL;
}

static void node_start(struct cluster *cluster, uint32_t number, struct env *env)
{
    struct host *host = &cluster->hosts[number];
    char name[NAME_SIZE], address[ADDRESS_SIZE];
    uint64_t place = cluster->options.nodes_move && number > 0 ? host->life_count++ : 0;
    snprintf(name, sizeof name, "n%" PRIu32, number);
    snprintf(address, sizeof address, "n%" PRIu32 ":%" PRIu64, number, place);
    struct node_options options = node_options_of(cluster, number);
    options.env = env;
    options.engine = engine_start(cluster, number, env);
    options.name = name;
    options.address = address;
    enum status status = node_create(&options, &host->node);
    if (status == STATUS_OK)
        return;
    host->node = NULL;
    /* A power cut in the midst of it is no finding. */
    bool may_fail = is_of_disk(status) && (env->is_over || cluster->options.has_disk_faults);
    if (!may_fail)
        findings_add(cluster->options.findings, "node %" PRIu32 " does not start: %s", number,
                     status_text(status));
    env_fatal(env, "the node does not start");
}

/* What a node may say when its disk fails. */
static bool is_reason_of_disk(const char *reason)
{
    static const char *const reasons[] = {
        "the node does not start",
        "the node's identity could not be written",
        "the log could not be written",
        "a segment of the log could not be prepared or retired",
        "the engine failed to write",
        "the engine failed to write the catalog",
        "the engine failed to make a checkpoint",
        "the engine failed to delete the rows of a dropped table",
        "the engine failed to forget a dropped table",
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strcmp(reason, reasons[i]) == 0)
            return true;
    return false;
}

static void node_stop(struct cluster *cluster, uint32_t number)
{
    const struct cluster_options *options = &cluster->options;
    const char *reason = world_fatal_reason(options->world, number);
    bool may_end = options->has_disk_faults && reason != NULL && is_reason_of_disk(reason);
    if (reason != NULL && !may_end)
        findings_add(options->findings, "node %" PRIu32 " ended itself: %s", number, reason);
    node_destroy(cluster->hosts[number].node);
    cluster->hosts[number].node = NULL;
}

/* --- Clients --------------------------------------------------------------------------------- */

static void view_changed(void *context)
{
    (void)context; /* Users look at the view whenever they need it. */
}

static void client_start(struct cluster *cluster, uint32_t number, struct env *env)
{
    struct cluster_client *client = &cluster->clients[number];
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "r%" PRIu32, number);
    *client = (struct cluster_client){.number = number, .env = env};
    client->watch = catalog_watch_create(&(struct catalog_watch_options){
        .env = env,
        .own_name = "r",
        .seeds = &cluster->seed,
        .seed_count = 1,
        .changed_fn = view_changed,
    });
    client->peers = peers_create(env, name);
    client->rows = row_client_create(&(struct row_client_options){
        .env = env,
        .watch = client->watch,
        .peers = client->peers,
        .timeout_us = cluster->options.timeout_us,
    });
    client->ranges = range_client_create(
        &(struct tablet_route){.env = client->env, .watch = client->watch, .peers = client->peers});
    if (cluster->options.client_started_fn != NULL)
        cluster->options.client_started_fn(cluster->options.context, client);
}

static void client_stop(struct cluster *cluster, uint32_t number)
{
    struct cluster_client *client = &cluster->clients[number];
    if (cluster->options.client_stopped_fn != NULL)
        cluster->options.client_stopped_fn(cluster->options.context, number);
    catalog_watch_destroy(client->watch);
    peers_destroy(client->peers);
    row_client_destroy(client->rows);
    range_client_destroy(client->ranges);
    *client = (struct cluster_client){0};
}

void cluster_start(void *context, uint32_t machine, struct env *env)
{
    struct cluster *cluster = context;
    uint32_t node_count = cluster->options.node_count;
    if (machine < node_count)
        node_start(cluster, machine, env);
    else
        client_start(cluster, machine - node_count, env);
}

void cluster_stop(void *context, uint32_t machine)
{
    struct cluster *cluster = context;
    uint32_t node_count = cluster->options.node_count;
    if (machine < node_count)
        node_stop(cluster, machine);
    else
        client_stop(cluster, machine - node_count);
}

/* --- Looking at it --------------------------------------------------------------------------- */

struct node *cluster_node(const struct cluster *cluster, uint32_t number)
{
    CHECK(number < cluster->options.node_count);
    return cluster->hosts[number].node;
}

const struct cluster_client *cluster_client(const struct cluster *cluster, uint32_t number)
{
    CHECK(number < cluster->options.client_count);
    const struct cluster_client *client = &cluster->clients[number];
    return client->env == NULL || client->env->is_over ? NULL : client;
}

struct engine_memory_disk *cluster_engine_disk(const struct cluster *cluster, uint32_t number)
{
    CHECK(number < cluster->options.node_count);
    return cluster->hosts[number].disk;
}

/* One client's view being refreshed. */
struct refresh {
    const struct cluster_client *client;
    bool is_done;
};

static void refresh_end(void *context, enum status status)
{
    struct refresh *refresh = context;
    if (status != STATUS_OK)
        catalog_watch_refresh(refresh->client->watch, REFRESH_US, refresh_end, refresh);
    else
        refresh->is_done = true;
}

bool cluster_refresh(const struct cluster *cluster)
{
    uint64_t end_us = world_now_us(cluster->options.world) + REFRESH_US_MAX;
    for (uint32_t i = 0; i < cluster->options.client_count; i++) {
        struct refresh refresh = {.client = cluster_client(cluster, i)};
        CHECK(refresh.client != NULL);
        catalog_watch_refresh(refresh.client->watch, REFRESH_US, refresh_end, &refresh);
        while (!refresh.is_done) {
            if (world_now_us(cluster->options.world) >= end_us)
                return false;
            world_run_for(cluster->options.world, STEP_US);
        }
    }
    return true;
}

static bool nodes_are_ready(const struct cluster *cluster)
{
    size_t serving_count = 0;
    for (uint32_t i = 0; i < cluster->options.node_count; i++) {
        const struct node *node = cluster->hosts[i].node;
        if (!world_is_running(cluster->options.world, i) || node == NULL || !node_is_ready(node))
            return false;
        serving_count += node_serving_count(node);
    }
    return serving_count == cluster->options.tablet_count;
}

bool cluster_is_ready(const struct cluster *cluster)
{
    if (!nodes_are_ready(cluster))
        return false;
    for (uint32_t i = 0; i < cluster->options.client_count; i++) {
        const struct cluster_client *client = cluster_client(cluster, i);
        if (client == NULL)
            return false;
        const struct settings *settings = catalog_view_settings(catalog_watch_view(client->watch));
        if (settings == NULL || !settings->is_serving)
            return false;
    }
    return true;
}
