#include "tests/sim/engine_memory.h"

#include "core/base/check.h"
#include "core/env/env.h"
#include "tests/sim/engine_memory_disk.h"

struct memory_checkpoint {
    struct env_work work;
    const struct disk_batch *last;
    engine_done_fn fn;
    void *context;
    bool is_under_way;
};

struct engine_memory {
    struct engine engine;
    struct env *env;
    struct engine_memory_disk *disk;
    struct list link; /* among the disk's ended engines */
    struct random random;
    struct engine_stats stats;
    enum status failure;

    struct list reads;
    struct list writes; /* waiting for those under way */
    struct list writes_under_way;
    struct env_work write_work;
    struct memory_checkpoint checkpoint;

    size_t works_under_way;
    bool is_writing;
    bool is_destroyed;
};

struct memory_read {
    struct list link;
    struct engine_memory *engine;
    struct env_work work;
    bool is_scan;
    bool is_done;
    struct buffer keys;
    struct engine_range range; /* its keys are in `keys`; a get has only `first` */
    engine_get_fn get_fn;
    engine_scan_fn scan_fn;
    void *context;
    enum status status;
    struct buffer found; /* value or rows */
    struct engine_page page;
};

struct memory_write {
    struct list link;
    struct engine_batch batch;
    struct disk_batch *begun;
    engine_done_fn fn;
    void *context;
};

static struct engine_memory *engine_of(struct engine *base)
{
    return (struct engine_memory *)base;
}

/* --- The end: a destroyed engine stays until its works are done, or will never be ------------ */

static void free_read(struct memory_read *read)
{
    list_remove(&read->link);
    buffer_deinit(&read->keys);
    buffer_deinit(&read->found);
    memory_free(read);
}

static void free_writes(struct list *writes)
{
    struct list *link;
    while ((link = list_take_first(writes)) != NULL) {
        struct memory_write *write = LIST_ELEMENT(link, struct memory_write, link);
        engine_batch_deinit(&write->batch);
        memory_free(write);
    }
}

static void free_engine(struct engine_memory *engine)
{
    list_remove(&engine->link);
    LIST_FOR_EACH (link, &engine->reads)
        free_read(LIST_ELEMENT(link, struct memory_read, link));
    free_writes(&engine->writes);
    free_writes(&engine->writes_under_way);
    memory_free(engine);
}

void disk_free_ended(struct engine_memory_disk *disk)
{
    LIST_FOR_EACH (link, &disk->ended)
        free_engine(LIST_ELEMENT(link, struct engine_memory, link));
}

static void do_nothing(void *context)
{
    (void)context; /* The disk belongs to the loop thread. */
}

static void start_work(struct engine_memory *engine, struct env_work *work, env_fn done_fn,
                       void *context)
{
    engine->works_under_way++;
    env_work_start(engine->env, work, do_nothing, done_fn, context);
}

/* After the last use of the engine by the work. */
static void end_work(struct engine_memory *engine)
{
    CHECK(engine->works_under_way > 0);
    engine->works_under_way--;
    if (engine->is_destroyed && engine->works_under_way == 0)
        free_engine(engine);
}

/* --- Reads ----------------------------------------------------------------------------------- */

static void read_value(struct memory_read *read)
{
    struct slice value;
    if (!ordered_map_get(read->engine->disk->map, read->range.first, &value)) {
        read->status = STATUS_NOT_FOUND;
        return;
    }
    buffer_reserve(&read->found, 1);
    buffer_append(&read->found, value);
}

static bool first_row(const struct memory_read *read, struct ordered_entry *out_entry)
{
    const struct ordered_map *map = read->engine->disk->map;
    if (read->range.is_backward)
        return ordered_map_below(map, read->range.end, out_entry);
    return ordered_map_at_least(map, read->range.first, out_entry);
}

static bool next_row(const struct memory_read *read, struct ordered_entry *entry)
{
    const struct ordered_map *map = read->engine->disk->map;
    if (read->range.is_backward)
        return ordered_map_below(map, entry->key, entry);
    return ordered_map_above(map, entry->key, entry);
}

static bool is_in_range(const struct memory_read *read, struct slice key)
{
    return slice_compare(read->range.first, key) <= 0 &&
           (read->range.end.size == 0 || slice_compare(key, read->range.end) < 0);
}

static void read_rows(struct memory_read *read)
{
    struct ordered_entry entry;
    bool has_row = first_row(read, &entry) && is_in_range(read, entry.key);
    while (has_row && read->page.row_count < read->range.row_count_max &&
           (read->page.row_count == 0 || read->found.size < read->range.bytes_max)) {
        buffer_append_sized(&read->found, entry.key);
        buffer_append_sized(&read->found, entry.value);
        read->page.row_count++;
        has_row = next_row(read, &entry) && is_in_range(read, entry.key);
    }
    read->page.is_end = !has_row;
    read->page.rows = buffer_slice(&read->found);
}

static void do_read(struct memory_read *read)
{
    if (read->is_scan)
        read_rows(read);
    else
        read_value(read);
    read->is_done = true;
}

static void finish_read(void *context)
{
    struct memory_read *read = context;
    struct engine_memory *engine = read->engine;
    list_remove(&read->link);
    if (!engine->is_destroyed) {
        if (!read->is_done)
            do_read(read);
        if (read->is_scan)
            read->scan_fn(read->context, read->status, &read->page);
        else
            read->get_fn(read->context, read->status, buffer_slice(&read->found));
    }
    free_read(read);
    end_work(engine);
}

/* Copies the range's keys. LevelDB may look at any time until it answers: so do we. */
static void start_read(struct engine_memory *engine, struct memory_read *read,
                       const struct engine_range *range)
{
    read->engine = engine;
    list_append(&engine->reads, &read->link);
    read->range = *range;
    buffer_append(&read->keys, range->first);
    buffer_append(&read->keys, range->end);
    read->range.first = slice_of(read->keys.bytes, range->first.size);
    read->range.end = slice_of(read->keys.bytes + range->first.size, range->end.size);
    if (random_one_in(&engine->random, 2))
        do_read(read);
    start_work(engine, &read->work, finish_read, read);
}

static void get(struct engine *base, struct slice key, engine_get_fn fn, void *context)
{
    struct engine_memory *engine = engine_of(base);
    struct memory_read *read = memory_alloc_zeroed(sizeof *read);
    read->get_fn = fn;
    read->context = context;
    engine->stats.get_count++;
    start_read(engine, read, &(struct engine_range){.first = key});
}

static void scan(struct engine *base, const struct engine_range *range, engine_scan_fn fn,
                 void *context)
{
    struct memory_read *read = memory_alloc_zeroed(sizeof *read);
    read->is_scan = true;
    read->scan_fn = fn;
    read->context = context;
    start_read(engine_of(base), read, range);
}

/* --- Writes ---------------------------------------------------------------------------------- */

static void start_writes(struct engine_memory *engine);

static void fail(struct engine_memory *engine)
{
    if (engine->failure == STATUS_OK)
        engine->failure = engine->disk->failure;
}

static void settle_write(struct engine_memory *engine, struct memory_write *write)
{
    if (engine->failure == STATUS_OK)
        disk_apply_batch(engine->disk, write->begun);
    else
        disk_drop_batch(write->begun);
}

static void finish_writes(void *context)
{
    struct engine_memory *engine = context;
    struct list done;
    list_init(&done);
    list_take_all(&done, &engine->writes_under_way);
    engine->is_writing = false;
    if (!engine->is_destroyed) {
        fail(engine);
        LIST_FOR_EACH (link, &done)
            settle_write(engine, LIST_ELEMENT(link, struct memory_write, link));
        start_writes(engine);
    }

    enum status status = engine->failure;
    struct list *link;
    while ((link = list_take_first(&done)) != NULL) {
        struct memory_write *write = LIST_ELEMENT(link, struct memory_write, link);
        if (!engine->is_destroyed)
            write->fn(write->context, status);
        memory_free(write);
    }
    end_work(engine);
}

static void start_writes(struct engine_memory *engine)
{
    if (engine->is_writing || list_is_empty(&engine->writes))
        return;
    list_take_all(&engine->writes_under_way, &engine->writes);
    LIST_FOR_EACH (link, &engine->writes_under_way) {
        struct memory_write *write = LIST_ELEMENT(link, struct memory_write, link);
        write->begun = disk_begin_batch(engine->disk, &write->batch);
    }
    engine->is_writing = true;
    start_work(engine, &engine->write_work, finish_writes, engine);
}

static void write_batch(struct engine *base, struct engine_batch *batch, engine_done_fn fn,
                        void *context)
{
    struct engine_memory *engine = engine_of(base);
    struct memory_write *write = memory_alloc_zeroed(sizeof *write);
    *write = (struct memory_write){.batch = *batch, .fn = fn, .context = context};
    engine->stats.write_count++;
    engine->stats.written_bytes += batch->operations.size;
    engine_batch_init(batch);
    list_append(&engine->writes, &write->link);
    start_writes(engine);
}

/* --- Checkpoints ----------------------------------------------------------------------------- */

static void finish_checkpoint(void *context)
{
    struct engine_memory *engine = context;
    struct memory_checkpoint *checkpoint = &engine->checkpoint;
    checkpoint->is_under_way = false;
    if (!engine->is_destroyed) {
        fail(engine);
        if (engine->failure == STATUS_OK)
            disk_checkpoint(engine->disk, checkpoint->last);
        checkpoint->fn(checkpoint->context, engine->failure);
    }
    end_work(engine);
}

static void start_checkpoint(struct engine *base, engine_done_fn fn, void *context)
{
    struct engine_memory *engine = engine_of(base);
    struct memory_checkpoint *checkpoint = &engine->checkpoint;
    CHECK(!checkpoint->is_under_way);
    checkpoint->is_under_way = true;
    checkpoint->last = disk_last_applied(engine->disk);
    checkpoint->fn = fn;
    checkpoint->context = context;
    start_work(engine, &checkpoint->work, finish_checkpoint, engine);
}

/* --- The rest -------------------------------------------------------------------------------- */

static void get_stats(struct engine *base, struct engine_stats *out_stats)
{
    *out_stats = engine_of(base)->stats;
    out_stats->disk_bytes = ordered_map_bytes(engine_of(base)->disk->map);
}

static void destroy(struct engine *base)
{
    struct engine_memory *engine = engine_of(base);
    CHECK(!engine->is_destroyed);
    engine->is_destroyed = true;
    engine->disk->is_open = false;
    list_append(&engine->disk->ended, &engine->link);
    if (engine->works_under_way == 0)
        free_engine(engine);
}

static const struct engine_ops memory_ops = {
    .get = get,
    .scan = scan,
    .write = write_batch,
    .checkpoint = start_checkpoint,
    .stats = get_stats,
    .destroy = destroy,
};

struct engine *engine_memory_open(struct env *env, struct engine_memory_disk *disk,
                                  struct random *random)
{
    CHECK(!disk->is_open);
    disk->is_open = true;
    disk_free_ended(disk);
    disk_settle(disk, random);

    struct engine_memory *engine = memory_alloc_zeroed(sizeof *engine);
    engine->engine.ops = &memory_ops;
    engine->env = env;
    engine->disk = disk;
    engine->random = random_of_seed(random_next(random));
    list_init(&engine->link);
    list_init(&engine->reads);
    list_init(&engine->writes);
    list_init(&engine->writes_under_way);
    return &engine->engine;
}
