#include "tests/unit/core/json/json_fixture.h"

static struct number number_of(const char *text)
{
    struct number number;
    assert_int_equal(number_parse(slice_of_text(text), &number), NUMBER_FAULT_NONE);
    return number;
}

static void name(struct item_builder *builder, const char *text)
{
    item_builder_name(builder, slice_of_text(text));
}

static struct slice finished(struct item_builder *builder)
{
    struct slice item;
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_NONE);
    return item;
}

static void test_an_empty_item_is_an_empty_object(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();

    assert_item(finished(builder), "{}");
}

static void test_scalars_are_written_with_their_types(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    name(builder, "\"quoted\"");
    item_builder_string(builder, slice_of_text("two\nlines"));
    name(builder, "b");
    item_builder_binary(builder, slice_of("\xff\xef", 2));
    name(builder, "n");
    item_builder_number(builder, number_of("-1E-7"));
    name(builder, "o");
    item_builder_null(builder);
    name(builder, "p");
    item_builder_bool(builder, true);
    name(builder, "q");
    item_builder_bool(builder, false);

    assert_item(finished(builder),
                "{\"\\\"quoted\\\"\":{\"S\":\"two\\nlines\"},\"b\":{\"B\":\"/+8=\"},"
                "\"n\":{\"N\":\"-0.0000001\"},\"o\":{\"NULL\":true},\"p\":{\"BOOL\":true},"
                "\"q\":{\"BOOL\":false}}");
}

static void test_the_longest_number_is_written_whole(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    SCOPED(buffer) expected = {0};
    name(builder, "n");
    item_builder_number(builder, number_of("1E125"));
    buffer_append_text(&expected, "{\"n\":{\"N\":\"1");
    for (int i = 0; i < 125; i++)
        buffer_append_text(&expected, "0");
    buffer_append(&expected, slice_of("\"}}", 4));

    assert_item(finished(builder), (const char *)expected.bytes);
}

static void test_containers_are_written_with_their_elements(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    name(builder, "l");
    item_builder_open(builder, VALUE_LIST);
    item_builder_null(builder);
    item_builder_open(builder, VALUE_MAP);
    name(builder, "k");
    item_builder_string(builder, slice_of_text(""));
    item_builder_close(builder);
    item_builder_close(builder);
    name(builder, "s");
    item_builder_open(builder, VALUE_STRING_SET);
    item_builder_string(builder, slice_of_text("a"));
    item_builder_string(builder, slice_of_text("b"));
    item_builder_close(builder);
    name(builder, "t");
    item_builder_open(builder, VALUE_NUMBER_SET);
    item_builder_number(builder, number_of("1"));
    item_builder_close(builder);
    name(builder, "u");
    item_builder_open(builder, VALUE_BINARY_SET);
    item_builder_binary(builder, slice_of("\0", 1));
    item_builder_close(builder);

    assert_item(finished(builder),
                "{\"l\":{\"L\":[{\"NULL\":true},{\"M\":{\"k\":{\"S\":\"\"}}}]},"
                "\"s\":{\"SS\":[\"a\",\"b\"]},\"t\":{\"NS\":[\"1\"]},\"u\":{\"BS\":[\"AA==\"]}}");
}

static void test_a_value_is_written_behind_what_the_buffer_holds(void **state)
{
    (void)state;
    OWNED(item_builder) builder = item_builder_create();
    SCOPED(buffer) json = {0};
    struct value value;
    name(builder, "s");
    item_builder_string(builder, slice_of_text("x"));
    assert_true(item_find(finished(builder), slice_of_text("s"), &value));
    buffer_append_text(&json, "[");

    json_value_write(&json, value);

    assert_true(slice_is_text(buffer_slice(&json), "[{\"S\":\"x\"}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_item_is_an_empty_object),
        cmocka_unit_test(test_scalars_are_written_with_their_types),
        cmocka_unit_test(test_the_longest_number_is_written_whole),
        cmocka_unit_test(test_containers_are_written_with_their_elements),
        cmocka_unit_test(test_a_value_is_written_behind_what_the_buffer_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
