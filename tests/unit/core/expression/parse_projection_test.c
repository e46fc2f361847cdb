#include "tests/unit/core/expression/expression_fixture.h"

#define ASSERT_TREE(text, expected) assert_outcome(EXPRESSION_PROJECTION, text, expected)
#define ASSERT_REFUSED(text, expected)                                                             \
    assert_outcome(EXPRESSION_PROJECTION, text, "Invalid ProjectionExpression: " expected)

static void test_a_projection_is_of_paths(void **state)
{
    (void)state;
    ASSERT_TREE("a", "a");
    ASSERT_TREE("a, #b.c[1], d[0][1]", "a, B.c[1], d[0][1]");
    ASSERT_TREE("a[0], a[1], b.c, b.d", "a[0], a[1], b.c, b.d");
}

static void test_anything_else_is_refused(void **state)
{
    (void)state;
    ASSERT_REFUSED("", "The expression can not be empty;");
    ASSERT_REFUSED("a,", "Syntax error; token: \"<EOF>\", near: \",\"");
    ASSERT_REFUSED("a b", "Syntax error; token: \"b\", near: \"a b\"");
    ASSERT_REFUSED("a, :n", "Syntax error; token: \":n\", near: \", :n\"");
    ASSERT_REFUSED("!!!", "Syntax error; token: \"!\", near: \"!!\"");
    ASSERT_REFUSED("sizes(a)", "Syntax error; token: \"(\", near: \"sizes(a\"");
    ASSERT_REFUSED("(a)", "Syntax error; token: \"(\", near: \"(a\"");
    ASSERT_REFUSED("a, data", "Attribute name is a reserved keyword; reserved keyword: data");
    ASSERT_REFUSED("#x", "An expression attribute name used in the document path is not defined; "
                         "attribute name: #x");
}

static void test_paths_stand_apart(void **state)
{
    (void)state;
#define PATH_FAULT(what, one, two)                                                                 \
    "Two document paths " what                                                                     \
    " with each other; must remove or rewrite one of these paths; path one: " one                  \
    ", path two: " two
    ASSERT_REFUSED("a, a", PATH_FAULT("overlap", "[a]", "[a]"));
    ASSERT_REFUSED("a.b, c, a", PATH_FAULT("overlap", "[a, b]", "[a]"));
    ASSERT_REFUSED("a.b, a[0]", PATH_FAULT("conflict", "[a, b]", "[a, [0]]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_projection_is_of_paths),
        cmocka_unit_test(test_anything_else_is_refused),
        cmocka_unit_test(test_paths_stand_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
