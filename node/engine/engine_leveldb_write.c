#include "core/base/check.h"
#include "node/engine/engine_leveldb_private.h"

/* LevelDB's memory may grow past its bound by one write. */
#define WRITE_BYTES_TARGET ((size_t)2 << 20)

struct write {
    struct list link;
    struct engine_batch batch;
    engine_done_fn fn;
    void *context;
};

static void free_write(struct write *write)
{
    engine_batch_deinit(&write->batch);
    memory_free(write);
}

void engine_leveldb_write(struct engine *base, struct engine_batch *batch, engine_done_fn fn,
                          void *context)
{
    struct engine_leveldb *engine = (struct engine_leveldb *)base;
    struct write *write = memory_alloc(sizeof *write);
    *write = (struct write){.batch = *batch, .fn = fn, .context = context};
    engine_batch_init(batch);
    list_append(&engine->writes, &write->link);
    engine->stats.write_count++;
    engine->stats.written_bytes += write->batch.operations.size;
    env_defer(engine->env, ENV_PHASE_STORE, &engine->gather_task);
}

static void add_batch(leveldb_writebatch_t *to, const struct engine_batch *batch)
{
    size_t position = 0;
    struct slice key;
    struct slice value;
    while (engine_batch_next(batch, &position, &key, &value)) {
        if (value.bytes == NULL)
            leveldb_writebatch_delete(to, (const char *)key.bytes, key.size);
        else
            leveldb_writebatch_put(to, (const char *)key.bytes, key.size, (const char *)value.bytes,
                                   value.size);
    }
}

static void work_on_writes(void *context)
{
    struct engine_leveldb *engine = context;
    struct write_work *work = &engine->write_work;
    if (work->status != STATUS_OK || !database_enter(&engine->database))
        return;
    LIST_FOR_EACH (link, &work->writes)
        add_batch(work->together, &LIST_ELEMENT(link, struct write, link)->batch);

    char *error = NULL;
    leveldb_write(engine->database.leveldb, engine->database.write_options, work->together, &error);
    work->status = database_status(error);
    leveldb_writebatch_clear(work->together);
    database_leave(&engine->database);
}

static void finish_writes(void *context)
{
    struct engine_leveldb *engine = context;
    struct write_work *work = &engine->write_work;
    struct list writes;
    list_init(&writes);
    list_take_all(&writes, &work->writes);
    enum status status = work->status;
    if (engine->failure == STATUS_OK)
        engine->failure = status;
    work->is_under_way = false;

    engine_leveldb_start_checkpoint(engine);
    engine_leveldb_start_write(engine);
    struct list *link;
    while ((link = list_take_first(&writes)) != NULL) {
        struct write *write = LIST_ELEMENT(link, struct write, link);
        if (!engine->is_destroyed)
            write->fn(write->context, status);
        free_write(write);
    }
    engine_leveldb_release(engine);
}

void engine_leveldb_start_write(struct engine_leveldb *engine)
{
    struct write_work *work = &engine->write_work;
    bool must_wait = work->is_under_way || engine->checkpoint_work.holds_writes;
    if (engine->is_destroyed || must_wait || list_is_empty(&engine->writes))
        return;

    size_t bytes = 0;
    struct list *link;
    while (bytes < WRITE_BYTES_TARGET && (link = list_take_first(&engine->writes)) != NULL) {
        bytes += LIST_ELEMENT(link, struct write, link)->batch.operations.size;
        list_append(&work->writes, link);
    }
    work->status = engine->failure;
    work->is_under_way = true;
    engine_leveldb_hold(engine);
    env_work_start(engine->env, &work->work, work_on_writes, finish_writes, engine);
}

void engine_leveldb_drop_writes(struct engine_leveldb *engine)
{
    struct list *link;
    while ((link = list_take_first(&engine->writes)) != NULL)
        free_write(LIST_ELEMENT(link, struct write, link));
}
