#include "core/base/arena.h"
#include "core/expression/tree_codec.h"
#include "node/tablet/page.h"
#include "node/tablet/page_filter.h"
#include "tests/unit/core/expression/endless_work.h"
#include "tests/unit/core/model/item_fixture.h"

static struct slice id_is_7(struct arena *arena, struct item_builder *builder, struct buffer *bytes)
{
    struct value value;
    put_string(builder, "value", "7");
    assert_true(item_find(finished(builder), slice_of_text("value"), &value));
    struct operand operands[] = {operand_of_attribute(arena, slice_of_text("id")),
                                 operand_of_value(value)};
    struct condition condition = condition_of_operands(arena, CONDITION_EQUAL, operands, 2);
    tree_encode_condition(&condition, bytes);
    return buffer_slice(bytes);
}

static struct slice only_name(struct arena *arena, struct buffer *bytes)
{
    struct path path = operand_of_attribute(arena, slice_of_text("name")).path;
    tree_encode_projection(&(struct projection){.paths = &path, .count = 1}, bytes);
    return buffer_slice(bytes);
}

static struct slice item_of(struct item_builder *builder, const char *id)
{
    item_builder_reset(builder);
    put_string(builder, "id", id);
    put_string(builder, "name", "n");
    return finished(builder);
}

static void test_without_trees_all_items_match_and_are_kept_whole(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    OWNED(page_filter) filter = NULL;
    assert_int_equal(page_filter_create((struct slice){0}, (struct slice){0}, &filter), STATUS_OK);
    struct slice item = item_of(builder, "8");
    assert_true(page_filter_matches(filter, item, endless_work()));
    assert_true(slice_is_equal(page_filter_project(filter, item), item));
}

static void test_a_condition_chooses_items_and_outlives_its_bytes(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    OWNED(page_filter) filter = NULL;
    SCOPED(buffer) bytes = {0};
    struct slice condition = id_is_7(arena, builder, &bytes);
    assert_int_equal(page_filter_create(condition, (struct slice){0}, &filter), STATUS_OK);
    memset(bytes.bytes, 0, bytes.size);
    assert_true(page_filter_matches(filter, item_of(builder, "7"), endless_work()));
    assert_false(page_filter_matches(filter, item_of(builder, "8"), endless_work()));
}

static void test_a_projection_takes_parts_of_items(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    OWNED(page_filter) filter = NULL;
    SCOPED(buffer) bytes = {0};
    assert_int_equal(page_filter_create((struct slice){0}, only_name(arena, &bytes), &filter),
                     STATUS_OK);
    struct slice part = page_filter_project(filter, item_of(builder, "7"));
    struct value value;
    assert_true(item_find(part, slice_of_text("name"), &value));
    assert_false(item_find(part, slice_of_text("id"), &value));
}

static void test_what_is_no_tree_is_refused(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(page_filter) filter = NULL;
    SCOPED(buffer) bytes = {0};
    struct slice projection = only_name(arena, &bytes);
    assert_int_not_equal(page_filter_create(projection, (struct slice){0}, &filter), STATUS_OK);
    assert_int_not_equal(page_filter_create((struct slice){0}, slice_of("x", 1), &filter),
                         STATUS_OK);
    assert_null(filter);
}

static void test_a_page_counts_what_it_evaluates_and_keeps_what_matches(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    SCOPED(buffer) condition = {0};
    SCOPED(buffer) projection = {0};
    SCOPED(page) page;
    struct page_filter *filter = NULL;
    id_is_7(arena, builder, &condition);
    assert_int_equal(
        page_filter_create(buffer_slice(&condition), only_name(arena, &projection), &filter),
        STATUS_OK);
    page_init(&page, &(struct page_bounds){.count_max = 10, .size_max = 1000}, filter);

    page_add(&page, slice_of_text("a"), item_of(builder, "7"));
    page_add(&page, slice_of_text("b"), item_of(builder, "8"));

    assert_int_equal(page.evaluated_count, 2);
    assert_int_equal(page.evaluated_size, 2 * (3 + 5));
    assert_int_equal(page.matched_count, 1);
    assert_true(slice_is_text(buffer_slice(&page.last_key), "b"));
    struct byte_reader reader = byte_reader_of(buffer_slice(&page.items));
    assert_int_equal(item_size(byte_reader_sized(&reader)), 5);
    assert_true(byte_reader_is_done(&reader));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_trees_all_items_match_and_are_kept_whole),
        cmocka_unit_test(test_a_condition_chooses_items_and_outlives_its_bytes),
        cmocka_unit_test(test_a_projection_takes_parts_of_items),
        cmocka_unit_test(test_what_is_no_tree_is_refused),
        cmocka_unit_test(test_a_page_counts_what_it_evaluates_and_keeps_what_matches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
