#include "core/base/limits.h"
#include "core/expression/expression_context.h"

#include "tests/unit/core/expression/expression_fixture.h"

static const char *fault_of(struct arena *arena, const char *names, const char *values)
{
    struct expression_context *context;
    struct expression_fault fault = expression_context_create(arena, names_of(arena, names),
                                                              values_of(arena, values), &context);
    return expression_fault_is_none(fault) ? "" : arena_copy_text(arena, fault.message);
}

static void test_a_placeholder_is_looked_up_among_many(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct expression_context *context = context_of(arena, "#z=1;#a=2;#m=3;#ab=4", ":b=1;:a='x'");
    struct slice name;
    struct value value;

    assert_true(expression_context_name(context, slice_of_text("#m"), &name));
    assert_true(slice_is_text(name, "3"));
    assert_true(expression_context_name(context, slice_of_text("#ab"), &name));
    assert_true(slice_is_text(name, "4"));
    assert_false(expression_context_name(context, slice_of_text("#b"), &name));
    assert_true(expression_context_value(context, slice_of_text(":a"), &value));
    assert_true(slice_is_text(value_bytes(value), "x"));
    assert_false(expression_context_value(context, slice_of_text("#a"), &value));
}

static void test_without_maps_nothing_is_defined(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct expression_context *context = context_of(arena, NULL, NULL);
    struct slice name;
    struct value value;
    assert_false(expression_context_name(context, slice_of_text("#a"), &name));
    assert_false(expression_context_value(context, slice_of_text(":a"), &value));
    assert_true(expression_fault_is_none(expression_context_finish(context)));
}

static void test_a_map_that_is_given_is_not_empty(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    assert_string_equal(fault_of(arena, "", NULL), "ExpressionAttributeNames must not be empty");
    assert_string_equal(fault_of(arena, NULL, ""), "ExpressionAttributeValues must not be empty");
    assert_string_equal(fault_of(arena, "", ""), "ExpressionAttributeNames must not be empty");
}

static void test_keys_are_placeholders(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    assert_string_equal(fault_of(arena, "#a=a;b=b", NULL),
                        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"b\"");
    assert_string_equal(
        fault_of(arena, "#a-=a", NULL),
        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"#a-\"");
    assert_string_equal(
        fault_of(arena, NULL, "#a=1"),
        "ExpressionAttributeValues contains invalid key: Syntax error; key: \"#a\"");
    assert_string_equal(fault_of(arena, NULL, ":=1"),
                        "ExpressionAttributeValues contains invalid key: Syntax error; key: \":\"");
}

static void test_names_are_not_empty(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    assert_string_equal(
        fault_of(arena, "#a=", NULL),
        "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a");
}

static void test_two_megabytes_are_the_most(void **state)
{
    (void)state;
    enum { COUNT = 64, PLACEHOLDER_SIZE = 3 };
    OWNED(arena) arena = arena_create();
    size_t size = EXPRESSION_SUBSTITUTES_SIZE_MAX / COUNT - PLACEHOLDER_SIZE;
    uint8_t *bytes = arena_alloc_zeroed(arena, size + 1);
    struct expression_name entries[COUNT];
    for (int i = 0; i < COUNT; i++)
        entries[i] = (struct expression_name){
            .placeholder = slice_of_text(arena_format(arena, "#%02d", i)),
            .name = slice_of(bytes, size),
        };
    struct expression_names names = {.entries = entries, .count = COUNT, .is_present = true};
    struct expression_values values = {0};
    struct expression_context *context;
    assert_true(
        expression_fault_is_none(expression_context_create(arena, names, values, &context)));

    entries[0].name.size++;
    struct expression_fault fault = expression_context_create(arena, names, values, &context);
    assert_true(slice_is_text(fault.message, "ExpressionAttributeNames exceeds max size"));
}

static void test_a_name_has_less_than_64_kb(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    uint8_t *bytes = arena_alloc_zeroed(arena, LIMIT_ATTRIBUTE_NAME_SIZE + 1);
    struct expression_name entry = {.placeholder = slice_of_text("#a"),
                                    .name = slice_of(bytes, LIMIT_ATTRIBUTE_NAME_SIZE)};
    struct expression_names names = {.entries = &entry, .count = 1, .is_present = true};
    struct expression_values values = {0};
    struct expression_context *context;
    assert_true(
        expression_fault_is_none(expression_context_create(arena, names, values, &context)));

    entry.name.size++;
    struct expression_fault fault = expression_context_create(arena, names, values, &context);
    assert_true(
        slice_is_text(fault.message, "Attribute name is too large, must be less than 65536 bytes"));
}

static const char *finish(struct arena *arena, const struct expression_context *context)
{
    struct expression_fault fault = expression_context_finish(context);
    return expression_fault_is_none(fault) ? "" : arena_copy_text(arena, fault.message);
}

static void test_what_no_expression_used_is_refused(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct expression_context *context = context_of(arena, "#a=a;#b=b;#c=c", ":v=1");
    assert_string_equal(finish(arena, context), "Value provided in ExpressionAttributeNames unused "
                                                "in expressions: keys: {#a, #b, #c}");
    struct update update;
    struct projection projection;
    assert_true(expression_fault_is_none(
        expression_parse_update(context, slice_of_text("REMOVE #a"), &update)));
    assert_true(expression_fault_is_none(
        expression_parse_projection(context, slice_of_text("#c.#b"), &projection)));
    assert_string_equal(finish(arena, context), "Value provided in ExpressionAttributeValues "
                                                "unused in expressions: keys: {:v}");
    assert_true(expression_fault_is_none(
        expression_parse_update(context, slice_of_text("ADD #a :v"), &update)));
    assert_string_equal(finish(arena, context), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_placeholder_is_looked_up_among_many),
        cmocka_unit_test(test_without_maps_nothing_is_defined),
        cmocka_unit_test(test_a_map_that_is_given_is_not_empty),
        cmocka_unit_test(test_keys_are_placeholders),
        cmocka_unit_test(test_names_are_not_empty),
        cmocka_unit_test(test_two_megabytes_are_the_most),
        cmocka_unit_test(test_a_name_has_less_than_64_kb),
        cmocka_unit_test(test_what_no_expression_used_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
