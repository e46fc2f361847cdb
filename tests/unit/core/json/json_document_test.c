#include "tests/unit/core/json/json_fixture.h"

static void test_a_member_is_found_by_its_whole_name(void **state)
{
    struct json_request request = parse(*state, "{\"ab\":1,\"a\":2,\"null\":null}");

    assert_true(slice_is_text(member(request.root, "a")->text, "2"));
    assert_null(json_node_find(request.root, "abc"));
    assert_null(json_node_find(request.root, ""));
    assert_null(json_node_find(request.root, "null"));
}

static void test_what_is_no_object_has_no_members(void **state)
{
    struct json_request request = parse(*state, "{\"list\":[{\"a\":1}],\"text\":\"a\"}");

    assert_null(json_node_find(member(request.root, "list"), "a"));
    assert_null(json_node_find(member(request.root, "text"), "a"));
}

static void test_texts_of_the_body_are_kept_and_others_copied(void **state)
{
    struct json_fixture *fixture = *state;
    static const char body[] = "body";
    char other[] = "other";
    struct json_source source = {.body = slice_of(body, 4), .arena = fixture->arena};

    assert_ptr_equal(json_source_keep(source, slice_of(body, 4)).bytes, body);
    assert_ptr_equal(json_source_keep(source, slice_of(body + 4, 0)).bytes, body + 4);
    struct slice copy = json_source_keep(source, slice_of(other, 5));
    other[0] = 'x';
    assert_true(slice_is_text(copy, "other"));
}

#define TEST(function)                                                                             \
    cmocka_unit_test_setup_teardown(function, json_fixture_create, json_fixture_destroy)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_member_is_found_by_its_whole_name),
        TEST(test_what_is_no_object_has_no_members),
        TEST(test_texts_of_the_body_are_kept_and_others_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
