#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "router/api/operation.h"

static const struct operation *find(const char *target)
{
    return operation_find(slice_of_text(target));
}

static void test_an_operation_is_found_by_its_target(void **state)
{
    (void)state;
    assert_ptr_equal(find("DynamoDB_20120810.GetItem"), &get_item_operation);
    assert_non_null(get_item_operation.start_fn);
}

static void test_one_that_is_not_served_is_known_and_has_nothing_to_start(void **state)
{
    (void)state;
    assert_null(find("DynamoDB_20120810.TransactWriteItems")->start_fn);
    assert_null(find("DynamoDBStreams_20120810.GetRecords")->start_fn);
}

static void test_targets_are_known_as_a_whole_only(void **state)
{
    (void)state;
    assert_null(find(""));
    assert_null(find("GetItem"));
    assert_null(find("DynamoDB_20120810."));
    assert_null(find("DynamoDB_20120810.GetItems"));
    assert_null(find("DynamoDB_20120810.getItem"));
    assert_null(find("DynamoDB_20120810.GetRecords"));
    assert_null(find("DynamoDBStreams_20120810.GetItem"));
    assert_null(find("DynamoDB_20111205.GetItem"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_operation_is_found_by_its_target),
        cmocka_unit_test(test_one_that_is_not_served_is_known_and_has_nothing_to_start),
        cmocka_unit_test(test_targets_are_known_as_a_whole_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
