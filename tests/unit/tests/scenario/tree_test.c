#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/scenario/tree.h"

static const char *written(struct arena *arena, const struct tree *tree)
{
    SCOPED(buffer) buffer;
    buffer_init(&buffer);
    tree_write(tree, &buffer);
    return arena_copy_text(arena, buffer_slice(&buffer));
}

static void test_json_that_is_read_is_written_the_same(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    static const char *const texts[] = {
        "{\"a\":[1,2.50,-3e2,\"x\\\"\",true,false,null],\"b\":{\"c\":{}},\"d\":[[]]}", "\"a\"", "5",
        "[]"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct tree *tree;
        assert_int_equal(tree_parse(arena, slice_of_text(texts[i]), &tree), STATUS_OK);
        assert_string_equal(written(arena, tree), texts[i]);
    }
}

static void test_what_is_no_json_is_no_tree(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct tree *tree;
    assert_int_equal(tree_parse(arena, slice_of_text("{"), &tree), STATUS_INVALID);
    assert_int_equal(tree_parse(arena, slice_of_text(""), &tree), STATUS_INVALID);
}

static void test_paths_lead_through_members_and_elements(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct tree *tree;
    assert_int_equal(tree_parse(arena, slice_of_text("{\"a\":{\"b\":[1,{\"c\":\"x\"}]}}"), &tree),
                     STATUS_OK);

    assert_string_equal(written(arena, tree_at(tree, slice_of_text("a.b.1.c"))), "\"x\"");
    assert_string_equal(written(arena, tree_at(tree, slice_of_text("a.b.0"))), "1");
    assert_null(tree_at(tree, slice_of_text("a.b.2")));
    assert_null(tree_at(tree, slice_of_text("a.x.b")));
    assert_null(tree_at(NULL, slice_of_text("a")));
}

static void test_counts_end_where_their_text_does(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct tree count = {.kind = TREE_NUMBER, .text = slice_of("1234", 2)};

    assert_int_equal(tree_count(&count), 12);
    assert_int_equal(tree_count(tree_of_count(arena, 7)), 7);
    assert_int_equal(tree_count(tree_create(arena, TREE_OBJECT)), 0);
    assert_int_equal(tree_count(NULL), 0);
}

static void test_a_member_that_is_set_again_is_replaced_in_its_place(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct tree *object = tree_create(arena, TREE_OBJECT);
    tree_set(object, "a", tree_of_count(arena, 1));
    tree_set(object, "b", tree_of_count(arena, 2));
    tree_set(object, "a", tree_of_count(arena, 3));
    tree_set(object, "c", tree_share(arena, tree_find(object, slice_of_text("b"))));

    assert_string_equal(written(arena, object), "{\"a\":3,\"b\":2,\"c\":2}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_that_is_read_is_written_the_same),
        cmocka_unit_test(test_what_is_no_json_is_no_tree),
        cmocka_unit_test(test_paths_lead_through_members_and_elements),
        cmocka_unit_test(test_counts_end_where_their_text_does),
        cmocka_unit_test(test_a_member_that_is_set_again_is_replaced_in_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
