#include "node/tablet/applier.h"

#include "core/base/list.h"
#include "core/env/env.h"
#include "node/tablet/tablet_private.h"

/*
 * Nobody waits for the engine, as the overlay answers meanwhile: what several turns apply goes to
 * its worker together, since waking a thread costs as much as writing some rows, and each tablet
 * adds a row for its state.
 */
enum {
    GATHER_US = 10000,
    GATHER_BYTES_MAX = 1 << 20, /* then it goes without waiting */
};

/* A tablet in a batch, and the log index that the batch takes it to. */
struct touched {
    struct tablet *tablet; /* NULL: gone meanwhile */
    uint64_t index;
};

struct write {
    struct list link; /* in `writes` */
    struct applier *applier;
    struct touched *touched;
    size_t touched_count;
    size_t bytes;
};

struct applier {
    struct env *env;
    struct engine *engine;
    struct engine_batch batch;
    struct touched *touched;
    size_t touched_count;
    size_t touched_capacity;
    struct list writes;
    size_t backlog_bytes;
    struct env_timer write_timer;
};

static void write_done(void *context, enum status status)
{
    struct write *write = context;
    struct applier *applier = write->applier;
    if (status != STATUS_OK) {
        env_fatal(applier->env, "the engine failed to write");
        return;
    }
    list_remove(&write->link);
    applier->backlog_bytes -= write->bytes;
    for (size_t i = 0; i < write->touched_count; i++)
        if (write->touched[i].tablet != NULL)
            tablet_written(write->touched[i].tablet, write->touched[i].index);
    memory_free(write->touched);
    memory_free(write);
}

static void batch_write(void *context)
{
    struct applier *applier = context;
    if (applier->touched_count == 0)
        return;
    for (size_t i = 0; i < applier->touched_count; i++)
        applier->touched[i].index = tablet_put_state(applier->touched[i].tablet, &applier->batch);
    struct write *write = memory_alloc_zeroed(sizeof *write);
    write->applier = applier;
    write->bytes = applier->batch.operations.size;
    write->touched_count = applier->touched_count;
    write->touched = memory_copy(applier->touched, applier->touched_count * sizeof(struct touched));
    list_append(&applier->writes, &write->link);
    applier->backlog_bytes += write->bytes;
    applier->touched_count = 0;
    engine_write(applier->engine, &applier->batch, write_done, write);
}

struct applier *applier_create(struct env *env, struct engine *engine)
{
    struct applier *applier = memory_alloc_zeroed(sizeof *applier);
    applier->env = env;
    applier->engine = engine;
    engine_batch_init(&applier->batch);
    list_init(&applier->writes);
    return applier;
}

void applier_destroy(struct applier *applier)
{
    if (applier == NULL)
        return;
    env_timer_stop(applier->env, &applier->write_timer);
    struct list *link;
    while ((link = list_take_first(&applier->writes)) != NULL) {
        struct write *write = LIST_ELEMENT(link, struct write, link);
        memory_free(write->touched);
        memory_free(write);
    }
    engine_batch_deinit(&applier->batch);
    memory_free(applier->touched);
    memory_free(applier);
}

void applier_put(struct applier *applier, struct slice key, struct slice header, struct slice value)
{
    engine_batch_put_joined(&applier->batch, key, header, value);
}

void applier_delete(struct applier *applier, struct slice key)
{
    engine_batch_delete(&applier->batch, key);
}

/* Between entries: a batch holds each with the state that tells of it. */
static void write_later(struct applier *applier)
{
    if (applier->batch.operations.size >= GATHER_BYTES_MAX) {
        env_timer_stop(applier->env, &applier->write_timer);
        batch_write(applier);
    } else if (!timer_is_waiting(&applier->write_timer.timer)) {
        env_timer_start(applier->env, &applier->write_timer, GATHER_US, batch_write, applier);
    }
}

static bool is_touched(const struct applier *applier, const struct tablet *tablet)
{
    for (size_t i = 0; i < applier->touched_count; i++)
        if (applier->touched[i].tablet == tablet)
            return true;
    return false;
}

static void touched_add(struct applier *applier, struct tablet *tablet)
{
    if (applier->touched_count == applier->touched_capacity) {
        applier->touched_capacity = applier->touched_capacity * 2 + 16;
        applier->touched =
            memory_resize(applier->touched, applier->touched_capacity * sizeof(struct touched));
    }
    applier->touched[applier->touched_count++] = (struct touched){.tablet = tablet};
}

void applier_touch(struct applier *applier, struct tablet *tablet)
{
    if (!is_touched(applier, tablet))
        touched_add(applier, tablet);
    write_later(applier);
}

void applier_forget(struct applier *applier, struct tablet *tablet)
{
    for (size_t i = 0; i < applier->touched_count; i++)
        if (applier->touched[i].tablet == tablet)
            applier->touched[i--] = applier->touched[--applier->touched_count];
    LIST_FOR_EACH (link, &applier->writes) {
        struct write *write = LIST_ELEMENT(link, struct write, link);
        for (size_t i = 0; i < write->touched_count; i++)
            if (write->touched[i].tablet == tablet)
                write->touched[i].tablet = NULL;
    }
}

size_t applier_backlog_bytes(const struct applier *applier)
{
    return applier->backlog_bytes + applier->batch.operations.size;
}
