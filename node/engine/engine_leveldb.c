#include "node/engine/engine_leveldb.h"

#include "core/base/check.h"
#include "node/engine/engine_leveldb_private.h"

void engine_leveldb_hold(struct engine_leveldb *engine)
{
    CHECK(engine->holder_count > 0);
    engine->holder_count++;
}

void engine_leveldb_release(struct engine_leveldb *engine)
{
    CHECK(engine->holder_count > 0);
    if (--engine->holder_count > 0)
        return;
    leveldb_writebatch_destroy(engine->write_work.together);
    database_free(&engine->database);
    memory_free(engine);
}

static void get_stats(struct engine *base, struct engine_stats *out_stats)
{
    struct engine_leveldb *engine = (struct engine_leveldb *)base;
    static const char first[] = "";
    static const char last[] = "\xff\xff\xff\xff\xff\xff\xff\xff";
    const char *starts[] = {first};
    const char *ends[] = {last};
    const size_t start_sizes[] = {0};
    const size_t end_sizes[] = {sizeof last - 1};

    *out_stats = engine->stats;
    leveldb_approximate_sizes(engine->database.leveldb, 1, starts, start_sizes, ends, end_sizes,
                              &out_stats->disk_bytes);
}

static void destroy(struct engine *base)
{
    struct engine_leveldb *engine = (struct engine_leveldb *)base;
    CHECK(!engine->is_destroyed);
    engine->is_destroyed = true;
    env_task_cancel(&engine->gather_task);
    env_timer_stop(engine->env, &engine->checkpoint_work.hold_timer);
    engine_leveldb_drop_reads(engine);
    engine_leveldb_drop_writes(engine);
    database_close(&engine->database);
    engine_leveldb_release(engine);
}

static const struct engine_ops leveldb_ops = {
    .get = engine_leveldb_get,
    .scan = engine_leveldb_scan,
    .write = engine_leveldb_write,
    .checkpoint = engine_leveldb_checkpoint,
    .stats = get_stats,
    .destroy = destroy,
};

static void gather(void *context)
{
    struct engine_leveldb *engine = context;

    /* A get on the loop calls back at once, and its callback may destroy the engine. */
    engine_leveldb_hold(engine);
    engine_leveldb_start_write(engine);
    engine_leveldb_start_reads(engine);
    engine_leveldb_release(engine);
}

static void init_queues(struct engine_leveldb *engine)
{
    env_task_init(&engine->gather_task, gather, engine);
    list_init(&engine->gets);
    list_init(&engine->scans);
    list_init(&engine->writes);
    list_init(&engine->write_work.writes);
    engine->write_work.together = leveldb_writebatch_create();
    for (size_t i = 0; i < READ_WORK_COUNT; i++) {
        engine->read_works[i].engine = engine;
        list_init(&engine->read_works[i].gets);
        list_init(&engine->read_works[i].scans);
    }
}

enum status engine_leveldb_open(struct env *env, const struct engine_leveldb_options *options,
                                struct engine **out_engine)
{
    struct engine_leveldb *engine = memory_alloc_zeroed(sizeof *engine);
    engine->engine.ops = &leveldb_ops;
    engine->env = env;
    engine->reads_on_loop = options->reads_on_loop;
    engine->holder_count = 1;
    init_queues(engine);

    enum status status = database_open(&engine->database, env, options);
    if (status != STATUS_OK) {
        engine_leveldb_release(engine);
        return status;
    }
    *out_engine = &engine->engine;
    return STATUS_OK;
}
