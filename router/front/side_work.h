/*
 * Side work: what takes a worker for one request, as it would hold up the loop: reading a large
 * body, writing a large answer. A few are under way at a time, so that short works of others, such
 * as syncs, find a worker; the rest waits in order.
 *
 * Ownership: a work is embedded by its user, and the user's again when `done_fn` is called.
 * Threads:   the loop thread, but for `work_fn`.
 */
#pragma once

#include "core/base/list.h"
#include "core/env/env.h"

#include <stddef.h>

enum {
    SIDE_WORKS_MAX = 2,

    /* A body, or an item to be answered, of more bytes than that is one for a worker: about a tenth
     * of a millisecond on the loop. */
    SIDE_WORK_BYTES_MIN = 32 << 10,
};

struct side_works {
    struct env *env;
    struct list waiting;
    struct list running;
    size_t running_count;
};

struct side_work {
    struct list link;
    struct side_works *works; /* NULL: they are gone, and so is what the work was for */
    struct env_work work;
    env_fn work_fn;
    env_fn done_fn;
    void *context;
};

void side_works_init(struct side_works *works, struct env *env);

/*
 * What waits is forgotten. What a worker is at must stay in memory until the env's works are done;
 * its `done_fn` then finds `works` to be NULL, and frees what it has to.
 */
void side_works_deinit(struct side_works *works);

void side_work_start(struct side_works *works, struct side_work *work, env_fn work_fn,
                     env_fn done_fn, void *context);
