#include "core/key/key_range.h"

bool key_range_is_empty(struct key_range range)
{
    return range.end.size > 0 && slice_compare(range.first, range.end) >= 0;
}

bool key_range_contains(struct key_range range, struct slice key)
{
    return slice_compare(range.first, key) <= 0 &&
           (range.end.size == 0 || slice_compare(key, range.end) < 0);
}

struct key_range key_range_intersect(struct key_range left, struct key_range right)
{
    struct key_range both = left;
    if (slice_compare(left.first, right.first) < 0)
        both.first = right.first;
    if (left.end.size == 0 || (right.end.size > 0 && slice_compare(right.end, left.end) < 0))
        both.end = right.end;
    return both;
}

struct key_range key_range_of_prefix(struct slice prefix, struct buffer *end)
{
    buffer_clear(end);
    key_prefix_successor(prefix, end);
    return (struct key_range){.first = prefix, .end = buffer_slice(end)};
}

void key_prefix_successor(struct slice prefix, struct buffer *buffer)
{
    size_t size = prefix.size;
    while (size > 0 && prefix.bytes[size - 1] == 0xff)
        size--;
    if (size == 0)
        return;
    buffer_append(buffer, slice_of(prefix.bytes, size - 1));
    buffer_append_u8(buffer, (uint8_t)(prefix.bytes[size - 1] + 1));
}
