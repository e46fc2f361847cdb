#include "core/base/check.h"
#include "core/catalog/ring.h"
#include "core/env/env.h"
#include "node/engine/keyspace.h"
#include "node/tablet/tablet_private.h"

/*
 * Deletes the rows of a closed table, page by page and outside Raft: each replica for itself, as no
 * table will ever have the same uid. In the end the tablet forgets the table; but not before the
 * deletes are in a checkpoint, as the engine may lose any of them until then, and what the tablet
 * knows of the table is what brings a collection about. What stays is its version (table_config.h).
 *
 *     due -> running -> waiting for checkpoints -> forgetting -> gone
 *      ^________|______________|______________________|   (the log is replayed: closed once more)
 */

enum {
    PAGE_ROWS = 256,
    PAGE_BYTES = 1 << 20,
    PAUSE_US = 2000,
    CHECKPOINTS_WAITED = 2, /* the first may have begun before the last delete */
};

struct collection {
    struct list link;
    struct tablet *tablet;
    uint64_t table_uid;
    uint64_t from_index; /* begins when the engine holds the tablet up to here */
    bool is_due;
    bool is_running; /* the engine, or the pause, is about to call back */
    bool is_last_page;
    unsigned checkpoints_left;
    struct env_timer pause;
    struct engine_batch batch;
};

static void page_fetch(void *context);

static void collection_free(struct collection *collection)
{
    list_remove(&collection->link);
    env_timer_stop(collection->tablet->options.env, &collection->pause);
    engine_batch_deinit(&collection->batch);
    memory_free(collection);
}

static void page_deleted(void *context, enum status status)
{
    struct collection *collection = context;
    struct tablet *tablet = collection->tablet;
    if (status != STATUS_OK) {
        env_fatal(tablet->options.env, "the engine failed to delete the rows of a dropped table");
        return;
    }
    if (!collection->is_last_page) {
        env_timer_start(tablet->options.env, &collection->pause, PAUSE_US, page_fetch, collection);
        return;
    }
    collection->is_running = false;
    collection->checkpoints_left = CHECKPOINTS_WAITED;
    tablet_collect_continue(tablet);
}

static void page_take(void *context, enum status status, const struct engine_page *page)
{
    struct collection *collection = context;
    struct tablet *tablet = collection->tablet;
    if (status != STATUS_OK) {
        env_fatal(tablet->options.env, "the engine failed to read the rows of a dropped table");
        return;
    }
    struct byte_reader reader = byte_reader_of(page->rows);
    for (size_t i = 0; i < page->row_count; i++) {
        engine_batch_delete(&collection->batch, byte_reader_sized(&reader));
        byte_reader_sized(&reader);
    }
    collection->is_last_page = page->is_end;
    engine_write(tablet->options.engine, &collection->batch, page_deleted, collection);
}

static void page_fetch(void *context)
{
    struct collection *collection = context;
    const struct tablet_options *options = &collection->tablet->options;
    SCOPED(buffer) first;
    SCOPED(buffer) end;
    buffer_init(&first);
    buffer_init(&end);
    keyspace_row_prefix(&first, collection->table_uid,
                        ring_first_token(options->tablet_count, options->tablet));
    if (options->tablet + 1 < options->tablet_count)
        keyspace_row_prefix(&end, collection->table_uid,
                            ring_first_token(options->tablet_count, options->tablet + 1));
    else
        keyspace_row_prefix(&end, collection->table_uid + 1, 0);
    struct engine_range range = {
        .first = buffer_slice(&first),
        .end = buffer_slice(&end),
        .row_count_max = PAGE_ROWS,
        .bytes_max = PAGE_BYTES,
    };
    engine_scan(options->engine, &range, page_take, collection);
}

static struct collection *collection_find(struct tablet *tablet, uint64_t table_uid)
{
    LIST_FOR_EACH (link, &tablet->collections) {
        struct collection *collection = LIST_ELEMENT(link, struct collection, link);
        if (collection->table_uid == table_uid)
            return collection;
    }
    return NULL;
}

void tablet_collect(struct tablet *tablet, uint64_t table_uid)
{
    struct collection *collection = collection_find(tablet, table_uid);
    if (collection == NULL) {
        collection = memory_alloc_zeroed(sizeof *collection);
        collection->tablet = tablet;
        collection->table_uid = table_uid;
        engine_batch_init(&collection->batch);
        list_append(&tablet->collections, &collection->link);
    }
    collection->from_index = tablet->applied_index;
    collection->is_due = true;
}

void tablet_collect_continue(struct tablet *tablet)
{
    LIST_FOR_EACH (link, &tablet->collections) {
        struct collection *collection = LIST_ELEMENT(link, struct collection, link);
        bool may_begin = collection->is_due && !collection->is_running &&
                         collection->from_index <= tablet->written_index;
        if (!may_begin)
            continue;
        collection->is_due = false;
        collection->is_running = true;
        page_fetch(collection);
    }
}

static void table_forgotten(void *context, enum status status)
{
    struct collection *collection = context;
    struct tablet *tablet = collection->tablet;
    if (status != STATUS_OK) {
        env_fatal(tablet->options.env, "the engine failed to forget a dropped table");
        return;
    }
    collection->is_running = false;
    if (collection->is_due) {
        tablet_collect_continue(tablet);
        return;
    }
    table_config_forget(tablet->config, collection->table_uid);
    collection_free(collection);
}

/* Late messages of this table's will be older than that. */
static void forgotten_put(struct collection *collection)
{
    const struct tablet *tablet = collection->tablet;
    const struct tablet_table forgotten = {
        .uid = TABLE_UID_FORGOTTEN,
        .version = table_config_forgotten_version_with(tablet->config, collection->table_uid),
        .state = TABLET_TABLE_CLOSED,
    };
    SCOPED(buffer) key;
    SCOPED(buffer) value;
    buffer_init(&key);
    buffer_init(&value);
    keyspace_tablet_table(&key, tablet->options.tablet, forgotten.uid);
    table_config_encode(&forgotten, &value);
    /* At once, as another table may be forgotten before this write is done. */
    table_config_recall_forgotten(tablet->config, forgotten.version);
    engine_batch_put(&collection->batch, buffer_slice(&key), buffer_slice(&value));
}

static void table_forget(struct collection *collection)
{
    const struct tablet_options *options = &collection->tablet->options;
    SCOPED(buffer) key;
    buffer_init(&key);
    keyspace_tablet_table(&key, options->tablet, collection->table_uid);
    engine_batch_delete(&collection->batch, buffer_slice(&key));
    forgotten_put(collection);
    collection->is_running = true;
    engine_write(options->engine, &collection->batch, table_forgotten, collection);
}

void tablet_collect_checkpointed(struct tablet *tablet)
{
    LIST_FOR_EACH (link, &tablet->collections) {
        struct collection *collection = LIST_ELEMENT(link, struct collection, link);
        bool is_waiting = !collection->is_due && !collection->is_running;
        if (is_waiting && --collection->checkpoints_left == 0)
            table_forget(collection);
    }
}

void tablet_collect_end(struct tablet *tablet)
{
    while (!list_is_empty(&tablet->collections))
        collection_free(LIST_ELEMENT(tablet->collections.next, struct collection, link));
}
