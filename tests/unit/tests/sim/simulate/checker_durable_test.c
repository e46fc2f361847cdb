#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/simulate/checker_durable.h"
#include "tests/unit/tests/sim/simulate/history_fixture.h"

/* One more read, when all is well, and what the checker says to it. */
static size_t findings_when_last_seen(struct story *story, uint64_t writer)
{
    uint64_t last = get_seeing(story, writer);
    checker_durable(story->history, last, &story->findings);
    return story->findings.count;
}

static void test_the_last_write_is_there(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    put(&story);
    uint64_t last = put(&story);
    assert_int_equal(findings_when_last_seen(&story, last), 0);
}

static void test_an_earlier_write_in_its_place_is_a_loss(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    put(&story);
    assert_int_equal(findings_when_last_seen(&story, first), 1);
}

static void test_a_missing_row_is_a_loss(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    put(&story);
    assert_int_equal(findings_when_last_seen(&story, NO_WRITER), 1);
}

static void test_a_row_that_was_deleted_first_and_written_then_is_a_loss_when_missing(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    delete_row(&story);
    put(&story);
    assert_int_equal(findings_when_last_seen(&story, NO_WRITER), 1);
}

static void test_a_delete_of_unknown_outcome_may_be_the_last(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    end_as(&story, begin_delete(&story), OPERATION_UNKNOWN);
    put(&story);
    assert_int_equal(findings_when_last_seen(&story, NO_WRITER), 0);
}

static void test_either_of_two_writes_beside_one_another_may_be_the_last(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = begin_put(&story);
    uint64_t second = begin_put(&story);
    end_executed(&story, second);
    end_executed(&story, first);
    assert_int_equal(findings_when_last_seen(&story, second), 0);
}

static void test_what_was_not_executed_does_not_show_up(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t refused = begin_put(&story);
    get_seeing(&story, refused);
    end_as(&story, refused, OPERATION_NOT_EXECUTED);
    uint64_t last = put(&story);
    assert_int_equal(findings_when_last_seen(&story, last), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_last_write_is_there),
        cmocka_unit_test(test_an_earlier_write_in_its_place_is_a_loss),
        cmocka_unit_test(test_a_missing_row_is_a_loss),
        cmocka_unit_test(test_a_row_that_was_deleted_first_and_written_then_is_a_loss_when_missing),
        cmocka_unit_test(test_a_delete_of_unknown_outcome_may_be_the_last),
        cmocka_unit_test(test_either_of_two_writes_beside_one_another_may_be_the_last),
        cmocka_unit_test(test_what_was_not_executed_does_not_show_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
