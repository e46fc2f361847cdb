#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/engine/engine.h"

static void test_a_batch_is_walked_in_the_order_of_its_operations(void **state)
{
    (void)state;
    SCOPED(engine_batch) batch;
    engine_batch_init(&batch);
    engine_batch_put(&batch, slice_of_text("a"), slice_of_text("1"));
    engine_batch_delete(&batch, slice_of_text("b"));
    engine_batch_put(&batch, slice_of_text("a"), slice_of_text("2"));
    size_t position = 0;
    struct slice key;
    struct slice value;

    assert_int_equal(batch.operation_count, 3);
    assert_true(engine_batch_next(&batch, &position, &key, &value));
    assert_true(slice_is_text(key, "a") && slice_is_text(value, "1"));
    assert_true(engine_batch_next(&batch, &position, &key, &value));
    assert_true(slice_is_text(key, "b") && value.bytes == NULL);
    assert_true(engine_batch_next(&batch, &position, &key, &value));
    assert_true(slice_is_text(key, "a") && slice_is_text(value, "2"));
    assert_false(engine_batch_next(&batch, &position, &key, &value));
    assert_false(engine_batch_next(&batch, &position, &key, &value));
}

static void test_a_value_may_be_put_in_two_parts(void **state)
{
    (void)state;
    SCOPED(engine_batch) batch;
    engine_batch_init(&batch);
    engine_batch_put_joined(&batch, slice_of_text("a"), slice_of_text("head"),
                            slice_of_text("item"));
    size_t position = 0;
    struct slice key;
    struct slice value;

    assert_true(engine_batch_next(&batch, &position, &key, &value));

    assert_true(slice_is_text(value, "headitem"));
    assert_false(engine_batch_next(&batch, &position, &key, &value));
}

static void test_a_put_of_nothing_is_no_delete(void **state)
{
    (void)state;
    SCOPED(engine_batch) batch;
    engine_batch_init(&batch);
    engine_batch_put(&batch, slice_of_text("a"), (struct slice){0});
    size_t position = 0;
    struct slice key;
    struct slice value;

    assert_true(engine_batch_next(&batch, &position, &key, &value));

    assert_int_equal(value.size, 0);
    assert_non_null(value.bytes);
}

static void test_any_byte_may_be_in_keys_and_values(void **state)
{
    (void)state;
    static uint8_t bytes[1000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7);
    SCOPED(engine_batch) batch;
    engine_batch_init(&batch);
    for (size_t size = 1; size < sizeof bytes; size++)
        engine_batch_put(&batch, slice_of(bytes, size), slice_of(bytes + size, 1000 - size));
    size_t position = 0;
    struct slice key;
    struct slice value;

    for (size_t size = 1; size < sizeof bytes; size++) {
        assert_true(engine_batch_next(&batch, &position, &key, &value));
        assert_true(slice_is_equal(key, slice_of(bytes, size)));
        assert_true(slice_is_equal(value, slice_of(bytes + size, 1000 - size)));
    }
    assert_false(engine_batch_next(&batch, &position, &key, &value));
}

static void test_a_cleared_batch_is_empty(void **state)
{
    (void)state;
    SCOPED(engine_batch) batch;
    engine_batch_init(&batch);
    engine_batch_delete(&batch, slice_of_text("a"));
    size_t position = 0;
    struct slice key;
    struct slice value;

    engine_batch_clear(&batch);

    assert_int_equal(batch.operation_count, 0);
    assert_false(engine_batch_next(&batch, &position, &key, &value));
}

static void test_destroying_no_engine_does_nothing(void **state)
{
    (void)state;
    engine_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_batch_is_walked_in_the_order_of_its_operations),
        cmocka_unit_test(test_a_value_may_be_put_in_two_parts),
        cmocka_unit_test(test_a_put_of_nothing_is_no_delete),
        cmocka_unit_test(test_any_byte_may_be_in_keys_and_values),
        cmocka_unit_test(test_a_cleared_batch_is_empty),
        cmocka_unit_test(test_destroying_no_engine_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
