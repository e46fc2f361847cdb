#include "tests/sim/simulate/workload_rows.h"

#include "core/base/check.h"
#include "core/model/item.h"
#include "tests/sim/simulate/test_item.h"
#include "tests/sim/world.h"

#include <inttypes.h>

enum {
    READ_ALL_AT_ONCE = 32,
    READ_ALL_US_MAX = 60 * 1000 * 1000,
    REPEAT_US_MAX = 20 * 1000 * 1000, /* until a read must succeed */
    STEP_US = 2000,
};

const char *const workload_tables[WORKLOAD_TABLES] = {"kept", "dropped"};

/* A place for one operation at a time. */
struct slot {
    struct workload_rows *workload;
    uint32_t client;
    struct env_timer think;
    uint64_t operation; /* under way, or 0 */
};

struct client {
    const struct cluster_client *process; /* NULL: down */
    struct slot slots[WORKLOAD_SLOTS_MAX];
};

/* What was last heard of a row. */
struct heard {
    uint64_t table_uid;
    uint64_t writer;
};

struct workload_rows {
    struct workload_rows_options options;
    struct heard *heard; /* by key; of whichever of the tables */
    struct item_builder *builder;
    struct random random;
    struct client clients[CLUSTER_CLIENTS_MAX];
    bool is_stopped;
    size_t reading_count; /* of workload_rows_read_all */
    size_t read_failure_count;
};

struct workload_rows *workload_rows_create(const struct workload_rows_options *options)
{
    CHECK(options->slot_count <= WORKLOAD_SLOTS_MAX);
    struct workload_rows *workload = memory_alloc_zeroed(sizeof *workload);
    workload->options = *options;
    workload->builder = item_builder_create();
    workload->heard =
        memory_alloc_zeroed((options->hot_count + options->cold_count) * sizeof *workload->heard);
    workload->random = random_of_seed(random_next(world_random(options->world)));
    return workload;
}

void workload_rows_destroy(struct workload_rows *workload)
{
    if (workload == NULL)
        return;
    item_builder_destroy(workload->builder);
    memory_free(workload->heard);
    memory_free(workload);
}

static uint64_t draw(struct workload_rows *workload, uint64_t bound)
{
    return random_below(&workload->random, bound);
}

/* --- Calling --------------------------------------------------------------------------------- */

static enum operation_outcome outcome_of(const struct row_result *result)
{
    switch (result->outcome) {
    case RPC_EXECUTED:
        return OPERATION_EXECUTED;
    case RPC_NOT_EXECUTED:
        return OPERATION_NOT_EXECUTED;
    case RPC_UNKNOWN:
        return OPERATION_UNKNOWN;
    }
    CHECK(!"an outcome");
}

/* For the next write that expects something. */
static void hear(struct workload_rows *workload, uint64_t id)
{
    const struct operation *operation = history_find(workload->options.history, id);
    struct heard *heard = &workload->heard[operation->key];
    if (operation->outcome != OPERATION_EXECUTED)
        return;
    if (operation->kind == OPERATION_GET && !operation->has_seen)
        return;
    heard->table_uid = operation->table_uid;
    heard->writer = operation->kind == OPERATION_PUT   ? operation->id
                    : operation->kind == OPERATION_GET ? operation->seen
                                                       : NO_WRITER;
}

static void answer_note(struct workload_rows *workload, uint64_t id,
                        const struct row_result *result)
{
    history_answer(workload->options.history, id,
                   &(struct history_answer){
                       .outcome = outcome_of(result),
                       .has_failed = result->result == WRITE_CONDITION_FAILED,
                       .is_found = result->is_found,
                       .item = result->item,
                   });
    if (result->result == WRITE_REFUSED)
        findings_add(workload->options.findings,
                     "operation %" PRIu64 ", an update that fits every item, was refused", id);
    hear(workload, id);
    world_record(workload->options.world, "row", 0, id << 2 | result->outcome);
}

static void write_call(struct workload_rows *workload, const struct cluster_client *process,
                       const struct row_name *name, const struct operation *operation,
                       row_result_fn fn, void *context)
{
    SCOPED(buffer) condition = {0};
    SCOPED(buffer) update = {0};
    struct row_terms terms = {.wants_item_on_failure = true};
    struct row_write write = {
        .kind = WRITE_DELETE,
        .returned = operation->wants_before ? WRITE_RETURNS_BEFORE : WRITE_RETURNS_NOTHING,
    };
    if (operation->kind == OPERATION_PUT) {
        write.kind = operation->is_update ? WRITE_UPDATE : WRITE_PUT;
        write.item = history_item(workload->options.history, operation);
    }
    if (write.kind == WRITE_UPDATE) {
        test_item_update(write.item, &update);
        write.item = test_item_of_key(workload->builder, operation->key);
    }
    if (operation->has_expectation)
        test_item_condition(operation->expected, &condition);
    terms.condition = buffer_slice(&condition);
    terms.update = buffer_slice(&update);
    if (condition.size > 0 || update.size > 0)
        write.terms = &terms;
    row_client_write(process->rows, name, &write, fn, context);
}

static void operation_call(struct workload_rows *workload, const struct cluster_client *process,
                           const struct table *table, const struct operation *operation,
                           row_result_fn fn, void *context)
{
    SCOPED(buffer) key;
    buffer_init(&key);
    test_item_key(&key, operation->key);
    struct row_name name = {
        .table = table, .partition_key = buffer_slice(&key), .key = buffer_slice(&key)};
    if (operation->kind == OPERATION_GET) {
        row_client_read(process->rows, &name, draw(workload, 2) == 0, fn, context);
        return;
    }
    write_call(workload, process, &name, operation, fn, context);
}

/* --- At random ------------------------------------------------------------------------------- */

static void slot_run(void *context);

static void slot_think(struct slot *slot)
{
    struct workload_rows *workload = slot->workload;
    const struct cluster_client *process = workload->clients[slot->client].process;
    /* Now and then a crowd of calls in one turn. */
    uint64_t think_us = draw(workload, 4) == 0 ? 0 : draw(workload, workload->options.think_us_max);
    env_timer_start(process->env, &slot->think, think_us, slot_run, slot);
}

static void slot_answer(void *context, const struct row_result *result)
{
    struct slot *slot = context;
    answer_note(slot->workload, slot->operation, result);
    slot->operation = 0;
    /* As a router does that goes through a batch: the next call is made from inside the answer. */
    if (draw(slot->workload, 4) == 0)
        slot_run(slot);
    else
        slot_think(slot);
}

/* What was heard of the row, which others may have written meanwhile. */
static void expectation_choose(struct workload_rows *workload, struct operation *operation)
{
    const struct heard *heard = &workload->heard[operation->key];
    operation->has_expectation = draw(workload, 3) == 0;
    if (operation->has_expectation && heard->table_uid == operation->table_uid)
        operation->expected = heard->writer;
}

static struct operation operation_choose(struct workload_rows *workload, uint64_t table_uid)
{
    const struct workload_rows_options *options = &workload->options;
    struct operation operation = {
        .table_uid = table_uid,
        .invoked_us = world_now_us(options->world),
    };
    bool is_hot = draw(workload, 2) == 0;
    operation.key = (uint32_t)(is_hot ? draw(workload, options->hot_count)
                                      : options->hot_count + draw(workload, options->cold_count));
    uint64_t lot = draw(workload, 100);
    operation.kind = lot < 40 ? OPERATION_GET : lot < 85 ? OPERATION_PUT : OPERATION_DELETE;
    if (operation.kind != OPERATION_GET)
        operation.wants_before = draw(workload, 2) == 0;
    if (operation.kind == OPERATION_PUT) {
        operation.is_update = draw(workload, 2) == 0;
        operation.filler_size =
            (uint32_t)draw(workload, draw(workload, 16) == 0 ? options->filler_size_max : 100);
    }
    if (operation.kind != OPERATION_GET)
        expectation_choose(workload, &operation);
    return operation;
}

static void slot_run(void *context)
{
    struct slot *slot = context;
    struct workload_rows *workload = slot->workload;
    const struct cluster_client *process = workload->clients[slot->client].process;
    if (workload->is_stopped)
        return;
    const struct catalog_view *view = catalog_watch_view(process->watch);
    const char *name = workload_tables[draw(workload, 4) == 0];
    const struct table *table = catalog_view_find_table(view, slice_of_text(name));
    if (table == NULL) {
        slot_think(slot);
        return;
    }
    struct operation chosen = operation_choose(workload, table->uid);
    const struct operation *operation = history_invoke(workload->options.history, &chosen);
    slot->operation = operation->id;
    operation_call(workload, process, table, operation, slot_answer, slot);
}

void workload_rows_client_started(void *context, const struct cluster_client *process)
{
    struct workload_rows *workload = context;
    struct client *client = &workload->clients[process->number];
    client->process = process;
    for (uint32_t i = 0; i < workload->options.slot_count; i++) {
        client->slots[i] = (struct slot){.workload = workload, .client = process->number};
        slot_think(&client->slots[i]);
    }
}

void workload_rows_client_stopped(void *context, uint32_t number)
{
    struct workload_rows *workload = context;
    struct client *client = &workload->clients[number];
    for (uint32_t i = 0; i < workload->options.slot_count; i++)
        env_timer_stop(client->process->env, &client->slots[i].think);
    *client = (struct client){0};
}

void workload_rows_stop(struct workload_rows *workload)
{
    workload->is_stopped = true;
}

size_t workload_rows_under_way(const struct workload_rows *workload)
{
    size_t count = 0;
    for (uint32_t i = 0; i < CLUSTER_CLIENTS_MAX; i++)
        for (uint32_t j = 0; j < WORKLOAD_SLOTS_MAX; j++)
            count += workload->clients[i].slots[j].operation != 0;
    return count;
}

/* --- Once more, all of them ------------------------------------------------------------------ */

struct reading {
    struct workload_rows *workload;
    const struct cluster_client *process;
    uint64_t table_uid;
    uint32_t key;
    uint64_t operation;
    uint64_t end_us;
};

static void reading_end(struct reading *reading)
{
    reading->workload->reading_count--;
    memory_free(reading);
}

static void reading_call(struct reading *reading);

/* What the faults have left behind, such as connections to dead processes, may cost some tries. */
static void reading_answer(void *context, const struct row_result *result)
{
    struct reading *reading = context;
    struct workload_rows *workload = reading->workload;
    answer_note(workload, reading->operation, result);
    bool may_repeat = world_now_us(workload->options.world) < reading->end_us;
    if (result->outcome != RPC_EXECUTED && may_repeat) {
        reading_call(reading);
        return;
    }
    if (result->outcome != RPC_EXECUTED && workload->read_failure_count++ == 0)
        findings_add(workload->options.findings,
                     "operation %" PRIu64 ", a read when all is well, fails: %s",
                     reading->operation, rpc_reason_text(result->reason));
    reading_end(reading);
}

static const struct table *table_of(const struct cluster_client *process, uint64_t uid)
{
    const struct table *table;
    for (size_t i = 0; (table = catalog_view_table_at(catalog_watch_view(process->watch), i)); i++)
        if (table->uid == uid)
            return table;
    return NULL;
}

static void reading_call(struct reading *reading)
{
    struct workload_rows *workload = reading->workload;
    const struct table *table = table_of(reading->process, reading->table_uid);
    /* A drop that nobody knew the outcome of has been done now. */
    if (table == NULL) {
        reading_end(reading);
        return;
    }
    struct operation get = {
        .table_uid = reading->table_uid,
        .key = reading->key,
        .invoked_us = world_now_us(workload->options.world),
    };
    const struct operation *operation = history_invoke(workload->options.history, &get);
    reading->operation = operation->id;
    operation_call(workload, reading->process, table, operation, reading_answer, reading);
}

static void row_read(struct workload_rows *workload, const struct cluster_client *process,
                     const struct table *table, uint32_t key)
{
    struct reading *reading = memory_alloc_zeroed(sizeof *reading);
    *reading = (struct reading){
        .workload = workload,
        .process = process,
        .table_uid = table->uid,
        .key = key,
        .end_us = world_now_us(workload->options.world) + REPEAT_US_MAX,
    };
    workload->reading_count++;
    reading_call(reading);
}

static void readings_wait(struct workload_rows *workload, size_t count_max)
{
    uint64_t end_us = world_now_us(workload->options.world) + READ_ALL_US_MAX;
    while (workload->reading_count > count_max && world_now_us(workload->options.world) < end_us)
        world_run_for(workload->options.world, STEP_US);
}

void workload_rows_read_all(struct workload_rows *workload, const struct cluster *cluster)
{
    const struct cluster_client *process = cluster_client(cluster, 0);
    CHECK(process != NULL);
    uint32_t row_count = workload->options.hot_count + workload->options.cold_count;
    for (size_t i = 0; i < WORKLOAD_TABLES; i++) {
        for (uint32_t key = 0; key < row_count; key++) {
            const struct table *table = catalog_view_find_table(catalog_watch_view(process->watch),
                                                                slice_of_text(workload_tables[i]));
            if (table == NULL || table->status != TABLE_ACTIVE)
                break;
            row_read(workload, process, table, key);
            readings_wait(workload, READ_ALL_AT_ONCE);
        }
    }
    readings_wait(workload, 0);
    if (workload->reading_count > 0)
        findings_add(workload->options.findings, "%zu reads are never answered",
                     workload->reading_count);
}
