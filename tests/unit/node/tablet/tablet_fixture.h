/*
 * One tablet on a simulated machine, with a log, an engine and all else that it needs.
 */
#pragma once

#include "core/base/check.h"
#include "node/tablet/applier.h"
#include "node/tablet/page_slots.h"
#include "node/tablet/row_cache.h"
#include "node/tablet/tablet.h"
#include "replication/group/group.h"
#include "tests/sim/engine_memory.h"
#include "tests/sim/engine_memory_disk.h"
#include "tests/sim/world.h"

enum { TABLE = 5, TABLET_COUNT = 4, TABLET = 1, FIXTURE_WAIT_US = 5 * 1000 * 1000 };

/* A token that lies in the tablet. */
#define TABLET_TOKEN ((uint64_t)TABLET << 62 | 77)

struct tablet_fixture {
    struct world *world;
    struct engine_memory_disk *disk;
    struct random random;
    uint32_t machine;
    bool is_log_relaxed;
    uint64_t log_segment_size;
    const struct tablet_faults *faults;

    /* One life. */
    struct env *env;
    struct engine *engine;
    struct log *log;
    struct applier *applier;
    struct row_cache *row_cache;
    struct page_slots page_slots;
    struct tablet *tablet;
    bool is_open;
    enum status open_status;
};

static inline void fixture_init(struct tablet_fixture *fixture, uint64_t seed)
{
    *fixture = (struct tablet_fixture){0};
    fixture->world = world_create(seed);
    fixture->disk = engine_memory_disk_create();
    fixture->log_segment_size = 64 << 10;
    fixture->random = random_of_seed(seed);
}

static inline void fixture_opened(void *context, enum status status)
{
    struct tablet_fixture *fixture = context;
    fixture->is_open = true;
    fixture->open_status = status;
}

static inline void fixture_synced(void *context, uint64_t lsn)
{
    struct tablet_fixture *fixture = context;
    if (fixture->tablet != NULL)
        tablet_synced(fixture->tablet, lsn);
}

static inline void fixture_begin(struct tablet_fixture *fixture)
{
    fixture->env = world_boot(fixture->world, fixture->machine);
    fixture->engine = engine_memory_open(fixture->env, fixture->disk, &fixture->random);
    struct log_options log_options = {.path = "/log",
                                      .segment_size = fixture->log_segment_size,
                                      .synced_fn = fixture_synced,
                                      .context = fixture};
    CHECK(log_open(fixture->env, &log_options, &fixture->log) == STATUS_OK);
    if (log_find_group(fixture->log, tablet_group_id(TABLET)) == NULL)
        group_bootstrap(fixture->log, log_add_group(fixture->log, tablet_group_id(TABLET), 9), 9);
    fixture->applier = applier_create(fixture->env, fixture->engine);
    fixture->row_cache = row_cache_create(4096, 1);
    page_slots_init(&fixture->page_slots);
    struct tablet_options options = {
        .env = fixture->env,
        .log = fixture->log,
        .engine = fixture->engine,
        .applier = fixture->applier,
        .row_cache = fixture->row_cache,
        .page_slots = &fixture->page_slots,
        .tablet = TABLET,
        .tablet_count = TABLET_COUNT,
        .region_id = 3,
        .is_log_relaxed = fixture->is_log_relaxed,
        .faults = fixture->faults,
    };
    fixture->is_open = false;
    fixture->tablet = tablet_create(&options, fixture_opened, fixture);
}

/* Begins a life, and waits until the tablet serves. */
static inline void fixture_start(struct tablet_fixture *fixture)
{
    fixture_begin(fixture);
    uint64_t end_us = world_now_us(fixture->world) + FIXTURE_WAIT_US;
    while (!tablet_is_serving(fixture->tablet) && world_now_us(fixture->world) < end_us)
        world_run_for(fixture->world, 100);
    CHECK(fixture->is_open && fixture->open_status == STATUS_OK);
    CHECK(tablet_is_serving(fixture->tablet));
}

static inline void fixture_bury(struct tablet_fixture *fixture)
{
    engine_destroy(fixture->engine);
    tablet_destroy(fixture->tablet);
    applier_destroy(fixture->applier);
    row_cache_destroy(fixture->row_cache);
    log_destroy(fixture->log);
    world_env_destroy(fixture->env);
    fixture->tablet = NULL;
    fixture->env = NULL;
}

static inline void fixture_kill(struct tablet_fixture *fixture)
{
    world_shutdown(fixture->world, fixture->machine);
    fixture_bury(fixture);
}

static inline void fixture_cut_power(struct tablet_fixture *fixture)
{
    world_crash(fixture->world, fixture->machine);
    fixture_bury(fixture);
    engine_memory_disk_crash(fixture->disk, &fixture->random);
}

static inline void fixture_deinit(struct tablet_fixture *fixture)
{
    if (fixture->env != NULL)
        fixture_kill(fixture);
    engine_memory_disk_destroy(fixture->disk);
    world_destroy(fixture->world);
}
#define tablet_fixture_deinit fixture_deinit

/* --- Requests -------------------------------------------------------------------------------- */

struct reply {
    bool is_given;
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    bool is_found;
    struct buffer item;
};

static inline void reply_take(void *context, const struct tablet_answer *answer)
{
    struct reply *reply = context;
    CHECK(!reply->is_given);
    reply->is_given = true;
    reply->outcome = answer->outcome;
    reply->reason = answer->reason;
    reply->is_found = answer->verdict.is_found;
    buffer_clear(&reply->item);
    buffer_append(&reply->item, answer->verdict.item);
}

static inline void reply_deinit(struct reply *reply)
{
    buffer_deinit(&reply->item);
}

static inline struct tablet_address address_of(const char *key)
{
    return (struct tablet_address){
        .table_uid = TABLE, .token = TABLET_TOKEN, .key = slice_of_text(key)};
}

static inline void ask_put(struct tablet_fixture *fixture, const char *key, const char *item,
                           struct reply *reply)
{
    struct tablet_address address = address_of(key);
    struct write_request write = {
        .kind = WRITE_PUT, .item = slice_of_text(item), .returned = WRITE_RETURNS_BEFORE};
    reply->is_given = false;
    tablet_write(fixture->tablet, &address, &write, reply_take, reply);
}

static inline void ask_delete(struct tablet_fixture *fixture, const char *key, struct reply *reply)
{
    struct tablet_address address = address_of(key);
    struct write_request write = {.kind = WRITE_DELETE};
    reply->is_given = false;
    tablet_write(fixture->tablet, &address, &write, reply_take, reply);
}

static inline void ask_get(struct tablet_fixture *fixture, const char *key, struct reply *reply)
{
    struct tablet_address address = address_of(key);
    reply->is_given = false;
    tablet_read(fixture->tablet, &address, reply_take, reply);
}

static inline void ask_configure(struct tablet_fixture *fixture, enum tablet_table_state state,
                                 struct reply *reply)
{
    struct tablet_table table = {
        .uid = TABLE, .version = state == TABLET_TABLE_OPEN ? 1 : 2, .state = state};
    reply->is_given = false;
    tablet_configure(fixture->tablet, &table, reply_take, reply);
}

static inline void reply_wait(struct tablet_fixture *fixture, struct reply *reply)
{
    uint64_t end_us = world_now_us(fixture->world) + FIXTURE_WAIT_US;
    while (!reply->is_given && world_now_us(fixture->world) < end_us)
        world_run_for(fixture->world, 50);
    CHECK(reply->is_given);
}

static inline void put(struct tablet_fixture *fixture, const char *key, const char *item)
{
    SCOPED(reply) reply = {0};
    ask_put(fixture, key, item, &reply);
    reply_wait(fixture, &reply);
    CHECK(reply.outcome == RPC_EXECUTED);
}

static inline void configure(struct tablet_fixture *fixture, enum tablet_table_state state)
{
    SCOPED(reply) reply = {0};
    ask_configure(fixture, state, &reply);
    reply_wait(fixture, &reply);
    CHECK(reply.outcome == RPC_EXECUTED);
}

/* --- Checkpoints ----------------------------------------------------------------------------- */

struct checkpoint_wait {
    bool is_done;
};

static inline void checkpoint_note(void *context, enum status status)
{
    CHECK(status == STATUS_OK);
    ((struct checkpoint_wait *)context)->is_done = true;
}

/* As the node's checkpointer goes about it. */
static inline void checkpoint(struct tablet_fixture *fixture)
{
    struct checkpoint_wait wait = {0};
    uint64_t index = tablet_written_index(fixture->tablet);
    engine_checkpoint(fixture->engine, checkpoint_note, &wait);
    while (!wait.is_done)
        world_run_for(fixture->world, 50);
    tablet_checkpointed(fixture->tablet, index);
}
