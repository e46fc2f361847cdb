#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/scenario/notation.h"

#include <string.h>

/* The JSON that a text is read as; of a mistake what it says. */
static const char *read_as(struct arena *arena, const char *text,
                           struct tree *(*read)(struct notation *notation))
{
    struct tree *variables = tree_create(arena, TREE_OBJECT);
    tree_set(variables, "kept", tree_of_text(arena, TREE_STRING, slice_of_text("K")));
    struct notation notation = {.arena = arena, .at = text, .variables = variables, .index = 7};
    struct tree *tree = read(&notation);
    if (notation.mistake != NULL)
        return notation.mistake;
    SCOPED(buffer) buffer;
    buffer_init(&buffer);
    tree_write(tree, &buffer);
    buffer_append_text(&buffer, notation.at);
    return arena_copy_text(arena, buffer_slice(&buffer));
}

static void check_json(const char *text, const char *expected)
{
    OWNED(arena) arena = arena_create();
    assert_string_equal(read_as(arena, text, notation_json), expected);
}

static void check_item(const char *text, const char *expected)
{
    OWNED(arena) arena = arena_create();
    assert_string_equal(read_as(arena, text, notation_item), expected);
}

static void test_json_is_read_as_it_is(void **state)
{
    (void)state;
    check_json("{\"a\": [1, -2.5e3, true, false, null, \"x\\\"\\n\\u00e9\"]}",
               "{\"a\":[1,-2.5e3,true,false,null,\"x\\\"\\n\xC3\xA9\"]}");
}

static void test_names_and_words_need_no_quotes(void **state)
{
    (void)state;
    check_json("{TableName: users, #n: :v}", "{\"TableName\":\"users\",\"#n\":\":v\"}");
}

static void test_what_follows_is_left(void **state)
{
    (void)state;
    check_json("{} -> ok", "{} -> ok");
}

static void test_items_have_the_types_of_how_they_are_written(void **state)
{
    (void)state;
    check_item("{s: \"x\", n: -1.50, t: true, f: false, u: null, b: B\"AA==\", o: N\"01\"}",
               "{\"s\":{\"S\":\"x\"},\"n\":{\"N\":\"-1.50\"},\"t\":{\"BOOL\":true},\"f\":{\"BOOL\":"
               "false},\"u\":{\"NULL\":true},\"b\":{\"B\":\"AA==\"},\"o\":{\"N\":\"01\"}}");
    check_item(
        "{l: [1, []], m: {k: \"v\"}, ss: SS[\"a\", b], ns: NS[1, \"2.0\"], e: SS[]}",
        "{\"l\":{\"L\":[{\"N\":\"1\"},{\"L\":[]}]},\"m\":{\"M\":{\"k\":{\"S\":\"v\"}}},\"ss\":"
        "{\"SS\":[\"a\",\"b\"]},\"ns\":{\"NS\":[\"1\",\"2.0\"]},\"e\":{\"SS\":[]}}");
}

static void test_raw_values_are_sent_as_they_stand(void **state)
{
    (void)state;
    check_item("{v: raw {NULL: false}}", "{\"v\":{\"NULL\":false}}");
}

static void test_an_at_begins_an_item_or_a_value_within_json(void **state)
{
    (void)state;
    check_json("{Key: @{id: \"7\"}, Value: @5}",
               "{\"Key\":{\"id\":{\"S\":\"7\"}},\"Value\":{\"N\":\"5\"}}");
}

static void test_texts_repeat_and_are_joined(void **state)
{
    (void)state;
    check_json("\"ab\"*3 + \"c\"", "\"abababc\"");
    check_json("\"k$i,\"*3", "\"k0,k1,k2,\"");
    check_json("\"x\"*0", "\"\"");
}

static void test_elements_repeat_with_their_index(void **state)
{
    (void)state;
    check_json("[\"a$i\" ...3, b]", "[\"a0\",\"a1\",\"a2\",\"b\"]");
    check_json("[$i ...2]", "[0,1]");
    check_json("[1...2]", "[1,1]");
}

static void test_the_index_and_what_was_kept_stand_for_themselves(void **state)
{
    (void)state;
    check_json("{a: $i, b: $kept, c: \"n$i\"}", "{\"a\":7,\"b\":\"K\",\"c\":\"n7\"}");
    check_item("{n: $i}", "{\"n\":{\"N\":\"7\"}}");
}

static void test_mistakes_are_told(void **state)
{
    (void)state;
    check_json("{a: 1", "a brace should close here");
    check_json("[1", "a list should end here");
    check_json("{a 1}", "a name and a colon should stand here");
    check_json("\"a", "a quote is missing");
    check_json("$other", "nothing of this name was kept by `let`");
    check_json("", "a value should stand here");
    check_item("{a: b}", "an attribute value should stand here");
    check_item("5", "an item should stand here");
    check_json("\"\\u12\"", "\\u needs 4 hexadecimal digits");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_is_read_as_it_is),
        cmocka_unit_test(test_names_and_words_need_no_quotes),
        cmocka_unit_test(test_what_follows_is_left),
        cmocka_unit_test(test_items_have_the_types_of_how_they_are_written),
        cmocka_unit_test(test_raw_values_are_sent_as_they_stand),
        cmocka_unit_test(test_an_at_begins_an_item_or_a_value_within_json),
        cmocka_unit_test(test_texts_repeat_and_are_joined),
        cmocka_unit_test(test_elements_repeat_with_their_index),
        cmocka_unit_test(test_the_index_and_what_was_kept_stand_for_themselves),
        cmocka_unit_test(test_mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
