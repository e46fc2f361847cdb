#include "node/tablet/evaluate.h"

#include "core/base/limits.h"
#include "core/expression/tree_codec.h"
#include "core/expression/update.h"

/* The key stands in the row's key too, and never changes. */
static enum status check_key(const struct write_request *request, const struct update *update)
{
    TRY(item_check(request->item));
    struct value_cursor cursor = item_cursor(request->item);
    struct slice name;
    struct value value;
    while (value_cursor_next(&cursor, &name, &value))
        if (update_changes(update, name))
            return STATUS_CORRUPT;
    return STATUS_OK;
}

static enum update_fault apply(const struct update *update, struct item_reader *before,
                               struct evaluate_scratch *scratch, struct slice *out_after)
{
    enum update_fault fault =
        update_apply(update, before, scratch->arena, scratch->item, out_after);
    if (fault != UPDATE_FAULT_NONE)
        return fault;
    bool is_too_large = item_size(*out_after) > LIMIT_ITEM_SIZE ||
                        update_size(update, *out_after, scratch->arena) > LIMIT_ITEM_SIZE;
    return is_too_large ? UPDATE_FAULT_SIZE : UPDATE_FAULT_NONE;
}

/* What the actions' paths name; nothing when there is none of it. */
static struct slice parts_of(const struct update *update, enum update_image image,
                             struct slice item, struct evaluate_scratch *scratch)
{
    if (item.size == 0)
        return item;
    struct slice parts = update_image(update, image, item, scratch->arena, scratch->image);
    return item_cursor(parts).left_count > 0 ? parts : (struct slice){0};
}

static struct slice returned_item(const struct write_request *request, const struct update *update,
                                  struct slice before, struct slice after,
                                  struct evaluate_scratch *scratch)
{
    switch (request->returned) {
    case WRITE_RETURNS_NOTHING:
        break;
    case WRITE_RETURNS_BEFORE:
        return before;
    case WRITE_RETURNS_AFTER:
        return after;
    case WRITE_RETURNS_UPDATED_BEFORE:
        return parts_of(update, UPDATE_IMAGE_OLD, before, scratch);
    case WRITE_RETURNS_UPDATED_AFTER:
        return parts_of(update, UPDATE_IMAGE_NEW, after, scratch);
    }
    return (struct slice){0};
}

enum status evaluate_update(const struct write_request *request, struct item_reader *reader,
                            struct stamp stamp, struct evaluate_scratch *scratch,
                            struct effects *effects, struct verdict *verdict)
{
    struct update update = {0};
    struct slice before = reader->item;
    struct slice after;
    if (request->update.size > 0)
        TRY(tree_decode_update(request->update, scratch->arena, &update));
    TRY(check_key(request, &update));
    if (before.size == 0)
        *reader = item_reader_of(request->item, reader->work);
    enum update_fault fault = apply(&update, reader, scratch, &after);
    if (fault != UPDATE_FAULT_NONE) {
        evaluate_refuse(verdict, fault);
        return STATUS_OK;
    }
    if (request->wants_sizes)
        verdict->size_after = item_size(after);
    evaluate_tell(verdict, returned_item(request, &update, before, after, scratch));
    verdict->has_effects = !slice_is_equal(before, after);
    if (!verdict->has_effects)
        return STATUS_OK;
    struct row row = {.stamp = stamp};
    effects_clear(effects, stamp.time);
    effects_put_row(effects, request->row_key, &row, effects_add_value(effects, after));
    return STATUS_OK;
}
