#include "core/catalog/view.h"

#include "core/base/arena.h"
#include "core/base/byte_order.h"
#include "core/base/check.h"
#include "core/base/hash_map.h"
#include "core/base/limits.h"

#include <string.h>

struct record {
    struct arena *arena;
    struct slice key;
    struct slice value;
    union {
        struct settings settings;
        struct node_record node;
        struct tablet_record tablet;
        struct table table;
    };
};

/* Records sorted by key: the kinds follow one another, tables in the order of their names. */
struct catalog_view {
    struct record **records;
    size_t count;
    size_t capacity;
    struct hash_map *by_key; /* the same ones: every request looks up four */
    uint64_t version;
};

struct catalog_view *catalog_view_create(void)
{
    struct catalog_view *view = memory_alloc_zeroed(sizeof *view);
    view->by_key = hash_map_create(0);
    return view;
}

/* The record lives in its own arena. */
static void record_free(struct catalog_view *view, struct record *record)
{
    CHECK(hash_map_remove(view->by_key, record->key) == record);
    arena_destroy(record->arena);
}

void catalog_view_destroy(struct catalog_view *view)
{
    if (view == NULL)
        return;
    catalog_view_clear(view);
    hash_map_destroy(view->by_key);
    memory_free(view->records);
    memory_free(view);
}

/* Decodes the value, and appends the key under which such a record stands. */
static enum status record_decode(struct record *record, struct buffer *key)
{
    switch (record->key.bytes[0]) {
    case RECORD_SETTINGS:
        TRY(settings_decode(record->value, &record->settings));
        record_key_settings(key);
        break;
    case RECORD_NODE:
        TRY(node_record_decode(record->value, &record->node));
        record_key_node(key, record->node.id);
        break;
    case RECORD_TABLET:
        TRY(tablet_record_decode(record->value, record->arena, &record->tablet));
        record_key_tablet(key, record->tablet.tablet);
        break;
    case RECORD_TABLE:
        TRY(table_decode(record->value, &record->table));
        record_key_table(key, record->table.name);
        break;
    default:
        /* A kind of a later version: kept, not understood. */
        buffer_append(key, record->key);
    }
    return STATUS_OK;
}

static enum status record_create(struct slice key, struct slice value, struct record **out_record)
{
    OWNED(arena) arena = arena_create();
    struct record *record = arena_alloc_zeroed(arena, sizeof *record);
    record->key = arena_copy(arena, key);
    record->value = arena_copy(arena, value);
    record->arena = arena;
    SCOPED(buffer) expected_key;
    buffer_init(&expected_key);
    TRY(record_decode(record, &expected_key));
    if (!slice_is_equal(key, buffer_slice(&expected_key)))
        return STATUS_CORRUPT;
    (void)GIVE(arena);
    *out_record = record;
    return STATUS_OK;
}

/* The first position whose key is not below `key`. */
static size_t position_of(const struct catalog_view *view, struct slice key)
{
    size_t low = 0, high = view->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(view->records[middle]->key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct catalog_view *view, size_t position, struct slice key)
{
    return position < view->count && slice_is_equal(view->records[position]->key, key);
}

static void remove_at(struct catalog_view *view, size_t position)
{
    record_free(view, view->records[position]);
    view->count--;
    memmove(view->records + position, view->records + position + 1,
            (view->count - position) * sizeof(struct record *));
}

static void insert_at(struct catalog_view *view, size_t position, struct record *record)
{
    if (view->count == view->capacity) {
        view->capacity = view->capacity * 2 + 16;
        view->records = memory_resize(view->records, view->capacity * sizeof(struct record *));
    }
    memmove(view->records + position + 1, view->records + position,
            (view->count - position) * sizeof(struct record *));
    view->records[position] = record;
    view->count++;
    CHECK(hash_map_put(view->by_key, record->key, record) == NULL);
}

enum status catalog_view_put(struct catalog_view *view, struct slice key, struct slice value)
{
    struct record *record = NULL;
    if (key.size == 0)
        return STATUS_CORRUPT;
    if (value.size > 0)
        TRY(record_create(key, value, &record));
    size_t position = position_of(view, key);
    if (is_at(view, position, key))
        remove_at(view, position);
    if (record != NULL)
        insert_at(view, position, record);
    return STATUS_OK;
}

void catalog_view_clear(struct catalog_view *view)
{
    while (view->count > 0)
        record_free(view, view->records[--view->count]);
}

void catalog_view_exchange(struct catalog_view *left, struct catalog_view *right)
{
    struct catalog_view kept = *left;
    *left = *right;
    *right = kept;
}

uint64_t catalog_view_version(const struct catalog_view *view)
{
    return view->version;
}

void catalog_view_set_version(struct catalog_view *view, uint64_t version)
{
    view->version = version;
}

static struct record *find(const struct catalog_view *view, struct slice key)
{
    return hash_map_get(view->by_key, key);
}

const struct settings *catalog_view_settings(const struct catalog_view *view)
{
    uint8_t key = RECORD_SETTINGS;
    struct record *record = find(view, slice_of(&key, 1));
    return record == NULL ? NULL : &record->settings;
}

const struct table *catalog_view_find_table(const struct catalog_view *view, struct slice name)
{
    uint8_t key[1 + LIMIT_TABLE_NAME_SIZE];
    if (name.size > sizeof key - 1)
        return NULL;
    key[0] = RECORD_TABLE;
    if (name.size > 0)
        memcpy(key + 1, name.bytes, name.size);
    struct record *record = find(view, slice_of(key, name.size + 1));
    return record == NULL ? NULL : &record->table;
}

const struct node_record *catalog_view_find_node(const struct catalog_view *view, uint64_t node_id)
{
    uint8_t key[9] = {RECORD_NODE};
    byte_order_put_u64(key + 1, node_id);
    struct record *record = find(view, slice_of(key, sizeof key));
    return record == NULL ? NULL : &record->node;
}

const struct tablet_record *catalog_view_find_tablet(const struct catalog_view *view,
                                                     uint32_t tablet)
{
    uint8_t key[5] = {RECORD_TABLET};
    byte_order_put_u32(key + 1, tablet);
    struct record *record = find(view, slice_of(key, sizeof key));
    return record == NULL ? NULL : &record->tablet;
}

static struct record *kind_at(const struct catalog_view *view, enum record_kind kind,
                              size_t position)
{
    uint8_t first = (uint8_t)kind;
    size_t at = position_of(view, slice_of(&first, 1)) + position;
    if (at >= view->count || view->records[at]->key.bytes[0] != first)
        return NULL;
    return view->records[at];
}

const struct table *catalog_view_table_at(const struct catalog_view *view, size_t position)
{
    struct record *record = kind_at(view, RECORD_TABLE, position);
    return record == NULL ? NULL : &record->table;
}

const struct node_record *catalog_view_node_at(const struct catalog_view *view, size_t position)
{
    struct record *record = kind_at(view, RECORD_NODE, position);
    return record == NULL ? NULL : &record->node;
}

const struct tablet_record *catalog_view_tablet_at(const struct catalog_view *view, size_t position)
{
    struct record *record = kind_at(view, RECORD_TABLET, position);
    return record == NULL ? NULL : &record->tablet;
}

size_t catalog_view_tables_after(const struct catalog_view *view, struct slice name)
{
    uint8_t first = RECORD_TABLE;
    SCOPED(buffer) key;
    buffer_init(&key);
    record_key_table(&key, name);
    size_t position = position_of(view, buffer_slice(&key));
    if (is_at(view, position, buffer_slice(&key)))
        position++;
    return position - position_of(view, slice_of(&first, 1));
}

bool catalog_view_record_at(const struct catalog_view *view, size_t position, struct slice *out_key,
                            struct slice *out_value)
{
    if (position >= view->count)
        return false;
    *out_key = view->records[position]->key;
    *out_value = view->records[position]->value;
    return true;
}
