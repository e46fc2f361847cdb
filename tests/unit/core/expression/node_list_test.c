#include "core/expression/node_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_nodes_stand_in_the_order_in_which_they_were_added(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct node_list list = {0};
    for (uint64_t i = 0; i < 1000; i++)
        node_list_add(&list, arena, &i, sizeof i);

    assert_int_equal(list.count, 1000);
    for (uint64_t i = 0; i < 1000; i++)
        assert_int_equal(((const uint64_t *)list.nodes)[i], i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nodes_stand_in_the_order_in_which_they_were_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
