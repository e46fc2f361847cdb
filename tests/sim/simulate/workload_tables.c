#include "tests/sim/simulate/workload_tables.h"

#include "core/base/arena.h"
#include "core/base/check.h"
#include "core/base/random.h"
#include "core/catalog/result.h"
#include "proto/frame.h"
#include "tests/sim/simulate/workload_rows.h"
#include "tests/sim/world.h"

#include "proto/schema/catalog.pb-c.h"

#include <inttypes.h>

enum { CALL_US_MAX = 1500 * 1000 };

/* What is known of the second table from what was acknowledged. */
struct known {
    uint64_t uid;     /* of the last one acknowledged; 0: there is none */
    bool is_doubtful; /* an operation with an unknown outcome may have changed it, or yet change it
                       */
};

struct workload_tables {
    struct workload_tables_options options;
    struct random random;
    const struct cluster_client *process; /* NULL: down */
    struct env_timer pause;
    bool is_stopped;
    bool is_calling;
    bool creates; /* the call under way */
    size_t table;
    uint64_t uid_max;  /* of all that were ever acknowledged */
    uint64_t kept_uid; /* of the first table, from when it was first heard of */
    struct known dropped;
};

struct workload_tables *workload_tables_create(const struct workload_tables_options *options)
{
    struct workload_tables *workload = memory_alloc_zeroed(sizeof *workload);
    workload->options = *options;
    workload->random = random_of_seed(random_next(world_random(options->world)));
    return workload;
}

void workload_tables_destroy(struct workload_tables *workload)
{
    memory_free(workload);
}

/* --- What answers say ------------------------------------------------------------------------ */

static void uid_note(struct workload_tables *workload, uint64_t uid)
{
    if (uid <= workload->uid_max)
        findings_add(workload->options.findings,
                     "a table was made with uid %" PRIu64 ", when %" PRIu64 " had been given", uid,
                     workload->uid_max);
    workload->uid_max = uid;
}

static void created_note(struct workload_tables *workload, const struct table *table)
{
    uid_note(workload, table->uid);
    if (workload->table == 0)
        return;
    struct known *known = &workload->dropped;
    if (known->uid != 0 && !known->is_doubtful)
        findings_add(workload->options.findings, "a table that was there was made again");
    known->uid = table->uid;
}

static void dropped_note(struct workload_tables *workload, bool is_done)
{
    struct known *known = &workload->dropped;
    if (!is_done && known->uid != 0 && !known->is_doubtful)
        findings_add(workload->options.findings, "a table that was made is lost");
    known->uid = 0;
}

static void response_note(struct workload_tables *workload,
                          const Graticule__Wire__TableResponse *response)
{
    struct table table = {0};
    bool is_done = response->result == CATALOG_DONE;
    if (is_done && table_decode(frame_slice(response->table), &table) != STATUS_OK)
        findings_add(workload->options.findings, "an answer holds a table that cannot be read");
    else if (is_done && workload->creates)
        created_note(workload, &table);
    else if (is_done || response->result == CATALOG_TABLE_NOT_FOUND)
        dropped_note(workload, is_done);
}

/* What the view shows was committed: the first table never goes again. */
static void view_look(struct workload_tables *workload, const struct cluster_client *process)
{
    const struct catalog_view *view = catalog_watch_view(process->watch);
    if (catalog_view_version(view) == 0)
        return;
    const struct table *table = catalog_view_find_table(view, slice_of_text(workload_tables[0]));
    uint64_t uid = table == NULL ? 0 : table->uid;
    if (workload->kept_uid != 0 && uid != workload->kept_uid)
        findings_add(workload->options.findings,
                     "table %s has uid %" PRIu64 ", and not %" PRIu64 " any more",
                     workload_tables[0], uid, workload->kept_uid);
    workload->kept_uid = uid;
}

static void pause(struct workload_tables *workload);

static void call_answer(void *context, const struct rpc_result *result)
{
    struct workload_tables *workload = context;
    OWNED(arena) arena = arena_create();
    ProtobufCAllocator allocator = frame_allocator(arena);
    workload->is_calling = false;
    const Graticule__Wire__TableResponse *response = NULL;
    if (result->outcome == RPC_EXECUTED)
        response = graticule__wire__table_response__unpack(&allocator, result->body.size,
                                                           result->body.bytes);
    if (response != NULL)
        response_note(workload, response);
    else if (result->outcome != RPC_NOT_EXECUTED)
        workload->dropped.is_doubtful |= workload->table == 1;
    world_record(workload->options.world, "table", 0, result->outcome);
    pause(workload);
}

/* --- Calling --------------------------------------------------------------------------------- */

static void table_create(struct workload_tables *workload)
{
    SCOPED(buffer) record;
    SCOPED(buffer) body;
    buffer_init(&record);
    buffer_init(&body);
    struct table table = {
        .name = slice_of_text(workload_tables[workload->table]),
        .status = TABLE_CREATING,
        .partition_key = {slice_of_text("row"), VALUE_STRING},
        .billing = TABLE_BILLING_ON_DEMAND,
    };
    table_encode(&table, &record);
    Graticule__Wire__CreateTableRequest request = GRATICULE__WIRE__CREATE_TABLE_REQUEST__INIT;
    request.table = frame_data(buffer_slice(&record));
    frame_pack(&request.base, &body);
    catalog_watch_call(workload->process->watch, RPC_CATALOG_CREATE_TABLE, buffer_slice(&body),
                       CALL_US_MAX, call_answer, workload);
}

static void table_drop(struct workload_tables *workload)
{
    SCOPED(buffer) body;
    buffer_init(&body);
    Graticule__Wire__DeleteTableRequest request = GRATICULE__WIRE__DELETE_TABLE_REQUEST__INIT;
    request.name = (char *)workload_tables[workload->table];
    frame_pack(&request.base, &body);
    catalog_watch_call(workload->process->watch, RPC_CATALOG_DELETE_TABLE, buffer_slice(&body),
                       CALL_US_MAX, call_answer, workload);
}

static bool is_there(const struct workload_tables *workload, size_t table)
{
    const struct catalog_view *view = catalog_watch_view(workload->process->watch);
    return catalog_view_find_table(view, slice_of_text(workload_tables[table])) != NULL;
}

static void call_next(void *context)
{
    struct workload_tables *workload = context;
    if (workload->is_stopped)
        return;
    view_look(workload, workload->process);
    bool is_first_missing = !is_there(workload, 0);
    workload->table = is_first_missing ? 0 : 1;
    workload->creates = is_first_missing || !is_there(workload, 1);
    workload->is_calling = true;
    if (workload->creates)
        table_create(workload);
    else
        table_drop(workload);
}

static void pause(struct workload_tables *workload)
{
    uint64_t pause_us = random_below(&workload->random, workload->options.pause_us_max);
    bool is_first = workload->kept_uid == 0;
    env_timer_start(workload->process->env, &workload->pause, is_first ? pause_us / 8 : pause_us,
                    call_next, workload);
}

void workload_tables_client_started(struct workload_tables *workload,
                                    const struct cluster_client *process)
{
    workload->process = process;
    pause(workload);
}

void workload_tables_client_stopped(struct workload_tables *workload)
{
    env_timer_stop(workload->process->env, &workload->pause);
    workload->dropped.is_doubtful |= workload->is_calling && workload->table == 1;
    workload->is_calling = false;
    workload->process = NULL;
}

void workload_tables_stop(struct workload_tables *workload)
{
    workload->is_stopped = true;
}

bool workload_tables_is_calling(const struct workload_tables *workload)
{
    return workload->is_calling;
}

/* --- In the end ------------------------------------------------------------------------------ */

bool workload_tables_are_settled(const struct cluster *cluster)
{
    const struct cluster_client *client = cluster_client(cluster, 0);
    if (client == NULL)
        return false;
    const struct table *table;
    for (size_t i = 0;
         (table = catalog_view_table_at(catalog_watch_view(client->watch), i)) != NULL; i++)
        if (table->status != TABLE_ACTIVE)
            return false;
    return true;
}

void workload_tables_check(struct workload_tables *workload, const struct cluster *cluster)
{
    const struct cluster_client *client = cluster_client(cluster, 0);
    CHECK(client != NULL);
    view_look(workload, client);
    const struct table *table = catalog_view_find_table(catalog_watch_view(client->watch),
                                                        slice_of_text(workload_tables[1]));
    uint64_t uid = table == NULL ? 0 : table->uid;
    if (!workload->dropped.is_doubtful && uid != workload->dropped.uid)
        findings_add(workload->options.findings,
                     "table %s has uid %" PRIu64 " in the end, and not %" PRIu64,
                     workload_tables[1], uid, workload->dropped.uid);
}
