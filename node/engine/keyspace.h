/*
 * Keyspace: every key that the engine holds. Read this to know what is on a node's disk.
 *
 *     row              := 01 . table uid u64 . token u64 . primary key     (core/key/key_codec.h)
 *     tablet state     := 02 . tablet u32                                  (node/tablet/state.h)
 *     tablet table     := 03 . tablet u32 . table uid u64 (node/tablet/table_config.h) catalog
 * record   := 04 . record key                                  (core/catalog/records.h)
 *
 * Integers are big-endian. Rows stand in the order of tables and then tokens, whichever tablet
 * holds them: splitting or moving a tablet moves no key.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"

#include <stdint.h>

/* On disk: never renumber. */
enum keyspace {
    KEYSPACE_ROW = 1,
    KEYSPACE_TABLET_STATE = 2,
    KEYSPACE_TABLET_TABLE = 3,
    KEYSPACE_CATALOG = 4,
};

/* Each appends to `key`. */
void keyspace_row(struct buffer *key, uint64_t table_uid, uint64_t token, struct slice primary_key);
void keyspace_row_prefix(struct buffer *key, uint64_t table_uid, uint64_t token);
void keyspace_tablet_state(struct buffer *key, uint32_t tablet);
void keyspace_tablet_table(struct buffer *key, uint32_t tablet, uint64_t table_uid);
void keyspace_tablet_tables(struct buffer *key, uint32_t tablet);
void keyspace_catalog(struct buffer *key, struct slice record_key);

/* The first key after all that begin with `prefix`, which has a byte other than FF. */
void keyspace_prefix_end(struct buffer *end, struct slice prefix);
