#include "core/expression/tree_codec.h"

#include "tests/unit/core/expression/expression_fixture.h"
#include "tests/unit/core/model/item_fixture.h"

static struct expression_context *sample_context(struct arena *arena)
{
    return context_of(arena, NULL, ":n=1;:s='x';:l=[true]");
}

static void encode_condition(struct arena *arena, const char *text, struct buffer *bytes)
{
    struct condition condition;
    assert_true(expression_fault_is_none(expression_parse_condition(
        sample_context(arena), EXPRESSION_CONDITION, slice_of_text(text), &condition)));
    tree_encode_condition(&condition, bytes);
}

static void test_a_condition_is_its_version_kind_and_nodes(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) bytes = {0};
    encode_condition(arena, "NOT size(a.b[3]) < :s", &bytes);
    ASSERT_BYTES(buffer_slice(&bytes), 1, 1,       /* a condition */
                 3, 1,                             /* NOT */
                 6, 2,                             /* < */
                 3, 1, 3, 1, 'a', 0, 1, 'b', 1, 3, /* size(a.b[3]) */
                 2, 3, 1, 1, 'x');                 /* 'x' */
}

static void test_an_update_is_its_actions(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) bytes = {0};
    struct update update;
    assert_true(expression_fault_is_none(expression_parse_update(
        sample_context(arena), slice_of_text("SET a = list_append(b, :l) REMOVE c"), &update)));

    tree_encode_update(&update, &bytes);

    ASSERT_BYTES(buffer_slice(&bytes), 1, 2, 2,              /* two actions */
                 1, 1, 1, 'a',                               /* SET a */
                 7, 1, 1, 1, 'b', 2, 7, 7, 0, 0, 0, 2, 1, 6, /* list_append */
                 2, 1, 1, 'c');                              /* REMOVE c */
}

static void test_a_projection_is_its_paths(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) bytes = {0};
    struct projection projection;
    assert_true(expression_fault_is_none(expression_parse_projection(
        sample_context(arena), slice_of_text("a, b[200]"), &projection)));

    tree_encode_projection(&projection, &bytes);

    ASSERT_BYTES(buffer_slice(&bytes), 1, 3, 2, 1, 1, 'a', 2, 1, 'b', 1, 200, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_condition_is_its_version_kind_and_nodes),
        cmocka_unit_test(test_an_update_is_its_actions),
        cmocka_unit_test(test_a_projection_is_its_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
