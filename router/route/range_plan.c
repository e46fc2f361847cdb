#include "router/route/range_plan.h"

#include "core/base/byte_order.h"
#include "core/base/check.h"
#include "core/catalog/ring.h"

static uint64_t segment_first(uint32_t segment, uint32_t count)
{
    return (uint64_t)(((unsigned __int128)segment << 64) / count);
}

struct token_span token_span_of_segment(uint32_t segment, uint32_t count)
{
    CHECK(segment < count);
    CHECK(count <= RANGE_SEGMENTS_MAX);
    /* Of the last one 2^64 - 1, as 2^64 is cut to 0. */
    return (struct token_span){
        .first = segment_first(segment, count),
        .last = segment_first(segment + 1, count) - 1,
    };
}

void range_of_span(struct token_span span, struct buffer *first, struct buffer *end)
{
    range_bound(first, span.first, (struct slice){0});
    buffer_clear(end);
    if (span.last < UINT64_MAX)
        range_bound(end, span.last + 1, (struct slice){0});
}

void range_bound(struct buffer *bound, uint64_t token, struct slice key)
{
    buffer_clear(bound);
    buffer_append_u64(bound, token);
    buffer_append(bound, key);
}

void range_bound_behind(struct buffer *bound, uint64_t token, struct slice key)
{
    /* No row's key begins with another one's bytes. */
    range_bound(bound, token, key);
    buffer_append_u8(bound, 0);
}

struct range_piece range_plan_first(uint32_t tablet_count, struct key_range range)
{
    CHECK(!key_range_is_empty(range));
    CHECK(range.first.size >= RANGE_TOKEN_SIZE);
    uint32_t tablet = ring_tablet_of(tablet_count, byte_order_get_u64(range.first.bytes));
    struct range_piece piece = {.tablet = tablet, .keys = range, .is_last = true};
    if (tablet + 1 == tablet_count)
        return piece;
    piece.next_token = ring_first_token(tablet_count, tablet + 1);
    uint8_t next[RANGE_TOKEN_SIZE];
    byte_order_put_u64(next, piece.next_token);
    if (range.end.size > 0 && slice_compare(range.end, slice_of(next, sizeof next)) <= 0)
        return piece;
    piece.is_last = false;
    piece.keys.end = (struct slice){0};
    return piece;
}
