#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buffer.h"
#include "node/tablet/pending.h"

/* What was answered, as text: "1" executed, "2" not executed, "3" unknown, then the item. */
static void note(void *context, const struct tablet_answer *answer)
{
    struct buffer *answers = context;
    buffer_append_u8(answers, (uint8_t)('0' + answer->outcome));
    buffer_append(answers, answer->verdict.item);
}

static void add(struct pending_queue *queue, uint64_t index, bool is_write, const char *item,
                struct buffer *answers)
{
    pending_add(queue, &(struct pending){
                           .index = index,
                           .is_write = is_write,
                           .verdict = {.is_found = true, .item = slice_of_text(item)},
                           .fn = note,
                           .context = answers,
                       });
}

static void test_answers_are_given_up_to_the_commit_and_in_order(void **state)
{
    (void)state;
    struct pending_queue queue;
    SCOPED(buffer) answers;
    buffer_init(&answers);
    pending_init(&queue);
    add(&queue, 4, true, "a", &answers);
    add(&queue, 4, false, "b", &answers);
    add(&queue, 5, true, "c", &answers);

    pending_commit(&queue, 3);
    assert_int_equal(answers.size, 0);
    pending_commit(&queue, 4);
    assert_true(slice_is_text(buffer_slice(&answers), "1a1b"));
    assert_int_equal(queue.count, 1);
    pending_commit(&queue, 9);
    assert_true(slice_is_text(buffer_slice(&answers), "1a1b1c"));
    pending_deinit(&queue);
}

static void test_when_leadership_is_lost_a_write_is_unknown_and_a_read_not_executed(void **state)
{
    (void)state;
    struct pending_queue queue;
    SCOPED(buffer) answers;
    buffer_init(&answers);
    pending_init(&queue);
    add(&queue, 4, true, "a", &answers);
    add(&queue, 4, false, "b", &answers);
    pending_fail(&queue);
    assert_true(slice_is_text(buffer_slice(&answers), "32"));
    assert_int_equal(queue.count, 0);
    pending_deinit(&queue);
}

static void test_what_is_forgotten_is_never_answered(void **state)
{
    (void)state;
    struct pending_queue queue;
    SCOPED(buffer) answers;
    buffer_init(&answers);
    pending_init(&queue);
    add(&queue, 4, true, "a", &answers);
    pending_deinit(&queue);
    assert_int_equal(answers.size, 0);
}

static void test_the_item_is_copied(void **state)
{
    (void)state;
    struct pending_queue queue;
    SCOPED(buffer) answers;
    buffer_init(&answers);
    pending_init(&queue);
    char item[] = "before";
    add(&queue, 1, false, item, &answers);
    item[0] = 'X';
    pending_commit(&queue, 1);
    assert_true(slice_is_text(buffer_slice(&answers), "1before"));
    pending_deinit(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_are_given_up_to_the_commit_and_in_order),
        cmocka_unit_test(test_when_leadership_is_lost_a_write_is_unknown_and_a_read_not_executed),
        cmocka_unit_test(test_what_is_forgotten_is_never_answered),
        cmocka_unit_test(test_the_item_is_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
