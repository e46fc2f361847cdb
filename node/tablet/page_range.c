#include "node/tablet/page_range.h"

#include "core/base/byte_order.h"
#include "core/base/check.h"
#include "core/catalog/ring.h"
#include "node/engine/keyspace.h"
#include "node/tablet/tablet.h"

/* space u8 . table uid u64 */
enum { TABLE_PREFIX_SIZE = 9, TOKEN_SIZE = 8 };

void page_range_init(struct page_range *range)
{
    *range = (struct page_range){0};
    buffer_init(&range->first);
    buffer_init(&range->end);
}

void page_range_deinit(struct page_range *range)
{
    buffer_deinit(&range->first);
    buffer_deinit(&range->end);
}

static void append_tablet_end(struct buffer *key, uint64_t table_uid, uint32_t tablet,
                              uint32_t tablet_count)
{
    if (tablet + 1 < tablet_count)
        keyspace_row_prefix(key, table_uid, ring_first_token(tablet_count, tablet + 1));
    else
        keyspace_row_prefix(key, table_uid + 1, 0);
}

static void append_bound(struct buffer *key, uint64_t table_uid, struct slice bound)
{
    keyspace_row(key, table_uid, byte_order_get_u64(bound.bytes), slice_skip(bound, TOKEN_SIZE));
}

enum status page_range_set(struct page_range *range, const struct tablet_range *asked,
                           uint32_t tablet, uint32_t tablet_count)
{
    SCOPED(buffer) tablet_end;
    buffer_init(&tablet_end);
    append_tablet_end(&tablet_end, asked->table_uid, tablet, tablet_count);
    bool has_tokens =
        asked->first.size >= TOKEN_SIZE && (asked->end.size == 0 || asked->end.size >= TOKEN_SIZE);
    if (!has_tokens ||
        ring_tablet_of(tablet_count, byte_order_get_u64(asked->first.bytes)) != tablet)
        return STATUS_INVALID;

    range->is_backward = asked->is_backward;
    buffer_clear(&range->first);
    buffer_clear(&range->end);
    append_bound(&range->first, asked->table_uid, asked->first);
    if (asked->end.size == 0)
        buffer_append(&range->end, buffer_slice(&tablet_end));
    else
        append_bound(&range->end, asked->table_uid, asked->end);
    if (slice_compare(buffer_slice(&range->end), buffer_slice(&tablet_end)) > 0)
        return STATUS_INVALID;
    return STATUS_OK;
}

/* No key begins with another one's bytes, so that this is the least that is above. */
static void append_successor(struct buffer *bound, struct slice key)
{
    buffer_append(bound, key);
    buffer_append_u8(bound, 0);
}

struct key_range page_range_up_to(const struct page_range *range, struct slice key,
                                  struct buffer *bound)
{
    struct key_range keys = page_range_keys(range);
    if (range->is_backward) {
        keys.first = key;
        return keys;
    }
    buffer_clear(bound);
    append_successor(bound, key);
    keys.end = buffer_slice(bound);
    return keys;
}

void page_range_pass(struct page_range *range, struct slice key)
{
    struct buffer *moved = range->is_backward ? &range->end : &range->first;
    CHECK(key_range_contains(page_range_keys(range), key));
    buffer_clear(moved);
    if (range->is_backward)
        buffer_append(moved, key);
    else
        append_successor(moved, key);
}

struct slice page_range_relative(struct slice row_key)
{
    CHECK(row_key.size >= TABLE_PREFIX_SIZE + TOKEN_SIZE);
    return slice_skip(row_key, TABLE_PREFIX_SIZE);
}
