#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/random.h"
#include "tests/sim/simulate/checker_linearizable.h"
#include "tests/unit/seed.h"
#include "tests/unit/tests/sim/simulate/history_fixture.h"

static size_t finding_count(struct story *story)
{
    checker_linearizable(story->history, &story->findings);
    return story->findings.count;
}

static void test_a_read_sees_the_last_write(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    get_seeing(&story, NO_WRITER);
    uint64_t first = put(&story);
    get_seeing(&story, first);
    uint64_t second = put(&story);
    get_seeing(&story, second);
    delete_row(&story);
    get_seeing(&story, NO_WRITER);
    assert_int_equal(finding_count(&story), 0);
}

static void test_a_read_must_not_see_what_was_replaced_before_it_began(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    put(&story);
    get_seeing(&story, first);
    assert_int_equal(finding_count(&story), 1);
}

static void test_a_read_must_not_miss_what_was_acknowledged(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    put(&story);
    get_seeing(&story, NO_WRITER);
    assert_int_equal(finding_count(&story), 1);
}

static void test_reads_beside_a_write_see_the_row_before_or_after_it(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    uint64_t second = begin_put(&story);
    get_seeing(&story, first);
    get_seeing(&story, second);
    end_executed(&story, second);
    assert_int_equal(finding_count(&story), 0);
}

static void test_once_a_write_was_seen_the_row_before_it_is_gone(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    uint64_t second = begin_put(&story);
    get_seeing(&story, second);
    get_seeing(&story, first);
    end_executed(&story, second);
    assert_int_equal(finding_count(&story), 1);
}

static void test_a_write_of_unknown_outcome_may_be_done_late_or_never(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    uint64_t late = begin_put(&story);
    end_as(&story, late, OPERATION_UNKNOWN);
    uint64_t never = begin_put(&story);
    end_as(&story, never, OPERATION_UNKNOWN);
    get_seeing(&story, first);
    get_seeing(&story, late);
    assert_int_equal(finding_count(&story), 0);
}

static void test_a_write_of_unknown_outcome_is_done_once_at_most(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t unknown = begin_put(&story);
    end_as(&story, unknown, OPERATION_UNKNOWN);
    get_seeing(&story, unknown);
    uint64_t second = put(&story);
    get_seeing(&story, second);
    get_seeing(&story, unknown);
    assert_int_equal(finding_count(&story), 1);
}

static void test_a_delete_of_unknown_outcome_explains_one_loss_only(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    put(&story);
    end_as(&story, begin_delete(&story), OPERATION_UNKNOWN);
    get_seeing(&story, NO_WRITER);
    assert_int_equal(finding_count(&story), 0);
    put(&story);
    get_seeing(&story, NO_WRITER);
    assert_int_equal(finding_count(&story), 1);
}

static void test_a_write_that_was_not_executed_is_not_seen(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t refused = begin_put(&story);
    end_as(&story, refused, OPERATION_NOT_EXECUTED);
    get_seeing(&story, refused);
    assert_int_equal(finding_count(&story), 1);
}

static void test_two_writes_must_not_replace_the_same_row(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = begin(&story, OPERATION_PUT, true);
    uint64_t second = begin(&story, OPERATION_PUT, true);
    end_seeing(&story, first, NO_WRITER);
    end_seeing(&story, second, NO_WRITER);
    assert_int_equal(finding_count(&story), 1);
}

static void test_blind_writes_beside_one_another_may_be_in_any_order(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t writes[12];
    for (size_t i = 0; i < 12; i++)
        writes[i] = begin_put(&story);
    for (size_t i = 12; i-- > 0;)
        end_executed(&story, writes[i]);
    get_seeing(&story, writes[4]);
    assert_int_equal(finding_count(&story), 0);
    get_seeing(&story, writes[5]);
    assert_int_equal(finding_count(&story), 1);
}

/* --- A register that really is one ------------------------------------------------------------ */

enum { CALLER_COUNT = 5, STEP_COUNT = 120 };

struct caller {
    uint64_t operation; /* 0: idle */
    bool is_done;
    uint64_t seen;
};

static void operation_do(struct story *story, struct caller *caller, uint64_t *value)
{
    const struct operation *operation = history_find(story->history, caller->operation);
    caller->is_done = true;
    caller->seen = *value;
    if (operation->kind == OPERATION_PUT)
        *value = operation->id;
    if (operation->kind == OPERATION_DELETE)
        *value = NO_WRITER;
}

static void operation_end(struct story *story, struct caller *caller, struct random *random)
{
    if (random_one_in(random, 6))
        end_as(story, caller->operation, OPERATION_UNKNOWN);
    else if (caller->is_done)
        end_seeing(story, caller->operation, caller->seen);
    else
        end_as(story, caller->operation, OPERATION_NOT_EXECUTED);
    *caller = (struct caller){0};
}

static void register_run(struct story *story, struct random *random)
{
    struct caller callers[CALLER_COUNT] = {0};
    uint64_t value = NO_WRITER;
    for (int i = 0; i < STEP_COUNT; i++) {
        struct caller *caller = &callers[random_below(random, CALLER_COUNT)];
        if (caller->operation == 0)
            caller->operation = begin(story, (enum operation_kind)random_below(random, 3),
                                      random_one_in(random, 2));
        else if (!caller->is_done && random_below(random, 8) != 0)
            operation_do(story, caller, &value);
        else
            operation_end(story, caller, random);
    }
}

static void test_a_true_register_is_never_accused(void **state)
{
    (void)state;
    struct random random = random_of_test();
    for (int run = 0; run < 500; run++) {
        SCOPED(story) story;
        story_init(&story);
        register_run(&story, &random);
        assert_int_equal(finding_count(&story), 0);
    }
}

static void test_of_two_writes_that_expect_the_same_only_one_is_done(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    uint64_t left = begin_put_expecting(&story, first, false);
    uint64_t right = begin_put_expecting(&story, first, false);
    end_executed(&story, left);
    end_failed(&story, right, left);
    get_seeing(&story, left);
    assert_int_equal(finding_count(&story), 0);
}

static void test_two_writes_that_expect_the_same_are_not_both_done(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    uint64_t left = begin_put_expecting(&story, first, false);
    uint64_t right = begin_put_expecting(&story, first, false);
    end_executed(&story, left);
    end_executed(&story, right);
    assert_int_equal(finding_count(&story), 1);
}

static void test_a_write_of_unknown_outcome_is_done_only_where_it_expected_to_be(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    uint64_t unknown = begin_put_expecting(&story, first, false);
    end_as(&story, unknown, OPERATION_UNKNOWN);
    get_seeing(&story, unknown);
    assert_int_equal(finding_count(&story), 0);

    uint64_t second = put(&story);
    uint64_t late = begin_put_expecting(&story, first, false);
    end_as(&story, late, OPERATION_UNKNOWN);
    get_seeing(&story, second);
    get_seeing(&story, late);
    assert_int_equal(finding_count(&story), 1);
}

static void test_a_condition_must_not_fail_because_of_what_was_replaced_before(void **state)
{
    (void)state;
    SCOPED(story) story;
    story_init(&story);
    uint64_t first = put(&story);
    uint64_t second = put(&story);
    uint64_t late = begin_put_expecting(&story, second, false);
    end_failed(&story, late, first);
    assert_int_equal(finding_count(&story), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_read_sees_the_last_write),
        cmocka_unit_test(test_a_read_must_not_see_what_was_replaced_before_it_began),
        cmocka_unit_test(test_a_read_must_not_miss_what_was_acknowledged),
        cmocka_unit_test(test_reads_beside_a_write_see_the_row_before_or_after_it),
        cmocka_unit_test(test_once_a_write_was_seen_the_row_before_it_is_gone),
        cmocka_unit_test(test_a_write_of_unknown_outcome_may_be_done_late_or_never),
        cmocka_unit_test(test_a_write_of_unknown_outcome_is_done_once_at_most),
        cmocka_unit_test(test_a_delete_of_unknown_outcome_explains_one_loss_only),
        cmocka_unit_test(test_a_write_that_was_not_executed_is_not_seen),
        cmocka_unit_test(test_two_writes_must_not_replace_the_same_row),
        cmocka_unit_test(test_blind_writes_beside_one_another_may_be_in_any_order),
        cmocka_unit_test(test_a_true_register_is_never_accused),
        cmocka_unit_test(test_of_two_writes_that_expect_the_same_only_one_is_done),
        cmocka_unit_test(test_two_writes_that_expect_the_same_are_not_both_done),
        cmocka_unit_test(test_a_write_of_unknown_outcome_is_done_only_where_it_expected_to_be),
        cmocka_unit_test(test_a_condition_must_not_fail_because_of_what_was_replaced_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
