#include "core/base/byte_order.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"
#include "core/expression/path_check_private.h"
#include "core/expression/tree_codec.h"
#include "core/expression/tree_shape_private.h"
#include "core/model/item.h"

struct decoder {
    struct byte_reader reader;
    struct arena *arena;
    enum operand_place place;
    /* How many nodes there may still be. A node takes a byte at least, so that bytes which claim
       more than they can hold are refused before memory is taken for it. */
    uint64_t nodes_left;
};

static enum status decode_header(struct decoder *decoder, enum tree_kind kind)
{
    uint8_t version = byte_reader_u8(&decoder->reader);
    if (!decoder->reader.has_failed && version > TREE_VERSION)
        return STATUS_UNSUPPORTED;
    bool is_expected = byte_reader_u8(&decoder->reader) == (uint8_t)kind;
    return version == TREE_VERSION && is_expected ? STATUS_OK : STATUS_CORRUPT;
}

static enum status decode_start(struct slice bytes, struct arena *arena, enum tree_kind kind,
                                struct decoder *decoder)
{
    *decoder = (struct decoder){
        .reader = byte_reader_of(bytes),
        .arena = arena,
        .place = kind == TREE_CONDITION ? OPERAND_IN_CONDITION : OPERAND_IN_UPDATE,
        .nodes_left = bytes.size < TREE_NODES_MAX ? bytes.size : TREE_NODES_MAX,
    };
    return decode_header(decoder, kind);
}

static enum status decode_end(const struct decoder *decoder)
{
    return byte_reader_is_done(&decoder->reader) ? STATUS_OK : STATUS_CORRUPT;
}

static enum status take_nodes(struct decoder *decoder, uint64_t count)
{
    if (count > decoder->nodes_left)
        return STATUS_CORRUPT;
    decoder->nodes_left -= count;
    return STATUS_OK;
}

/* At least one, as nothing in a tree is empty. */
static enum status decode_count(struct decoder *decoder, uint32_t *out_count)
{
    uint64_t count = byte_reader_varint(&decoder->reader);
    if (decoder->reader.has_failed || count == 0 || count > UINT32_MAX)
        return STATUS_CORRUPT;
    TRY(take_nodes(decoder, count));
    *out_count = (uint32_t)count;
    return STATUS_OK;
}

static enum status decode_name(struct decoder *decoder, struct slice *out_name)
{
    *out_name = byte_reader_sized(&decoder->reader);
    bool is_sound = !decoder->reader.has_failed && out_name->size <= LIMIT_ATTRIBUTE_NAME_SIZE &&
                    utf8_is_valid(*out_name);
    return is_sound ? STATUS_OK : STATUS_CORRUPT;
}

static enum status decode_step(struct decoder *decoder, struct path_step *out_step)
{
    uint8_t kind = byte_reader_u8(&decoder->reader);
    *out_step = (struct path_step){.is_index = kind == TREE_STEP_INDEX};
    if (kind == TREE_STEP_NAME)
        return decode_name(decoder, &out_step->name);
    uint64_t index = byte_reader_varint(&decoder->reader);
    if (kind != TREE_STEP_INDEX || decoder->reader.has_failed || index > PATH_INDEX_MAX)
        return STATUS_CORRUPT;
    out_step->index = (uint32_t)index;
    return STATUS_OK;
}

static enum status decode_path(struct decoder *decoder, struct path *out_path)
{
    uint32_t count;
    TRY(decode_count(decoder, &count));
    if (count > PATH_STEPS_MAX)
        return STATUS_CORRUPT;
    struct path_step *steps = arena_alloc_zeroed(decoder->arena, count * sizeof *steps);
    TRY(decode_name(decoder, &steps[0].name));
    for (uint32_t i = 1; i < count; i++)
        TRY(decode_step(decoder, &steps[i]));
    *out_path = (struct path){.steps = steps, .count = count};
    return STATUS_OK;
}

static enum status decode_value(struct decoder *decoder, struct value *out_value)
{
    struct slice bytes = byte_reader_sized(&decoder->reader);
    return decoder->reader.has_failed ? STATUS_CORRUPT : item_check_value(bytes, out_value);
}

static enum status decode_operand(struct decoder *decoder, uint32_t depth,
                                  struct operand *out_operand);

static enum status decode_arguments(struct decoder *decoder, uint32_t depth,
                                    struct operand *operand)
{
    uint32_t count = operand_argument_count(operand->kind);
    TRY(take_nodes(decoder, count));
    struct operand *arguments = arena_alloc(decoder->arena, count * sizeof *arguments);
    for (uint32_t i = 0; i < count; i++)
        TRY(decode_operand(decoder, depth + 1, &arguments[i]));
    operand->arguments = arguments;
    return operand_shape_is_sound(operand) ? STATUS_OK : STATUS_CORRUPT;
}

/* `depth` counts from 1. */
static enum status decode_operand(struct decoder *decoder, uint32_t depth,
                                  struct operand *out_operand)
{
    uint8_t kind = byte_reader_u8(&decoder->reader);
    if (depth > OPERAND_DEPTH_MAX || !operand_shape_allows_kind(decoder->place, kind))
        return STATUS_CORRUPT;
    *out_operand = (struct operand){.kind = (enum operand_kind)kind};
    if (out_operand->kind == OPERAND_PATH)
        return decode_path(decoder, &out_operand->path);
    if (out_operand->kind == OPERAND_VALUE)
        return decode_value(decoder, &out_operand->value);
    return decode_arguments(decoder, depth, out_operand);
}

static enum status decode_condition(struct decoder *decoder, uint32_t depth,
                                    struct condition *out_condition);

static enum status decode_children(struct decoder *decoder, uint32_t depth,
                                   struct condition *condition)
{
    struct condition *children = arena_alloc(decoder->arena, condition->count * sizeof *children);
    for (uint32_t i = 0; i < condition->count; i++)
        TRY(decode_condition(decoder, depth + 1, &children[i]));
    condition->children = children;
    return STATUS_OK;
}

static enum status decode_test(struct decoder *decoder, struct condition *condition)
{
    struct operand *operands = arena_alloc(decoder->arena, condition->count * sizeof *operands);
    for (uint32_t i = 0; i < condition->count; i++)
        TRY(decode_operand(decoder, 1, &operands[i]));
    condition->operands = operands;
    return condition_shape_is_sound(condition) ? STATUS_OK : STATUS_CORRUPT;
}

/* `depth` counts from 1. */
static enum status decode_condition(struct decoder *decoder, uint32_t depth,
                                    struct condition *out_condition)
{
    if (depth > CONDITION_DEPTH_MAX)
        return STATUS_CORRUPT;
    *out_condition =
        (struct condition){.kind = (enum condition_kind)byte_reader_u8(&decoder->reader)};
    TRY(decode_count(decoder, &out_condition->count));
    if (!condition_shape_allows_count(out_condition->kind, out_condition->count))
        return STATUS_CORRUPT;
    return condition_has_children(out_condition->kind)
               ? decode_children(decoder, depth, out_condition)
               : decode_test(decoder, out_condition);
}

enum status tree_decode_condition(struct slice bytes, struct arena *arena,
                                  struct condition *out_condition)
{
    struct decoder decoder;
    struct condition condition;
    TRY(decode_start(bytes, arena, TREE_CONDITION, &decoder));
    TRY(decode_condition(&decoder, 1, &condition));
    TRY(decode_end(&decoder));
    *out_condition = condition;
    return STATUS_OK;
}

static enum status decode_action(struct decoder *decoder, struct update_action *out_action)
{
    *out_action =
        (struct update_action){.kind = (enum update_kind)byte_reader_u8(&decoder->reader)};
    TRY(decode_path(decoder, &out_action->path));
    if (out_action->kind != UPDATE_REMOVE)
        TRY(decode_operand(decoder, 1, &out_action->operand));
    return update_shape_is_sound(out_action) ? STATUS_OK : STATUS_CORRUPT;
}

static enum status check_apart(struct ordered_path *paths, uint32_t count)
{
    struct path first;
    struct path second;
    return paths_check(paths, count, &first, &second) == PATHS_APART ? STATUS_OK : STATUS_CORRUPT;
}

enum status tree_decode_update(struct slice bytes, struct arena *arena, struct update *out_update)
{
    struct decoder decoder;
    struct update update;
    TRY(decode_start(bytes, arena, TREE_UPDATE, &decoder));
    TRY(decode_count(&decoder, &update.count));
    struct update_action *actions = arena_alloc(arena, update.count * sizeof *actions);
    struct ordered_path *paths = arena_alloc(arena, update.count * sizeof *paths);
    for (uint32_t i = 0; i < update.count; i++) {
        TRY(decode_action(&decoder, &actions[i]));
        paths[i] = (struct ordered_path){.path = actions[i].path, .ordinal = i};
    }
    TRY(decode_end(&decoder));
    TRY(check_apart(paths, update.count));
    update.actions = actions;
    *out_update = update;
    return STATUS_OK;
}

enum status tree_decode_projection(struct slice bytes, struct arena *arena,
                                   struct projection *out_projection)
{
    struct decoder decoder;
    struct projection projection;
    TRY(decode_start(bytes, arena, TREE_PROJECTION, &decoder));
    TRY(decode_count(&decoder, &projection.count));
    struct path *paths = arena_alloc(arena, projection.count * sizeof *paths);
    struct ordered_path *ordered = arena_alloc(arena, projection.count * sizeof *ordered);
    for (uint32_t i = 0; i < projection.count; i++) {
        TRY(decode_path(&decoder, &paths[i]));
        ordered[i] = (struct ordered_path){.path = paths[i], .ordinal = i};
    }
    TRY(decode_end(&decoder));
    TRY(check_apart(ordered, projection.count));
    projection.paths = paths;
    *out_projection = projection;
    return STATUS_OK;
}
