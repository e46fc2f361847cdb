#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buffer.h"
#include "tests/unit/router/api/item_fixture.h"

#include <stdlib.h>

enum { ITEM_COUNT = 40, BODY_SIZE = 512 };

static const struct region_answer *scan(const char *members)
{
    char body[BODY_SIZE];
    snprintf(body, sizeof body, "{\"TableName\":\"plain\"%s}", members);
    return region_call(region, "Scan", body);
}

static int set_up(void **state)
{
    item_fixture_set_up(state);
    for (int i = 0; i < ITEM_COUNT; i++) {
        char body[BODY_SIZE];
        snprintf(body, sizeof body, "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"k%02d\"}}}",
                 i);
        assert_int_equal(region_call(region, "PutItem", body)->status_code, 200);
    }
    return 0;
}

/* Counts each key that stands among an answer's items. */
static void count_keys(const struct region_answer *answer, unsigned counts[ITEM_COUNT])
{
    const char *text = strstr(answer->body, "\"Items\":[");
    const char *end = strstr(answer->body, "]");
    assert_non_null(text);
    while ((text = strstr(text, "\"k")) != NULL && text < end) {
        counts[atoi(text + 2)]++;
        text += 2;
    }
}

static bool last_key(const struct region_answer *answer, char out_member[BODY_SIZE])
{
    const char *text = strstr(answer->body, "\"LastEvaluatedKey\":{\"pk\":{\"S\":\"");
    if (text == NULL)
        return false;
    snprintf(out_member, BODY_SIZE, ",\"ExclusiveStartKey\":{\"pk\":{\"S\":\"%.3s\"}}",
             text + strlen("\"LastEvaluatedKey\":{\"pk\":{\"S\":\""));
    return true;
}

/* Pages through; `members` go into each request. */
static unsigned scan_all(const char *members, unsigned counts[ITEM_COUNT])
{
    char start_key[BODY_SIZE] = "";
    unsigned page_count = 0;
    do {
        char all[BODY_SIZE * 2];
        snprintf(all, sizeof all, "%s%s", members, start_key);
        const struct region_answer *answer = scan(all);
        assert_int_equal(answer->status_code, 200);
        count_keys(answer, counts);
        page_count++;
        if (!last_key(answer, start_key))
            return page_count;
    } while (page_count < 1000);
    fail_msg("the scan does not end");
    return page_count;
}

static void assert_each_once(const unsigned counts[ITEM_COUNT])
{
    for (size_t i = 0; i < ITEM_COUNT; i++)
        assert_int_equal(counts[i], 1);
}

static void test_a_scan_has_every_item_of_every_tablet_once(void **state)
{
    (void)state;
    unsigned counts[ITEM_COUNT] = {0};
    assert_int_equal(scan_all("", counts), 1);
    assert_each_once(counts);
}

static void test_pages_go_on_behind_their_last_evaluated_key(void **state)
{
    (void)state;
    unsigned counts[ITEM_COUNT] = {0};
    assert_int_equal(scan_all(",\"Limit\":7,\"ConsistentRead\":true", counts), 6);
    assert_each_once(counts);
}

static void test_a_limit_that_is_hit_exactly_leaves_an_empty_page(void **state)
{
    (void)state;
    unsigned counts[ITEM_COUNT] = {0};
    assert_int_equal(scan_all(",\"Limit\":20", counts), 3);
    assert_each_once(counts);
}

static void test_segments_are_disjoint_and_make_up_the_table(void **state)
{
    (void)state;
    static const unsigned totals[] = {1, 2, 7, 64};
    for (size_t i = 0; i < sizeof totals / sizeof *totals; i++) {
        unsigned counts[ITEM_COUNT] = {0};
        for (unsigned segment = 0; segment < totals[i]; segment++) {
            char members[BODY_SIZE];
            snprintf(members, sizeof members, ",\"Segment\":%u,\"TotalSegments\":%u,\"Limit\":3",
                     segment, totals[i]);
            scan_all(members, counts);
        }
        assert_each_once(counts);
    }
}

static void test_a_table_without_items_is_one_empty_page(void **state)
{
    (void)state;
    assert_answer(region_call(region, "Scan", "{\"TableName\":\"sorted\"}"), 200,
                  "{\"Count\":0,\"Items\":[],\"ScannedCount\":0}");
    assert_answer(
        region_call(region, "Scan",
                    "{\"TableName\":\"sorted\",\"Segment\":999999,\"TotalSegments\":1000000}"),
        200, "{\"Count\":0,\"Items\":[],\"ScannedCount\":0}");
}

static void test_a_count_has_no_items(void **state)
{
    (void)state;
    assert_answer(scan(",\"Select\":\"COUNT\""), 200, "{\"Count\":40,\"ScannedCount\":40}");
}

/* 40 items of 5 bytes each: rounded up once. */
static void test_capacity_is_that_of_the_whole_page(void **state)
{
    (void)state;
    assert_told(scan(",\"ReturnConsumedCapacity\":\"TOTAL\""),
                "\"ConsumedCapacity\":{\"CapacityUnits\":0.5,\"TableName\":\"plain\"}");
    assert_told(scan(",\"ReturnConsumedCapacity\":\"INDEXES\",\"ConsistentRead\":true"),
                "\"ConsumedCapacity\":{\"CapacityUnits\":1.0,\"Table\":{\"CapacityUnits\":1.0},"
                "\"TableName\":\"plain\"}");
}

static void test_segments_are_named_together_and_in_order(void **state)
{
    (void)state;
    assert_validation(scan(",\"Segment\":0"),
                      "The TotalSegments parameter is required but was not present in the request "
                      "when Segment parameter is present");
    assert_validation(scan(",\"TotalSegments\":1"),
                      "The Segment parameter is required but was not present in the request when "
                      "parameter TotalSegments is present");
    assert_validation(scan(",\"Segment\":2,\"TotalSegments\":2"),
                      "The Segment parameter is zero-based and must be less than parameter "
                      "TotalSegments: Segment: 2 is not less than TotalSegments: 2");
    assert_validation(scan(",\"Segment\":-1,\"TotalSegments\":1000001"),
                      "2 validation errors detected: Value '-1' at 'segment' failed to satisfy "
                      "constraint: Member must have value greater than or equal to 0; Value "
                      "'1000001' at 'totalSegments' failed to satisfy constraint: Member must have "
                      "value less than or equal to 1000000");
}

static void test_a_start_key_is_one_of_the_table_and_the_segment(void **state)
{
    (void)state;
    assert_validation(scan(",\"ExclusiveStartKey\":{\"id\":{\"S\":\"a\"}}"),
                      "The provided starting key is invalid: The provided key element does not "
                      "match the schema");
    assert_validation(scan(",\"ExclusiveStartKey\":{\"pk\":{\"N\":\"1\"}}"),
                      "The provided starting key is invalid: The provided key element does not "
                      "match the schema");
    assert_validation(scan(",\"ExclusiveStartKey\":{\"pk\":{\"S\":\"\"}}"),
                      "The provided starting key is invalid: One or more parameter values are not "
                      "valid. The AttributeValue for a key attribute cannot contain an empty "
                      "string value. Key: pk");
    assert_validation(scan(",\"Segment\":0,\"TotalSegments\":1000000,\"ExclusiveStartKey\":{"
                           "\"pk\":{\"S\":\"a\"}}"),
                      "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
                      "ExclusiveStartKey with correct Segment. TotalSegments: 1000000 Segment: 0");
}

static void test_what_a_select_does_not_fit_is_refused(void **state)
{
    (void)state;
    assert_validation(scan(",\"Select\":\"ALL_PROJECTED_ATTRIBUTES\""),
                      "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
    assert_validation(scan(",\"Select\":\"SPECIFIC_ATTRIBUTES\""),
                      "Must specify the AttributesToGet or ProjectionExpression when choosing to "
                      "get SPECIFIC_ATTRIBUTES");
    assert_validation(scan(",\"Select\":\"SOME\""),
                      "1 validation error detected: Value 'SOME' at 'select' failed to satisfy "
                      "constraint: Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, "
                      "COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]");
    assert_int_equal(scan(",\"Select\":\"ALL_ATTRIBUTES\"")->status_code, 200);
}

static void test_a_table_or_index_that_is_not_there_is_refused(void **state)
{
    (void)state;
    assert_exception(region_call(region, "Scan", "{\"TableName\":\"none\"}"),
                     "ResourceNotFoundException", "Requested resource not found");
    assert_validation(scan(",\"IndexName\":\"some\""),
                      "The table does not have the specified index: some");
    assert_validation(scan(",\"Limit\":0"),
                      "1 validation error detected: Value '0' at 'limit' failed to satisfy "
                      "constraint: Member must have value greater than or equal to 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_scan_has_every_item_of_every_tablet_once),
        cmocka_unit_test(test_pages_go_on_behind_their_last_evaluated_key),
        cmocka_unit_test(test_a_limit_that_is_hit_exactly_leaves_an_empty_page),
        cmocka_unit_test(test_segments_are_disjoint_and_make_up_the_table),
        cmocka_unit_test(test_a_table_without_items_is_one_empty_page),
        cmocka_unit_test(test_a_count_has_no_items),
        cmocka_unit_test(test_capacity_is_that_of_the_whole_page),
        cmocka_unit_test(test_segments_are_named_together_and_in_order),
        cmocka_unit_test(test_a_start_key_is_one_of_the_table_and_the_segment),
        cmocka_unit_test(test_what_a_select_does_not_fit_is_refused),
        cmocka_unit_test(test_a_table_or_index_that_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, item_fixture_tear_down);
}
