#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/key/key_codec.h"
#include "router/api/start_key.h"
#include "router/route/range_plan.h"
#include "tests/unit/core/model/item_fixture.h"

static void append_key(struct buffer *key, struct item_builder *builder, const char *name)
{
    struct value value;
    assert_true(item_find(finished(builder), slice_of_text(name), &value));
    key_encode_value(key, value);
    item_builder_reset(builder);
}

/* { token 7, pk "a" S, sk 1.5 N } */
static void fill_bound(struct buffer *bound)
{
    OWNED(item_builder) builder = item_builder_create();
    range_bound(bound, 7, (struct slice){0});
    put_string(builder, "pk", "a");
    append_key(bound, builder, "pk");
    put_number(builder, "sk", "1.5");
    append_key(bound, builder, "sk");
}

static struct key_schema schema_of(enum value_type sort_type)
{
    return (struct key_schema){
        .partition = {.name = slice_of_text("pk"), .type = VALUE_STRING},
        .sort = {.name = slice_of_text("sk"), .type = sort_type},
        .has_sort = true,
    };
}

static enum status write_key(struct slice key, const struct key_schema *schema, struct buffer *json)
{
    buffer_clear(json);
    struct json_writer writer = json_writer_of(json);
    return last_key_write(&writer, schema, key);
}

static void test_a_rows_key_is_told_as_its_attributes(void **state)
{
    (void)state;
    SCOPED(buffer) bound = {0};
    SCOPED(buffer) json = {0};
    struct key_schema schema = schema_of(VALUE_NUMBER);
    fill_bound(&bound);
    assert_int_equal(write_key(buffer_slice(&bound), &schema, &json), STATUS_OK);
    assert_true(slice_is_text(
        buffer_slice(&json), "\"LastEvaluatedKey\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"1.5\"}}"));
}

static void test_what_is_no_key_of_the_table_is_not_told(void **state)
{
    (void)state;
    SCOPED(buffer) bound = {0};
    SCOPED(buffer) json = {0};
    struct key_schema texts = schema_of(VALUE_STRING);
    struct key_schema numbers = schema_of(VALUE_NUMBER);
    struct key_schema partition_only = numbers;
    partition_only.has_sort = false;
    fill_bound(&bound);
    struct slice key = buffer_slice(&bound);
    assert_int_equal(write_key(key, &texts, &json), STATUS_CORRUPT);
    assert_int_equal(write_key(key, &partition_only, &json), STATUS_CORRUPT);
    assert_int_equal(write_key(slice_of(key.bytes, key.size - 1), &numbers, &json), STATUS_CORRUPT);
    assert_int_equal(write_key(slice_of(key.bytes, 4), &numbers, &json), STATUS_CORRUPT);
    assert_int_equal(json.size, 0);
}

static void test_a_schema_that_is_kept_needs_no_table(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    char name[] = "pk";
    struct table table = {.partition_key = {.name = slice_of(name, 2), .type = VALUE_BINARY}};
    struct key_schema schema = key_schema_keep(&table, arena);
    name[0] = 'x';
    assert_true(slice_is_text(schema.partition.name, "pk"));
    assert_int_equal(schema.partition.type, VALUE_BINARY);
    assert_false(schema.has_sort);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_rows_key_is_told_as_its_attributes),
        cmocka_unit_test(test_what_is_no_key_of_the_table_is_not_told),
        cmocka_unit_test(test_a_schema_that_is_kept_needs_no_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
