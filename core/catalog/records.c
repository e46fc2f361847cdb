#include "core/catalog/records.h"

#include "core/base/check.h"
#include "core/catalog/fields.h"
#include "core/catalog/ring.h"

/* In records: never renumber. */
enum {
    SETTINGS_REGION = 1,
    SETTINGS_CLUSTER_VERSION = 2,
    SETTINGS_TABLET_COUNT = 3,
    SETTINGS_NODE_COUNT = 4,
    SETTINGS_IS_SERVING = 5,
    SETTINGS_NEXT_NODE_ID = 6,
    SETTINGS_NEXT_INCARNATION = 7,
    SETTINGS_NEXT_TABLE_UID = 8,

    NODE_ID = 1,
    NODE_NAME = 2,
    NODE_ADDRESS = 3,
    NODE_HOST = 4,
    NODE_ZONE = 5,
    NODE_INSTANCE = 6,

    TABLET_NUMBER = 1,
    TABLET_RING = 2,
    TABLET_REPLICA = 3, /* node id u64 . incarnation u64 */
};

void record_key_settings(struct buffer *key)
{
    buffer_append_u8(key, RECORD_SETTINGS);
}

void record_key_node(struct buffer *key, uint64_t node_id)
{
    buffer_append_u8(key, RECORD_NODE);
    buffer_append_u64(key, node_id);
}

void record_key_tablet(struct buffer *key, uint32_t tablet)
{
    buffer_append_u8(key, RECORD_TABLET);
    buffer_append_u32(key, tablet);
}

void record_key_table(struct buffer *key, struct slice name)
{
    buffer_append_u8(key, RECORD_TABLE);
    buffer_append(key, name);
}

void settings_encode(const struct settings *settings, struct buffer *record)
{
    fields_begin(record);
    fields_put_bytes(record, SETTINGS_REGION, settings->region);
    fields_put_number(record, SETTINGS_CLUSTER_VERSION, settings->cluster_version);
    fields_put_number(record, SETTINGS_TABLET_COUNT, settings->tablet_count);
    fields_put_number(record, SETTINGS_NODE_COUNT, settings->node_count);
    fields_put_number(record, SETTINGS_IS_SERVING, settings->is_serving);
    fields_put_number(record, SETTINGS_NEXT_NODE_ID, settings->next_node_id);
    fields_put_number(record, SETTINGS_NEXT_INCARNATION, settings->next_incarnation);
    fields_put_number(record, SETTINGS_NEXT_TABLE_UID, settings->next_table_uid);
}

static void settings_field_take(struct fields_cursor *cursor, unsigned tag, struct slice value,
                                struct settings *settings)
{
    switch (tag) {
    case SETTINGS_REGION:
        settings->region = value;
        break;
    case SETTINGS_CLUSTER_VERSION:
        settings->cluster_version = (uint32_t)fields_number(cursor, value, UINT32_MAX);
        break;
    case SETTINGS_TABLET_COUNT:
        settings->tablet_count = (uint32_t)fields_number(cursor, value, RING_TABLETS_MAX);
        break;
    case SETTINGS_NODE_COUNT:
        settings->node_count = (uint32_t)fields_number(cursor, value, UINT32_MAX);
        break;
    case SETTINGS_IS_SERVING:
        settings->is_serving = fields_number(cursor, value, 1) != 0;
        break;
    case SETTINGS_NEXT_NODE_ID:
        settings->next_node_id = fields_number(cursor, value, UINT64_MAX);
        break;
    case SETTINGS_NEXT_INCARNATION:
        settings->next_incarnation = fields_number(cursor, value, UINT64_MAX);
        break;
    case SETTINGS_NEXT_TABLE_UID:
        settings->next_table_uid = fields_number(cursor, value, UINT64_MAX);
        break;
    }
}

static bool has_ring(const struct settings *settings)
{
    return ring_is_valid_count(settings->tablet_count) ||
           (settings->tablet_count == 0 && !settings->is_serving);
}

enum status settings_decode(struct slice record, struct settings *out_settings)
{
    struct settings settings = {0};
    struct fields_cursor cursor = fields_cursor(record);
    unsigned tag;
    struct slice value;
    while (fields_next(&cursor, &tag, &value))
        settings_field_take(&cursor, tag, value, &settings);
    if (!fields_is_done(&cursor) || !has_ring(&settings))
        return STATUS_CORRUPT;
    *out_settings = settings;
    return STATUS_OK;
}

void node_record_encode(const struct node_record *node, struct buffer *record)
{
    fields_begin(record);
    fields_put_number(record, NODE_ID, node->id);
    fields_put_bytes(record, NODE_NAME, node->name);
    fields_put_bytes(record, NODE_ADDRESS, node->address);
    fields_put_bytes(record, NODE_HOST, node->host);
    fields_put_bytes(record, NODE_ZONE, node->zone);
    fields_put_number(record, NODE_INSTANCE, node->instance);
}

enum status node_record_decode(struct slice record, struct node_record *out_node)
{
    struct node_record node = {0};
    struct fields_cursor cursor = fields_cursor(record);
    unsigned tag;
    struct slice value;
    while (fields_next(&cursor, &tag, &value)) {
        if (tag == NODE_ID)
            node.id = fields_number(&cursor, value, UINT64_MAX);
        else if (tag == NODE_NAME)
            node.name = value;
        else if (tag == NODE_ADDRESS)
            node.address = value;
        else if (tag == NODE_HOST)
            node.host = value;
        else if (tag == NODE_ZONE)
            node.zone = value;
        else if (tag == NODE_INSTANCE)
            node.instance = fields_number(&cursor, value, UINT64_MAX);
    }
    if (!fields_is_done(&cursor) || node.id == 0)
        return STATUS_CORRUPT;
    *out_node = node;
    return STATUS_OK;
}

void tablet_record_encode(const struct tablet_record *tablet, struct buffer *record)
{
    CHECK(tablet->replica_count <= TABLET_REPLICAS_MAX);
    fields_begin(record);
    fields_put_number(record, TABLET_NUMBER, tablet->tablet);
    fields_put_number(record, TABLET_RING, tablet->ring);
    for (size_t i = 0; i < tablet->replica_count; i++) {
        SCOPED(buffer) replica;
        buffer_init(&replica);
        buffer_append_u64(&replica, tablet->replicas[i].node_id);
        buffer_append_u64(&replica, tablet->replicas[i].incarnation);
        fields_put_bytes(record, TABLET_REPLICA, buffer_slice(&replica));
    }
}

enum status tablet_record_decode(struct slice record, struct arena *arena,
                                 struct tablet_record *out_tablet)
{
    struct tablet_record tablet = {
        .replicas = arena_alloc_zeroed(arena, TABLET_REPLICAS_MAX * sizeof(struct replica))};
    struct fields_cursor cursor = fields_cursor(record);
    unsigned tag;
    struct slice value;
    while (fields_next(&cursor, &tag, &value)) {
        if (tag == TABLET_NUMBER) {
            tablet.tablet = (uint32_t)fields_number(&cursor, value, UINT32_MAX);
        } else if (tag == TABLET_RING) {
            tablet.ring = (uint32_t)fields_number(&cursor, value, UINT32_MAX);
        } else if (tag == TABLET_REPLICA) {
            struct byte_reader reader = byte_reader_of(value);
            struct replica replica = {.node_id = byte_reader_u64(&reader)};
            replica.incarnation = byte_reader_u64(&reader);
            if (!byte_reader_is_done(&reader) || tablet.replica_count == TABLET_REPLICAS_MAX)
                return STATUS_CORRUPT;
            tablet.replicas[tablet.replica_count++] = replica;
        }
    }
    if (!fields_is_done(&cursor))
        return STATUS_CORRUPT;
    *out_tablet = tablet;
    return STATUS_OK;
}
