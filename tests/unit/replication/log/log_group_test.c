#include "tests/unit/replication/log/log_fixture.h"

/* A group and a segment in which its entries stand. */
struct stage {
    struct log_group *group;
    struct log_segment segment;
};

static int setup(void **state)
{
    struct stage *stage = memory_alloc_zeroed(sizeof *stage);
    stage->group = log_group_create(3, 1);
    stage->segment.written_end = UINT32_MAX;
    *state = stage;
    return 0;
}

static int teardown(void **state)
{
    struct stage *stage = *state;
    log_group_destroy(stage->group, 99);
    assert_int_equal(stage->segment.live_count, 0);
    memory_free(stage);
    return 0;
}

static void put_text(struct stage *stage, uint64_t index, uint64_t term, const char *text)
{
    struct log_entry entry = {
        .index = index, .term = term, .type = LOG_ENTRY_COMMAND, .bytes = slice_of_text(text)};
    struct log_place place = {.lsn = index, .segment = &stage->segment, .offset = index};
    log_group_put(stage->group, &entry, &place);
}

static void put_many(struct stage *stage, uint64_t count)
{
    for (uint64_t index = 1; index <= count; index++)
        put_text(stage, index, 1, "x");
}

static void set_base(struct stage *stage, uint64_t index, uint64_t term, uint64_t lsn)
{
    struct record_base base = {.base = {.index = index, .term = term}};
    base.last_index = log_group_last_after(stage->group, &base.base);
    log_group_set_base(stage->group, &base, lsn);
}

static void test_a_new_group_has_nothing(void **state)
{
    struct stage *stage = *state;
    uint64_t term;
    struct log_entry entry;

    assert_int_equal(log_group_id(stage->group), 3);
    assert_int_equal(log_group_incarnation(stage->group), 1);
    assert_int_equal(log_group_last_index(stage->group), 0);
    assert_true(log_group_find_term(stage->group, 0, &term));
    assert_int_equal(term, 0);
    assert_false(log_group_find_term(stage->group, 1, &term));
    assert_false(log_group_find_entry(stage->group, 0, &entry));
    assert_false(log_group_find_entry(stage->group, 1, &entry));
    log_group_release(stage->group, 10);
}

static void test_entries_are_found_by_index(void **state)
{
    struct stage *stage = *state;
    uint64_t term;
    put_many(stage, 100);

    assert_int_equal(log_group_last_index(stage->group), 100);
    assert_int_equal(stage->segment.live_count, 100);
    for (uint64_t index = 1; index <= 100; index++)
        assert_entry(stage->group, index, "x");
    assert_false(log_group_find_term(stage->group, 101, &term));
}

static void test_an_entry_at_an_old_index_drops_those_behind_it(void **state)
{
    struct stage *stage = *state;
    uint64_t term;
    put_many(stage, 20);

    put_text(stage, 5, 2, "new");

    assert_int_equal(log_group_last_index(stage->group), 5);
    assert_entry(stage->group, 5, "new");
    assert_entry(stage->group, 4, "x");
    assert_false(log_group_find_term(stage->group, 6, &term));
    assert_int_equal(stage->segment.live_count, 5);
    assert_int_equal(stage->segment.free_lsn, 5);
}

static void test_an_entry_may_be_put_in_its_own_place(void **state)
{
    struct stage *stage = *state;
    struct log_entry entry;
    struct log_place place = {.segment = &stage->segment};
    put_text(stage, 1, 1, "itself");
    assert_true(log_group_find_entry(stage->group, 1, &entry));

    log_group_put(stage->group, &entry, &place);

    assert_entry(stage->group, 1, "itself");
}

static void test_a_base_drops_what_it_holds(void **state)
{
    struct stage *stage = *state;
    uint64_t term;
    put_many(stage, 20);

    set_base(stage, 15, 1, 40);

    assert_int_equal(log_group_last_index(stage->group), 20);
    assert_true(log_group_find_term(stage->group, 15, &term));
    assert_false(log_group_find_term(stage->group, 14, &term));
    assert_entry(stage->group, 16, "x");
    assert_int_equal(stage->segment.live_count, 5);
    assert_int_equal(stage->segment.free_lsn, 40);
}

static void test_a_base_beyond_the_last_entry_drops_all(void **state)
{
    struct stage *stage = *state;
    put_many(stage, 20);

    set_base(stage, 50, 3, 40);
    assert_int_equal(log_group_last_index(stage->group), 50);
    assert_int_equal(stage->segment.live_count, 0);

    put_text(stage, 51, 3, "next");
    assert_entry(stage->group, 51, "next");
}

static void test_a_base_of_another_history_drops_all(void **state)
{
    struct stage *stage = *state;
    put_many(stage, 20);

    set_base(stage, 10, 2, 40);

    assert_int_equal(log_group_last_index(stage->group), 10);
    assert_int_equal(stage->segment.live_count, 0);
}

static void test_the_base_again_keeps_the_entries(void **state)
{
    struct stage *stage = *state;
    put_many(stage, 20);
    set_base(stage, 10, 1, 40);

    set_base(stage, 10, 1, 41);

    assert_int_equal(log_group_last_index(stage->group), 20);
    assert_entry(stage->group, 11, "x");
}

static void test_released_entries_keep_their_terms_only(void **state)
{
    struct stage *stage = *state;
    struct log_entry entry;
    uint64_t term;
    put_many(stage, 20);

    log_group_release(stage->group, 10);
    log_group_release(stage->group, 5);

    assert_false(log_group_find_entry(stage->group, 1, &entry));
    assert_false(log_group_find_entry(stage->group, 10, &entry));
    assert_true(log_group_find_term(stage->group, 10, &term));
    assert_entry(stage->group, 11, "x");
}

static void test_what_is_not_written_is_not_released(void **state)
{
    struct stage *stage = *state;
    struct log_entry entry;
    stage->segment.written_end = 5;
    put_many(stage, 8);

    log_group_release(stage->group, 100);
    assert_false(log_group_find_entry(stage->group, 4, &entry));
    assert_entry(stage->group, 5, "x");

    stage->segment.written_end = 9;
    log_group_release(stage->group, 100);
    assert_false(log_group_find_entry(stage->group, 8, &entry));
}

static void test_a_long_history_passes_through_a_small_ring(void **state)
{
    struct stage *stage = *state;
    for (uint64_t index = 1; index <= 5000; index++) {
        put_text(stage, index, 1, "x");
        if (index % 7 == 0)
            set_base(stage, index - 3, 1, index);
    }

    assert_true(stage->group->item_capacity <= 16);
    assert_entry(stage->group, 5000, "x");
}

#define GROUP_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GROUP_TEST(test_a_new_group_has_nothing),
        GROUP_TEST(test_entries_are_found_by_index),
        GROUP_TEST(test_an_entry_at_an_old_index_drops_those_behind_it),
        GROUP_TEST(test_an_entry_may_be_put_in_its_own_place),
        GROUP_TEST(test_a_base_drops_what_it_holds),
        GROUP_TEST(test_a_base_beyond_the_last_entry_drops_all),
        GROUP_TEST(test_a_base_of_another_history_drops_all),
        GROUP_TEST(test_the_base_again_keeps_the_entries),
        GROUP_TEST(test_released_entries_keep_their_terms_only),
        GROUP_TEST(test_what_is_not_written_is_not_released),
        GROUP_TEST(test_a_long_history_passes_through_a_small_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
