#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/api/legacy_fixture.h"

#define N(number) "{\"N\":\"" number "\"}"
#define S(text)   "{\"S\":\"" text "\"}"

static void test_every_operator_compares_as_its_name_says(void **state)
{
    (void)state;
    HOLDS(COMPARED("n", "EQ", N("5.0")));
    HOLDS_NOT(COMPARED("n", "EQ", S("5")));
    HOLDS(COMPARED("n", "NE", N("6")));
    HOLDS_NOT(COMPARED("n", "NE", N("5")));
    HOLDS(COMPARED("n", "LE", N("5")));
    HOLDS_NOT(COMPARED("n", "LT", N("5")));
    HOLDS(COMPARED("n", "GE", N("5")));
    HOLDS_NOT(COMPARED("n", "GT", N("5")));
    HOLDS(COMPARED("n", "BETWEEN", N("5") "," N("6")));
    HOLDS_NOT(COMPARED("n", "BETWEEN", N("6") "," N("7")));
    HOLDS(COMPARED("n", "IN", N("1") "," N("5")));
    HOLDS_NOT(COMPARED("n", "IN", N("1")));
    HOLDS(COMPARED("s", "BEGINS_WITH", S("hel")));
    HOLDS_NOT(COMPARED("s", "BEGINS_WITH", S("ell")));
    HOLDS(COMPARED("s", "CONTAINS", S("ell")));
    HOLDS(COMPARED("t", "CONTAINS", S("y")));
    HOLDS(COMPARED("l", "CONTAINS", S("x")));
    HOLDS_NOT(COMPARED("t", "NOT_CONTAINS", S("y")));
    HOLDS(COMPARED("t", "NOT_CONTAINS", S("z")));
    HOLDS("\"n\":{\"ComparisonOperator\":\"NOT_NULL\"}");
    HOLDS("\"none\":{\"ComparisonOperator\":\"NULL\"}");
    HOLDS_NOT("\"n\":{\"ComparisonOperator\":\"NULL\"}");
}

static void test_each_operator_takes_its_number_of_arguments(void **state)
{
    (void)state;
#define COUNT(comparison)                                                                          \
    INVALID "Invalid number of argument(s) for the " comparison " ComparisonOperator"
    REFUSED(COMPARED("n", "EQ", ""), COUNT("EQ"));
    REFUSED(COMPARED("n", "EQ", N("1") "," N("2")), COUNT("EQ"));
    REFUSED(COMPARED("n", "NULL", N("1")), COUNT("NULL"));
    REFUSED(COMPARED("n", "BETWEEN", N("1")), COUNT("BETWEEN"));
    REFUSED(COMPARED("n", "IN", ""), COUNT("IN"));
    REFUSED("\"n\":{\"ComparisonOperator\":\"LT\"}", COUNT("LT"));
}

static void test_each_operator_takes_its_types(void **state)
{
    (void)state;
    REFUSED(COMPARED("n", "LT", "{\"SS\":[\"a\"]}"),
            INVALID "ComparisonOperator LT is not valid for SS AttributeValue type");
    REFUSED(COMPARED("n", "BEGINS_WITH", N("1")),
            INVALID "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type");
    REFUSED(COMPARED("n", "CONTAINS", "{\"M\":{}}"),
            INVALID "ComparisonOperator CONTAINS is not valid for M AttributeValue type");
    HOLDS(COMPARED("t", "EQ", "{\"SS\":[\"y\",\"x\"]}"));
}

static void test_bounds_are_of_one_type_and_in_order(void **state)
{
    (void)state;
    REFUSED(COMPARED("n", "BETWEEN", N("1") "," S("2")),
            INVALID "AttributeValues inside AttributeValueList must all be of the same type");
    REFUSED(COMPARED("n", "BETWEEN", N("2") "," N("1")),
            "The BETWEEN condition was provided a range where the lower bound is greater than the "
            "upper bound");
}

static void test_an_argument_must_be_a_value(void **state)
{
    (void)state;
    REFUSED(COMPARED("n", "EQ", "null"),
            "Supplied AttributeValue is empty, must contain exactly one of the supported "
            "datatypes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_operator_compares_as_its_name_says),
        cmocka_unit_test(test_each_operator_takes_its_number_of_arguments),
        cmocka_unit_test(test_each_operator_takes_its_types),
        cmocka_unit_test(test_bounds_are_of_one_type_and_in_order),
        cmocka_unit_test(test_an_argument_must_be_a_value),
    };
    return cmocka_run_group_tests(tests, legacy_fixture_set_up, item_fixture_tear_down);
}
