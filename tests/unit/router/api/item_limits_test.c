#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/limits.h"
#include "tests/unit/router/api/item_fixture.h"

static const struct region_answer *put_of_size(size_t filler_size)
{
    OWNED(arena) arena = arena_create();
    char *filler = memset(arena_alloc(arena, filler_size + 1), 'x', filler_size);
    filler[filler_size] = '\0';
    return region_call(region, "PutItem",
                       arena_format(arena,
                                    "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"e\"},\"f\":"
                                    "{\"S\":\"%s\"}}}",
                                    filler));
}

static void test_an_item_may_have_409600_bytes_and_not_one_more(void **state)
{
    (void)state;
    size_t other_size = strlen("pk") + strlen("e") + strlen("f");
    assert_answer(put_of_size(LIMIT_ITEM_SIZE - other_size), 200, "{}");
    assert_validation(put_of_size(LIMIT_ITEM_SIZE - other_size + 1),
                      "Item size has exceeded the maximum allowed size");
}

static const struct region_answer *put_of_depth(unsigned depth)
{
    OWNED(arena) arena = arena_create();
    const char *value = "{\"S\":\"x\"}";
    for (unsigned i = 0; i < depth; i++)
        value = arena_format(arena, "{\"L\":[%s]}", value);
    return region_call(
        region, "PutItem",
        arena_format(arena, "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"f\"},\"d\":%s}}",
                     value));
}

static void test_an_item_may_be_32_levels_deep_and_not_one_more(void **state)
{
    (void)state;
    assert_answer(put_of_depth(32), 200, "{}");
    assert_validation(put_of_depth(33), "Nesting Levels have exceeded supported limits");
}

/* A map with that name stands in as many maps. */
static const struct region_answer *put_of_name_size(size_t name_size, unsigned depth)
{
    OWNED(arena) arena = arena_create();
    char *name = memset(arena_alloc(arena, name_size + 1), 'n', name_size);
    name[name_size] = '\0';
    const char *attribute = arena_format(arena, "\"%s\":{\"S\":\"x\"}", name);
    for (unsigned i = 0; i < depth; i++)
        attribute = arena_format(arena, "\"m\":{\"M\":{%s}}", attribute);
    return region_call(region, "PutItem",
                       arena_format(arena,
                                    "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"g\"},%s}}",
                                    attribute));
}

static void test_an_update_stores_no_name_that_a_put_would_not(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    char *name = memset(arena_alloc(arena, 65537), 'n', 65536);
    name[65536] = '\0';
    const char *by_expression = arena_format(
        arena,
        "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"u\"}},\"UpdateExpression\":\"SET a = "
        ":v\",\"ExpressionAttributeValues\":{\":v\":{\"M\":{\"%s\":{\"N\":\"1\"}}}}}",
        name);
    const char *by_value = arena_format(
        arena,
        "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"u\"}},\"AttributeUpdates\":{\"a\":{"
        "\"Value\":{\"M\":{\"%s\":{\"N\":\"1\"}}}}}}",
        name);
    const char *by_name = arena_format(
        arena,
        "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"u\"}},\"AttributeUpdates\":{\"%s\":{"
        "\"Value\":{\"N\":\"1\"}}}}",
        name);
    const char *const bodies[] = {by_expression, by_value, by_name};
    for (size_t i = 0; i < 3; i++)
        assert_validation(region_call(region, "UpdateItem", bodies[i]),
                          "Attribute name is too large, must be less than 65536 bytes");
}

static void test_a_name_may_have_65535_bytes_and_not_one_more_at_any_depth(void **state)
{
    (void)state;
    assert_answer(put_of_name_size(65535, 0), 200, "{}");
    assert_answer(put_of_name_size(65535, 31), 200, "{}");
    assert_validation(put_of_name_size(65536, 0),
                      "Attribute name is too large, must be less than 65536 bytes");
    assert_validation(put_of_name_size(65536, 31),
                      "Attribute name is too large, must be less than 65536 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_item_may_have_409600_bytes_and_not_one_more),
        cmocka_unit_test(test_an_item_may_be_32_levels_deep_and_not_one_more),
        cmocka_unit_test(test_an_update_stores_no_name_that_a_put_would_not),
        cmocka_unit_test(test_a_name_may_have_65535_bytes_and_not_one_more_at_any_depth),
    };
    return cmocka_run_group_tests(tests, item_fixture_set_up, item_fixture_tear_down);
}
