/*
 * Fuzz target: bytes as each of the catalog's records, after a first byte that chooses the kind.
 *
 * What decodes must encode to a record that decodes to the same; a view takes it under the one key
 * that is its own, and gives the same bytes back.
 */
#include "core/base/arena.h"
#include "core/base/check.h"
#include "core/catalog/records.h"
#include "core/catalog/ring.h"
#include "core/catalog/table.h"
#include "core/catalog/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Decodes a record, and appends its key and what it encodes to. */
static enum status settings_again(struct slice record, struct buffer *key, struct buffer *again)
{
    struct settings settings;
    TRY(settings_decode(record, &settings));
    CHECK(settings.tablet_count == 0 || ring_is_valid_count(settings.tablet_count));
    record_key_settings(key);
    settings_encode(&settings, again);
    return STATUS_OK;
}

static enum status node_again(struct slice record, struct buffer *key, struct buffer *again)
{
    struct node_record node;
    TRY(node_record_decode(record, &node));
    CHECK(node.id != 0);
    record_key_node(key, node.id);
    node_record_encode(&node, again);
    return STATUS_OK;
}

static enum status tablet_again(struct slice record, struct buffer *key, struct buffer *again)
{
    OWNED(arena) arena = arena_create();
    struct tablet_record tablet;
    TRY(tablet_record_decode(record, arena, &tablet));
    CHECK(tablet.replica_count <= TABLET_REPLICAS_MAX);
    record_key_tablet(key, tablet.tablet);
    tablet_record_encode(&tablet, again);
    return STATUS_OK;
}

static enum status table_again(struct slice record, struct buffer *key, struct buffer *again)
{
    struct table table;
    TRY(table_decode(record, &table));
    CHECK(table.status <= TABLE_DELETING);
    CHECK(table.billing <= TABLE_BILLING_ON_DEMAND);
    CHECK(table.class == TABLE_CLASS_STANDARD || table.class == TABLE_CLASS_INFREQUENT_ACCESS);
    record_key_table(key, table.name);
    table_encode(&table, again);
    return STATUS_OK;
}

static enum status record_again(uint8_t kind, struct slice record, struct buffer *key,
                                struct buffer *again)
{
    switch (kind % 4) {
    case 0:
        return settings_again(record, key, again);
    case 1:
        return node_again(record, key, again);
    case 2:
        return tablet_again(record, key, again);
    default:
        return table_again(record, key, again);
    }
}

static void check_view(struct slice key, struct slice record)
{
    OWNED(catalog_view) view = catalog_view_create();
    struct slice seen_key, seen_value;
    CHECK(catalog_view_put(view, key, record) == STATUS_OK);
    CHECK(catalog_view_record_at(view, 0, &seen_key, &seen_value));
    CHECK(slice_is_equal(key, seen_key));
    CHECK(slice_is_equal(record, seen_value));

    SCOPED(buffer) other_key = {0};
    buffer_append(&other_key, key);
    buffer_append_u8(&other_key, 0);
    CHECK(catalog_view_put(view, buffer_slice(&other_key), record) == STATUS_CORRUPT);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    struct slice record = slice_of(bytes + 1, size - 1);
    SCOPED(buffer) key = {0};
    SCOPED(buffer) once = {0};
    SCOPED(buffer) twice = {0};
    enum status status = record_again(bytes[0], record, &key, &once);
    CHECK(status == STATUS_OK || status == STATUS_CORRUPT);
    if (status != STATUS_OK)
        return 0;
    check_view(buffer_slice(&key), record);
    buffer_clear(&key);
    CHECK(record_again(bytes[0], buffer_slice(&once), &key, &twice) == STATUS_OK);
    CHECK(slice_is_equal(buffer_slice(&once), buffer_slice(&twice)));
    return 0;
}
