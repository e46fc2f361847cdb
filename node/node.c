#include "node/node.h"

#include "core/base/arena.h"
#include "core/base/check.h"
#include "core/catalog/region.h"
#include "core/catalog/ring.h"
#include "node/node_private.h"
#include "proto/frame.h"
#include "replication/group/group.h"

#include "proto/schema/catalog.pb-c.h"

#include <stdio.h>

enum {
    ROW_CACHE_BYTES_DEFAULT = 32 << 20,
    REGISTER_TIMEOUT_US = 2000000,
    REGISTER_RETRY_US = 100000,
    CATALOG_INCARNATION = 1,
    PATH_SIZE = 4096,
};

struct tablet *node_tablet(const struct node *node, uint64_t number)
{
    return number < node->tablet_capacity ? node->tablets[number] : NULL;
}

/* --- Tablets --------------------------------------------------------------------------------- */

static void opened(void *context, enum status status)
{
    struct node *node = context;
    node->opening_count--;
    if (status != STATUS_OK)
        env_fatal(node->options.env, "a tablet or the catalog could not be opened");
}

/*
 * A replica begins with its first entry. A power cut may have left the group without it in the log:
 * then nothing of the group was ever acknowledged, and it begins again.
 */
static void replica_begin(struct node *node, struct log_group *log_group)
{
    if (log_group_last_index(log_group) == 0)
        group_bootstrap(node->log, log_group, log_group_incarnation(log_group));
}

static void tablet_open(struct node *node, uint32_t number)
{
    struct tablet_options options = {
        .env = node->options.env,
        .log = node->log,
        .engine = node->engine,
        .applier = node->applier,
        .row_cache = node->row_cache,
        .page_slots = &node->page_slots,
        .tablet = number,
        .tablet_count = node->identity.tablet_count,
        .region_id = region_id_of(slice_of_text(node->region)),
        .is_log_relaxed = node->options.durability == LOG_DURABILITY_RELAXED,
        .faults = node->options.tablet_faults,
    };
    CHECK(number < node->tablet_capacity);
    node->opening_count++;
    node->tablets[number] = tablet_create(&options, opened, node);
}

static void tablets_make_room(struct node *node)
{
    node->tablet_capacity = node->identity.tablet_count;
    node->tablets = memory_alloc_zeroed(node->tablet_capacity * sizeof(struct tablet *));
}

static bool is_placed_here(const struct node *node, const struct tablet_record *tablet,
                           uint64_t *out_incarnation)
{
    for (size_t i = 0; i < tablet->replica_count; i++) {
        *out_incarnation = tablet->replicas[i].incarnation;
        if (tablet->replicas[i].node_id == node->identity.node_id)
            return true;
    }
    return false;
}

static enum status tablet_count_learn(struct node *node, uint32_t tablet_count)
{
    if (node->identity.tablet_count != 0)
        return STATUS_OK;
    if (!ring_is_valid_count(tablet_count))
        return STATUS_CORRUPT;
    node->identity.tablet_count = tablet_count;
    TRY(identity_save(node->options.env, node->data_path, &node->identity));
    tablets_make_room(node);
    return STATUS_OK;
}

void node_tablets_update(struct node *node)
{
    const struct catalog_view *view = catalog_watch_view(node->watch);
    const struct settings *settings = catalog_view_settings(view);
    if (settings == NULL || node->identity.node_id == 0)
        return;
    if (tablet_count_learn(node, settings->tablet_count) != STATUS_OK) {
        env_fatal(node->options.env, "the node's identity could not be written");
        return;
    }
    const struct tablet_record *tablet;
    for (size_t i = 0; (tablet = catalog_view_tablet_at(view, i)) != NULL; i++) {
        uint64_t incarnation;
        bool is_new = is_placed_here(node, tablet, &incarnation) &&
                      tablet->tablet < node->tablet_capacity &&
                      node->tablets[tablet->tablet] == NULL;
        if (!is_new)
            continue;
        struct log_group *log_group =
            log_add_group(node->log, tablet_group_id(tablet->tablet), incarnation);
        replica_begin(node, log_group);
        tablet_open(node, tablet->tablet);
    }
}

/* --- The catalog: watching it, and being known to it ----------------------------------------- */

static void register_send(void *context);

static void register_answer(void *context, const struct rpc_result *result)
{
    struct node *node = context;
    OWNED(arena) arena = arena_create();
    ProtobufCAllocator allocator = frame_allocator(arena);
    const Graticule__Wire__RegisterNodeResponse *response = NULL;
    if (result->outcome == RPC_EXECUTED)
        response = graticule__wire__register_node_response__unpack(&allocator, result->body.size,
                                                                   result->body.bytes);
    if (response != NULL && response->is_taken) {
        env_fatal(node->options.env, "another node that is up has this one's name or address");
        return;
    }
    if (response == NULL || response->node_id == 0) {
        env_timer_start(node->options.env, &node->register_timer, REGISTER_RETRY_US, register_send,
                        node);
        return;
    }
    node->is_registered = true;
    if (node->identity.node_id != response->node_id) {
        node->identity.node_id = response->node_id;
        if (identity_save(node->options.env, node->data_path, &node->identity) != STATUS_OK) {
            env_fatal(node->options.env, "the node's identity could not be written");
            return;
        }
    }
    node_tablets_update(node);
}

static void register_send(void *context)
{
    struct node *node = context;
    Graticule__Wire__RegisterNode request = GRATICULE__WIRE__REGISTER_NODE__INIT;
    request.name = node->name;
    request.address = node->advertised_address;
    request.host = node->host;
    request.zone = node->zone;
    request.instance = node->identity.instance;
    request.node_id = node->identity.node_id;
    SCOPED(buffer) body;
    buffer_init(&body);
    frame_pack(&request.base, &body);
    catalog_watch_call(node->watch, RPC_CATALOG_REGISTER_NODE, buffer_slice(&body),
                       REGISTER_TIMEOUT_US, register_answer, node);
}

static void view_changed(void *context)
{
    struct node *node = context;
    node->has_view = true;
    node_tablets_update(node);
}

/* --- Calls ----------------------------------------------------------------------------------- */

static void catalog_service_call(struct node *node, struct rpc_call *call)
{
    if (node->catalog == NULL)
        rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_NOT_LEADER, (struct slice){0});
    else
        catalog_call(node->catalog, call);
}

static void call_take(void *context, struct rpc_call *call)
{
    struct node *node = context;
    if (rpc_call_deadline_us(call) <= env_boot_us(node->options.env)) {
        rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_TIME, (struct slice){0});
        return;
    }
    switch (rpc_call_method(call)) {
    case RPC_READ:
    case RPC_READ_PAGE:
    case RPC_WRITE:
    case RPC_CONFIGURE_TABLE:
        data_service_call(node, call);
        return;
    case RPC_PREPARE_TABLETS:
    case RPC_NODE_STATUS:
        admin_service_call(node, call);
        return;
    case RPC_CATALOG_WATCH:
    case RPC_CATALOG_REGISTER_NODE:
    case RPC_CATALOG_CREATE_TABLE:
    case RPC_CATALOG_DELETE_TABLE:
    case RPC_CATALOG_CHANGE_TABLE:
        catalog_service_call(node, call);
        return;
    }
    rpc_call_answer(call, RPC_NOT_EXECUTED, RPC_REASON_MALFORMED, (struct slice){0});
}

/* --- Life ------------------------------------------------------------------------------------ */

static void synced(void *context, uint64_t lsn)
{
    struct node *node = context;
    if (node->catalog != NULL)
        catalog_synced(node->catalog, lsn);
    for (size_t i = 0; i < node->tablet_capacity; i++)
        if (node->tablets[i] != NULL)
            tablet_synced(node->tablets[i], lsn);
}

static enum status log_start(struct node *node)
{
    char path[PATH_SIZE];
    int size = snprintf(path, sizeof path, "%s/log", node->data_path);
    if (size < 0 || size >= PATH_SIZE)
        return STATUS_TOO_LARGE;
    struct log_options options = {
        .path = path,
        .segment_size = node->options.segment_size,
        .durability = node->options.durability,
        .faults = node->options.log_faults,
        .synced_fn = synced,
        .context = node,
    };
    return log_open(node->options.env, &options, &node->log);
}

static void catalog_start(struct node *node)
{
    struct log_group *log_group = log_find_group(node->log, CATALOG_GROUP_ID);
    if (log_group == NULL)
        log_group = log_add_group(node->log, CATALOG_GROUP_ID, CATALOG_INCARNATION);
    replica_begin(node, log_group);
    struct catalog_options options = {
        .env = node->options.env,
        .log = node->log,
        .engine = node->engine,
        .own_name = node->name,
        .region = node->region,
        .tablet_count = node->options.tablet_count,
        .node_count = node->options.node_count,
    };
    node->opening_count++;
    node->catalog = catalog_create(&options, opened, node);
}

/* The replicas that the log holds serve without asking the catalog. */
static void replicas_start(struct node *node)
{
    if (node->identity.tablet_count == 0)
        return;
    tablets_make_room(node);
    size_t position = 0;
    struct log_group *log_group;
    while ((log_group = log_next_group(node->log, &position)) != NULL) {
        if (log_group_id(log_group) == CATALOG_GROUP_ID)
            continue;
        replica_begin(node, log_group);
        tablet_open(node, log_group_id(log_group) - 1);
    }
}

static void options_copy(struct node *node, const struct node_options *options)
{
    node->options = *options;
    node->engine = options->engine;
    node->data_path = memory_copy_text(options->data_path);
    node->name = memory_copy_text(options->name);
    node->address = memory_copy_text(options->address);
    node->advertised_address = memory_copy_text(
        options->advertised_address != NULL ? options->advertised_address : options->address);
    node->region = memory_copy_text(options->region);
    node->host = memory_copy_text(options->host != NULL ? options->host : "");
    node->zone = memory_copy_text(options->zone != NULL ? options->zone : "");
}

static void watch_start(struct node *node)
{
    struct catalog_watch_options options = {
        .env = node->options.env,
        .own_name = node->name,
        .seeds = node->options.seeds,
        .seed_count = node->options.seed_count,
        .changed_fn = view_changed,
        .context = node,
    };
    node->watch = catalog_watch_create(&options);
    env_timer_start(node->options.env, &node->register_timer, 0, register_send, node);
}

enum status node_create(const struct node_options *options, struct node **out_node)
{
    OWNED(node) node = memory_alloc_zeroed(sizeof *node);
    options_copy(node, options);
    list_init(&node->configures);
    struct env *env = options->env;
    TRY(env_directory_create(env, node->data_path));
    TRY(identity_load(env, node->data_path, &node->identity));
    node->applier = applier_create(env, node->engine);
    node->call_arena = arena_create();
    page_slots_init(&node->page_slots);
    node->row_cache = row_cache_create(options->row_cache_bytes > 0 ? options->row_cache_bytes
                                                                    : ROW_CACHE_BYTES_DEFAULT,
                                       env_random_u64(env));
    TRY(log_start(node));
    if (options->holds_catalog)
        catalog_start(node);
    replicas_start(node);
    node->checkpointer = checkpointer_create(node);
    TRY(rpc_server_create(env, node->address, node->name, call_take, node, &node->server));
    watch_start(node);
    *out_node = GIVE(node);
    return STATUS_OK;
}

void node_destroy(struct node *node)
{
    if (node == NULL)
        return;
    /* The engine first: none of its callbacks finds a part that is gone. */
    env_timer_stop(node->options.env, &node->register_timer);
    engine_destroy(node->engine);
    catalog_watch_destroy(node->watch);
    checkpointer_destroy(node->checkpointer);
    for (size_t i = 0; i < node->tablet_capacity; i++)
        tablet_destroy(node->tablets[i]);
    catalog_destroy(node->catalog);
    data_service_end(node);
    rpc_server_destroy(node->server);
    arena_destroy(node->call_arena);
    applier_destroy(node->applier);
    row_cache_destroy(node->row_cache);
    log_destroy(node->log);
    memory_free(node->tablets);
    memory_free(node->data_path);
    memory_free(node->name);
    memory_free(node->address);
    memory_free(node->advertised_address);
    memory_free(node->region);
    memory_free(node->host);
    memory_free(node->zone);
    memory_free(node);
}

uint32_t node_tablet_count(const struct node *node)
{
    return node->identity.tablet_count;
}

size_t node_serving_count(const struct node *node)
{
    size_t count = 0;
    for (size_t i = 0; i < node->tablet_capacity; i++)
        count += node->tablets[i] != NULL && tablet_is_serving(node->tablets[i]);
    return count;
}

bool node_is_ready(const struct node *node)
{
    size_t held_count = 0;
    for (size_t i = 0; i < node->tablet_capacity; i++)
        held_count += node->tablets[i] != NULL;
    return node->is_registered && node->has_view && node->opening_count == 0 &&
           node_serving_count(node) == held_count;
}

void node_checkpoint(struct node *node, void (*done_fn)(void *context), void *context)
{
    checkpointer_run(node->checkpointer, done_fn, context);
}
