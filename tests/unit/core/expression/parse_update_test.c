#include "tests/unit/core/expression/expression_fixture.h"

#define ASSERT_TREE(text, expected) assert_outcome(EXPRESSION_UPDATE, text, expected)
#define ASSERT_REFUSED(text, expected)                                                             \
    assert_outcome(EXPRESSION_UPDATE, text, "Invalid UpdateExpression: " expected)

static void test_set_takes_values_paths_and_sums(void **state)
{
    (void)state;
    ASSERT_TREE("SET a = :n", "(SET a 1)");
    ASSERT_TREE("set a.b[1] = c[0], #a = :s", "(SET a.b[1] c[0])(SET A 's')");
    ASSERT_TREE("SET a = a + :n", "(SET a (+ a 1))");
    ASSERT_TREE("SET a = :n - b", "(SET a (- 1 b))");
    ASSERT_TREE("SET a = a", "(SET a a)");
}

static void test_set_takes_functions(void **state)
{
    (void)state;
    ASSERT_TREE("SET a = if_not_exists(a, :n) + :m", "(SET a (+ (if_not_exists a 1) 2))");
    ASSERT_TREE("SET a = list_append(if_not_exists(a, :l), :l)",
                "(SET a (list_append (if_not_exists a [1]) [1]))");
    ASSERT_TREE("SET a = list_append(a, a)", "(SET a (list_append a a))");
    ASSERT_TREE("SET a = if_not_exists(b, c)", "(SET a (if_not_exists b c))");
}

static void test_a_sum_may_stand_in_parentheses(void **state)
{
    (void)state;
    ASSERT_TREE("SET a = (a - :n)", "(SET a (- a 1))");
    ASSERT_TREE("SET a = (:n)", "(SET a 1)");
    ASSERT_REFUSED("SET a = ((a - :n))", "The expression has redundant parentheses;");
    ASSERT_REFUSED("SET a = (a - :n", "Syntax error; token: \"<EOF>\", near: \":n\"");
}

static void test_a_sum_has_two_terms(void **state)
{
    (void)state;
    ASSERT_REFUSED("SET a = b + c + d", "Syntax error; token: \"+\", near: \"c + d\"");
    ASSERT_REFUSED("SET a = b +", "Syntax error; token: \"<EOF>\", near: \"+\"");
    ASSERT_REFUSED("SET a = -b", "Syntax error; token: \"-\", near: \"= -b\"");
}

static void test_the_other_sections_act_on_paths(void **state)
{
    (void)state;
    ASSERT_TREE("REMOVE a, b.c[2]", "(REMOVE a)(REMOVE b.c[2])");
    ASSERT_TREE("ADD a :n, b.c :ss", "(ADD a 1)(ADD b.c <'a'>)");
    ASSERT_TREE("DELETE a :ss, b :ns, c :bs", "(DELETE a <'a'>)(DELETE b <1>)(DELETE c <b'a'>)");
}

static void test_sections_stand_in_any_order(void **state)
{
    (void)state;
    ASSERT_TREE("ADD a :n REMOVE b SET c = :s, d = :n DELETE e :ss",
                "(ADD a 1)(REMOVE b)(SET c 's')(SET d 1)(DELETE e <'a'>)");
}

static void test_a_section_stands_once(void **state)
{
    (void)state;
#define ONCE " section can only be used once in an update expression;"
    ASSERT_REFUSED("SET a = :n SET b = :n", "The \"SET\"" ONCE);
    ASSERT_REFUSED("REMOVE a remove b", "The \"REMOVE\"" ONCE);
    ASSERT_REFUSED("ADD x :n SET a = :n ADD y :n", "The \"ADD\"" ONCE);
    ASSERT_REFUSED("DELETE a :ss DELETE b :ss", "The \"DELETE\"" ONCE);
}

static void test_what_is_no_section_is_refused(void **state)
{
    (void)state;
    ASSERT_REFUSED("", "The expression can not be empty;");
    ASSERT_REFUSED("INVALID SYNTAX HERE",
                   "Syntax error; token: \"INVALID\", near: \"INVALID SYNTAX\"");
    ASSERT_REFUSED("a = :n", "Syntax error; token: \"a\", near: \"a =\"");
    ASSERT_REFUSED("SET", "Syntax error; token: \"<EOF>\", near: \"SET\"");
    ASSERT_REFUSED("SET a = :n,", "Syntax error; token: \"<EOF>\", near: \",\"");
    ASSERT_REFUSED("SET a :n", "Syntax error; token: \":n\", near: \"a :n\"");
    ASSERT_REFUSED("SET a = :n b = :m", "Syntax error; token: \"b\", near: \":n b =\"");
    ASSERT_REFUSED("SET a = if_not_exists(a, 0)", "Syntax error; token: \"0\", near: \", 0)\"");
    ASSERT_REFUSED("SET set = :n", "Syntax error; token: \"set\", near: \"SET set =\"");
    ASSERT_REFUSED("ADD hits : incr", "Syntax error; token: \":\", near: \"hits : incr\"");
    ASSERT_REFUSED("ADD a b", "Syntax error; token: \"b\", near: \"a b\"");
    ASSERT_REFUSED("REMOVE a = :n", "Syntax error; token: \"=\", near: \"a = :n\"");
    ASSERT_REFUSED("SET :n = a", "Syntax error; token: \":n\", near: \"SET :n =\"");
}

static void test_functions_of_conditions_are_refused(void **state)
{
    (void)state;
    ASSERT_REFUSED("SET a = size(b)",
                   "The function is not allowed in an update expression; function: size");
    ASSERT_REFUSED("SET a = attribute_exists(b)",
                   "The function is not allowed in an update expression; function: "
                   "attribute_exists");
    ASSERT_REFUSED("SET a = foo(b)", "Invalid function name; function: foo");
    ASSERT_REFUSED("SET a = if_not_exists(b)",
                   "Incorrect number of operands for operator or function; operator or function: "
                   "if_not_exists, number of operands: 1");
    ASSERT_REFUSED("SET a = if_not_exists(:n, :n)",
                   "Operator or function requires a document path; operator or function: "
                   "if_not_exists");
}

static void test_values_have_the_types_that_operators_take(void **state)
{
    (void)state;
#define TYPE_FAULT(name, type)                                                                     \
    "Incorrect operand type for operator or function; operator or function: " name                 \
    ", operand type: " type
    ASSERT_REFUSED("SET a = a + :s", TYPE_FAULT("+", "S"));
    ASSERT_REFUSED("SET a = :bool - a", TYPE_FAULT("-", "BOOL"));
    ASSERT_REFUSED("SET a = a + list_append(a, :l)", TYPE_FAULT("+", "L"));
    ASSERT_REFUSED("SET a = list_append(a, :map)", TYPE_FAULT("list_append", "M"));
    ASSERT_REFUSED("SET a = list_append(:ss, a)", TYPE_FAULT("list_append", "SS"));
}

static void test_only_numbers_and_sets_are_added(void **state)
{
    (void)state;
#define DELTA_FAULT(name, type)                                                                    \
    "Incorrect operand type for operator or function; operator: " name ", operand type: " type     \
    ", typeSet: ALLOWED_FOR_" name "_OPERAND"
    ASSERT_REFUSED("ADD a :s", DELTA_FAULT("ADD", "STRING"));
    ASSERT_REFUSED("ADD a :b", DELTA_FAULT("ADD", "BINARY"));
    ASSERT_REFUSED("ADD a :l", DELTA_FAULT("ADD", "LIST"));
    ASSERT_REFUSED("ADD a :map", DELTA_FAULT("ADD", "MAP"));
    ASSERT_REFUSED("ADD a :null", DELTA_FAULT("ADD", "NULL"));
    ASSERT_REFUSED("ADD a :bool", DELTA_FAULT("ADD", "BOOLEAN"));
    ASSERT_REFUSED("DELETE a :s", DELTA_FAULT("DELETE", "STRING"));
    ASSERT_REFUSED("DELETE a :n", DELTA_FAULT("DELETE", "NUMBER"));
}

static void test_paths_stand_apart(void **state)
{
    (void)state;
#define PATH_FAULT(what, one, two)                                                                 \
    "Two document paths " what                                                                     \
    " with each other; must remove or rewrite one of these paths; path one: " one                  \
    ", path two: " two
    ASSERT_REFUSED("SET a = :n, a = :m", PATH_FAULT("overlap", "[a]", "[a]"));
    ASSERT_REFUSED("SET a = :n REMOVE a.b", PATH_FAULT("overlap", "[a]", "[a, b]"));
    ASSERT_REFUSED("SET a.b = :n REMOVE a", PATH_FAULT("overlap", "[a, b]", "[a]"));
    ASSERT_REFUSED("REMOVE a[1], a[1].b", PATH_FAULT("overlap", "[a, [1]]", "[a, [1], b]"));
    ASSERT_REFUSED("SET a.b = :n, c = :n, a[1] = :n", PATH_FAULT("conflict", "[a, b]", "[a, [1]]"));
    ASSERT_REFUSED("SET #a = :n, A = :m", PATH_FAULT("overlap", "[A]", "[A]"));
    ASSERT_TREE("SET a.b = :n, a.c = :n", "(SET a.b 1)(SET a.c 1)");
    ASSERT_TREE("SET a = b, b = a", "(SET a b)(SET b a)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set_takes_values_paths_and_sums),
        cmocka_unit_test(test_set_takes_functions),
        cmocka_unit_test(test_a_sum_may_stand_in_parentheses),
        cmocka_unit_test(test_a_sum_has_two_terms),
        cmocka_unit_test(test_the_other_sections_act_on_paths),
        cmocka_unit_test(test_sections_stand_in_any_order),
        cmocka_unit_test(test_a_section_stands_once),
        cmocka_unit_test(test_what_is_no_section_is_refused),
        cmocka_unit_test(test_functions_of_conditions_are_refused),
        cmocka_unit_test(test_values_have_the_types_that_operators_take),
        cmocka_unit_test(test_only_numbers_and_sets_are_added),
        cmocka_unit_test(test_paths_stand_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
