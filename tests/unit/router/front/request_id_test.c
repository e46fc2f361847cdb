#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "router/front/request_id.h"

#include <string.h>

static void test_an_id_has_52_characters_of_those_that_aws_uses(void **state)
{
    (void)state;
    struct random random = random_of_seed(7);
    char id[REQUEST_ID_SIZE + 1];
    for (int round = 0; round < 100; round++) {
        request_id_make(&random, id);
        assert_int_equal(strlen(id), 52);
        assert_int_equal(strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), 52);
    }
}

static void test_two_ids_differ_also_in_their_last_characters(void **state)
{
    (void)state;
    struct random random = random_of_seed(7);
    char first[REQUEST_ID_SIZE + 1];
    char second[REQUEST_ID_SIZE + 1];
    request_id_make(&random, first);
    request_id_make(&random, second);

    assert_string_not_equal(first, second);
    assert_string_not_equal(first + REQUEST_ID_SIZE - 4, second + REQUEST_ID_SIZE - 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_id_has_52_characters_of_those_that_aws_uses),
        cmocka_unit_test(test_two_ids_differ_also_in_their_last_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
