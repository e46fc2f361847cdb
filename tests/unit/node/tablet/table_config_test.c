#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/tablet/table_config.h"

static struct tablet_table table(uint64_t uid, uint64_t version, enum tablet_table_state of_state)
{
    return (struct tablet_table){.uid = uid, .version = version, .state = of_state};
}

static enum tablet_table_state state_of(const struct table_config *config, uint64_t uid)
{
    const struct tablet_table *found = table_config_find(config, uid);
    assert_non_null(found);
    return found->state;
}

static void test_a_table_comes_back_as_it_was(void **state)
{
    (void)state;
    struct tablet_table closed = table(9, 3, TABLET_TABLE_CLOSED), decoded;
    SCOPED(buffer) value;
    buffer_init(&value);
    table_config_encode(&closed, &value);
    assert_int_equal(table_config_decode(9, buffer_slice(&value), &decoded), STATUS_OK);
    assert_int_equal(decoded.uid, 9);
    assert_int_equal(decoded.version, 3);
    assert_int_equal(decoded.state, TABLET_TABLE_CLOSED);
}

static void test_bytes_that_are_no_table_are_corrupt(void **state)
{
    (void)state;
    struct tablet_table open = table(9, 3, TABLET_TABLE_OPEN), decoded;
    SCOPED(buffer) value;
    buffer_init(&value);
    table_config_encode(&open, &value);
    for (size_t size = 0; size < value.size; size++)
        assert_int_equal(table_config_decode(9, slice_of(value.bytes, size), &decoded),
                         STATUS_CORRUPT);
    value.bytes[value.size - 1] = 77;
    assert_int_equal(table_config_decode(9, buffer_slice(&value), &decoded), STATUS_CORRUPT);
    value.bytes[0] = TABLE_CONFIG_VERSION + 1;
    assert_int_equal(table_config_decode(9, buffer_slice(&value), &decoded), STATUS_UNSUPPORTED);
}

static void test_what_is_proposed_counts_at_once_for_the_leader(void **state)
{
    (void)state;
    OWNED(table_config) config = table_config_create();
    struct tablet_table open = table(9, 1, TABLET_TABLE_OPEN);
    table_config_propose(config, &open);
    assert_int_equal(state_of(config, 9), TABLET_TABLE_OPEN);
}

static void test_what_is_only_proposed_is_not_among_the_applied(void **state)
{
    (void)state;
    OWNED(table_config) config = table_config_create();
    struct tablet_table open = table(9, 1, TABLET_TABLE_OPEN);
    table_config_propose(config, &open);
    size_t position = 0;
    assert_null(table_config_next(config, &position));
    table_config_apply(config, &open);
    position = 0;
    assert_int_equal(table_config_next(config, &position)->uid, 9);
    assert_null(table_config_next(config, &position));
}

static void test_applying_an_earlier_change_leaves_a_later_proposal(void **state)
{
    (void)state;
    OWNED(table_config) config = table_config_create();
    struct tablet_table open = table(9, 1, TABLET_TABLE_OPEN);
    struct tablet_table closed = table(9, 2, TABLET_TABLE_CLOSED);
    table_config_propose(config, &open);
    table_config_propose(config, &closed);
    table_config_apply(config, &open);
    assert_int_equal(state_of(config, 9), TABLET_TABLE_CLOSED);
}

static void test_when_leadership_is_lost_only_the_applied_is_left(void **state)
{
    (void)state;
    OWNED(table_config) config = table_config_create();
    struct tablet_table open = table(9, 1, TABLET_TABLE_OPEN);
    struct tablet_table closed = table(9, 2, TABLET_TABLE_CLOSED);
    struct tablet_table other = table(10, 1, TABLET_TABLE_OPEN);
    table_config_apply(config, &open);
    table_config_propose(config, &closed);
    table_config_propose(config, &other);

    table_config_revert(config);

    assert_int_equal(state_of(config, 9), TABLET_TABLE_OPEN);
    assert_null(table_config_find(config, 10));
}

static void test_a_table_that_is_forgotten_is_unknown(void **state)
{
    (void)state;
    OWNED(table_config) config = table_config_create();
    struct tablet_table closed = table(9, 2, TABLET_TABLE_CLOSED);
    table_config_apply(config, &closed);
    table_config_forget(config, 9);
    table_config_forget(config, 9);
    assert_null(table_config_find(config, 9));
}

static void test_what_may_be_of_a_forgotten_table_is_stale(void **state)
{
    (void)state;
    OWNED(table_config) config = table_config_create();
    const struct tablet_table end = {.uid = 9, .version = 7, .state = TABLET_TABLE_CLOSED};
    const struct tablet_table earlier = {.uid = 9, .version = 6, .state = TABLET_TABLE_OPEN};
    const struct tablet_table later = {.uid = 10, .version = 7, .state = TABLET_TABLE_OPEN};
    table_config_apply(config, &end);
    assert_false(table_config_is_stale(config, &earlier));
    assert_int_equal(table_config_forgotten_version(config), 0);

    table_config_forget(config, 9);

    assert_int_equal(table_config_forgotten_version(config), 7);
    assert_true(table_config_is_stale(config, &earlier));
    assert_false(table_config_is_stale(config, &later));
    table_config_recall_forgotten(config, 3);
    assert_int_equal(table_config_forgotten_version(config), 7);
    table_config_recall_forgotten(config, 8);
    assert_true(table_config_is_stale(config, &later));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_may_be_of_a_forgotten_table_is_stale),
        cmocka_unit_test(test_a_table_comes_back_as_it_was),
        cmocka_unit_test(test_bytes_that_are_no_table_are_corrupt),
        cmocka_unit_test(test_what_is_proposed_counts_at_once_for_the_leader),
        cmocka_unit_test(test_what_is_only_proposed_is_not_among_the_applied),
        cmocka_unit_test(test_applying_an_earlier_change_leaves_a_later_proposal),
        cmocka_unit_test(test_when_leadership_is_lost_only_the_applied_is_left),
        cmocka_unit_test(test_a_table_that_is_forgotten_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
