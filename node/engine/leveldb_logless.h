/*
 * A LevelDB Env whose logs stay empty (docs/decisions/0006).
 *
 * LevelDB writes every batch to a log of its own, which lets it open with what its memory held.
 * We never sync that log, so after a power cut nothing may be built on it, and nothing is: the
 * node's log is replayed from the last checkpoint, which is a flush of that memory to synced
 * tables. Here the log's files are made, named and removed as ever, by which a flush is recognised
 * (database_flush), but what is appended to them goes nowhere. So a process that is killed leaves
 * what a power cut may leave: what LevelDB has flushed.
 *
 * A log that an earlier version left behind is read, and becomes a table, as LevelDB does.
 *
 * Threads: any, as LevelDB calls from its own.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/status.h"

#ifdef __cplusplus
extern "C" {
#endif

struct leveldb_env_t;
struct leveldb_logless;

/*
 * All but the content of logs goes to `target`, which is kept and outlives it; NULL: the operating
 * system. STATUS_UNSUPPORTED when this LevelDB's handles are unlike those that we know.
 */
MUST_USE enum status leveldb_logless_create(struct leveldb_env_t *target,
                                            struct leveldb_logless **out_logless);

/* After the database that uses it was closed. */
void leveldb_logless_destroy(struct leveldb_logless *logless);

/* Belongs to `logless`. */
struct leveldb_env_t *leveldb_logless_env(struct leveldb_logless *logless);

#ifdef __cplusplus
}
#else
DEFINE_CLEANUP(leveldb_logless)
#endif
