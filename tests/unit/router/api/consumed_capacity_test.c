#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "router/api/consumed_capacity.h"

static void test_reads_cost_half_a_unit_per_4_kb_and_twice_that_when_consistent(void **state)
{
    (void)state;
    assert_int_equal(consumed_capacity_of_read(0, false), 1);
    assert_int_equal(consumed_capacity_of_read(1, false), 1);
    assert_int_equal(consumed_capacity_of_read(4096, false), 1);
    assert_int_equal(consumed_capacity_of_read(4097, false), 2);
    assert_int_equal(consumed_capacity_of_read(4096, true), 2);
    assert_int_equal(consumed_capacity_of_read(409600, true), 200);
}

static void test_writes_cost_a_unit_per_kb_of_the_larger_item(void **state)
{
    (void)state;
    assert_int_equal(consumed_capacity_of_write(0, 0), 2);
    assert_int_equal(consumed_capacity_of_write(0, 1024), 2);
    assert_int_equal(consumed_capacity_of_write(0, 1025), 4);
    assert_int_equal(consumed_capacity_of_write(3000, 10), 6);
}

static void assert_written(const char *detail, uint64_t half_units, const char *wanted)
{
    SCOPED(buffer) body;
    buffer_init(&body);
    struct json_writer writer = json_writer_of(&body);

    json_writer_object_start(&writer);
    consumed_capacity_write(&writer, consumed_capacity_detail_of(slice_of_text(detail)),
                            slice_of_text("t"), half_units);
    json_writer_object_end(&writer);

    buffer_append_u8(&body, '\0');
    assert_string_equal((const char *)body.bytes, wanted);
}

static void test_the_detail_asked_for_is_the_detail_told(void **state)
{
    (void)state;
    assert_written("", 1, "{}");
    assert_written("NONE", 1, "{}");
    assert_written("TOTAL", 1,
                   "{\"ConsumedCapacity\":{\"CapacityUnits\":0.5,\"TableName\":\"t\"}}");
    assert_written("INDEXES", 6,
                   "{\"ConsumedCapacity\":{\"CapacityUnits\":3.0,\"Table\":{\"CapacityUnits\":3.0},"
                   "\"TableName\":\"t\"}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_cost_half_a_unit_per_4_kb_and_twice_that_when_consistent),
        cmocka_unit_test(test_writes_cost_a_unit_per_kb_of_the_larger_item),
        cmocka_unit_test(test_the_detail_asked_for_is_the_detail_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
