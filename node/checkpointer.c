#include "core/base/check.h"
#include "node/node_private.h"

/*
 * A checkpoint: notes what the engine has been given of each group, has the engine make it durable,
 * and then lets the log forget up to there. Begun when the log has grown by enough.
 */

enum { LOOK_US = 500000 };

#define CHECKPOINT_BYTES_DEFAULT ((uint64_t)64 << 20)

struct noted {
    struct tablet *tablet;
    uint64_t index;
};

struct checkpointer {
    struct node *node;
    struct env_timer look_timer;
    bool is_running;
    struct noted *noted;
    size_t noted_count;
    uint64_t catalog_index;
    void (*done_fn)(void *context); /* of who asked for one, or NULL */
    void *done_context;
};

static void look(void *context);

static void look_later(struct checkpointer *checkpointer)
{
    env_timer_start(checkpointer->node->options.env, &checkpointer->look_timer, LOOK_US, look,
                    checkpointer);
}

static void checkpoint_done(void *context, enum status status)
{
    struct checkpointer *checkpointer = context;
    struct node *node = checkpointer->node;
    if (status != STATUS_OK) {
        env_fatal(node->options.env, "the engine failed to make a checkpoint");
        return;
    }
    for (size_t i = 0; i < checkpointer->noted_count; i++)
        tablet_checkpointed(checkpointer->noted[i].tablet, checkpointer->noted[i].index);
    if (node->catalog != NULL)
        catalog_checkpointed(node->catalog, checkpointer->catalog_index);
    checkpointer->is_running = false;
    if (checkpointer->done_fn != NULL)
        checkpointer->done_fn(checkpointer->done_context);
    checkpointer->done_fn = NULL;
    look_later(checkpointer);
}

static void begin(struct checkpointer *checkpointer)
{
    struct node *node = checkpointer->node;
    checkpointer->is_running = true;
    checkpointer->noted_count = 0;
    checkpointer->noted =
        memory_resize(checkpointer->noted, node->tablet_capacity * sizeof(struct noted));
    for (size_t i = 0; i < node->tablet_capacity; i++) {
        struct tablet *tablet = node->tablets[i];
        if (tablet != NULL)
            checkpointer->noted[checkpointer->noted_count++] =
                (struct noted){.tablet = tablet, .index = tablet_written_index(tablet)};
    }
    checkpointer->catalog_index = node->catalog == NULL ? 0 : catalog_written_index(node->catalog);
    engine_checkpoint(node->engine, checkpoint_done, checkpointer);
}

static void look(void *context)
{
    struct checkpointer *checkpointer = context;
    const struct node *node = checkpointer->node;
    uint64_t bytes_max = node->options.checkpoint_bytes > 0 ? node->options.checkpoint_bytes
                                                            : CHECKPOINT_BYTES_DEFAULT;
    if (!checkpointer->is_running && log_live_bytes(node->log) > bytes_max)
        begin(checkpointer);
    else
        look_later(checkpointer);
}

struct checkpointer *checkpointer_create(struct node *node)
{
    struct checkpointer *checkpointer = memory_alloc_zeroed(sizeof *checkpointer);
    checkpointer->node = node;
    look_later(checkpointer);
    return checkpointer;
}

void checkpointer_destroy(struct checkpointer *checkpointer)
{
    if (checkpointer == NULL)
        return;
    env_timer_stop(checkpointer->node->options.env, &checkpointer->look_timer);
    memory_free(checkpointer->noted);
    memory_free(checkpointer);
}

void checkpointer_run(struct checkpointer *checkpointer, void (*done_fn)(void *context),
                      void *context)
{
    CHECK(checkpointer->done_fn == NULL);
    checkpointer->done_fn = done_fn;
    checkpointer->done_context = context;
    if (checkpointer->is_running)
        return;
    env_timer_stop(checkpointer->node->options.env, &checkpointer->look_timer);
    begin(checkpointer);
}
