#include "core/base/check.h"
#include "node/engine/engine_leveldb_private.h"

enum {
    GETS_PER_WORK_MAX = 64,
    SCANS_PER_WORK_MAX = 4,
    /* So much is handed to the loop at a time; gets beyond it are left for the next work. */
    GET_BYTES_PER_WORK = 1 << 20,
};

struct get {
    struct list link;
    engine_get_fn fn;
    void *context;
    bool is_done;
    enum status status;
    char *value; /* of LevelDB */
    size_t value_size;
    size_t key_size;
    uint8_t key[];
};

struct scan {
    struct list link;
    engine_scan_fn fn;
    void *context;
    struct engine_range range;
    enum status status;
    struct buffer rows;
    size_t row_count;
    bool is_end;
    uint8_t keys[]; /* of the range */
};

static void free_get(struct get *get)
{
    leveldb_free(get->value);
    memory_free(get);
}

static void free_scan(struct scan *scan)
{
    buffer_deinit(&scan->rows);
    memory_free(scan);
}

void engine_leveldb_get(struct engine *base, struct slice key, engine_get_fn fn, void *context)
{
    struct engine_leveldb *engine = (struct engine_leveldb *)base;
    struct get *get = memory_alloc(sizeof *get + key.size);
    *get = (struct get){.fn = fn, .context = context, .key_size = key.size};
    memcpy(get->key, key.bytes, key.size);
    list_append(&engine->gets, &get->link);
    engine->stats.get_count++;
    env_defer(engine->env, ENV_PHASE_STORE, &engine->gather_task);
}

/* Copies the key to `*place` and moves that on. */
static struct slice place_key(uint8_t **place, struct slice key)
{
    struct slice placed = slice_of(*place, key.size);
    if (key.size > 0)
        memcpy(*place, key.bytes, key.size);
    *place += key.size;
    return placed;
}

void engine_leveldb_scan(struct engine *base, const struct engine_range *range, engine_scan_fn fn,
                         void *context)
{
    struct engine_leveldb *engine = (struct engine_leveldb *)base;
    struct scan *scan = memory_alloc(sizeof *scan + range->first.size + range->end.size);
    *scan = (struct scan){.fn = fn, .context = context, .range = *range};
    uint8_t *place = scan->keys;
    scan->range.first = place_key(&place, range->first);
    scan->range.end = place_key(&place, range->end);
    list_append(&engine->scans, &scan->link);
    env_defer(engine->env, ENV_PHASE_STORE, &engine->gather_task);
}

static void do_get(const struct database *database, struct get *get)
{
    char *error = NULL;
    get->value = leveldb_get(database->leveldb, database->read_options, (const char *)get->key,
                             get->key_size, &get->value_size, &error);
    get->status = database_status(error);
    if (get->status == STATUS_OK && get->value == NULL)
        get->status = STATUS_NOT_FOUND;
}

static struct slice iterator_key(const leveldb_iterator_t *iterator)
{
    size_t size;
    const char *key = leveldb_iter_key(iterator, &size);
    return slice_of(key, size);
}

static struct slice iterator_value(const leveldb_iterator_t *iterator)
{
    size_t size;
    const char *value = leveldb_iter_value(iterator, &size);
    return slice_of(value, size);
}

static void seek_start(leveldb_iterator_t *iterator, const struct engine_range *range)
{
    if (!range->is_backward) {
        leveldb_iter_seek(iterator, (const char *)range->first.bytes, range->first.size);
        return;
    }
    if (range->end.size > 0) {
        leveldb_iter_seek(iterator, (const char *)range->end.bytes, range->end.size);
        if (leveldb_iter_valid(iterator)) {
            leveldb_iter_prev(iterator);
            return;
        }
    }
    leveldb_iter_seek_to_last(iterator);
}

static bool is_in_range(const leveldb_iterator_t *iterator, const struct engine_range *range)
{
    if (!leveldb_iter_valid(iterator))
        return false;
    struct slice key = iterator_key(iterator);
    return slice_compare(range->first, key) <= 0 &&
           (range->end.size == 0 || slice_compare(key, range->end) < 0);
}

static void do_scan(const struct database *database, struct scan *scan)
{
    const struct engine_range *range = &scan->range;
    leveldb_iterator_t *iterator =
        leveldb_create_iterator(database->leveldb, database->read_options);
    seek_start(iterator, range);
    while (is_in_range(iterator, range) && scan->row_count < range->row_count_max &&
           (scan->row_count == 0 || scan->rows.size < range->bytes_max)) {
        buffer_append_sized(&scan->rows, iterator_key(iterator));
        buffer_append_sized(&scan->rows, iterator_value(iterator));
        scan->row_count++;
        if (range->is_backward)
            leveldb_iter_prev(iterator);
        else
            leveldb_iter_next(iterator);
    }
    scan->is_end = !is_in_range(iterator, range);

    char *error = NULL;
    leveldb_iter_get_error(iterator, &error);
    scan->status = database_status(error);
    leveldb_iter_destroy(iterator);
}

static void work_on_reads(void *context)
{
    struct read_work *work = context;
    struct database *database = &work->engine->database;
    if (!database_enter(database))
        return;
    size_t bytes = 0;
    LIST_FOR_EACH (link, &work->gets) {
        struct get *get = LIST_ELEMENT(link, struct get, link);
        if (bytes >= GET_BYTES_PER_WORK)
            break;
        do_get(database, get);
        get->is_done = true;
        bytes += get->value_size;
    }
    LIST_FOR_EACH (link, &work->scans)
        do_scan(database, LIST_ELEMENT(link, struct scan, link));
    database_leave(database);
}

static void answer_gets(struct engine_leveldb *engine, struct list *gets)
{
    struct list *link;
    while ((link = list_take_first(gets)) != NULL) {
        struct get *get = LIST_ELEMENT(link, struct get, link);
        if (!engine->is_destroyed)
            get->fn(get->context, get->status, slice_of(get->value, get->value_size));
        free_get(get);
    }
}

static void answer_scans(struct engine_leveldb *engine, struct list *scans)
{
    struct list *link;
    while ((link = list_take_first(scans)) != NULL) {
        struct scan *scan = LIST_ELEMENT(link, struct scan, link);
        struct engine_page page = {.rows = buffer_slice(&scan->rows),
                                   .row_count = scan->row_count,
                                   .is_end = scan->is_end};
        if (!engine->is_destroyed)
            scan->fn(scan->context, scan->status, &page);
        free_scan(scan);
    }
}

/* What the work did not come to goes back to where it was taken from. */
static void take_gets_done(struct engine_leveldb *engine, struct read_work *work, struct list *gets)
{
    struct list *link;
    while ((link = list_take_first(&work->gets)) != NULL) {
        if (!LIST_ELEMENT(link, struct get, link)->is_done && !engine->is_destroyed) {
            list_prepend(&work->gets, link);
            break;
        }
        list_append(gets, link);
    }
    list_take_all(&work->gets, &engine->gets);
    list_take_all(&engine->gets, &work->gets);
}

static void finish_reads(void *context)
{
    struct read_work *work = context;
    struct engine_leveldb *engine = work->engine;
    struct list gets;
    struct list scans;
    list_init(&gets);
    list_init(&scans);
    take_gets_done(engine, work, &gets);
    list_take_all(&scans, &work->scans);
    work->is_under_way = false;

    engine_leveldb_start_reads(engine);
    answer_gets(engine, &gets);
    answer_scans(engine, &scans);
    engine_leveldb_release(engine);
}

static void take_some(struct list *to, struct list *from, size_t count_max)
{
    struct list *link;
    for (size_t i = 0; i < count_max && (link = list_take_first(from)) != NULL; i++)
        list_append(to, link);
}

/* One work prefers gets and the other scans, so that neither waits for long behind the other. */
static void fill_work(struct engine_leveldb *engine, struct read_work *work, bool prefers_scans)
{
    bool takes_scans =
        !list_is_empty(&engine->scans) && (prefers_scans || list_is_empty(&engine->gets));
    if (takes_scans)
        take_some(&work->scans, &engine->scans, SCANS_PER_WORK_MAX);
    else
        take_some(&work->gets, &engine->gets, GETS_PER_WORK_MAX);
}

static void get_on_loop(struct engine_leveldb *engine)
{
    struct list gets;
    list_init(&gets);
    list_take_all(&gets, &engine->gets);
    LIST_FOR_EACH (link, &gets)
        do_get(&engine->database, LIST_ELEMENT(link, struct get, link));
    answer_gets(engine, &gets);
}

void engine_leveldb_start_reads(struct engine_leveldb *engine)
{
    if (engine->is_destroyed)
        return;
    for (size_t i = 0; i < READ_WORK_COUNT; i++) {
        struct read_work *work = &engine->read_works[i];
        bool is_idle = list_is_empty(&engine->scans) &&
                       (engine->reads_on_loop || list_is_empty(&engine->gets));
        if (work->is_under_way || is_idle)
            continue;
        fill_work(engine, work, engine->reads_on_loop || i > 0);
        work->is_under_way = true;
        engine_leveldb_hold(engine);
        env_work_start(engine->env, &work->work, work_on_reads, finish_reads, work);
    }
    if (engine->reads_on_loop)
        get_on_loop(engine);
}

void engine_leveldb_drop_reads(struct engine_leveldb *engine)
{
    struct list *link;
    while ((link = list_take_first(&engine->gets)) != NULL)
        free_get(LIST_ELEMENT(link, struct get, link));
    while ((link = list_take_first(&engine->scans)) != NULL)
        free_scan(LIST_ELEMENT(link, struct scan, link));
}
