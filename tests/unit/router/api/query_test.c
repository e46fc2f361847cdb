#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/api/item_fixture.h"

enum { BODY_SIZE = 1024, ITEMS = 9 };

/* "sorted" has pk a, sk 1 to 9, each with n = sk modulo 3; and pk b, sk 1. */
static void put(const char *partition, int sort)
{
    char body[BODY_SIZE];
    snprintf(body, sizeof body,
             "{\"TableName\":\"sorted\",\"Item\":{\"pk\":{\"S\":\"%s\"},\"sk\":{\"N\":\"%d\"},"
             "\"n\":{\"N\":\"%d\"}}}",
             partition, sort, sort % 3);
    assert_int_equal(region_call(region, "PutItem", body)->status_code, 200);
}

static int set_up(void **state)
{
    item_fixture_set_up(state);
    for (int i = 1; i <= ITEMS; i++)
        put("a", i);
    put("b", 1);
    return 0;
}

static const struct region_answer *query_of(const char *members)
{
    char body[BODY_SIZE];
    snprintf(body, sizeof body, "{\"TableName\":\"sorted\",%s}", members);
    return region_call(region, "Query", body);
}

/* `values` beside :p, which is the partition a. */
static const struct region_answer *query(const char *condition, const char *values,
                                         const char *members)
{
    char all[BODY_SIZE];
    snprintf(all, sizeof all,
             "\"KeyConditionExpression\":\"%s\",\"ExpressionAttributeValues\":{\":p\":{\"S\":"
             "\"a\"}%s}%s",
             condition, values, members);
    return query_of(all);
}

/* The sort keys of an answer's items, in order: "1 2 3". */
static void assert_sorts(const struct region_answer *answer, const char *expected)
{
    char sorts[BODY_SIZE] = "";
    const char *text = strstr(answer->body, "\"Items\":[");
    const char *end = strstr(answer->body, "]");
    if (answer->status_code != 200 || text == NULL)
        fail_msg("%s", answer->body);
    while ((text = strstr(text, "\"sk\":{\"N\":\"")) != NULL && text < end) {
        text += strlen("\"sk\":{\"N\":\"");
        size_t size = strlen(sorts);
        snprintf(sorts + size, sizeof sorts - size, "%s%.1s", size > 0 ? " " : "", text);
    }
    assert_string_equal(sorts, expected);
}

static void test_a_query_has_one_partition_in_order(void **state)
{
    (void)state;
    assert_sorts(query("pk = :p", "", ""), "1 2 3 4 5 6 7 8 9");
    assert_sorts(query("pk = :p", "", ",\"ScanIndexForward\":false"), "9 8 7 6 5 4 3 2 1");
    assert_answer(query_of("\"KeyConditionExpression\":\"pk = :p\","
                           "\"ExpressionAttributeValues\":{\":p\":{\"S\":\"none\"}},"
                           "\"ReturnConsumedCapacity\":\"TOTAL\""),
                  200,
                  "{\"ConsumedCapacity\":{\"CapacityUnits\":0.5,\"TableName\":\"sorted\"},"
                  "\"Count\":0,\"Items\":[],\"ScannedCount\":0}");
}

static void test_a_condition_on_the_sort_key_bounds_the_range(void **state)
{
    (void)state;
    static const char three[] = ",\":s\":{\"N\":\"3\"}";
    assert_sorts(query("pk = :p AND sk = :s", three, ""), "3");
    assert_sorts(query("pk = :p AND sk < :s", three, ""), "1 2");
    assert_sorts(query("pk = :p AND sk <= :s", three, ""), "1 2 3");
    assert_sorts(query("sk > :s AND pk = :p", three, ""), "4 5 6 7 8 9");
    assert_sorts(query("sk >= :s AND pk = :p", three, ",\"ScanIndexForward\":false"),
                 "9 8 7 6 5 4 3");
    assert_sorts(query("pk = :p AND sk BETWEEN :s AND :t",
                       ",\":s\":{\"N\":\"3\"},\":t\":{\"N\":\"5.5\"}", ""),
                 "3 4 5");
    assert_sorts(query("pk = :p AND sk < :s", ",\":s\":{\"N\":\"-5\"}", ""), "");
}

static void test_a_limit_counts_what_was_evaluated(void **state)
{
    (void)state;
    const struct region_answer *answer =
        query("pk = :p", ",\":n\":{\"N\":\"2\"}", ",\"Limit\":4,\"FilterExpression\":\"n = :n\"");
    assert_sorts(answer, "2");
    assert_told(answer, "\"Count\":1,");
    assert_told(answer, "\"LastEvaluatedKey\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"4\"}},"
                        "\"ScannedCount\":4}");
}

static void test_a_page_goes_on_behind_its_start_key(void **state)
{
    (void)state;
    static const char four[] = ",\"ExclusiveStartKey\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"4\"}}";
    static const char four_backward[] =
        ",\"ScanIndexForward\":false,\"ExclusiveStartKey\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":"
        "\"4\"}}";
    assert_sorts(query("pk = :p", "", four), "5 6 7 8 9");
    assert_sorts(query("pk = :p", "", four_backward), "3 2 1");
    assert_sorts(query("pk = :p AND sk <= :s", ",\":s\":{\"N\":\"4\"}", four), "");
    assert_sorts(query("pk = :p AND sk <= :s", ",\":s\":{\"N\":\"6\"}", four), "5 6");
    assert_sorts(query("pk = :p AND sk >= :s", ",\":s\":{\"N\":\"4\"}", four_backward), "");
}

static void test_a_start_key_lies_in_what_is_asked_for(void **state)
{
    (void)state;
    assert_validation(
        query("pk = :p", "", ",\"ExclusiveStartKey\":{\"pk\":{\"S\":\"b\"},\"sk\":{\"N\":\"1\"}}"),
        "The provided starting key is outside query boundaries based on provided conditions");
    assert_validation(query("pk = :p AND sk < :s", ",\":s\":{\"N\":\"4\"}",
                            ",\"ExclusiveStartKey\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":\"4\"}}"),
                      "The provided starting key does not match the range key predicate");
    assert_validation(query("pk = :p", "", ",\"ExclusiveStartKey\":{\"pk\":{\"S\":\"a\"}}"),
                      "The provided starting key is invalid");
    assert_validation(
        query("pk = :p", "", ",\"ExclusiveStartKey\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"1\"}}"),
        "The provided starting key is invalid");
}

static void test_what_does_not_match_is_read_and_not_answered(void **state)
{
    (void)state;
    const struct region_answer *answer =
        query("pk = :p", ",\":n\":{\"N\":\"0\"}",
              ",\"FilterExpression\":\"n = :n\",\"Select\":\"COUNT\",\"ReturnConsumedCapacity\":"
              "\"TOTAL\",\"ConsistentRead\":true");
    assert_answer(answer, 200,
                  "{\"ConsumedCapacity\":{\"CapacityUnits\":1.0,\"TableName\":\"sorted\"},"
                  "\"Count\":3,\"ScannedCount\":9}");
}

static void test_only_the_parts_asked_for_are_answered(void **state)
{
    (void)state;
    assert_answer(
        query("pk = :p AND sk < :s", ",\":s\":{\"N\":\"3\"}",
              ",\"ProjectionExpression\":\"#n, unknown_part\",\"ExpressionAttributeNames\":{"
              "\"#n\":\"n\"},\"Select\":\"SPECIFIC_ATTRIBUTES\""),
        200,
        "{\"Count\":2,\"Items\":[{\"n\":{\"N\":\"1\"}},{\"n\":{\"N\":\"2\"}}],"
        "\"ScannedCount\":2}");
    assert_answer(query("pk = :p AND sk = :s", ",\":s\":{\"N\":\"3\"}",
                        ",\"ProjectionExpression\":\"unknown_part\""),
                  200, "{\"Count\":1,\"Items\":[{}],\"ScannedCount\":1}");
}

static void test_a_query_needs_a_condition_on_the_whole_partition_key(void **state)
{
    (void)state;
    assert_validation(query_of("\"Limit\":1"),
                      "Either the KeyConditions or KeyConditionExpression parameter must be "
                      "specified in the request.");
    assert_validation(query("sk = :p", "", ""), "Query condition missed key schema element: pk");
    assert_validation(query("pk > :p", "", ""), "Query key condition not supported");
}

static void test_a_filter_says_nothing_of_the_key(void **state)
{
    (void)state;
    assert_validation(
        query("pk = :p", ",\":s\":{\"N\":\"4\"}", ",\"FilterExpression\":\"sk = :s\""),
        "Filter Expression can only contain non-primary key attributes: Primary key "
        "attribute: sk");
}

static void test_placeholders_that_are_not_used_are_refused(void **state)
{
    (void)state;
    assert_validation(query("pk = :p", ",\":s\":{\"N\":\"4\"}", ""),
                      "Value provided in ExpressionAttributeValues unused in expressions: keys: "
                      "{:s}");
}

static void test_parts_and_select_fit_together(void **state)
{
    (void)state;
    assert_validation(
        query("pk = :p", "", ",\"ProjectionExpression\":\"n\",\"Select\":\"COUNT\""),
        "Cannot specify the ProjectionExpression when choosing to get only the Count");
    assert_validation(
        query("pk = :p", "", ",\"ProjectionExpression\":\"n\",\"Select\":\"ALL_ATTRIBUTES\""),
        "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES");
}

static void test_a_table_or_index_that_is_not_there_is_refused(void **state)
{
    (void)state;
    assert_validation(query("pk = :p", "", ",\"IndexName\":\"some\""),
                      "The table does not have the specified index: some");
    assert_exception(region_call(region, "Query",
                                 "{\"TableName\":\"none\",\"KeyConditionExpression\":\"pk = :p\","
                                 "\"ExpressionAttributeValues\":{\":p\":{\"S\":\"a\"}}}"),
                     "ResourceNotFoundException", "Requested resource not found");
}

/* Twenty-five at a time. */
static void fill_partition(const char *partition, int count)
{
    for (int from = 0; from < count; from += 25) {
        char body[8 * BODY_SIZE];
        int size = snprintf(body, sizeof body, "{\"RequestItems\":{\"sorted\":[");
        for (int i = from; i < from + 25; i++)
            size += snprintf(body + size, sizeof body - (size_t)size,
                             "%s{\"PutRequest\":{\"Item\":{\"pk\":{\"S\":\"%s\"},\"sk\":{"
                             "\"N\":\"%d\"}}}}",
                             i > from ? "," : "", partition, i);
        snprintf(body + size, sizeof body - (size_t)size, "]}}");
        assert_int_equal(region_call(region, "BatchWriteItem", body)->status_code, 200);
    }
}

static void test_a_page_of_thousands_of_items_is_answered_whole(void **state)
{
    (void)state;
    enum { COUNT = 9000 };
    fill_partition("many", COUNT);
    const struct region_answer *answer =
        query_of("\"KeyConditionExpression\":\"pk = :p\",\"ExpressionAttributeValues\":{\":p\":{"
                 "\"S\":\"many\"}}");
    assert_int_equal(answer->status_code, 200);
    const char *text = answer->body;
    for (int i = 0; i < COUNT; i++) {
        char expected[64];
        snprintf(expected, sizeof expected, "{\"pk\":{\"S\":\"many\"},\"sk\":{\"N\":\"%d\"}}", i);
        text = strstr(text, expected);
        assert_non_null(text);
    }
    assert_told(answer, "],\"ScannedCount\":9000}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_query_has_one_partition_in_order),
        cmocka_unit_test(test_a_condition_on_the_sort_key_bounds_the_range),
        cmocka_unit_test(test_a_limit_counts_what_was_evaluated),
        cmocka_unit_test(test_a_page_goes_on_behind_its_start_key),
        cmocka_unit_test(test_a_start_key_lies_in_what_is_asked_for),
        cmocka_unit_test(test_what_does_not_match_is_read_and_not_answered),
        cmocka_unit_test(test_only_the_parts_asked_for_are_answered),
        cmocka_unit_test(test_a_query_needs_a_condition_on_the_whole_partition_key),
        cmocka_unit_test(test_a_filter_says_nothing_of_the_key),
        cmocka_unit_test(test_placeholders_that_are_not_used_are_refused),
        cmocka_unit_test(test_parts_and_select_fit_together),
        cmocka_unit_test(test_a_page_of_thousands_of_items_is_answered_whole),
        cmocka_unit_test(test_a_table_or_index_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, item_fixture_tear_down);
}
