#include "core/expression/key_condition_range.h"

#include "core/key/key_codec.h"
#include "tests/unit/core/expression/key_condition_fixture.h"

static bool range_has(struct arena *arena, struct key_range range, const char *partition,
                      const char *sort)
{
    SCOPED(buffer) key = {0};
    key_encode_value(&key, value_of(arena, partition));
    key_encode_value(&key, value_of(arena, sort));
    return key_range_contains(range, buffer_slice(&key));
}

/* Of some sort keys of partition 'p', those that the condition holds for. */
static void assert_selected(const char *text, const char *const *sort_keys,
                            enum value_type sort_type, const char *expected)
{
    OWNED(arena) arena = arena_create();
    SCOPED(buffer) first = {0};
    SCOPED(buffer) end = {0};
    SCOPED(buffer) selected = {0};
    struct key_condition condition;
    struct expression_fault fault = read_key_condition(
        arena, text, ":p='p';:n=2;:m=10;:b='b';:ba='ba';:bin=b'b'", sort_type, &condition);
    assert_true(expression_fault_is_none(fault));

    struct key_range range = key_condition_range(&condition, &first, &end);

    for (; *sort_keys != NULL; sort_keys++) {
        assert_false(range_has(arena, range, "'o'", *sort_keys));
        assert_false(range_has(arena, range, "'pp'", *sort_keys));
        assert_false(range_has(arena, range, "'q'", *sort_keys));
        if (!range_has(arena, range, "'p'", *sort_keys))
            continue;
        buffer_append_text(&selected, *sort_keys);
        buffer_append_text(&selected, " ");
    }
    assert_string_equal(arena_copy_text(arena, buffer_slice(&selected)), expected);
}

static void test_numbers_are_selected_by_value(void **state)
{
    (void)state;
    static const char *const numbers[] = {"-3", "0", "1.5", "2", "2.5", "9", "10", "11", NULL};
#define NUMBERS(text, expected) assert_selected(text, numbers, VALUE_NUMBER, expected)
    NUMBERS("pk = :p", "-3 0 1.5 2 2.5 9 10 11 ");
    NUMBERS("pk = :p AND sk = :n", "2 ");
    NUMBERS("pk = :p AND sk < :n", "-3 0 1.5 ");
    NUMBERS("pk = :p AND sk <= :n", "-3 0 1.5 2 ");
    NUMBERS("pk = :p AND sk > :n", "2.5 9 10 11 ");
    NUMBERS("pk = :p AND sk >= :n", "2 2.5 9 10 11 ");
    NUMBERS("pk = :p AND sk BETWEEN :n AND :m", "2 2.5 9 10 ");
}

static void test_strings_are_selected_by_bytes(void **state)
{
    (void)state;
    static const char *const strings[] = {"'a'",  "'azz'", "'b'", "'b!'",
                                          "'ba'", "'bab'", "'c'", NULL};
#define STRINGS(text, expected) assert_selected(text, strings, VALUE_STRING, expected)
    STRINGS("pk = :p AND sk = :b", "'b' ");
    STRINGS("pk = :p AND sk < :b", "'a' 'azz' ");
    STRINGS("pk = :p AND sk <= :b", "'a' 'azz' 'b' ");
    STRINGS("pk = :p AND sk > :b", "'b!' 'ba' 'bab' 'c' ");
    STRINGS("pk = :p AND sk BETWEEN :b AND :ba", "'b' 'b!' 'ba' ");
    STRINGS("pk = :p AND begins_with(sk, :b)", "'b' 'b!' 'ba' 'bab' ");
    STRINGS("pk = :p AND begins_with(sk, :ba)", "'ba' 'bab' ");
}

static void test_binaries_are_selected_by_their_beginning(void **state)
{
    (void)state;
    static const char *const binaries[] = {"b'a'", "b'b'", "b'bb'", "b'c'", NULL};
    assert_selected("pk = :p AND begins_with(sk, :bin)", binaries, VALUE_BINARY, "b'b' b'bb' ");
}

static void test_a_beginning_may_end_with_a_zero(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(item_builder) builder = item_builder_create();
    SCOPED(buffer) first = {0};
    SCOPED(buffer) end = {0};
    SCOPED(buffer) key = {0};
    struct slice item;
    struct value values[3];
    const struct slice binaries[] = {slice_of("b\0", 2), slice_of("b\0c", 3), slice_of("b\1", 2)};
    const char *const names[] = {"0", "1", "2"};
    for (unsigned i = 0; i < 3; i++) {
        item_builder_name(builder, slice_of_text(names[i]));
        item_builder_binary(builder, binaries[i]);
    }
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_NONE);
    for (unsigned i = 0; i < 3; i++)
        assert_true(item_find(item, slice_of_text(names[i]), &values[i]));
    struct key_condition condition = {
        .partition = value_of(arena, "'p'"), .relation = KEY_BEGINS_WITH, .values = {values[0]}};

    struct key_range range = key_condition_range(&condition, &first, &end);

    for (unsigned i = 0; i < 3; i++) {
        buffer_clear(&key);
        key_encode_value(&key, condition.partition);
        key_encode_value(&key, values[i]);
        assert_int_equal(key_range_contains(range, buffer_slice(&key)), i < 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_selected_by_value),
        cmocka_unit_test(test_strings_are_selected_by_bytes),
        cmocka_unit_test(test_binaries_are_selected_by_their_beginning),
        cmocka_unit_test(test_a_beginning_may_end_with_a_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
