/*
 * Tablet call: a call made to a tablet's leader wherever it is, and repeated until it is answered
 * or its time is up; one that writes, only after it was *not executed*.
 *
 * Ownership: borrows the catalog's watch and the peers; a call lies in its owner.
 * Threads:   the loop thread. Callbacks are never made from inside a call.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/env/env.h"
#include "proto/catalog_watch.h"
#include "proto/peers.h"
#include "proto/rpc.h"

#include <stdbool.h>
#include <stdint.h>

struct tablet_route {
    struct env *env;
    struct catalog_watch *watch;
    struct peers *peers;
};

/* Zeroed: at rest. Destroy the peers before one that is under way. */
struct tablet_call {
    const struct tablet_route *route;
    enum rpc_method method;
    uint32_t tablet;
    bool is_write;
    struct buffer body;
    uint64_t deadline_us; /* on the boot clock */
    uint64_t retry_us;
    bool is_sent; /* an answer will come */
    struct env_timer retry_timer;
    void (*fn)(void *context, const struct rpc_result *result);
    void *context;
};

/* `body` is set by the caller before, and kept. */
void tablet_call_start(struct tablet_call *call);

/*
 * Its answer is of no use any more: true when it is at rest, and false when its callback will still
 * be made, once what is under way has been answered.
 */
bool tablet_call_abandon(struct tablet_call *call);

/* Ends it without its callback. */
void tablet_call_deinit(struct tablet_call *call);
