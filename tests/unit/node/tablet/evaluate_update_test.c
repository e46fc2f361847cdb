#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/expression/update_fault.h"
#include "tests/unit/node/tablet/evaluate_fixture.h"

static const struct slice missing = {0};

/* NULL: an update without actions. */
static struct write_request update_request(struct evaluate_fixture *fixture, const char *text)
{
    return (struct write_request){
        .kind = WRITE_UPDATE,
        .row_key = slice_of_text("key"),
        .item = item_of(fixture, 0),
        .update = text != NULL ? update_of(fixture, text) : (struct slice){0},
    };
}

static void test_the_effect_is_the_whole_item_after(void **state)
{
    (void)state;
    SCOPED(evaluate_fixture) fixture;
    evaluate_fixture_init(&fixture);
    struct write_request request = update_request(&fixture, "ADD n :two");
    request.wants_sizes = true;

    assert_int_equal(evaluate(&fixture, &request, item_of(&fixture, 5)), STATUS_OK);

    assert_int_equal(fixture.verdict.result, WRITE_DONE);
    assert_true(effect_is(&fixture, item_of(&fixture, 7)));
    assert_false(fixture.verdict.is_found);
    assert_int_equal(fixture.verdict.size_before, item_size(item_of(&fixture, 5)));
    assert_int_equal(fixture.verdict.size_after, item_size(item_of(&fixture, 7)));
}

static void test_a_missing_item_is_made_of_its_key(void **state)
{
    (void)state;
    SCOPED(evaluate_fixture) fixture;
    evaluate_fixture_init(&fixture);
    struct write_request set = update_request(&fixture, "SET n = :two");
    struct write_request nothing = update_request(&fixture, NULL);

    assert_int_equal(evaluate(&fixture, &set, missing), STATUS_OK);
    assert_true(fixture.verdict.has_effects && effect_is(&fixture, item_of(&fixture, 2)));
    assert_int_equal(evaluate(&fixture, &nothing, missing), STATUS_OK);
    assert_true(fixture.verdict.has_effects && effect_is(&fixture, item_of(&fixture, 0)));
}

static void test_an_update_that_changes_nothing_has_no_effects(void **state)
{
    (void)state;
    SCOPED(evaluate_fixture) fixture;
    evaluate_fixture_init(&fixture);
    struct write_request request = update_request(&fixture, "SET n = :two");
    request.returned = WRITE_RETURNS_AFTER;

    assert_int_equal(evaluate(&fixture, &request, item_of(&fixture, 2)), STATUS_OK);

    assert_int_equal(fixture.verdict.result, WRITE_DONE);
    assert_false(fixture.verdict.has_effects);
    assert_true(slice_is_equal(fixture.verdict.item, item_of(&fixture, 2)));
}

static void assert_returned(struct evaluate_fixture *fixture, enum write_returned returned,
                            struct slice before, const char *name, unsigned number)
{
    struct write_request request = update_request(fixture, "SET n = :two");
    struct value value;
    request.returned = returned;
    assert_int_equal(evaluate(fixture, &request, before), STATUS_OK);
    assert_int_equal(fixture->verdict.is_found, number != 0);
    if (number == 0)
        return;
    assert_true(item_find(fixture->verdict.item, slice_of_text("n"), &value));
    assert_true(value_number(value).digits == number);
    assert_int_equal(item_find(fixture->verdict.item, slice_of_text("k"), &value),
                     strcmp(name, "whole") == 0);
}

static void test_the_image_that_is_asked_for_is_told(void **state)
{
    (void)state;
    SCOPED(evaluate_fixture) fixture;
    evaluate_fixture_init(&fixture);
    struct slice before = item_of(&fixture, 1);
    assert_returned(&fixture, WRITE_RETURNS_NOTHING, before, "", 0);
    assert_returned(&fixture, WRITE_RETURNS_BEFORE, before, "whole", 1);
    assert_returned(&fixture, WRITE_RETURNS_AFTER, before, "whole", 2);
    assert_returned(&fixture, WRITE_RETURNS_UPDATED_BEFORE, before, "parts", 1);
    assert_returned(&fixture, WRITE_RETURNS_UPDATED_AFTER, before, "parts", 2);
    assert_returned(&fixture, WRITE_RETURNS_BEFORE, missing, "", 0);
    assert_returned(&fixture, WRITE_RETURNS_UPDATED_BEFORE, missing, "", 0);
    assert_returned(&fixture, WRITE_RETURNS_UPDATED_BEFORE, item_of(&fixture, 0), "", 0);
    assert_returned(&fixture, WRITE_RETURNS_UPDATED_AFTER, missing, "parts", 2);
}

static void test_what_does_not_fit_the_item_is_refused_and_has_no_effects(void **state)
{
    (void)state;
    SCOPED(evaluate_fixture) fixture;
    evaluate_fixture_init(&fixture);
    struct write_request request = update_request(&fixture, "SET n = n + :one");

    assert_int_equal(evaluate(&fixture, &request, item_of(&fixture, 0)), STATUS_OK);

    assert_int_equal(fixture.verdict.result, WRITE_REFUSED);
    assert_int_equal(fixture.verdict.fault, UPDATE_FAULT_MISSING);
    assert_false(fixture.verdict.has_effects);
}

static void test_a_condition_sees_no_item_where_the_update_sees_the_key(void **state)
{
    (void)state;
    SCOPED(evaluate_fixture) fixture;
    evaluate_fixture_init(&fixture);
    struct write_request request = update_request(&fixture, "SET n = :one");
    request.condition = condition_of(&fixture, "attribute_exists(k)");

    assert_int_equal(evaluate(&fixture, &request, missing), STATUS_OK);

    assert_int_equal(fixture.verdict.result, WRITE_CONDITION_FAILED);
}

static void test_a_request_that_no_router_sends_is_refused(void **state)
{
    (void)state;
    SCOPED(evaluate_fixture) fixture;
    evaluate_fixture_init(&fixture);
    struct write_request of_key = update_request(&fixture, "SET k = :one");
    struct write_request no_tree = update_request(&fixture, NULL);
    struct write_request no_item = update_request(&fixture, "SET n = :one");
    no_tree.update = condition_of(&fixture, "n = :one");
    no_item.item = slice_of_text("rubbish");

    assert_int_equal(evaluate(&fixture, &of_key, missing), STATUS_CORRUPT);
    assert_int_not_equal(evaluate(&fixture, &no_tree, missing), STATUS_OK);
    assert_int_not_equal(evaluate(&fixture, &no_item, missing), STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_effect_is_the_whole_item_after),
        cmocka_unit_test(test_a_missing_item_is_made_of_its_key),
        cmocka_unit_test(test_an_update_that_changes_nothing_has_no_effects),
        cmocka_unit_test(test_the_image_that_is_asked_for_is_told),
        cmocka_unit_test(test_what_does_not_fit_the_item_is_refused_and_has_no_effects),
        cmocka_unit_test(test_a_condition_sees_no_item_where_the_update_sees_the_key),
        cmocka_unit_test(test_a_request_that_no_router_sends_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
