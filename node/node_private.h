/*
 * What the files of the node share.
 */
#pragma once

#include "core/base/list.h"
#include "core/env/env.h"
#include "node/catalog/catalog.h"
#include "node/engine/engine.h"
#include "node/identity.h"
#include "node/node.h"
#include "node/tablet/applier.h"
#include "node/tablet/page_slots.h"
#include "node/tablet/row_cache.h"
#include "proto/rpc_server.h"

struct checkpointer;

struct node {
    struct node_options options;
    char *data_path; /* copies of what the options point to */
    char *name;
    char *address;
    char *advertised_address;
    char *region;
    char *host;
    char *zone;
    struct identity identity;
    struct log *log;
    struct engine *engine;
    struct applier *applier;
    struct row_cache *row_cache;
    struct page_slots page_slots;
    struct catalog *catalog; /* NULL: held elsewhere */
    struct catalog_watch *watch;
    struct rpc_server *server;
    struct arena *call_arena; /* for the call being taken; calls are not taken inside one another */
    struct tablet **tablets;  /* by number; NULL: no replica here */
    size_t tablet_capacity;
    size_t opening_count;
    bool has_view;
    bool is_registered;
    struct env_timer register_timer;
    struct list configures; /* calls of RPC_CONFIGURE_TABLE that wait for tablets */
    struct checkpointer *checkpointer;
};

/* NULL when the node has no replica of the tablet. */
struct tablet *node_tablet(const struct node *node, uint64_t number);

/* Makes the replicas that the view places on this node and that are not there yet. */
void node_tablets_update(struct node *node);

/* --- checkpointer.c: when the log may forget ------------------------------------------------- */

struct checkpointer *checkpointer_create(struct node *node);
void checkpointer_destroy(struct checkpointer *checkpointer);
void checkpointer_run(struct checkpointer *checkpointer, void (*done_fn)(void *context),
                      void *context);

/* --- service/: one file per kind of call ----------------------------------------------------- */

void data_service_call(struct node *node, struct rpc_call *call);

/* Forgets the calls that wait for tablets. */
void data_service_end(struct node *node);
void admin_service_call(struct node *node, struct rpc_call *call);
