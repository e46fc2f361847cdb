/*
 * Records of the catalog besides tables: nodes, tablets and the region's settings, and the keys
 * under which all of them stand.
 *
 * Ownership: what is decoded borrows from its bytes, but for the replicas, which are the arena's.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* The first byte of a record's key. On disk: never renumber. */
enum record_kind {
    RECORD_SETTINGS = 1, /* then nothing */
    RECORD_NODE = 2,     /* then the node's id, u64 */
    RECORD_TABLET = 3,   /* then the tablet's number, u32 */
    RECORD_TABLE = 4,    /* then the table's name */
};

void record_key_settings(struct buffer *key);
void record_key_node(struct buffer *key, uint64_t node_id);
void record_key_tablet(struct buffer *key, uint32_t tablet);
void record_key_table(struct buffer *key, struct slice name);

/* What a region is, and the numbers it mints next. */
struct settings {
    struct slice region;
    uint32_t cluster_version;
    uint32_t tablet_count; /* a power of two; 0: the ring is not cut yet */
    uint32_t node_count;   /* placement waits for this many to register */
    bool is_serving;       /* every tablet has been made */
    uint64_t next_node_id;
    uint64_t next_incarnation; /* of a replica: also its Raft server id */
    uint64_t next_table_uid;
};

void settings_encode(const struct settings *settings, struct buffer *record);
MUST_USE enum status settings_decode(struct slice record, struct settings *out_settings);

struct node_record {
    uint64_t id;
    struct slice name;
    struct slice address;
    struct slice host;
    struct slice zone;
    uint64_t instance; /* random, made with the node's data directory */
};

void node_record_encode(const struct node_record *node, struct buffer *record);
MUST_USE enum status node_record_decode(struct slice record, struct node_record *out_node);

struct replica {
    uint64_t node_id;
    uint64_t incarnation;
};

enum { TABLET_REPLICAS_MAX = 16 };

/* Replicas of one tablet; the first is the one that should lead. */
struct tablet_record {
    uint32_t tablet;
    uint32_t ring;
    size_t replica_count;
    struct replica *replicas;
};

void tablet_record_encode(const struct tablet_record *tablet, struct buffer *record);
MUST_USE enum status tablet_record_decode(struct slice record, struct arena *arena,
                                          struct tablet_record *out_tablet);
