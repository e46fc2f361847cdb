#include "core/expression/path_lookup.h"

#include "core/model/item.h"

static bool find_entry(struct value_cursor cursor, struct slice name, struct work *work,
                       struct value *out_value)
{
    uint64_t count = cursor.left_count;
    size_t size = cursor.reader.rest.size;
    bool is_there = value_cursor_find(&cursor, name, out_value);
    work_add(work, WORK_OF_ENTRY * (count - cursor.left_count));
    work_add_bytes(work, size - cursor.reader.rest.size);
    return is_there;
}

static bool find_element(struct value list, uint32_t index, struct work *work,
                         struct value *out_value)
{
    struct value_cursor cursor = value_cursor(list);
    if (index >= cursor.left_count)
        return false;
    struct slice name;
    for (uint32_t i = 0; i <= index; i++)
        (void)value_cursor_next(&cursor, &name, out_value);
    work_add(work, WORK_OF_WALK * ((uint64_t)index + 1));
    return true;
}

static bool find_step(struct value container, struct path_step step, struct work *work,
                      struct value *out_value)
{
    work_add(work, WORK_OF_STEP);
    if (container.type == VALUE_LIST)
        return step.is_index && find_element(container, step.index, work, out_value);
    return container.type == VALUE_MAP && !step.is_index &&
           find_entry(value_cursor(container), step.name, work, out_value);
}

bool path_lookup(struct slice item, struct path path, struct work *work, struct value *out_value)
{
    struct value value;
    if (item.size == 0 || !find_entry(item_cursor(item), path_attribute(path), work, &value))
        return false;
    for (uint32_t i = 1; i < path.count; i++) {
        struct value container = value;
        if (!find_step(container, path.steps[i], work, &value))
            return false;
    }
    *out_value = value;
    return true;
}

struct item_reader item_reader_of(struct slice item, struct work *work)
{
    return (struct item_reader){.item = item, .work = work};
}

static bool is_same(struct path left, struct path right)
{
    if (left.count != right.count)
        return false;
    for (uint32_t i = 0; i < left.count; i++)
        if (!path_step_is_equal(left.steps[i], right.steps[i]))
            return false;
    return true;
}

bool item_reader_find(struct item_reader *reader, struct path path, struct value *out_value)
{
    work_add(reader->work, WORK_OF_STEP);
    if (!is_same(reader->last_path, path)) {
        reader->last_path = path;
        reader->has_last = path_lookup(reader->item, path, reader->work, &reader->last_value);
    }
    if (reader->has_last)
        *out_value = reader->last_value;
    return reader->has_last;
}
