#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/tests/sim/simulate/history_fixture.h"

static void end_with(struct story *story, uint64_t id, struct slice item)
{
    history_answer(
        story->history, id,
        &(struct history_answer){.outcome = OPERATION_EXECUTED, .is_found = true, .item = item});
}

static void item_of(struct story *story, uint64_t id, struct buffer *item)
{
    buffer_init(item);
    buffer_append(item, history_item(story->history, history_find(story->history, id)));
}

static void test_a_read_names_the_put_whose_item_it_saw(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    put(&story);
    uint64_t second = put(&story);
    uint64_t get = get_seeing(&story, second);
    assert_true(history_find(story.history, get)->has_seen);
    assert_int_equal(history_find(story.history, get)->seen, second);
    assert_int_equal(story.findings.count, 0);
}

static void test_bytes_that_are_no_item_are_found_out(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    end_with(&story, begin_get(&story), slice_of_text("rubbish"));
    assert_int_equal(story.findings.count, 1);
}

static void test_an_item_with_one_byte_of_another_is_found_out(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    SCOPED(buffer) item;
    item_of(&story, put(&story), &item);
    size_t filler = item.size / 2;
    item.bytes[filler] ^= 1;
    end_with(&story, begin_get(&story), buffer_slice(&item));
    assert_int_equal(story.findings.count, 1);
}

static void test_an_item_of_another_table_is_found_out(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    struct operation elsewhere = {.table_uid = TABLE_UID + 1, .kind = OPERATION_PUT};
    uint64_t other = history_invoke(story.history, &elsewhere)->id;
    SCOPED(buffer) item;
    item_of(&story, other, &item);
    end_with(&story, begin_get(&story), buffer_slice(&item));
    assert_int_equal(story.findings.count, 1);
}

static void test_a_second_answer_is_found_out(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t once = put(&story);
    assert_int_equal(story.findings.count, 0);
    end_executed(&story, once);
    assert_int_equal(story.findings.count, 1);
}

static void test_a_write_whose_condition_failed_is_a_get_of_what_it_saw(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    uint64_t second = put(&story);
    uint64_t failed = begin_put_expecting(&story, first, false);
    end_failed(&story, failed, second);
    const struct operation *operation = history_find(story.history, failed);
    assert_int_equal(operation->kind, OPERATION_GET);
    assert_true(operation->has_seen && operation->seen == second);
    assert_int_equal(story.findings.count, 0);
}

static void test_a_condition_that_fails_though_it_is_met_is_found_out(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    end_failed(&story, begin_put_expecting(&story, first, false), first);
    assert_int_equal(story.findings.count, 1);
}

static void test_updates_count_on_from_what_they_find(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    uint64_t second = begin_put_expecting(&story, first, true);
    end_executed(&story, second);
    uint64_t third = begin_put_expecting(&story, second, true);
    end_executed(&story, third);
    get_seeing(&story, third);
    assert_int_equal(history_find(story.history, third)->count, 3);
    assert_int_equal(story.findings.count, 0);
}

static void test_an_update_that_was_done_twice_is_found_out(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    struct operation update = *history_find(story.history, put(&story));
    uint64_t second = begin_put_expecting(&story, update.id, true);
    end_executed(&story, second);
    update = *history_find(story.history, second);
    update.count++;
    SCOPED(buffer) item = {0};
    buffer_append(&item, history_item(story.history, &update));
    end_with(&story, begin_get(&story), buffer_slice(&item));
    assert_true(story.findings.count > 0);
}

static void test_operations_are_told_apart_by_row(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    struct operation elsewhere = {.table_uid = TABLE_UID, .key = 1, .kind = OPERATION_GET};
    uint64_t other = history_invoke(story.history, &elsewhere)->id;
    uint64_t second = put(&story);

    const struct history_row *row = history_row_at(story.history, 0);
    assert_int_equal(row->count, 2);
    assert_int_equal(row->operations[0]->id, first);
    assert_int_equal(row->operations[1]->id, second);
    row = history_row_at(story.history, 1);
    assert_int_equal(row->count, 1);
    assert_int_equal(row->operations[0]->id, other);
    assert_null(history_row_at(story.history, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_read_names_the_put_whose_item_it_saw),
        cmocka_unit_test(test_bytes_that_are_no_item_are_found_out),
        cmocka_unit_test(test_an_item_with_one_byte_of_another_is_found_out),
        cmocka_unit_test(test_an_item_of_another_table_is_found_out),
        cmocka_unit_test(test_a_second_answer_is_found_out),
        cmocka_unit_test(test_a_write_whose_condition_failed_is_a_get_of_what_it_saw),
        cmocka_unit_test(test_a_condition_that_fails_though_it_is_met_is_found_out),
        cmocka_unit_test(test_updates_count_on_from_what_they_find),
        cmocka_unit_test(test_an_update_that_was_done_twice_is_found_out),
        cmocka_unit_test(test_operations_are_told_apart_by_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
