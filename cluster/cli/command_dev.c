#include "cluster/cli/commands.h"

#include "cluster/cli/access.h"
#include "cluster/cli/dev_arguments.h"
#include "cluster/cli/draining.h"
#include "cluster/cli/node_parts.h"
#include "cluster/cli/router_parts.h"
#include "cluster/cli/stopping.h"
#include "cluster/cli/turn_watch.h"
#include "core/env/env_uv.h"

#include <stdio.h>
#include <unistd.h>

/*
 * `graticule dev`: every role of one or more regions in one process and on one loop. A hop between
 * roles is a queue in memory. Regions are independent of one another.
 */

enum {
    LOOK_US = 1000,
    NAME_SIZE = 64,
    PATH_SIZE = 4096,
    WORKERS_PER_NODE = 4,
    CHECKPOINT_BYTES = 16 << 20, /* a restart replays no more, and is ready in 300 ms */
};

struct dev_region {
    struct node *nodes[DEV_NODES_MAX];
    struct catalog_seed seed;
    char seed_name[NAME_SIZE];
    char seed_address[NAME_SIZE];
    char router_name[NAME_SIZE];
    char endpoint[NAME_SIZE];
};

struct dev {
    struct dev_arguments arguments;
    struct env *env;
    struct credentials *credentials;
    struct access_tls tls;
    struct dev_region regions[DEV_REGIONS_MAX];
    struct router_parts routers[DEV_REGIONS_MAX];
    struct env_timer look_timer;
    struct turn_watch turn_watch;
    struct draining draining;
    size_t checkpoint_count; /* under way, when stopping */
};

/* The ring of a region is cut for good. */
static enum status tablet_count_check(const struct dev_arguments *arguments,
                                      const struct node *node)
{
    uint32_t tablet_count = node_tablet_count(node);
    if (!arguments->has_tablet_count || tablet_count == 0 ||
        tablet_count == arguments->tablet_count)
        return STATUS_OK;
    fprintf(stderr, "graticule: %s has regions of %u tablets, not of --tablets %u\n",
            arguments->data_path, tablet_count, arguments->tablet_count);
    return STATUS_INVALID;
}

static enum status node_start(struct dev *dev, size_t region, size_t position)
{
    const struct dev_arguments *arguments = &dev->arguments;
    char name[NAME_SIZE], address[NAME_SIZE + 8], path[PATH_SIZE];
    snprintf(name, sizeof name, "%s-n%zu", arguments->regions[region], position + 1);
    snprintf(address, sizeof address, "local:%s", name);
    int size = snprintf(path, sizeof path, "%s/%s/n%zu", arguments->data_path,
                        arguments->regions[region], position + 1);
    if (size < 0 || size >= PATH_SIZE)
        return STATUS_TOO_LARGE;
    struct node_options options = {
        .env = dev->env,
        .data_path = path,
        .name = name,
        .address = address,
        .region = arguments->regions[region],
        .host = name,
        .seeds = &dev->regions[region].seed,
        .seed_count = 1,
        .holds_catalog = position == 0,
        .tablet_count = arguments->tablet_count,
        .node_count = (uint32_t)arguments->node_count,
        .durability = arguments->is_relaxed ? LOG_DURABILITY_RELAXED : LOG_DURABILITY_SYNC,
        .checkpoint_bytes = CHECKPOINT_BYTES,
    };
    TRY(node_parts_create(&options, &(struct node_storage){0},
                          &dev->regions[region].nodes[position]));
    return tablet_count_check(arguments, dev->regions[region].nodes[position]);
}

static enum status router_start(struct dev *dev, size_t region)
{
    const struct dev_arguments *arguments = &dev->arguments;
    struct dev_region *self = &dev->regions[region];
    uint16_t port = arguments->port == 0 ? 0 : (uint16_t)(arguments->port + region);
    snprintf(self->router_name, sizeof self->router_name, "%s-r1", arguments->regions[region]);
    if (port != 0)
        snprintf(self->endpoint, sizeof self->endpoint, "127.0.0.1:%u", port);
    struct router_options router_options = {
        .env = dev->env,
        .name = self->router_name,
        .region = arguments->regions[region],
        .account_id = arguments->account_id,
        .seeds = &self->seed,
        .seed_count = 1,
        .credentials = dev->credentials,
        .endpoint = self->endpoint,
    };
    struct http_server_options http_options = {
        .host = "127.0.0.1",
        .port = port,
        .tls_certificate = dev->tls.is_on ? (const char *)dev->tls.certificate.bytes : NULL,
        .tls_key = dev->tls.is_on ? (const char *)dev->tls.key.bytes : NULL,
    };
    return router_parts_create(&router_options, &http_options, &dev->routers[region]);
}

/* Nodes that hold tablets and are not started would leave their items unserved. */
static enum status region_check(const struct dev *dev, size_t region)
{
    char path[PATH_SIZE];
    int size = snprintf(path, sizeof path, "%s/%s/n%zu", dev->arguments.data_path,
                        dev->arguments.regions[region], dev->arguments.node_count + 1);
    if (size < 0 || size >= PATH_SIZE)
        return STATUS_TOO_LARGE;
    if (access(path, F_OK) != 0)
        return STATUS_OK;
    fprintf(stderr, "graticule: %s has more nodes than --nodes %zu\n", dev->arguments.data_path,
            dev->arguments.node_count);
    return STATUS_INVALID;
}

static enum status region_start(struct dev *dev, size_t region)
{
    struct dev_region *self = &dev->regions[region];
    snprintf(self->seed_name, sizeof self->seed_name, "%s-n1", dev->arguments.regions[region]);
    snprintf(self->seed_address, sizeof self->seed_address, "local:%s-n1",
             dev->arguments.regions[region]);
    self->seed = (struct catalog_seed){.name = self->seed_name, .address = self->seed_address};
    TRY(region_check(dev, region));
    for (size_t i = 0; i < dev->arguments.node_count; i++)
        TRY(node_start(dev, region, i));
    return router_start(dev, region);
}

static enum status access_load(struct dev *dev)
{
    const struct dev_arguments *arguments = &dev->arguments;
    TRY(access_load_tls(dev->env, arguments->tls_certificate_path, arguments->tls_key_path,
                        &dev->tls));
    if (arguments->credentials_path != NULL)
        return access_load_credentials(dev->env, arguments->credentials_path, &dev->credentials);
    dev->credentials = credentials_create_any();
    return STATUS_OK;
}

static enum status dev_start(struct dev *dev)
{
    TRY(access_load(dev));
    for (size_t i = 0; i < dev->arguments.region_count; i++)
        TRY(region_start(dev, i));
    return STATUS_OK;
}

static void look(void *context)
{
    struct dev *dev = context;
    bool is_ready = true;
    for (size_t i = 0; i < dev->arguments.region_count; i++) {
        bool nodes_are_ready = true;
        for (size_t j = 0; j < dev->arguments.node_count; j++)
            nodes_are_ready = nodes_are_ready && node_is_ready(dev->regions[i].nodes[j]);
        is_ready = nodes_are_ready && router_parts_announce(&dev->routers[i]) && is_ready;
    }
    if (!is_ready)
        env_timer_start(dev->env, &dev->look_timer, LOOK_US, look, dev);
    else
        turn_watch_start(&dev->turn_watch, dev->env, "dev");
}

static void checkpointed(void *context)
{
    struct dev *dev = context;
    if (--dev->checkpoint_count == 0)
        draining_start(&dev->draining);
}

/* All that has been acknowledged is durable already: the checkpoints spare the next start a replay.
 */
static void stop(void *context)
{
    struct dev *dev = context;
    dev->draining = (struct draining){
        .env = dev->env,
        .routers = dev->routers,
        .router_count = dev->arguments.region_count,
    };
    for (size_t i = 0; i < dev->arguments.region_count; i++)
        for (size_t j = 0; j < dev->arguments.node_count; j++) {
            dev->checkpoint_count++;
            node_checkpoint(dev->regions[i].nodes[j], checkpointed, dev);
        }
}

static void dev_end(struct dev *dev)
{
    turn_watch_stop(&dev->turn_watch);
    env_timer_stop(dev->env, &dev->look_timer);
    for (size_t i = 0; i < dev->arguments.region_count; i++) {
        router_parts_deinit(&dev->routers[i]);
        for (size_t j = 0; j < dev->arguments.node_count; j++)
            node_destroy(dev->regions[i].nodes[j]);
    }
    access_tls_deinit(&dev->tls);
    credentials_destroy(dev->credentials);
    env_uv_finish_works(dev->env);
    env_uv_destroy(dev->env);
}

int command_dev(int argument_count, char **arguments)
{
    static struct dev dev;
    int result = dev_arguments_parse(argument_count, arguments, &dev.arguments);
    if (result != EXIT_DONE)
        return result;
    if (dev.arguments.is_relaxed)
        fputs("graticule: durability is relaxed: writes are acknowledged before they are synced\n",
              stderr);
    struct env_uv_options env_options = {
        .worker_count =
            (unsigned)(dev.arguments.region_count * dev.arguments.node_count * WORKERS_PER_NODE),
    };
    dev.env = env_uv_create(&env_options);
    enum status status = dev_start(&dev);
    if (status == STATUS_OK) {
        stopping_on_signals(dev.env, stop, &dev);
        look(&dev);
        env_uv_run(dev.env);
    }
    dev_end(&dev);
    return status == STATUS_OK ? EXIT_DONE : EXIT_FAILED;
}
