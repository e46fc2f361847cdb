#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/scenario/expectation.h"

#define REFUSAL                                                                                    \
    "{\"__type\":\"com.amazon.coral.validate#ValidationException\",\"message\":\"Too bad\"}"

/* Is an answer to a `get` what is expected? */
static bool is_met(const char *expected, unsigned status_code, const char *body)
{
    OWNED(arena) arena = arena_create();
    struct notation notation = {.arena = arena, .at = expected};
    struct statement get = {.result = "Item"};
    struct answer answer = {.status_code = status_code, .text = slice_of_text(body)};
    struct tree *tree = NULL;
    if (tree_parse(arena, answer.text, &tree) == STATUS_OK)
        answer.body = tree;
    bool is_so = expectation_check(&notation, &get, &answer);
    assert_null(notation.mistake);
    return is_so;
}

static void test_without_an_arrow_a_request_succeeds(void **state)
{
    (void)state;
    assert_true(is_met("", 200, "{}"));
    assert_false(is_met("", 400, REFUSAL));
    assert_true(is_met("-> ok", 200, "{}"));
    assert_false(is_met("-> ok", 500, "{}"));
}

static void test_an_error_has_its_name_and_its_whole_message(void **state)
{
    (void)state;
    assert_true(is_met("-> ValidationException", 400, REFUSAL));
    assert_true(is_met("-> ValidationException \"Too bad\"", 400, REFUSAL));
    assert_true(is_met("-> ValidationException like \"Too *\"", 400, REFUSAL));
    assert_false(is_met("-> ValidationException \"Too\"", 400, REFUSAL));
    assert_false(is_met("-> ValidationException \"Too *\"", 400, REFUSAL));
    assert_false(is_met("-> Exception", 400, REFUSAL));
    assert_false(is_met("-> ValidationException", 200, "{}"));
}

static void test_an_item_is_told_exactly(void **state)
{
    (void)state;
    static const char found[] = "{\"Item\":{\"a\":{\"N\":\"1\"},\"b\":{\"S\":\"x\"}}}";
    assert_true(is_met("-> {b: \"x\", a: 1}", 200, found));
    assert_false(is_met("-> {a: 1}", 200, found));
    assert_false(is_met("-> {a: 1}", 200, "{}"));
    assert_false(is_met("-> nothing", 200, found));
    assert_true(is_met("-> nothing", 200, "{}"));
    assert_false(is_met("-> nothing", 400, REFUSAL));
}

static void test_an_answer_has_some_members_or_exactly_these(void **state)
{
    (void)state;
    assert_true(is_met("-> answer {a: any, c: absent}", 200, "{\"a\":1,\"b\":2}"));
    assert_false(is_met("-> answer {b: 1}", 200, "{\"a\":1,\"b\":2}"));
    assert_false(is_met("-> exactly {a: 1}", 200, "{\"a\":1,\"b\":2}"));
    assert_false(is_met("-> exactly {}", 200, "no JSON"));
}

static void test_every_part_must_be_met(void **state)
{
    (void)state;
    assert_true(is_met("-> ValidationException and answer {message: any}", 400, REFUSAL));
    assert_false(is_met("-> ValidationException and answer {Item: any}", 400, REFUSAL));
    assert_false(is_met("-> ok and answer {message: any}", 400, REFUSAL));
}

static void test_a_status_may_have_a_whole_body(void **state)
{
    (void)state;
    assert_true(is_met("-> 404 \"gone\"", 404, "gone"));
    assert_true(is_met("-> 404", 404, "gone"));
    assert_false(is_met("-> 404 \"gone\"", 404, "gone!"));
    assert_false(is_met("-> 404 \"gone\"", 400, "gone"));
}

static void test_what_is_no_expectation_is_told(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct notation notation = {.arena = arena, .at = "-> ok ok"};
    struct statement call = {.result = NULL};
    struct answer answer = {.status_code = 200};

    assert_false(expectation_check(&notation, &call, &answer));
    assert_string_equal(notation.mistake, "nothing more is understood here");
    notation = (struct notation){.arena = arena, .at = "-> {a: 1}"};
    assert_false(expectation_check(&notation, &call, &answer));
    assert_string_equal(notation.mistake, "this verb has no items: say `answer` or `exactly`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_an_arrow_a_request_succeeds),
        cmocka_unit_test(test_an_error_has_its_name_and_its_whole_message),
        cmocka_unit_test(test_an_item_is_told_exactly),
        cmocka_unit_test(test_an_answer_has_some_members_or_exactly_these),
        cmocka_unit_test(test_every_part_must_be_met),
        cmocka_unit_test(test_a_status_may_have_a_whole_body),
        cmocka_unit_test(test_what_is_no_expectation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
