#include "core/model/value_compare.h"

#include "core/base/check.h"

bool values_are_equal(struct value left, struct value right)
{
    /* Both are canonical: whatever is equal is the same bytes. */
    return left.type == right.type && slice_is_equal(left.payload, right.payload);
}

bool value_type_is_ordered(enum value_type type)
{
    return type == VALUE_STRING || type == VALUE_NUMBER || type == VALUE_BINARY;
}

int values_compare(struct value left, struct value right)
{
    CHECK(left.type == right.type);
    CHECK(value_type_is_ordered(left.type));
    /* A number stands as its key form, which sorts as numbers do. */
    if (left.type == VALUE_NUMBER)
        return slice_compare(left.payload, right.payload);
    return slice_compare(value_bytes(left), value_bytes(right));
}

bool value_set_has(struct value set, struct value element)
{
    if (value_type_element(set.type) == 0 || value_type_element(set.type) != element.type)
        return false;
    struct value_cursor cursor = value_cursor(set);
    struct slice name;
    struct value found;
    while (value_cursor_next(&cursor, &name, &found)) {
        int order = values_compare(found, element);
        if (order >= 0)
            return order == 0;
    }
    return false;
}
