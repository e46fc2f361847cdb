#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/api/shape_fixture.h"

#include <string.h>

#define FAILED "failed to satisfy constraint: Member must "

static void assert_fault(const char *body, const char *message)
{
    OWNED(arena) arena = arena_create();
    const struct json_node *nodes[SHAPE_MEMBER_COUNT_MAX];
    struct slice told;
    fixture_read(body, arena, nodes);

    enum status status = shape_check_constraints(&fixture_shape, nodes, arena, &told);

    assert_int_equal(status, STATUS_INVALID);
    assert_string_equal(arena_copy_text(arena, told), message);
}

static void assert_fine(const char *body)
{
    OWNED(arena) arena = arena_create();
    const struct json_node *nodes[SHAPE_MEMBER_COUNT_MAX];
    struct slice told;
    fixture_read(body, arena, nodes);

    assert_int_equal(shape_check_constraints(&fixture_shape, nodes, arena, &told), STATUS_OK);
}

static void test_a_required_member_must_be_there(void **state)
{
    (void)state;
    assert_fault("{}", "1 validation error detected: Value null at 'name' " FAILED "not be null");
    assert_fault("{\"Name\":\"abc\",\"Items\":[{}]}",
                 "1 validation error detected: Value null at 'items.1.member.name' " FAILED
                 "not be null");
}

static void test_patterns_come_before_lengths_and_all_are_told(void **state)
{
    (void)state;
    assert_fault("{\"Name\":\"\"}",
                 "2 validation errors detected: Value '' at 'name' " FAILED
                 "satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value '' at 'name' " FAILED
                 "have length greater than or equal to 3");
    assert_fault("{\"Name\":\"a;\",\"Count\":0}",
                 "3 validation errors detected: Value 'a;' at 'name' " FAILED
                 "satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value 'a;' at 'name' " FAILED
                 "have length greater than or equal to 3; Value '0' at 'count' " FAILED
                 "have value greater than or equal to 1");
}

static void test_bounds_hold_for_values_at_them_and_not_beyond(void **state)
{
    (void)state;
    assert_fine("{\"Name\":\"abc\",\"Count\":1}");
    assert_fine("{\"Name\":\"abc\",\"Count\":100}");
    assert_fault("{\"Name\":\"abc\",\"Count\":101}",
                 "1 validation error detected: Value '101' at 'count' " FAILED
                 "have value less than or equal to 100");
}

static void test_lengths_are_counted_in_characters(void **state)
{
    (void)state;
    char body[1200] = "{\"Name\":\"abc\",\"SSEPart\":{\"Name\":\"";
    for (int i = 0; i < 255; i++)
        strcat(body, "\xc3\xa9");
    char *end = body + strlen(body);
    strcpy(end, "\"}}");
    assert_fine(body);

    strcpy(end, "\xc3\xa9\"}}");
    OWNED(arena) arena = arena_create();
    const struct json_node *nodes[SHAPE_MEMBER_COUNT_MAX];
    struct slice told;
    fixture_read(body, arena, nodes);
    assert_int_equal(shape_check_constraints(&fixture_shape, nodes, arena, &told), STATUS_INVALID);
}

static void test_an_arn_may_stand_where_a_name_may_but_not_everywhere(void **state)
{
    (void)state;
    assert_fine("{\"Name\":\"arn:aws:dynamodb:us-east-1:000000000000:table/x\"}");
    assert_fault("{\"Name\":\"abc\",\"Choice\":\"arn:x\"}",
                 "1 validation error detected: Value 'arn:x' at 'choice' " FAILED
                 "satisfy enum value set: [RED, GREEN]");
}

static void test_members_keep_their_name_but_for_its_first_letter(void **state)
{
    (void)state;
    assert_fault("{\"Name\":\"abc\",\"SSEPart\":{\"Name\":\"\",\"Choice\":\"red\"}}",
                 "2 validation errors detected: Value '' at 'sSEPart.name' " FAILED
                 "have length greater than or equal to 1; Value 'red' at 'sSEPart.choice' " FAILED
                 "satisfy enum value set: [RED, GREEN]");
}

static void test_a_list_is_told_as_java_would_print_it(void **state)
{
    (void)state;
    assert_fault("{\"Name\":\"abc\",\"Items\":[]}",
                 "1 validation error detected: Value '[]' at 'items' " FAILED
                 "have length greater than or equal to 1");
    assert_fault("{\"Name\":\"abc\",\"Items\":[{\"Name\":\"a\",\"Choice\":\"RED\"},{\"Name\":"
                 "\"b\"},{\"Name\":\"c\"}]}",
                 "1 validation error detected: Value '[Element(name=a, choice=RED), "
                 "Element(name=b, choice=null), Element(name=c, choice=null)]' at 'items' " FAILED
                 "have length less than or equal to 2");
}

static void test_no_more_than_ten_violations_are_told(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    const struct json_node *nodes[SHAPE_MEMBER_COUNT_MAX];
    struct slice told;
    fixture_read("{\"Name\":\"\",\"Items\":[{},{},{},{},{},{},{},{},{},{},{},{}]}", arena, nodes);

    assert_int_equal(shape_check_constraints(&fixture_shape, nodes, arena, &told), STATUS_INVALID);

    const char *text = arena_copy_text(arena, told);
    assert_ptr_equal(strstr(text, "10 validation errors detected: "), text);
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, "Member must")) != NULL; at++)
        count++;
    assert_int_equal(count, 10);
}

static void test_a_very_long_value_is_cut(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    const struct json_node *nodes[SHAPE_MEMBER_COUNT_MAX];
    struct slice told;
    char *name = arena_alloc(arena, 100001);
    memset(name, 'n', 100000);
    name[100000] = '\0';
    fixture_read(arena_format(arena, "{\"Name\":\"%s\"}", name), arena, nodes);

    assert_int_equal(shape_check_constraints(&fixture_shape, nodes, arena, &told), STATUS_INVALID);

    assert_in_range(told.size, 4096, 5000);
}

static void test_what_a_map_holds_is_told_of_by_its_name(void **state)
{
    (void)state;
    assert_fine("{\"Name\":\"abc\",\"Tables\":{\"one\":[{\"Name\":\"a\"}],\"two\":null}}");
    assert_fault(
        "{\"Name\":\"abc\",\"Tables\":{\"one\":[{\"Choice\":\"BLUE\"}]}}",
        "2 validation errors detected: Value null at 'tables.one.member.1.member.name' " FAILED
        "not be null; Value 'BLUE' at 'tables.one.member.1.member.choice' " FAILED
        "satisfy enum value set: [RED, GREEN]");
}

static void test_keys_and_lengths_are_told_of_the_whole_map(void **state)
{
    (void)state;
    assert_fault("{\"Name\":\"abc\",\"Tables\":{\"one\":[]}}",
                 "1 validation error detected: Value '{one=[]}' at 'tables' failed to satisfy "
                 "constraint: Map value must satisfy constraint: [Member must have length less "
                 "than or equal to 2, Member must have length greater than or equal to 1]");
    assert_fault("{\"Name\":\"abc\",\"Tables\":{\"x\":[{\"Name\":\"a\"}]}}",
                 "1 validation error detected: Value '{x=[Element(name=a, choice=null)]}' at "
                 "'tables' failed to satisfy constraint: Map keys must satisfy constraint: "
                 "[Member must have length less than or equal to 255, Member must have length "
                 "greater than or equal to 3, Member must satisfy regular expression pattern: "
                 "[a-zA-Z0-9_.-]+]");
    assert_fault("{\"Name\":\"abc\",\"Tables\":{\"one\":null,\"two\":null,\"three\":null}}",
                 "1 validation error detected: Value '{one=null, two=null, three=null}' at "
                 "'tables' " FAILED "have length less than or equal to 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_required_member_must_be_there),
        cmocka_unit_test(test_patterns_come_before_lengths_and_all_are_told),
        cmocka_unit_test(test_bounds_hold_for_values_at_them_and_not_beyond),
        cmocka_unit_test(test_lengths_are_counted_in_characters),
        cmocka_unit_test(test_an_arn_may_stand_where_a_name_may_but_not_everywhere),
        cmocka_unit_test(test_members_keep_their_name_but_for_its_first_letter),
        cmocka_unit_test(test_a_list_is_told_as_java_would_print_it),
        cmocka_unit_test(test_no_more_than_ten_violations_are_told),
        cmocka_unit_test(test_a_very_long_value_is_cut),
        cmocka_unit_test(test_what_a_map_holds_is_told_of_by_its_name),
        cmocka_unit_test(test_keys_and_lengths_are_told_of_the_whole_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
