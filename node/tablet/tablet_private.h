/*
 * What the files of a tablet share.
 */
#pragma once

#include "core/env/env.h"
#include "node/engine/engine.h"
#include "node/tablet/overlay.h"
#include "node/tablet/pending.h"
#include "node/tablet/tablet.h"
#include "replication/global/hybrid_clock.h"
#include "replication/group/group.h"

struct hash_map;

struct tablet {
    struct tablet_options options;
    struct group *group;
    struct overlay *overlay;
    struct table_config *config;
    struct pending_queue pending;
    struct hash_map *fetches; /* by row key: rows being read from the engine */
    struct list resumed;      /* requests whose row has been read, and others had their turn */
    struct env_task resume_task;
    size_t answered_bytes; /* of items read, ever */
    struct hybrid_clock clock;
    struct effects effects;          /* scratch */
    struct buffer command;           /* scratch */
    struct buffer row_key;           /* scratch */
    struct evaluate_scratch scratch; /* empty before a write has to look at its row */

    uint64_t proposed_index; /* of the last command proposed in this leadership */
    uint64_t applied_index;
    uint64_t applied_term;
    uint64_t dropped_time; /* the greatest stamp of any tombstone dropped */
    uint64_t written_index;
    uint64_t held_index;  /* what the engine said when it was opened: serve nothing older */
    size_t request_count; /* waiting for the engine or for a commit */

    tablet_opened_fn opened_fn;
    void *opened_context;
    struct list collections;   /* of closed tables' rows */
    struct list pages;         /* being read */
    struct list refused_pages; /* that the engine still reads for */
    struct list page_reads;    /* of the engine, for pages; in the order in which they were asked */
};

/* --- tablet_fetch.c: rows that requests wait for --------------------------------------------- */

struct fetch;
void fetches_init(struct tablet *tablet);
void fetches_destroy(struct tablet *tablet);

/* Fails everything that waits for the engine, as leadership is lost. */
void fetches_fail(struct tablet *tablet);

/* --- tablet_request.c: the way of reads and writes ------------------------------------------- */

/* Why a table's rows may not be read now, or RPC_REASON_NONE. */
enum rpc_reason tablet_admit_read(const struct tablet *tablet, uint64_t table_uid);

/* An answer that rests on `index` must wait for its commit. */
bool tablet_must_wait(const struct tablet *tablet, uint64_t index);

/* Proposes what is in `tablet->effects`. */
MUST_USE enum status tablet_propose(struct tablet *tablet, uint64_t *out_index);

/* --- tablet_page.c: the way of pages ---------------------------------------------------------- */

void pages_destroy(struct tablet *tablet);

/* Refuses what waits for a slot or the engine, as leadership is lost; pending_fail comes before. */
void pages_fail(struct tablet *tablet);

/*
 * Releases what the engine holds from the overlay, but for what it had not yet when a read for a
 * page that is still under way was asked for: that read may or may not see it.
 */
void pages_release_overlay(struct tablet *tablet);

/* --- tablet_apply.c -------------------------------------------------------------------------- */

extern const struct group_host tablet_group_host;

/* Adds the tablet's state to a batch; returns the index that it takes the engine to. */
uint64_t tablet_put_state(struct tablet *tablet, struct engine_batch *batch);
void tablet_written(struct tablet *tablet, uint64_t index);
MUST_USE enum status tablet_state_load(struct tablet *tablet, struct slice value);

/* --- tablet_collect.c: the rows of closed tables --------------------------------------------- */

/* Starts collecting a closed table's rows, once the engine holds all of the tablet up to now. */
void tablet_collect(struct tablet *tablet, uint64_t table_uid);
void tablet_collect_continue(struct tablet *tablet);

/* What the engine had written when the checkpoint began is durable. */
void tablet_collect_checkpointed(struct tablet *tablet);
void tablet_collect_end(struct tablet *tablet);
