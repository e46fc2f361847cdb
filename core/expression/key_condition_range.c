#include "core/expression/key_condition_range.h"

#include "core/base/check.h"
#include "core/key/key_codec.h"

/* What ends a string or binary in its encoded form; without it, it is a prefix of those it begins.
 */
enum { KEY_END_SIZE = 2 };

/* The least key above all that begin with what the buffer holds. */
static void move_behind(struct buffer *key)
{
    SCOPED(buffer) prefix = {0};
    buffer_append(&prefix, buffer_slice(key));
    buffer_clear(key);
    key_prefix_successor(buffer_slice(&prefix), key);
}

/* Both begin with the partition key. */
static void append_bounds(const struct key_condition *condition, struct buffer *first,
                          struct buffer *end)
{
    const struct value *values = condition->values;
    switch (condition->relation) {
    case KEY_ANY:
        move_behind(end);
        return;
    case KEY_EQUAL:
        key_encode_value(first, values[0]);
        key_encode_value(end, values[0]);
        move_behind(end);
        return;
    case KEY_LESS:
        key_encode_value(end, values[0]);
        return;
    case KEY_LESS_OR_EQUAL:
        key_encode_value(end, values[0]);
        move_behind(end);
        return;
    case KEY_GREATER:
        key_encode_value(first, values[0]);
        move_behind(first);
        move_behind(end);
        return;
    case KEY_GREATER_OR_EQUAL:
        key_encode_value(first, values[0]);
        move_behind(end);
        return;
    case KEY_BETWEEN:
        key_encode_value(first, values[0]);
        key_encode_value(end, values[1]);
        move_behind(end);
        return;
    case KEY_BEGINS_WITH:
        key_encode_value(first, values[0]);
        first->size -= KEY_END_SIZE;
        buffer_clear(end);
        key_prefix_successor(buffer_slice(first), end);
        return;
    }
}

struct key_range key_condition_range(const struct key_condition *condition, struct buffer *first,
                                     struct buffer *end)
{
    CHECK(condition->relation != KEY_BEGINS_WITH || condition->values[0].type != VALUE_NUMBER);
    buffer_clear(first);
    buffer_clear(end);
    key_encode_value(first, condition->partition);
    key_encode_value(end, condition->partition);
    append_bounds(condition, first, end);
    return (struct key_range){.first = buffer_slice(first), .end = buffer_slice(end)};
}
