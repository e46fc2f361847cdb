#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/expression/tree_codec.h"
#include "core/model/item.h"
#include "tests/unit/node/tablet/tablet_fixture.h"

/* Writes that look at their row. The item is {"k": "x"}, with "n" when it has been counted. */

struct terms {
    struct arena *arena;
    struct item_builder *builder;
    struct buffer condition; /* the row is missing */
    struct buffer update;    /* n is one more */
    struct slice key;
};

static void terms_init(struct terms *terms)
{
    *terms = (struct terms){.arena = arena_create(), .builder = item_builder_create()};
    struct operand operand = operand_of_attribute(terms->arena, slice_of_text("k"));
    struct condition condition =
        condition_of_operands(terms->arena, CONDITION_ATTRIBUTE_NOT_EXISTS, &operand, 1);
    tree_encode_condition(&condition, &terms->condition);

    uint8_t one[NUMBER_KEY_SIZE_MAX];
    size_t size = number_key_encode((struct number){.digits = 1}, one);
    struct update_action action = {
        .kind = UPDATE_ADD,
        .path = path_of_attribute(terms->arena, slice_of_text("n")),
        .operand = operand_of_value((struct value){VALUE_NUMBER, slice_of(one, size)}),
    };
    tree_encode_update(&(struct update){.actions = &action, .count = 1}, &terms->update);

    item_builder_name(terms->builder, slice_of_text("k"));
    item_builder_string(terms->builder, slice_of_text("x"));
    CHECK(item_builder_finish(terms->builder, &terms->key) == ITEM_FAULT_NONE);
}

static void terms_deinit(struct terms *terms)
{
    buffer_deinit(&terms->condition);
    buffer_deinit(&terms->update);
    item_builder_destroy(terms->builder);
    arena_destroy(terms->arena);
}

struct told {
    struct reply reply;
    enum write_result result;
};

static void told_deinit(struct told *told)
{
    reply_deinit(&told->reply);
}

static void told_take(void *context, const struct tablet_answer *answer)
{
    struct told *told = context;
    told->result = answer->verdict.result;
    reply_take(&told->reply, answer);
}

static void ask_put_if_missing(struct tablet_fixture *fixture, struct terms *terms,
                               struct told *told)
{
    struct tablet_address address = address_of("x");
    struct write_request write = {
        .kind = WRITE_PUT,
        .item = terms->key,
        .condition = buffer_slice(&terms->condition),
        .wants_item_on_failure = true,
    };
    tablet_write(fixture->tablet, &address, &write, told_take, told);
}

static void ask_count(struct tablet_fixture *fixture, struct terms *terms, struct told *told)
{
    struct tablet_address address = address_of("x");
    struct write_request write = {
        .kind = WRITE_UPDATE,
        .item = terms->key,
        .update = buffer_slice(&terms->update),
        .returned = WRITE_RETURNS_AFTER,
    };
    tablet_write(fixture->tablet, &address, &write, told_take, told);
}

static unsigned counted(const struct told *told)
{
    struct value value;
    assert_true(item_find(buffer_slice(&told->reply.item), slice_of_text("n"), &value));
    return (unsigned)value_number(value).digits;
}

static void start_with_table(struct tablet_fixture *fixture, uint64_t seed)
{
    fixture_init(fixture, seed);
    fixture_start(fixture);
    configure(fixture, TABLET_TABLE_OPEN);
}

static void test_of_two_puts_of_a_missing_row_the_second_is_refused(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(terms) terms;
    SCOPED(told) first = {0};
    SCOPED(told) second = {0};
    terms_init(&terms);
    start_with_table(&fixture, 1);
    ask_put_if_missing(&fixture, &terms, &first);
    ask_put_if_missing(&fixture, &terms, &second);
    reply_wait(&fixture, &second.reply);
    assert_true(first.reply.is_given && first.result == WRITE_DONE);
    assert_int_equal(second.reply.outcome, RPC_EXECUTED);
    assert_int_equal(second.result, WRITE_CONDITION_FAILED);
    assert_true(slice_is_equal(buffer_slice(&second.reply.item), terms.key));
}

static void test_a_failed_condition_waits_for_the_commit_of_the_row_it_rests_on(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(terms) terms;
    SCOPED(told) warm = {0};
    SCOPED(told) failed = {0};
    SCOPED(reply) write = {0};
    terms_init(&terms);
    start_with_table(&fixture, 2);
    ask_put_if_missing(&fixture, &terms, &warm);
    reply_wait(&fixture, &warm.reply);
    struct tablet_address address = address_of("x");
    tablet_write(fixture.tablet, &address,
                 &(struct write_request){.kind = WRITE_PUT, .item = terms.key}, reply_take, &write);
    ask_put_if_missing(&fixture, &terms, &failed);
    assert_false(failed.reply.is_given);
    while (!failed.reply.is_given) {
        assert_true(world_step(fixture.world));
        assert_true(!failed.reply.is_given || write.is_given);
    }
    assert_int_equal(failed.result, WRITE_CONDITION_FAILED);
}

static void test_a_failed_condition_proposes_nothing(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(terms) terms;
    SCOPED(told) first = {0};
    SCOPED(told) second = {0};
    terms_init(&terms);
    start_with_table(&fixture, 3);
    ask_put_if_missing(&fixture, &terms, &first);
    reply_wait(&fixture, &first.reply);
    uint64_t index = tablet_applied_index(fixture.tablet);
    ask_put_if_missing(&fixture, &terms, &second);
    reply_wait(&fixture, &second.reply);
    world_run_for(fixture.world, 1000 * 1000);
    assert_int_equal(second.result, WRITE_CONDITION_FAILED);
    assert_int_equal(tablet_applied_index(fixture.tablet), index);
}

static void test_counts_that_come_in_one_turn_count_each(void **state)
{
    (void)state;
    enum { COUNT = 8 };
    SCOPED(tablet_fixture) fixture;
    SCOPED(terms) terms;
    struct told told[COUNT] = {0};
    terms_init(&terms);
    start_with_table(&fixture, 4);
    for (int i = 0; i < COUNT; i++)
        ask_count(&fixture, &terms, &told[i]);
    for (int i = 0; i < COUNT; i++) {
        reply_wait(&fixture, &told[i].reply);
        assert_int_equal(counted(&told[i]), i + 1);
        told_deinit(&told[i]);
    }
}

static void test_counts_outlive_a_restart_and_wait_while_the_row_is_fetched(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(terms) terms;
    SCOPED(told) first = {0};
    SCOPED(told) second = {0};
    SCOPED(told) third = {0};
    SCOPED(told) failed = {0};
    terms_init(&terms);
    start_with_table(&fixture, 5);
    ask_count(&fixture, &terms, &first);
    reply_wait(&fixture, &first.reply);
    fixture_kill(&fixture);
    fixture_start(&fixture);
    ask_count(&fixture, &terms, &second);
    ask_put_if_missing(&fixture, &terms, &failed);
    ask_count(&fixture, &terms, &third);
    reply_wait(&fixture, &third.reply);
    assert_int_equal(counted(&second), 2);
    assert_int_equal(failed.result, WRITE_CONDITION_FAILED);
    assert_int_equal(counted(&third), 3);
}

static void test_a_malformed_tree_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(terms) terms;
    SCOPED(reply) reply = {0};
    SCOPED(reply) read = {0};
    terms_init(&terms);
    start_with_table(&fixture, 6);
    struct tablet_address address = address_of("x");
    tablet_write(fixture.tablet, &address,
                 &(struct write_request){
                     .kind = WRITE_PUT, .item = terms.key, .condition = slice_of_text("rubbish")},
                 reply_take, &reply);
    reply_wait(&fixture, &reply);
    assert_int_equal(reply.outcome, RPC_NOT_EXECUTED);
    assert_int_equal(reply.reason, RPC_REASON_MALFORMED);
    ask_get(&fixture, "x", &read);
    reply_wait(&fixture, &read);
    assert_false(read.is_found);
}

static void test_trees_beyond_their_bound_are_refused(void **state)
{
    (void)state;
    SCOPED(tablet_fixture) fixture;
    SCOPED(terms) terms;
    SCOPED(reply) reply = {0};
    SCOPED(buffer) huge = {0};
    terms_init(&terms);
    start_with_table(&fixture, 7);
    memset(buffer_reserve(&huge, LIMIT_EXPRESSION_BYTES + 1), 0, LIMIT_EXPRESSION_BYTES + 1);
    huge.size = LIMIT_EXPRESSION_BYTES + 1;
    struct tablet_address address = address_of("x");
    tablet_write(fixture.tablet, &address,
                 &(struct write_request){
                     .kind = WRITE_PUT, .item = terms.key, .condition = buffer_slice(&huge)},
                 reply_take, &reply);
    assert_true(reply.is_given);
    assert_int_equal(reply.reason, RPC_REASON_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_two_puts_of_a_missing_row_the_second_is_refused),
        cmocka_unit_test(test_a_failed_condition_waits_for_the_commit_of_the_row_it_rests_on),
        cmocka_unit_test(test_a_failed_condition_proposes_nothing),
        cmocka_unit_test(test_counts_that_come_in_one_turn_count_each),
        cmocka_unit_test(test_counts_outlive_a_restart_and_wait_while_the_row_is_fetched),
        cmocka_unit_test(test_a_malformed_tree_is_refused_and_changes_nothing),
        cmocka_unit_test(test_trees_beyond_their_bound_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
