#include "core/base/arena.h"
#include "core/base/check.h"
#include "core/catalog/placement.h"
#include "node/catalog/catalog_private.h"
#include "node/tablet/table_config.h"
#include "proto/frame.h"

#include "proto/schema/data.pb-c.h"

/*
 * What the catalog's leader does of its own accord, one step at a time: settles a new region,
 * places its tablets, has them made, and takes tables through their states. Each step reads from
 * the records what is unfinished, so that a new leader goes on where the old one was.
 */

enum {
    CLUSTER_VERSION = 1,
    REPLICA_COUNT = 1, /* voters per tablet, until groups of several are served */
    STEP_TIMEOUT_US = 5000000,
    RETRY_US = 50000,
};

enum job_kind {
    JOB_PREPARE, /* every node makes the tablets that were placed on it */
    JOB_OPEN,    /* every tablet learns of a new table */
    JOB_CLOSE,   /* every tablet learns of a table's end */
};

/* One node's part of a job. */
struct part {
    struct job *job;
    uint64_t node_id;
    uint32_t *tablets;
    size_t tablet_count;
    bool is_done;
    struct env_timer retry_timer;
};

/* A call to every node that holds tablets; done when all have said that they did it. */
struct job {
    struct list link; /* in the catalog's `jobs` */
    struct catalog *catalog;
    bool is_stopped; /* freed when the last call has ended */
    enum job_kind kind;
    uint64_t table_uid;
    struct part *parts;
    size_t part_count;
    size_t done_count;
    size_t call_count;
};

static void part_send(void *context);

static void job_free(struct job *job)
{
    list_remove(&job->link);
    for (size_t i = 0; i < job->part_count; i++)
        memory_free(job->parts[i].tablets);
    memory_free(job->parts);
    memory_free(job);
}

static void part_answer(void *context, const struct rpc_result *result)
{
    struct part *part = context;
    struct job *job = part->job;
    job->call_count--;
    if (job->is_stopped) {
        if (job->call_count == 0)
            job_free(job);
        return;
    }
    if (result->outcome != RPC_EXECUTED) {
        env_timer_start(job->catalog->options.env, &part->retry_timer, RETRY_US, part_send, part);
        return;
    }
    part->is_done = true;
    job->done_count++;
    if (job->done_count == job->part_count)
        catalog_wake(job->catalog);
}

static enum rpc_method body_build(const struct part *part, struct buffer *body)
{
    const struct job *job = part->job;
    if (job->kind == JOB_PREPARE) {
        Graticule__Wire__PrepareTablets prepare = GRATICULE__WIRE__PREPARE_TABLETS__INIT;
        prepare.n_tablets = part->tablet_count;
        prepare.tablets = part->tablets;
        frame_pack(&prepare.base, body);
        return RPC_PREPARE_TABLETS;
    }
    Graticule__Wire__ConfigureTable configure = GRATICULE__WIRE__CONFIGURE_TABLE__INIT;
    configure.n_tablets = part->tablet_count;
    configure.tablets = part->tablets;
    configure.table_uid = job->table_uid;
    /* Later than that of any change of a table that the catalog has seen the end of. */
    configure.table_version = catalog_view_version(job->catalog->view);
    configure.state = job->kind == JOB_OPEN ? TABLET_TABLE_OPEN : TABLET_TABLE_CLOSED;
    frame_pack(&configure.base, body);
    return RPC_CONFIGURE_TABLE;
}

static void part_send(void *context)
{
    struct part *part = context;
    struct catalog *catalog = part->job->catalog;
    const struct node_record *node = catalog_view_find_node(catalog->view, part->node_id);
    if (node == NULL) {
        env_timer_start(catalog->options.env, &part->retry_timer, RETRY_US, part_send, part);
        return;
    }
    SCOPED(buffer) body;
    buffer_init(&body);
    enum rpc_method method = body_build(part, &body);
    part->job->call_count++;
    rpc_client_call(peers_client(catalog->peers, node), method, buffer_slice(&body),
                    STEP_TIMEOUT_US, part_answer, part);
}

static struct part *part_of(struct job *job, uint64_t node_id)
{
    for (size_t i = 0; i < job->part_count; i++)
        if (job->parts[i].node_id == node_id)
            return &job->parts[i];
    job->parts = memory_resize(job->parts, (job->part_count + 1) * sizeof(struct part));
    struct part *part = &job->parts[job->part_count++];
    *part = (struct part){.job = job, .node_id = node_id};
    return part;
}

static void job_start(struct catalog *catalog, enum job_kind kind, uint64_t table_uid)
{
    struct job *job = memory_alloc_zeroed(sizeof *job);
    list_append(&catalog->jobs, &job->link);
    job->catalog = catalog;
    job->kind = kind;
    job->table_uid = table_uid;
    const struct tablet_record *tablet;
    for (size_t i = 0; (tablet = catalog_view_tablet_at(catalog->view, i)) != NULL; i++) {
        struct part *part = part_of(job, tablet->replicas[0].node_id);
        part->tablets =
            memory_resize(part->tablets, (part->tablet_count + 1) * sizeof *part->tablets);
        part->tablets[part->tablet_count++] = tablet->tablet;
    }
    catalog->job = job;
    for (size_t i = 0; i < job->part_count; i++)
        part_send(&job->parts[i]);
}

void catalog_drive_stop(struct catalog *catalog)
{
    struct job *job = catalog->job;
    if (job == NULL)
        return;
    for (size_t i = 0; i < job->part_count; i++)
        env_timer_stop(catalog->options.env, &job->parts[i].retry_timer);
    catalog->job = NULL;
    job->is_stopped = true;
    if (job->call_count == 0)
        job_free(job);
}

void catalog_drive_end(struct catalog *catalog)
{
    catalog_drive_stop(catalog);
    while (!list_is_empty(&catalog->jobs))
        job_free(LIST_ELEMENT(catalog->jobs.next, struct job, link));
}

/* --- Changes that steps make ----------------------------------------------------------------- */

static void region_settle(struct catalog *catalog)
{
    struct settings settings = {
        .region = slice_of_text(catalog->options.region),
        .cluster_version = CLUSTER_VERSION,
        .tablet_count = catalog->options.tablet_count,
        .node_count = catalog->options.node_count,
        .next_node_id = 1,
        .next_incarnation = 1,
        .next_table_uid = 1,
    };
    catalog_change_begin(catalog);
    catalog_settings_put(catalog, &settings);
    catalog_change_propose(catalog, NULL);
}

static size_t nodes_list(const struct catalog_view *view, struct arena *arena,
                         struct placement_node **out_nodes)
{
    size_t count = 0;
    while (catalog_view_node_at(view, count) != NULL)
        count++;
    *out_nodes = arena_alloc_zeroed(arena, count * sizeof(struct placement_node));
    for (size_t i = 0; i < count; i++) {
        const struct node_record *node = catalog_view_node_at(view, i);
        (*out_nodes)[i].id = node->id;
        (*out_nodes)[i].host = node->host;
        (*out_nodes)[i].zone = node->zone;
    }
    return count;
}

static void tablet_change(struct catalog *catalog, uint32_t number,
                          const struct placement_replicas *placed, struct settings *settings)
{
    struct replica replicas[PLACEMENT_REPLICAS_MAX];
    for (size_t i = 0; i < placed->count; i++)
        replicas[i] = (struct replica){.node_id = placed->node_ids[i],
                                       .incarnation = settings->next_incarnation++};
    struct tablet_record tablet = {
        .tablet = number, .replica_count = placed->count, .replicas = replicas};
    SCOPED(buffer) key;
    SCOPED(buffer) value;
    buffer_init(&key);
    buffer_init(&value);
    record_key_tablet(&key, number);
    tablet_record_encode(&tablet, &value);
    catalog_change_put(catalog, buffer_slice(&key), buffer_slice(&value));
}

static void tablets_place(struct catalog *catalog, const struct settings *known)
{
    OWNED(arena) arena = arena_create();
    struct placement_node *nodes;
    size_t node_count = nodes_list(catalog->view, arena, &nodes);
    struct placement_request request = {
        .tablet_count = known->tablet_count,
        .replica_count = REPLICA_COUNT,
        .nodes = nodes,
        .node_count = node_count,
    };
    const struct placement_replicas *placed;
    CHECK(placement_compute(&request, arena, &placed) == STATUS_OK);
    struct settings settings = *known;
    catalog_change_begin(catalog);
    for (uint32_t i = 0; i < known->tablet_count; i++)
        tablet_change(catalog, i, &placed[i], &settings);
    catalog_settings_put(catalog, &settings);
    catalog_change_propose(catalog, NULL);
}

static const struct table *table_find(const struct catalog_view *view, uint64_t uid)
{
    const struct table *table;
    for (size_t i = 0; (table = catalog_view_table_at(view, i)) != NULL; i++)
        if (table->uid == uid)
            return table;
    return NULL;
}

static void table_finish(struct catalog *catalog, enum job_kind kind, uint64_t uid)
{
    const struct table *known = table_find(catalog->view, uid);
    if (known == NULL)
        return;
    SCOPED(buffer) key;
    SCOPED(buffer) value;
    buffer_init(&key);
    buffer_init(&value);
    record_key_table(&key, known->name);
    catalog_change_begin(catalog);
    if (kind == JOB_OPEN) {
        struct table table = *known;
        table.status = TABLE_ACTIVE;
        table_encode(&table, &value);
        catalog_change_put(catalog, buffer_slice(&key), buffer_slice(&value));
    } else {
        catalog_change_delete(catalog, buffer_slice(&key));
    }
    catalog_change_propose(catalog, NULL);
}

static void job_finish(struct catalog *catalog)
{
    enum job_kind kind = catalog->job->kind;
    uint64_t table_uid = catalog->job->table_uid;
    catalog_drive_stop(catalog);
    if (kind != JOB_PREPARE) {
        table_finish(catalog, kind, table_uid);
        return;
    }
    struct settings settings = *catalog_view_settings(catalog->view);
    settings.is_serving = true;
    catalog_change_begin(catalog);
    catalog_settings_put(catalog, &settings);
    catalog_change_propose(catalog, NULL);
}

/* The first table that is on its way into another state. */
static void tables_drive(struct catalog *catalog)
{
    const struct table *table;
    for (size_t i = 0; (table = catalog_view_table_at(catalog->view, i)) != NULL; i++) {
        switch (table->status) {
        case TABLE_CREATING:
            job_start(catalog, JOB_OPEN, table->uid);
            return;
        case TABLE_DELETING:
            job_start(catalog, JOB_CLOSE, table->uid);
            return;
        case TABLE_ACTIVE:
            break;
        }
    }
}

static bool has_all_nodes(const struct catalog *catalog, const struct settings *settings)
{
    return catalog_view_node_at(catalog->view, settings->node_count - 1) != NULL;
}

void catalog_drive(struct catalog *catalog)
{
    const struct settings *settings = catalog_view_settings(catalog->view);
    if (catalog->job != NULL) {
        if (catalog->job->done_count == catalog->job->part_count)
            job_finish(catalog);
    } else if (settings == NULL) {
        region_settle(catalog);
    } else if (catalog_view_tablet_at(catalog->view, 0) == NULL) {
        if (has_all_nodes(catalog, settings))
            tablets_place(catalog, settings);
    } else if (!settings->is_serving) {
        job_start(catalog, JOB_PREPARE, 0);
    } else {
        tables_drive(catalog);
    }
}
