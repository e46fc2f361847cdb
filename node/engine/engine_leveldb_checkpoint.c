#include "core/base/check.h"
#include "node/engine/engine_leveldb_private.h"

/*
 * LevelDB may pass over a flush that meets a write (see database_flush). So a checkpoint begins
 * while no write is under way, and the next one waits for a moment, which nearly always is enough:
 * the flush only needs to be first in LevelDB's line. If it was not, the last attempt holds writes
 * back to its end.
 */
enum {
    HOLD_US = 10000,
    ATTEMPT_COUNT_MAX = 2,
};

void engine_leveldb_checkpoint(struct engine *base, engine_done_fn fn, void *context)
{
    struct engine_leveldb *engine = (struct engine_leveldb *)base;
    struct checkpoint_work *work = &engine->checkpoint_work;
    CHECK(work->fn == NULL);
    work->fn = fn;
    work->context = context;
    work->attempt = 0;
    engine_leveldb_start_checkpoint(engine);
}

static void work_on_checkpoint(void *context)
{
    struct engine_leveldb *engine = context;
    struct checkpoint_work *work = &engine->checkpoint_work;
    if (work->status != STATUS_OK || !database_enter(&engine->database))
        return;
    work->status = database_flush(&engine->database);
    database_leave(&engine->database);
}

static void stop_holding_writes(void *context)
{
    struct engine_leveldb *engine = context;
    engine->checkpoint_work.holds_writes = false;
    engine_leveldb_start_write(engine);
}

static void finish_checkpoint(void *context)
{
    struct engine_leveldb *engine = context;
    struct checkpoint_work *work = &engine->checkpoint_work;
    work->is_under_way = false;
    env_timer_stop(engine->env, &work->hold_timer);

    if (work->status == STATUS_BUSY && work->attempt < ATTEMPT_COUNT_MAX) {
        engine_leveldb_start_checkpoint(engine);
        engine_leveldb_release(engine);
        return;
    }
    if (work->status == STATUS_BUSY)
        work->status = STATUS_IO;
    if (engine->failure == STATUS_OK)
        engine->failure = work->status;
    stop_holding_writes(engine);
    if (!engine->is_destroyed)
        GIVE(work->fn)(work->context, work->status);
    engine_leveldb_release(engine);
}

void engine_leveldb_start_checkpoint(struct engine_leveldb *engine)
{
    struct checkpoint_work *work = &engine->checkpoint_work;
    bool is_wanted = work->fn != NULL && !work->is_under_way;
    if (engine->is_destroyed || !is_wanted)
        return;

    /* From here on no write begins; when the one under way ends, we come back. */
    work->holds_writes = true;
    if (engine->write_work.is_under_way)
        return;
    work->attempt++;
    if (work->attempt < ATTEMPT_COUNT_MAX)
        env_timer_start(engine->env, &work->hold_timer, HOLD_US, stop_holding_writes, engine);
    work->status = engine->failure;
    work->is_under_way = true;
    engine_leveldb_hold(engine);
    env_work_start(engine->env, &work->work, work_on_checkpoint, finish_checkpoint, engine);
}
