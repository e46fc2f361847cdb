#include "node/engine/keyspace.h"

#include "core/base/check.h"

void keyspace_row(struct buffer *key, uint64_t table_uid, uint64_t token, struct slice primary_key)
{
    keyspace_row_prefix(key, table_uid, token);
    buffer_append(key, primary_key);
}

void keyspace_row_prefix(struct buffer *key, uint64_t table_uid, uint64_t token)
{
    buffer_append_u8(key, KEYSPACE_ROW);
    buffer_append_u64(key, table_uid);
    buffer_append_u64(key, token);
}

void keyspace_tablet_state(struct buffer *key, uint32_t tablet)
{
    buffer_append_u8(key, KEYSPACE_TABLET_STATE);
    buffer_append_u32(key, tablet);
}

void keyspace_tablet_table(struct buffer *key, uint32_t tablet, uint64_t table_uid)
{
    keyspace_tablet_tables(key, tablet);
    buffer_append_u64(key, table_uid);
}

void keyspace_tablet_tables(struct buffer *key, uint32_t tablet)
{
    buffer_append_u8(key, KEYSPACE_TABLET_TABLE);
    buffer_append_u32(key, tablet);
}

void keyspace_catalog(struct buffer *key, struct slice record_key)
{
    buffer_append_u8(key, KEYSPACE_CATALOG);
    buffer_append(key, record_key);
}

void keyspace_prefix_end(struct buffer *end, struct slice prefix)
{
    size_t size = prefix.size;
    while (size > 0 && prefix.bytes[size - 1] == 0xff)
        size--;
    CHECK(size > 0);
    buffer_append(end, slice_of(prefix.bytes, size));
    end->bytes[end->size - 1]++;
}
