#include "core/expression/condition.h"

#include "tests/unit/core/expression/endless_work.h"
#include "tests/unit/core/expression/notation.h"

static const char item_text[] =
    "{n: 5, m: 5.0, o: 7, s: 'hello', t: 'hello', u: 'world', b: b'hello', yes: true, no: false,"
    " nil: null, ss: <'a', 'b'>, ns: <1, 2, 3>, bs: <b'a'>, l: [1, 'x', [1], {k: 1}], k: {x: 1},"
    " empty: '', e: [], unicode: '\xc3\xa9\xf0\x9d\x84\x9e', ten: '0123456789', one: [1]}";

/* `$path`, `#path` for its size, `#=value` for the size of a value; else a value. */
static struct operand operand_of(struct arena *arena, const char *text)
{
    if (text[0] == '#') {
        struct operand argument = text[1] == '=' ? operand_of_value(value_of(arena, text + 2))
                                                 : operand_of_path(path_of(arena, text + 1));
        return operand_of_function(arena, OPERAND_SIZE, &argument);
    }
    if (text[0] == '$')
        return operand_of_path(path_of(arena, text + 1));
    return operand_of_value(value_of(arena, text));
}

static struct condition test_of(struct arena *arena, enum condition_kind kind,
                                const char *const *texts)
{
    struct operand operands[8];
    uint32_t count = 0;
    for (; texts[count] != NULL; count++)
        operands[count] = operand_of(arena, texts[count]);
    return condition_of_operands(arena, kind, operands, count);
}

static bool holds_for(enum condition_kind kind, const char *const *operands, const char *item)
{
    OWNED(arena) arena = arena_create();
    struct condition condition = test_of(arena, kind, operands);
    struct condition opposite = condition_not(arena, condition);
    struct slice bytes = item == NULL ? (struct slice){0} : item_of(arena, item);

    bool holds = condition_holds(&condition, bytes, endless_work());

    assert_int_equal(condition_holds(&opposite, bytes, endless_work()), !holds);
    return holds;
}

#define OPERANDS(...)                ((const char *const[]){__VA_ARGS__, NULL})
#define HOLDS(kind, ...)             holds_for(CONDITION_##kind, OPERANDS(__VA_ARGS__), item_text)
#define HOLDS_FOR_NO_ITEM(kind, ...) holds_for(CONDITION_##kind, OPERANDS(__VA_ARGS__), NULL)

static void test_equal_means_of_one_type_and_the_same(void **state)
{
    (void)state;
    assert_true(HOLDS(EQUAL, "$n", "5"));
    assert_true(HOLDS(EQUAL, "$n", "$m"));
    assert_true(HOLDS(EQUAL, "$s", "$t"));
    assert_true(HOLDS(EQUAL, "$ss", "<'b', 'a'>"));
    assert_true(HOLDS(EQUAL, "$l", "[1, 'x', [1], {k: 1}]"));
    assert_true(HOLDS(EQUAL, "$k", "{x: 1}"));
    assert_true(HOLDS(EQUAL, "$nil", "null"));
    assert_true(HOLDS(EQUAL, "$yes", "true"));
    assert_true(HOLDS(EQUAL, "$l[3].k", "1"));

    assert_false(HOLDS(EQUAL, "$n", "6"));
    assert_false(HOLDS(EQUAL, "$n", "'5'"));
    assert_false(HOLDS(EQUAL, "$s", "$b"));
    assert_false(HOLDS(EQUAL, "$yes", "$no"));
    assert_false(HOLDS(EQUAL, "$e", "{}"));
    assert_false(HOLDS(EQUAL, "$ss", "['a', 'b']"));
    assert_false(HOLDS(EQUAL, "$one", "<1>"));
}

static void test_what_is_missing_equals_nothing_not_even_the_missing(void **state)
{
    (void)state;
    assert_false(HOLDS(EQUAL, "$x", "5"));
    assert_false(HOLDS(EQUAL, "$x", "$y"));
    assert_false(HOLDS(EQUAL, "5", "$x"));
    assert_true(HOLDS(NOT_EQUAL, "$x", "5"));
    assert_true(HOLDS(NOT_EQUAL, "$x", "$y"));
    assert_true(HOLDS(NOT_EQUAL, "5", "$x"));
    assert_true(HOLDS_FOR_NO_ITEM(NOT_EQUAL, "$n", "5"));
    assert_false(HOLDS_FOR_NO_ITEM(EQUAL, "$n", "5"));
}

static void test_values_of_different_types_are_not_equal(void **state)
{
    (void)state;
    assert_true(HOLDS(NOT_EQUAL, "$n", "'5'"));
    assert_true(HOLDS(NOT_EQUAL, "$n", "6"));
    assert_false(HOLDS(NOT_EQUAL, "$n", "5"));
}

static void test_the_orders_hold_within_one_type(void **state)
{
    (void)state;
    assert_true(HOLDS(LESS, "$n", "$o"));
    assert_false(HOLDS(LESS, "$n", "$m"));
    assert_true(HOLDS(LESS, "$n", "10"));
    assert_true(HOLDS(LESS_OR_EQUAL, "$n", "$m"));
    assert_false(HOLDS(LESS_OR_EQUAL, "$o", "$n"));
    assert_true(HOLDS(GREATER, "$o", "$n"));
    assert_false(HOLDS(GREATER, "$n", "$m"));
    assert_true(HOLDS(GREATER_OR_EQUAL, "$n", "$m"));
    assert_false(HOLDS(GREATER_OR_EQUAL, "$n", "$o"));
    assert_true(HOLDS(LESS, "$s", "$u"));
    assert_true(HOLDS(GREATER, "$b", "b'a'"));
}

static void test_no_order_holds_between_types_or_for_types_without_one_or_the_missing(void **state)
{
    (void)state;
    static const char *const pairs[][3] = {
        {"$n", "'6'"}, {"$s", "b'z'"}, {"$no", "$yes"}, {"$nil", "$nil"}, {"$l", "$l"},
        {"$k", "$k"},  {"$ss", "$ss"}, {"$x", "5"},     {"5", "$x"},      {"$x", "$y"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        for (int kind = CONDITION_LESS; kind <= CONDITION_GREATER_OR_EQUAL; kind++)
            assert_false(holds_for((enum condition_kind)kind, pairs[i], item_text));
}

static void test_between_includes_both_bounds(void **state)
{
    (void)state;
    assert_true(HOLDS(BETWEEN, "$n", "5", "6"));
    assert_true(HOLDS(BETWEEN, "$n", "4", "5"));
    assert_true(HOLDS(BETWEEN, "$n", "$m", "$o"));
    assert_true(HOLDS(BETWEEN, "$s", "'h'", "'i'"));
    assert_false(HOLDS(BETWEEN, "$n", "6", "7"));
    assert_false(HOLDS(BETWEEN, "$n", "3", "4"));
    assert_false(HOLDS(BETWEEN, "$n", "$o", "$m"));
}

static void test_between_holds_for_no_bound_of_another_type_or_missing(void **state)
{
    (void)state;
    assert_false(HOLDS(BETWEEN, "$n", "'4'", "'6'"));
    assert_false(HOLDS(BETWEEN, "$n", "4", "'6'"));
    assert_false(HOLDS(BETWEEN, "$n", "4", "$x"));
    assert_false(HOLDS(BETWEEN, "$n", "$x", "6"));
    assert_false(HOLDS(BETWEEN, "$x", "4", "6"));
    assert_false(HOLDS(BETWEEN, "$yes", "$no", "$yes"));
}

static void test_in_holds_when_any_candidate_is_equal(void **state)
{
    (void)state;
    assert_true(HOLDS(IN, "$n", "1", "'5'", "5.00"));
    assert_true(HOLDS(IN, "$n", "$x", "$m"));
    assert_true(HOLDS(IN, "$l[2]", "[2]", "[1]"));
    assert_false(HOLDS(IN, "$n", "1", "'5'", "6"));
    assert_false(HOLDS(IN, "$x", "1", "$y"));
}

static void test_attributes_exist_whatever_their_value(void **state)
{
    (void)state;
    assert_true(HOLDS(ATTRIBUTE_EXISTS, "$nil"));
    assert_true(HOLDS(ATTRIBUTE_EXISTS, "$l[2][0]"));
    assert_true(HOLDS(ATTRIBUTE_EXISTS, "$empty"));
    assert_false(HOLDS(ATTRIBUTE_EXISTS, "$l[4]"));
    assert_false(HOLDS(ATTRIBUTE_EXISTS, "$k.y"));
    assert_false(HOLDS(ATTRIBUTE_NOT_EXISTS, "$nil"));
    assert_true(HOLDS(ATTRIBUTE_NOT_EXISTS, "$x"));
    assert_false(HOLDS_FOR_NO_ITEM(ATTRIBUTE_EXISTS, "$n"));
    assert_true(HOLDS_FOR_NO_ITEM(ATTRIBUTE_NOT_EXISTS, "$n"));
}

static void test_a_type_is_named_as_the_api_does(void **state)
{
    (void)state;
    static const char *const types[][3] = {
        {"$n", "'N'"},     {"$s", "'S'"},      {"$b", "'B'"},   {"$yes", "'BOOL'"},
        {"$no", "'BOOL'"}, {"$nil", "'NULL'"}, {"$ss", "'SS'"}, {"$ns", "'NS'"},
        {"$bs", "'BS'"},   {"$l", "'L'"},      {"$k", "'M'"},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        for (size_t j = 0; j < sizeof types / sizeof types[0]; j++) {
            const char *const operands[] = {types[i][0], types[j][1], NULL};
            bool is_same = strcmp(types[i][1], types[j][1]) == 0;
            assert_int_equal(holds_for(CONDITION_ATTRIBUTE_TYPE, operands, item_text), is_same);
        }
    assert_false(HOLDS(ATTRIBUTE_TYPE, "$x", "'N'"));
    assert_false(HOLDS(ATTRIBUTE_TYPE, "$n", "$x"));
    assert_false(HOLDS(ATTRIBUTE_TYPE, "$n", "5"));
}

static void test_begins_with_is_for_strings_and_binaries(void **state)
{
    (void)state;
    assert_true(HOLDS(BEGINS_WITH, "$s", "'hel'"));
    assert_true(HOLDS(BEGINS_WITH, "$s", "$t"));
    assert_true(HOLDS(BEGINS_WITH, "$s", "''"));
    assert_true(HOLDS(BEGINS_WITH, "$b", "b'he'"));
    assert_false(HOLDS(BEGINS_WITH, "$s", "'ello'"));
    assert_false(HOLDS(BEGINS_WITH, "$s", "'hello!'"));
    assert_false(HOLDS(BEGINS_WITH, "$s", "b'he'"));
    assert_false(HOLDS(BEGINS_WITH, "$n", "5"));
    assert_false(HOLDS(BEGINS_WITH, "$l", "1"));
    assert_false(HOLDS(BEGINS_WITH, "$x", "'h'"));
    assert_false(HOLDS(BEGINS_WITH, "$s", "$x"));
}

static void test_contains_looks_into_strings_binaries_sets_and_lists(void **state)
{
    (void)state;
    assert_true(HOLDS(CONTAINS, "$s", "'ell'"));
    assert_true(HOLDS(CONTAINS, "$s", "''"));
    assert_true(HOLDS(CONTAINS, "$empty", "''"));
    assert_true(HOLDS(CONTAINS, "$b", "b'llo'"));
    assert_true(HOLDS(CONTAINS, "$ss", "'a'"));
    assert_true(HOLDS(CONTAINS, "$ns", "2.0"));
    assert_true(HOLDS(CONTAINS, "$bs", "b'a'"));
    assert_true(HOLDS(CONTAINS, "$l", "'x'"));
    assert_true(HOLDS(CONTAINS, "$l", "[1]"));
    assert_true(HOLDS(CONTAINS, "$l", "{k: 1}"));
}

static void test_contains_holds_for_nothing_else(void **state)
{
    (void)state;
    assert_false(HOLDS(CONTAINS, "$s", "'xyz'"));
    assert_false(HOLDS(CONTAINS, "$s", "b'ell'"));
    assert_false(HOLDS(CONTAINS, "$empty", "'a'"));
    assert_false(HOLDS(CONTAINS, "$ss", "'c'"));
    assert_false(HOLDS(CONTAINS, "$ss", "b'a'"));
    assert_false(HOLDS(CONTAINS, "$ss", "<'a'>"));
    assert_false(HOLDS(CONTAINS, "$ns", "'2'"));
    assert_false(HOLDS(CONTAINS, "$l", "2"));
    assert_false(HOLDS(CONTAINS, "$k", "'x'"));
    assert_false(HOLDS(CONTAINS, "$n", "5"));
    assert_false(HOLDS(CONTAINS, "$x", "5"));
    assert_false(HOLDS(CONTAINS, "$s", "$x"));
}

static void test_size_counts_units_bytes_or_elements(void **state)
{
    (void)state;
    assert_true(HOLDS(EQUAL, "#s", "5"));
    assert_true(HOLDS(EQUAL, "#ten", "10"));
    assert_true(HOLDS(EQUAL, "#empty", "0"));
    assert_true(HOLDS(EQUAL, "#b", "5"));
    assert_true(HOLDS(EQUAL, "#ss", "2"));
    assert_true(HOLDS(EQUAL, "#ns", "3"));
    assert_true(HOLDS(EQUAL, "#bs", "1"));
    assert_true(HOLDS(EQUAL, "#l", "4"));
    assert_true(HOLDS(EQUAL, "#e", "0"));
    assert_true(HOLDS(EQUAL, "#k", "1"));
    assert_true(HOLDS(EQUAL, "#='abc'", "3"));
    assert_true(HOLDS(LESS, "#ss", "#ns"));
    assert_true(HOLDS(GREATER, "$n", "#l"));
    assert_true(HOLDS(BETWEEN, "#l", "4", "$n"));
}

/* An accented letter is one unit, a character beyond U+FFFF is two. */
static void test_the_size_of_a_string_is_its_utf16_units(void **state)
{
    (void)state;
    assert_true(HOLDS(EQUAL, "#unicode", "3"));
}

static void test_what_has_no_size_is_as_if_it_were_missing(void **state)
{
    (void)state;
    static const char *const sizes[] = {"#n", "#yes", "#no", "#nil", "#x", "#=5"};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        assert_false(HOLDS(EQUAL, sizes[i], "1"));
        assert_false(HOLDS(GREATER_OR_EQUAL, sizes[i], "0"));
        assert_true(HOLDS(NOT_EQUAL, sizes[i], "1"));
    }
}

static bool joined_holds(enum condition_kind kind, bool first, bool second, bool third)
{
    OWNED(arena) arena = arena_create();
    struct slice item = item_of(arena, item_text);
    const bool holds[] = {first, second, third};
    struct condition children[3];
    for (int i = 0; i < 3; i++) {
        struct operand operand = operand_of(arena, holds[i] ? "$n" : "$x");
        children[i] = condition_of_operands(arena, CONDITION_ATTRIBUTE_EXISTS, &operand, 1);
    }
    struct condition joined = condition_join(arena, kind, children, 3);
    return condition_holds(&joined, item, endless_work());
}

static void test_and_holds_when_all_do_and_or_when_any_does(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        bool a = i & 1, b = i & 2, c = i & 4;
        assert_int_equal(joined_holds(CONDITION_AND, a, b, c), a && b && c);
        assert_int_equal(joined_holds(CONDITION_OR, a, b, c), a || b || c);
    }
}

static void test_the_deepest_tree_is_evaluated(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct operand operand = operand_of(arena, "$n");
    struct condition condition =
        condition_of_operands(arena, CONDITION_ATTRIBUTE_EXISTS, &operand, 1);
    for (int i = 1; i < CONDITION_DEPTH_MAX; i++)
        condition = condition_not(arena, condition);

    bool is_negated = CONDITION_DEPTH_MAX % 2 == 0;
    assert_int_equal(condition_holds(&condition, item_of(arena, item_text), endless_work()),
                     !is_negated);
}

/* --- Work ------------------------------------------------------------------------------------- */

enum { TESTS_MAX = 150 }; /* with what joins them, as many as an expression may have */

/* {v: a string of so many 'a'} */
static struct slice item_of_string(struct arena *arena, size_t size)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    uint8_t *text = arena_alloc(arena, size);
    memset(text, 'a', size);
    item_builder_name(builder, slice_of_text("v"));
    item_builder_string(builder, slice_of(text, size));
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_NONE);
    return arena_copy(arena, item);
}

/* {v: a map, list or set of so many}, of entries "00000": '00000' and so on. */
static struct slice item_of_many(struct arena *arena, enum value_type type, unsigned count)
{
    OWNED(item_builder) builder = item_builder_create();
    struct slice item;
    item_builder_name(builder, slice_of_text("v"));
    item_builder_open(builder, type);
    for (unsigned i = 0; i < count; i++) {
        struct slice text = slice_of_text(arena_format(arena, "%06u", i));
        if (type == VALUE_MAP)
            item_builder_name(builder, text);
        item_builder_string(builder, text);
    }
    item_builder_close(builder);
    assert_int_equal(item_builder_finish(builder, &item), ITEM_FAULT_NONE);
    return arena_copy(arena, item);
}

/* The work of `left` or `left` or ..., none of which holds. A %u in the path is another each time.
 */
static struct work work_of(struct arena *arena, struct slice item, unsigned count,
                           enum condition_kind kind, const char *path, struct operand part)
{
    struct condition children[TESTS_MAX];
    for (unsigned i = 0; i < count; i++) {
        const struct operand operands[] = {
            operand_of_path(path_of(arena, arena_format(arena, path, 34999 - i))), part};
        children[i] = condition_of_operands(arena, kind, operands, 2);
    }
    struct condition condition = condition_join(arena, CONDITION_OR, children, count);
    struct work work = work_of_request();
    bool holds = condition_holds(&condition, item, &work);
    assert_true(work_is_over(&work) || !holds);
    return work;
}

static struct operand text_operand(struct arena *arena, size_t size, size_t odd_at)
{
    char *text = arena_alloc(arena, size + 3);
    memset(text, 'a', size + 2);
    text[0] = text[size + 1] = '\'';
    text[1 + odd_at] = 'b';
    text[size + 2] = '\0';
    return operand_of_value(value_of(arena, text));
}

static void test_evaluation_ends_soon_after_its_work_is_over(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    static const size_t odds[] = {127, 255};
    struct slice item = item_of_string(arena, 400000);
    struct work one = work_of(arena, item, 2, CONDITION_CONTAINS, "v", text_operand(arena, 256, 9));
    assert_false(work_is_over(&one));
    for (int i = 0; i < 2; i++) {
        struct work work = work_of(arena, item, TESTS_MAX, CONDITION_CONTAINS, "v",
                                   text_operand(arena, 256, odds[i]));
        assert_true(work_is_over(&work));
        assert_in_range(work.done, work.max, work.max + one.done);
    }
}

static void test_searching_many_elements_is_work(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct operand none = operand_of_value(value_of(arena, "'x'"));
    struct slice set = item_of_many(arena, VALUE_STRING_SET, 50000);
    struct slice list = item_of_many(arena, VALUE_LIST, 50000);
    struct work of_set = work_of(arena, set, TESTS_MAX, CONDITION_CONTAINS, "v", none);
    struct work of_list = work_of(arena, list, TESTS_MAX, CONDITION_CONTAINS, "v", none);
    assert_true(work_is_over(&of_set));
    assert_true(work_is_over(&of_list));
}

static void test_a_path_that_is_named_again_is_not_walked_again(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct operand none = operand_of_value(value_of(arena, "'x'"));
    struct slice item = item_of_many(arena, VALUE_MAP, 35000);
    struct work same = work_of(arena, item, TESTS_MAX, CONDITION_EQUAL, "v.034999", none);
    struct work others = work_of(arena, item, TESTS_MAX, CONDITION_EQUAL, "v.0%u", none);
    assert_in_range(same.done, 35000 * WORK_OF_ENTRY, 2 * 35000 * WORK_OF_ENTRY);
    assert_true(work_is_over(&others));
}

static void test_ordinary_conditions_on_the_largest_item_stay_far_below_the_bound(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct slice item = item_of_string(arena, 400000);
    struct work worst =
        work_of(arena, item, 5, CONDITION_CONTAINS, "v", text_operand(arena, 256, 255));
    struct work usual = work_of(arena, item, 5, CONDITION_CONTAINS, "v", text_operand(arena, 9, 0));
    struct work equal =
        work_of(arena, item, TESTS_MAX, CONDITION_EQUAL, "v", text_operand(arena, 400000 - 2, 0));
    assert_in_range(worst.done, 1, EVALUATION_WORK_MAX);
    assert_in_range(usual.done, 1, EVALUATION_WORK_MAX / 32);
    assert_in_range(equal.done, 1, EVALUATION_WORK_MAX / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_means_of_one_type_and_the_same),
        cmocka_unit_test(test_what_is_missing_equals_nothing_not_even_the_missing),
        cmocka_unit_test(test_values_of_different_types_are_not_equal),
        cmocka_unit_test(test_the_orders_hold_within_one_type),
        cmocka_unit_test(test_no_order_holds_between_types_or_for_types_without_one_or_the_missing),
        cmocka_unit_test(test_between_includes_both_bounds),
        cmocka_unit_test(test_between_holds_for_no_bound_of_another_type_or_missing),
        cmocka_unit_test(test_in_holds_when_any_candidate_is_equal),
        cmocka_unit_test(test_attributes_exist_whatever_their_value),
        cmocka_unit_test(test_a_type_is_named_as_the_api_does),
        cmocka_unit_test(test_begins_with_is_for_strings_and_binaries),
        cmocka_unit_test(test_contains_looks_into_strings_binaries_sets_and_lists),
        cmocka_unit_test(test_contains_holds_for_nothing_else),
        cmocka_unit_test(test_size_counts_units_bytes_or_elements),
        cmocka_unit_test(test_the_size_of_a_string_is_its_utf16_units),
        cmocka_unit_test(test_what_has_no_size_is_as_if_it_were_missing),
        cmocka_unit_test(test_and_holds_when_all_do_and_or_when_any_does),
        cmocka_unit_test(test_the_deepest_tree_is_evaluated),
        cmocka_unit_test(test_evaluation_ends_soon_after_its_work_is_over),
        cmocka_unit_test(test_searching_many_elements_is_work),
        cmocka_unit_test(test_a_path_that_is_named_again_is_not_walked_again),
        cmocka_unit_test(test_ordinary_conditions_on_the_largest_item_stay_far_below_the_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
