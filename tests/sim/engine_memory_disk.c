#include "tests/sim/engine_memory_disk.h"

#include "core/base/check.h"

struct engine_memory_disk *engine_memory_disk_create(void)
{
    struct engine_memory_disk *disk = memory_alloc_zeroed(sizeof *disk);
    disk->map = ordered_map_create();
    list_init(&disk->batches);
    list_init(&disk->ended);
    return disk;
}

static struct disk_batch *batch_of(struct list *link)
{
    return LIST_ELEMENT(link, struct disk_batch, link);
}

void engine_memory_disk_destroy(struct engine_memory_disk *disk)
{
    if (disk == NULL)
        return;
    CHECK(!disk->is_open);
    disk_free_ended(disk);
    LIST_FOR_EACH (link, &disk->batches)
        disk_drop_batch(batch_of(link));
    ordered_map_destroy(disk->map);
    memory_free(disk);
}

struct disk_batch *disk_begin_batch(struct engine_memory_disk *disk, struct engine_batch *batch)
{
    struct disk_batch *begun = memory_alloc(sizeof *begun);
    *begun = (struct disk_batch){.batch = *batch};
    engine_batch_init(batch);
    engine_batch_init(&begun->undo);
    list_append(&disk->batches, &begun->link);
    return begun;
}

static void apply_operation(struct ordered_map *map, struct slice key, struct slice value)
{
    if (value.bytes == NULL)
        ordered_map_remove(map, key);
    else
        ordered_map_put(map, key, value);
}

static void note_undo(const struct ordered_map *map, struct slice key, struct engine_batch *undo)
{
    struct slice before;
    if (ordered_map_get(map, key, &before))
        engine_batch_put(undo, key, before);
    else
        engine_batch_delete(undo, key);
}

void disk_apply_batch(struct engine_memory_disk *disk, struct disk_batch *batch)
{
    CHECK(!batch->is_applied);
    size_t position = 0;
    struct slice key;
    struct slice value;
    while (engine_batch_next(&batch->batch, &position, &key, &value)) {
        note_undo(disk->map, key, &batch->undo);
        apply_operation(disk->map, key, value);
    }
    batch->is_applied = true;
}

void disk_drop_batch(struct disk_batch *batch)
{
    list_remove(&batch->link);
    engine_batch_deinit(&batch->batch);
    engine_batch_deinit(&batch->undo);
    memory_free(batch);
}

struct disk_batch *disk_last_applied(struct engine_memory_disk *disk)
{
    for (struct list *link = disk->batches.previous; link != &disk->batches;
         link = link->previous) {
        if (batch_of(link)->is_applied)
            return batch_of(link);
    }
    return NULL;
}

void disk_checkpoint(struct engine_memory_disk *disk, const struct disk_batch *last)
{
    bool is_found = last == NULL;
    while (!is_found) {
        CHECK(!list_is_empty(&disk->batches));
        struct disk_batch *first = batch_of(disk->batches.next);
        CHECK(first->is_applied);
        is_found = first == last;
        disk_drop_batch(first);
    }
}

static void undo_batch(struct engine_memory_disk *disk, struct disk_batch *batch)
{
    size_t *positions = memory_alloc((batch->undo.operation_count + 1) * sizeof *positions);
    size_t count = 0;
    struct slice key;
    struct slice value;
    positions[0] = 0;
    for (size_t at = 0; engine_batch_next(&batch->undo, &at, &key, &value);)
        positions[++count] = at;
    while (count-- > 0) {
        CHECK(engine_batch_next(&batch->undo, &positions[count], &key, &value));
        apply_operation(disk->map, key, value);
    }
    memory_free(positions);
    engine_batch_clear(&batch->undo);
    batch->is_applied = false;
}

void engine_memory_disk_crash(struct engine_memory_disk *disk, struct random *random)
{
    CHECK(!disk->is_open);
    disk_free_ended(disk);
    for (struct list *link = disk->batches.previous; link != &disk->batches;
         link = link->previous) {
        if (batch_of(link)->is_applied)
            undo_batch(disk, batch_of(link));
    }

    /* From none to all of them, with every share between being as likely. */
    uint64_t kept_of_eight = random_below(random, 9);
    LIST_FOR_EACH (link, &disk->batches) {
        if (random_below(random, 8) < kept_of_eight)
            disk_apply_batch(disk, batch_of(link));
        else
            disk_drop_batch(batch_of(link));
    }
}

void disk_settle(struct engine_memory_disk *disk, struct random *random)
{
    LIST_FOR_EACH (link, &disk->batches) {
        struct disk_batch *batch = batch_of(link);
        if (batch->is_applied)
            continue;
        if (random_one_in(random, 2))
            disk_apply_batch(disk, batch);
        else
            disk_drop_batch(batch);
    }
}

void engine_memory_disk_set_failure(struct engine_memory_disk *disk, enum status failure)
{
    disk->failure = failure;
}
