/*
 * What the files of the catalog share.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/list.h"
#include "core/catalog/result.h"
#include "core/catalog/view.h"
#include "core/env/env.h"
#include "node/catalog/catalog.h"
#include "node/tablet/effects.h"
#include "proto/peers.h"
#include "proto/rpc_server.h"
#include "replication/global/hybrid_clock.h"
#include "replication/group/group.h"

struct watcher;
struct job;

/* Calls that wait their turn: one change of the catalog is under way at a time. */
struct waiting_call {
    struct list link;
    struct rpc_call *call;
};

struct catalog {
    struct catalog_options options;
    struct group *group;
    struct catalog_view *view; /* applied */
    struct hybrid_clock clock;
    struct peers *peers;
    struct effects effects; /* of the change being built */
    struct buffer command;

    /* The change under way. */
    uint64_t proposed_index; /* 0: none */
    struct rpc_call *call;   /* to be answered when it is applied, or NULL */
    struct buffer answer;
    struct list waiting;
    size_t waiting_count;

    struct list probes; /* nodes asked whether they are up */
    struct list watchers;
    size_t watcher_count;
    struct buffer *changes; /* the keys changed last, for watchers: a ring by position */
    uint64_t *change_versions;
    uint64_t change_count;

    struct job *job;    /* what the leader drives on, or NULL */
    struct list jobs;   /* that one, and those stopped whose calls have not ended */
    struct list writes; /* of the engine, under way */
    struct env_task next_task;

    uint64_t applied_index;
    uint64_t applied_term;
    uint64_t written_index;
    catalog_opened_fn opened_fn;
    void *opened_context;
};

/* --- catalog.c ------------------------------------------------------------------------------- */

/* Begins a change; nothing else must be under way. */
void catalog_change_begin(struct catalog *catalog);
void catalog_change_put(struct catalog *catalog, struct slice key, struct slice value);
void catalog_settings_put(struct catalog *catalog, const struct settings *settings);
void catalog_change_delete(struct catalog *catalog, struct slice key);

/* Proposes it; `call`, when not NULL, is answered with `catalog->answer` once it is applied. */
void catalog_change_propose(struct catalog *catalog, struct rpc_call *call);

bool catalog_is_idle(const struct catalog *catalog);

/* Looks, at the end of this turn, for what is to be done next. */
void catalog_wake(struct catalog *catalog);

/* --- catalog_operations.c: calls ------------------------------------------------------------- */

/* Runs one call; it may propose a change. */
void catalog_operation_run(struct catalog *catalog, struct rpc_call *call);

/* --- catalog_register.c: nodes --------------------------------------------------------------- */

/* As catalog_operation_run, of a registration. */
void catalog_register_run(struct catalog *catalog, struct rpc_call *call, struct arena *arena);

/* After the peers are gone. */
void catalog_register_end(struct catalog *catalog);

/* --- catalog_watchers.c ---------------------------------------------------------------------- */

void catalog_watch_add(struct catalog *catalog, struct rpc_call *call);
void catalog_watch_note(struct catalog *catalog, struct slice key);

/* A change has been applied: tells who waits for one. */
void catalog_watch_tell(struct catalog *catalog);

/* Sends them away: this node does not lead. */
void catalog_watch_refuse(struct catalog *catalog);
void catalog_watch_end(struct catalog *catalog);

/* --- catalog_drive.c: what the leader does of its own accord --------------------------------- */

/* Takes the next step of whatever is unfinished. */
void catalog_drive(struct catalog *catalog);
void catalog_drive_stop(struct catalog *catalog);

/* After the peers are gone: no call ends any more. */
void catalog_drive_end(struct catalog *catalog);
