#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/node/tablet/evaluate_fixture.h"

static const struct slice missing = {0};

static void test_a_plain_write_needs_no_row(void **state)
{
    (void)state;
    assert_false(evaluate_needs_row(&(struct write_request){.kind = WRITE_PUT}));
    assert_false(evaluate_needs_row(&(struct write_request){.kind = WRITE_DELETE}));
    assert_true(evaluate_needs_row(&(struct write_request){.kind = WRITE_UPDATE}));
    assert_true(evaluate_needs_row(
        &(struct write_request){.kind = WRITE_PUT, .returned = WRITE_RETURNS_BEFORE}));
    assert_true(
        evaluate_needs_row(&(struct write_request){.kind = WRITE_PUT, .wants_sizes = true}));
    assert_true(evaluate_needs_row(
        &(struct write_request){.kind = WRITE_PUT, .condition = slice_of_text("x")}));
}

static void test_a_condition_that_holds_lets_the_write_through(void **state)
{
    (void)state;
    SCOPED(evaluate_fixture) fixture;
    evaluate_fixture_init(&fixture);
    struct write_request put = {
        .kind = WRITE_PUT,
        .row_key = slice_of_text("key"),
        .item = item_of(&fixture, 2),
        .condition = condition_of(&fixture, "n = :one"),
        .returned = WRITE_RETURNS_BEFORE,
    };
    struct slice before = item_of(&fixture, 1);
    assert_int_equal(evaluate(&fixture, &put, before), STATUS_OK);
    assert_int_equal(fixture.verdict.result, WRITE_DONE);
    assert_true(fixture.verdict.has_effects && effect_is(&fixture, put.item));
    assert_true(fixture.verdict.is_found && slice_is_equal(fixture.verdict.item, before));

    struct write_request delete = {
        .kind = WRITE_DELETE,
        .row_key = slice_of_text("key"),
        .condition = condition_of(&fixture, "n <> :two"),
    };
    assert_int_equal(evaluate(&fixture, &delete, before), STATUS_OK);
    assert_true(fixture.verdict.has_effects && effect_is(&fixture, missing));
    assert_false(fixture.verdict.is_found);
}

static void test_a_condition_that_fails_has_no_effects(void **state)
{
    (void)state;
    SCOPED(evaluate_fixture) fixture;
    evaluate_fixture_init(&fixture);
    struct write_request put = {
        .kind = WRITE_PUT,
        .item = item_of(&fixture, 2),
        .condition = condition_of(&fixture, "attribute_not_exists(k)"),
        .returned = WRITE_RETURNS_BEFORE,
        .wants_sizes = true,
    };
    struct slice before = item_of(&fixture, 1);
    assert_int_equal(evaluate(&fixture, &put, before), STATUS_OK);
    assert_int_equal(fixture.verdict.result, WRITE_CONDITION_FAILED);
    assert_false(fixture.verdict.has_effects);
    assert_false(fixture.verdict.is_found);
    assert_int_equal(fixture.verdict.size_before, item_size(before));

    put.wants_item_on_failure = true;
    assert_int_equal(evaluate(&fixture, &put, before), STATUS_OK);
    assert_true(fixture.verdict.is_found && slice_is_equal(fixture.verdict.item, before));

    put.condition = condition_of(&fixture, "attribute_exists(k)");
    assert_int_equal(evaluate(&fixture, &put, missing), STATUS_OK);
    assert_int_equal(fixture.verdict.result, WRITE_CONDITION_FAILED);
    assert_false(fixture.verdict.is_found);
}

static void test_bytes_that_are_no_condition_are_refused(void **state)
{
    (void)state;
    SCOPED(evaluate_fixture) fixture;
    evaluate_fixture_init(&fixture);
    struct write_request put = {
        .kind = WRITE_PUT, .item = item_of(&fixture, 2), .condition = slice_of_text("rubbish")};
    assert_int_not_equal(evaluate(&fixture, &put, missing), STATUS_OK);
    put.condition = update_of(&fixture, "REMOVE n");
    assert_int_not_equal(evaluate(&fixture, &put, missing), STATUS_OK);
}

/* {"k": 1, "l": a list of so many nulls} */
static struct slice item_of_list(struct evaluate_fixture *fixture, unsigned count)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    item_builder_name(builder, slice_of_text("k"));
    item_builder_number(builder, (struct number){.digits = 1});
    item_builder_name(builder, slice_of_text("l"));
    item_builder_open(builder, VALUE_LIST);
    for (unsigned i = 0; i < count; i++)
        item_builder_null(builder);
    item_builder_close(builder);
    CHECK(item_builder_finish(builder, &item) == ITEM_FAULT_NONE);
    return arena_copy(fixture->arena, item);
}

static void assert_is_too_much_work(struct evaluate_fixture *fixture,
                                    const struct write_request *request)
{
    struct slice before = item_of_list(fixture, 200000);
    assert_int_equal(evaluate(fixture, request, before), STATUS_OK);
    assert_int_equal(fixture->verdict.result, WRITE_REFUSED);
    assert_int_equal(fixture->verdict.fault, UPDATE_FAULT_WORK);
    assert_false(fixture->verdict.has_effects);
    assert_false(fixture->verdict.is_found);
}

static void test_a_condition_of_too_much_work_refuses_any_write(void **state)
{
    (void)state;
    SCOPED(evaluate_fixture) fixture;
    evaluate_fixture_init(&fixture);
    const char *search =
        "contains(l, :one) OR contains(l, :two) OR contains(l, :one) OR contains(l, :two) OR "
        "contains(l, :one) OR contains(l, :two) OR attribute_not_exists(n)";
    struct write_request request = {
        .item = item_of(&fixture, 2),
        .condition = condition_of(&fixture, search),
        .returned = WRITE_RETURNS_BEFORE,
        .wants_item_on_failure = true,
    };
    static const enum write_kind kinds[] = {WRITE_PUT, WRITE_DELETE, WRITE_UPDATE};
    for (int i = 0; i < 3; i++) {
        request.kind = kinds[i];
        assert_is_too_much_work(&fixture, &request);
    }
}

static void test_condition_and_update_share_one_bound(void **state)
{
    (void)state;
    SCOPED(evaluate_fixture) fixture;
    evaluate_fixture_init(&fixture);
    struct write_request request = {
        .kind = WRITE_UPDATE,
        .item = item_of(&fixture, 0),
        .condition = condition_of(&fixture, "NOT (contains(l, :one) OR contains(l, :two))"),
    };
    struct slice before = item_of_list(&fixture, 200000);
    assert_int_equal(evaluate(&fixture, &request, before), STATUS_OK);
    assert_int_equal(fixture.verdict.result, WRITE_DONE);
    request.update = update_of(&fixture, "SET l[199999] = :one");
    assert_is_too_much_work(&fixture, &request);
    request.condition = (struct slice){0};
    assert_int_equal(evaluate(&fixture, &request, before), STATUS_OK);
    assert_int_equal(fixture.verdict.result, WRITE_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_plain_write_needs_no_row),
        cmocka_unit_test(test_a_condition_that_holds_lets_the_write_through),
        cmocka_unit_test(test_a_condition_that_fails_has_no_effects),
        cmocka_unit_test(test_bytes_that_are_no_condition_are_refused),
        cmocka_unit_test(test_a_condition_of_too_much_work_refuses_any_write),
        cmocka_unit_test(test_condition_and_update_share_one_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
