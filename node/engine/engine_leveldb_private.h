/*
 * Inside the engine on LevelDB: the parts that its source files share.
 *
 * `struct database` is what workers touch, everything else belongs to the loop thread. The engine
 * is held by its owner and by each work under way; whoever lets go of it last frees it.
 */
#pragma once

#include "core/base/list.h"
#include "core/env/env.h"
#include "node/engine/engine.h"
#include "node/engine/engine_leveldb.h"
#include "node/engine/leveldb_logless.h"

#include <leveldb/c.h>
#include <pthread.h>

enum { READ_WORK_COUNT = 2 };

/* --- The database and who is inside it: engine_leveldb_database.c ---------------------------- */

struct database {
    struct env *env;
    char *path;
    leveldb_t *leveldb;
    struct leveldb_logless *logless;
    leveldb_options_t *options;
    leveldb_cache_t *cache;
    leveldb_filterpolicy_t *filter;
    leveldb_readoptions_t *read_options;
    leveldb_writeoptions_t *write_options;

    pthread_mutex_t mutex;
    pthread_cond_t is_idle;
    size_t inside_count;
    bool is_closed;
};

/* On failure the database is as after `database_close`. */
MUST_USE enum status database_open(struct database *database, struct env *env,
                                   const struct engine_leveldb_options *options);

/* Waits until no worker is inside, and lets none in any more. */
void database_close(struct database *database);

/* Frees what workers that come too late may still look at. */
void database_free(struct database *database);

/* A worker comes in; false: closed, nothing may be touched. */
MUST_USE bool database_enter(struct database *database);
void database_leave(struct database *database);

/* What LevelDB's text means; frees it. NULL is STATUS_OK. */
enum status database_status(char *error);

/*
 * Flushes and syncs what was written before. STATUS_BUSY when LevelDB passed the request over, as
 * it does beside a write that it delays: ask again. Call it inside.
 */
MUST_USE enum status database_flush(struct database *database);

/* --- The engine ------------------------------------------------------------------------------ */

struct read_work {
    struct engine_leveldb *engine;
    struct env_work work;
    struct list gets;
    struct list scans;
    bool is_under_way;
};

struct write_work {
    struct env_work work;
    leveldb_writebatch_t *together; /* kept from work to work, as its memory grows in steps */
    struct list writes;
    enum status status;
    bool is_under_way;
};

struct checkpoint_work {
    struct env_work work;
    struct env_timer hold_timer;
    engine_done_fn fn; /* NULL: none is asked for */
    void *context;
    enum status status;
    unsigned attempt;
    bool is_under_way;
    bool holds_writes;
};

struct engine_leveldb {
    struct engine engine;
    struct env *env;
    struct database database;
    bool reads_on_loop;

    struct env_task gather_task;
    struct list gets;
    struct list scans;
    struct list writes;
    struct read_work read_works[READ_WORK_COUNT];
    struct write_work write_work;
    struct checkpoint_work checkpoint_work;

    enum status failure; /* of the first write or checkpoint that failed */
    struct engine_stats stats;
    size_t holder_count;
    bool is_destroyed;
};

/* engine_leveldb.c */
void engine_leveldb_hold(struct engine_leveldb *engine);
void engine_leveldb_release(struct engine_leveldb *engine);

/* engine_leveldb_read.c */
void engine_leveldb_get(struct engine *base, struct slice key, engine_get_fn fn, void *context);
void engine_leveldb_scan(struct engine *base, const struct engine_range *range, engine_scan_fn fn,
                         void *context);
void engine_leveldb_start_reads(struct engine_leveldb *engine);
void engine_leveldb_drop_reads(struct engine_leveldb *engine);

/* engine_leveldb_write.c */
void engine_leveldb_write(struct engine *base, struct engine_batch *batch, engine_done_fn fn,
                          void *context);
void engine_leveldb_start_write(struct engine_leveldb *engine);
void engine_leveldb_drop_writes(struct engine_leveldb *engine);

/* engine_leveldb_checkpoint.c */
void engine_leveldb_checkpoint(struct engine *base, engine_done_fn fn, void *context);
void engine_leveldb_start_checkpoint(struct engine_leveldb *engine);
