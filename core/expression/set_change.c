#include "core/expression/set_change.h"

#include "core/base/check.h"
#include "core/model/value_compare.h"

/* One of two sets that are walked side by side. */
struct side {
    struct value_cursor cursor;
    struct value element;
    bool has_element;
    struct work *work; /* of both; once it is over, no element is left */
};

static void side_next(struct side *side)
{
    struct slice name;
    work_add(side->work, 2 * WORK_OF_WALK);
    side->has_element =
        !work_is_over(side->work) && value_cursor_next(&side->cursor, &name, &side->element);
}

static struct side side_of(struct value set, struct work *work)
{
    struct side side = {.cursor = value_cursor(set), .work = work};
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

static void write_element(struct item_builder *builder, const struct side *side)
{
    work_add(side->work, WORK_OF_WRITE);
    work_add_bytes(side->work, side->element.payload.size);
    item_builder_value(builder, side->element);
}

void set_write_union(struct item_builder *builder, struct value left_set, struct value right_set,
                     struct work *work)
{
    CHECK(left_set.type == right_set.type);
    struct side left = side_of(left_set, work);
    struct side right = side_of(right_set, work);
    item_builder_open(builder, left_set.type);
    while (left.has_element || right.has_element) {
        int order = compare_sides(&left, &right);
        write_element(builder, order <= 0 ? &left : &right);
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

bool set_has_more(struct value set, struct value taken_set, struct work *work)
{
    CHECK(set.type == taken_set.type);
    struct side left = side_of(set, work);
    struct side taken = side_of(taken_set, work);
    return skip_taken(&left, &taken);
}

void set_write_difference(struct item_builder *builder, struct value set, struct value taken_set,
                          struct work *work)
{
    CHECK(set.type == taken_set.type);
    struct side left = side_of(set, work);
    struct side taken = side_of(taken_set, work);
    item_builder_open(builder, set.type);
    while (skip_taken(&left, &taken)) {
        write_element(builder, &left);
        side_next(&left);
    }
    item_builder_close(builder);
}
