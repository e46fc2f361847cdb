#include "node/tablet/page_filter.h"

#include "core/base/arena.h"
#include "core/base/limits.h"
#include "core/expression/condition.h"
#include "core/expression/projection.h"
#include "core/expression/tree_codec.h"

struct page_filter {
    struct arena *arena;
    bool has_condition;
    struct condition condition;
    struct path_group paths;
    struct item_builder *builder; /* NULL: items are kept whole */
};

static enum status filter_read(struct page_filter *filter, struct slice condition,
                               struct slice projection)
{
    struct projection tree;
    filter->has_condition = condition.size > 0;
    if (filter->has_condition)
        TRY(tree_decode_condition(arena_copy(filter->arena, condition), filter->arena,
                                  &filter->condition));
    if (projection.size == 0)
        return STATUS_OK;
    TRY(tree_decode_projection(arena_copy(filter->arena, projection), filter->arena, &tree));
    filter->paths = projection_prepare(&tree, filter->arena);
    filter->builder = item_builder_create();
    return STATUS_OK;
}

enum status page_filter_create(struct slice condition, struct slice projection,
                               struct page_filter **out_filter)
{
    if (condition.size + projection.size > LIMIT_EXPRESSION_BYTES)
        return STATUS_TOO_LARGE;
    OWNED(page_filter) filter = memory_alloc_zeroed(sizeof *filter);
    filter->arena = arena_create();
    TRY(filter_read(filter, condition, projection));
    *out_filter = GIVE(filter);
    return STATUS_OK;
}

void page_filter_destroy(struct page_filter *filter)
{
    if (filter == NULL)
        return;
    item_builder_destroy(filter->builder);
    arena_destroy(filter->arena);
    memory_free(filter);
}

bool page_filter_matches(const struct page_filter *filter, struct slice item, struct work *work)
{
    return !filter->has_condition || condition_holds(&filter->condition, item, work);
}

struct slice page_filter_project(struct page_filter *filter, struct slice item)
{
    return filter->builder == NULL ? item : projection_apply(filter->paths, item, filter->builder);
}
