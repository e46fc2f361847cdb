#include "core/expression/set_change.h"

#include "core/base/check.h"
#include "core/model/value_compare.h"

/* One of two sets that are walked side by side. */
struct side {
    struct value_cursor cursor;
    struct value element;
    bool has_element;
};

static void side_next(struct side *side)
{
    struct slice name;
    side->has_element = value_cursor_next(&side->cursor, &name, &side->element);
}

static struct side side_of(struct value set)
{
    struct side side = {.cursor = value_cursor(set)};
    side_next(&side);
    return side;
}

/* Which of the two has the next element: negative the left, positive the right, zero both. */
static int compare_sides(const struct side *left, const struct side *right)
{
    if (!left->has_element || !right->has_element)
        return right->has_element - left->has_element;
    return values_compare(left->element, right->element);
}

uint64_t set_change_work(struct value left, struct value right)
{
    uint64_t count = value_cursor(left).left_count + value_cursor(right).left_count;
    return WORK_OF_WRITE * count + (left.payload.size + right.payload.size) / WORK_BYTES_PER_UNIT;
}

void set_write_union(struct item_builder *builder, struct value left_set, struct value right_set)
{
    CHECK(left_set.type == right_set.type);
    struct side left = side_of(left_set);
    struct side right = side_of(right_set);
    item_builder_open(builder, left_set.type);
    while (left.has_element || right.has_element) {
        int order = compare_sides(&left, &right);
        item_builder_value(builder, order <= 0 ? left.element : right.element);
        if (order <= 0)
            side_next(&left);
        if (order >= 0)
            side_next(&right);
    }
    item_builder_close(builder);
}

/* Moves on until the left one has an element that the right one has not; false at the end. */
static bool skip_taken(struct side *left, struct side *right)
{
    while (left->has_element) {
        int order = compare_sides(left, right);
        if (order < 0)
            return true;
        side_next(right);
        if (order == 0)
            side_next(left);
    }
    return false;
}

bool set_has_more(struct value set, struct value taken_set)
{
    CHECK(set.type == taken_set.type);
    struct side left = side_of(set);
    struct side taken = side_of(taken_set);
    return skip_taken(&left, &taken);
}

void set_write_difference(struct item_builder *builder, struct value set, struct value taken_set)
{
    CHECK(set.type == taken_set.type);
    struct side left = side_of(set);
    struct side taken = side_of(taken_set);
    item_builder_open(builder, set.type);
    while (skip_taken(&left, &taken)) {
        item_builder_value(builder, left.element);
        side_next(&left);
    }
    item_builder_close(builder);
}
