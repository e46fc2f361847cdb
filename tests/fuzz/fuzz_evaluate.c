/*
 * An arbitrary tree on an arbitrary item. The first byte is the kind of the tree, the next two the
 * size of the item, whose bytes follow, and then those of the tree. When both are what they should
 * be, the tree is evaluated: no result may be other than a canonical item, or depend on anything
 * but item and tree.
 */
#include "core/base/byte_order.h"
#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/expression/condition.h"
#include "core/expression/path_lookup.h"
#include "core/expression/projection.h"
#include "core/expression/tree_codec.h"
#include "core/expression/update.h"
#include "core/model/item.h"
#include "tests/unit/core/expression/endless_work.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What one input is evaluated with. The builders keep what another input left in them. */
struct bench {
    struct arena *arena;
    struct item_builder *first;
    struct item_builder *second;
};

static void check_condition(const struct bench *bench, struct slice tree, struct slice item)
{
    struct condition condition;
    if (tree_decode_condition(tree, bench->arena, &condition) != STATUS_OK)
        return;
    struct condition opposite = condition_not(bench->arena, condition);
    CHECK(condition_holds(&condition, item, endless_work()) !=
          condition_holds(&opposite, item, endless_work()));
}

static bool has_index(struct path path)
{
    for (uint32_t i = 0; i < path.count; i++)
        if (path.steps[i].is_index)
            return true;
    return false;
}

static void check_projection(const struct bench *bench, struct slice tree, struct slice item)
{
    struct projection projection;
    if (tree_decode_projection(tree, bench->arena, &projection) != STATUS_OK)
        return;
    struct path_group paths = projection_prepare(&projection, bench->arena);
    struct slice parts = projection_apply(paths, item, bench->first);
    CHECK(item_check(parts) == STATUS_OK);
    CHECK(item.size == 0 || item_size(parts) <= item_size(item));
    for (uint32_t i = 0; i < projection.count; i++) {
        struct value part;
        struct value whole;
        if (!has_index(projection.paths[i]))
            CHECK(path_lookup(item, projection.paths[i], endless_work(), &whole) ==
                  path_lookup(parts, projection.paths[i], endless_work(), &part));
    }
}

static void check_images(const struct bench *bench, const struct update *update,
                         struct slice before, struct slice after)
{
    struct slice image;
    image = update_image(update, UPDATE_IMAGE_NEW, after, bench->arena, bench->second);
    CHECK(item_check(image) == STATUS_OK);
    image = update_image(update, UPDATE_IMAGE_OLD, before, bench->arena, bench->second);
    CHECK(item_check(image) == STATUS_OK);
}

static void check_update(const struct bench *bench, struct slice tree, struct slice item)
{
    struct update update;
    struct slice after;
    struct slice again;
    if (tree_decode_update(tree, bench->arena, &update) != STATUS_OK)
        return;
    enum update_fault fault =
        update_apply(&update, endless_reader(item), bench->arena, bench->first, &after);
    CHECK(update_apply(&update, endless_reader(item), bench->arena, bench->second, &again) ==
          fault);
    if (fault != UPDATE_FAULT_NONE)
        return;
    CHECK(item_check(after) == STATUS_OK);
    CHECK(after.size <= LIMIT_ITEM_BYTES);
    CHECK(slice_is_equal(after, again));
    CHECK(update_size(&update, after, bench->arena) > 0);
    check_images(bench, &update, item, after);
}

static void check_tree(const struct bench *bench, uint8_t kind, struct slice tree,
                       struct slice item)
{
    switch ((enum tree_kind)kind) {
    case TREE_CONDITION:
        check_condition(bench, tree, item);
        return;
    case TREE_UPDATE:
        check_update(bench, tree, item);
        return;
    case TREE_PROJECTION:
        check_projection(bench, tree, item);
        return;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct bench bench;
    if (bench.arena == NULL)
        bench = (struct bench){arena_create(), item_builder_create(), item_builder_create()};
    struct byte_reader reader = byte_reader_of(slice_of(bytes, size));
    uint8_t kind = byte_reader_u8(&reader);
    struct slice item = byte_reader_bytes(&reader, byte_reader_u16(&reader));
    if (reader.has_failed || (item.size > 0 && item_check(item) != STATUS_OK))
        return 0;

    arena_reset(bench.arena);
    check_tree(&bench, kind, reader.rest, item);
    return 0;
}
