#include "core/expression/path_lookup.h"

#include "core/model/item.h"

bool value_entry(struct value map, struct slice name, struct value *out_value)
{
    if (map.type != VALUE_MAP)
        return false;
    struct value_cursor cursor = value_cursor(map);
    struct slice found;
    struct value value;
    while (value_cursor_next(&cursor, &found, &value)) {
        int order = slice_compare(found, name);
        if (order > 0)
            return false;
        if (order == 0) {
            *out_value = value;
            return true;
        }
    }
    return false;
}

bool value_element(struct value list, uint32_t index, struct value *out_value)
{
    if (list.type != VALUE_LIST)
        return false;
    struct value_cursor cursor = value_cursor(list);
    if (index >= cursor.left_count)
        return false;
    struct slice name;
    for (uint32_t i = 0; i <= index; i++)
        (void)value_cursor_next(&cursor, &name, out_value);
    return true;
}

bool value_step(struct value container, struct path_step step, struct value *out_value)
{
    return step.is_index ? value_element(container, step.index, out_value)
                         : value_entry(container, step.name, out_value);
}

bool path_lookup(struct slice item, struct path path, struct value *out_value)
{
    struct value value;
    if (item.size == 0 || !item_find(item, path_attribute(path), &value))
        return false;
    for (uint32_t i = 1; i < path.count; i++) {
        struct value container = value;
        if (!value_step(container, path.steps[i], &value))
            return false;
    }
    *out_value = value;
    return true;
}
