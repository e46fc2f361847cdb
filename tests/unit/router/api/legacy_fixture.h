/*
 * What tests of the older parameters share: requests to a region with one item in "plain".
 */
#pragma once

#include "tests/unit/router/api/item_fixture.h"

/* Asks whether the item "a" (n: 5, s: "hello", l: ["x"], t: {"x", "y"}) is as is expected. */
#define EXPECT(expected, more)                                                                     \
    region_call(region, "UpdateItem",                                                              \
                "{\"TableName\":\"plain\",\"Key\":{\"pk\":{\"S\":\"a\"}},\"Expected\":{" expected  \
                "}" more "}")
#define HOLDS(expected) assert_answer(EXPECT(expected, ""), 200, "{}")
#define HOLDS_NOT(expected)                                                                        \
    assert_exception(EXPECT(expected, ""), "ConditionalCheckFailedException",                      \
                     "The conditional request failed")
#define REFUSED(expected, message) assert_validation(EXPECT(expected, ""), message)
#define COMPARED(attribute, comparison, arguments)                                                 \
    "\"" attribute "\":{\"ComparisonOperator\":\"" comparison                                      \
    "\",\"AttributeValueList\":[" arguments "]}"

static inline int legacy_fixture_set_up(void **state)
{
    item_fixture_set_up(state);
    region_call(region, "PutItem",
                "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"a\"},\"n\":{\"N\":\"5\"},\"s\":"
                "{\"S\":\"hello\"},\"l\":{\"L\":[{\"S\":\"x\"}]},\"t\":{\"SS\":[\"x\",\"y\"]}}}");
    return 0;
}
