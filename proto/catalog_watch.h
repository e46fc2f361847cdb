/*
 * Catalog watch: keeps a process's view of the catalog up to date, and reaches the catalog's
 * leader.
 *
 * It asks one of the catalog's nodes for what changed after its version, which answers when
 * something has; when that fails it goes on to the next node.
 *
 * Ownership: the view belongs to the watch, and is the same one for all of its life.
 * Threads:   the loop thread.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/catalog/view.h"
#include "proto/rpc_client.h"

#include <stddef.h>
#include <stdint.h>

struct catalog_watch;
struct env;

/* A node that holds the catalog: "name@host:port" in settings. */
struct catalog_seed {
    const char *name;
    const char *address;
};

struct catalog_watch_options {
    struct env *env;
    const char *own_name;
    const struct catalog_seed *seeds;
    size_t seed_count;
    void (*changed_fn)(void *context); /* the view has changed; from no call of the watch's user */
    void *context;
};

struct catalog_watch *catalog_watch_create(const struct catalog_watch_options *options);
void catalog_watch_destroy(struct catalog_watch *watch);
DEFINE_CLEANUP(catalog_watch)

const struct catalog_view *catalog_watch_view(const struct catalog_watch *watch);

/*
 * Brings the view up to what the catalog's leader had committed when it was asked, then calls `fn`:
 * STATUS_OK, or STATUS_TIMEOUT when the leader was not reached.
 */
typedef void (*catalog_refresh_fn)(void *context, enum status status);
void catalog_watch_refresh(struct catalog_watch *watch, uint64_t timeout_us, catalog_refresh_fn fn,
                           void *context);

/* Calls the catalog's leader, wherever it is; repeats what was not executed until the time is up.
 */
void catalog_watch_call(struct catalog_watch *watch, enum rpc_method method, struct slice body,
                        uint64_t timeout_us, rpc_result_fn fn, void *context);
