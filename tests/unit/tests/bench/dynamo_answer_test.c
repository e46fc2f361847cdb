#include "tests/bench/dynamo_answer.h"

#include "core/base/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { ITEM_COUNT = 1000, ITEM_SIZE = 350, PARTITION_START = 300 };

static const struct dynamo_client client = {
    .table = "bench",
    .form = {.sizes = {.classes = {{ITEM_SIZE, ITEM_SIZE, 1}}, .class_count = 1, .weight_sum = 1},
             .is_sorted = true},
    .item_count = ITEM_COUNT,
};

static bool is_right(enum dynamo_operation operation, uint64_t number, const struct buffer *answer)
{
    return dynamo_answer_is_right(&client, operation, number, buffer_slice(answer), true);
}

static bool is_text_right(enum dynamo_operation operation, const char *text)
{
    return dynamo_answer_is_right(&client, operation, 1, slice_of_text(text), true);
}

/* A page of `count` items that follow each other, which says that it has `told` ones. */
static void append_page(uint64_t first, uint64_t count, uint64_t told, struct buffer *out)
{
    buffer_append_format(out, "{\"Count\":%u,\"Items\":[", (unsigned)told);
    for (uint64_t i = 0; i < count; i++) {
        buffer_append_text(out, i > 0 ? "," : "");
        item_append(&client.form, first + i, out);
    }
    buffer_append_format(out, "],\"ScannedCount\":%u", (unsigned)told);
}

static void append_query_answer(uint64_t first, uint64_t count, struct buffer *out)
{
    append_page(first, count, count, out);
    buffer_append_text(out, "}");
}

static void append_scan_answer(uint64_t first, uint64_t count, uint64_t told, struct buffer *out)
{
    append_page(first, count, told, out);
    buffer_append_text(out, ",\"LastEvaluatedKey\":");
    item_append_key(&client.form, first + count - 1, out);
    buffer_append(out, slice_of("}", sizeof "}"));
    out->size--; /* it ends with NUL */
}

static void test_an_item_is_the_answer_to_a_get_of_it_alone(void **state)
{
    (void)state;
    SCOPED(buffer) answer;
    buffer_init(&answer);
    buffer_append_text(&answer, "{\"Item\":");
    item_append(&client.form, 7, &answer);
    buffer_append_text(&answer, "}");

    assert_true(is_right(DYNAMO_GET_ITEM, 7, &answer));
    assert_false(is_right(DYNAMO_GET_ITEM, 8, &answer));
    assert_false(is_right(DYNAMO_GET_ITEM, 107, &answer));
    assert_false(is_text_right(DYNAMO_GET_ITEM, "{}"));
}

static void test_one_changed_byte_of_an_item_is_found(void **state)
{
    (void)state;
    SCOPED(buffer) answer;
    buffer_init(&answer);
    item_append(&client.form, 7, &answer);
    answer.bytes[answer.size - 10] ^= 1;

    assert_false(is_right(DYNAMO_GET_ITEM, 7, &answer));
}

static void test_a_query_gives_the_whole_partition_in_order(void **state)
{
    (void)state;
    SCOPED(buffer) answer;
    buffer_init(&answer);
    append_query_answer(PARTITION_START, ITEM_PARTITION_COUNT, &answer);

    assert_true(is_right(DYNAMO_QUERY, PARTITION_START + 42, &answer));
    assert_false(is_right(DYNAMO_QUERY, PARTITION_START + ITEM_PARTITION_COUNT, &answer));
}

static void test_a_query_that_misses_an_item_is_wrong(void **state)
{
    (void)state;
    SCOPED(buffer) answer;
    buffer_init(&answer);
    append_query_answer(PARTITION_START, ITEM_PARTITION_COUNT - 1, &answer);

    assert_false(is_right(DYNAMO_QUERY, PARTITION_START, &answer));
}

static void test_a_query_whose_items_are_shifted_is_wrong(void **state)
{
    (void)state;
    SCOPED(buffer) answer;
    buffer_init(&answer);
    append_query_answer(PARTITION_START + 1, ITEM_PARTITION_COUNT, &answer);

    assert_false(is_right(DYNAMO_QUERY, PARTITION_START + 1, &answer));
}

static void test_a_scan_gives_a_page_of_any_whole_items(void **state)
{
    (void)state;
    SCOPED(buffer) answer;
    buffer_init(&answer);
    append_scan_answer(250, DYNAMO_PAGE_COUNT, DYNAMO_PAGE_COUNT, &answer);

    assert_true(is_right(DYNAMO_SCAN, 1, &answer));
    *(strstr((char *)answer.bytes, "\"field3\":{\"S\":\"") + 20) ^= 1;
    assert_false(is_right(DYNAMO_SCAN, 1, &answer));
}

static void test_a_scan_that_tells_more_items_than_it_has_is_wrong(void **state)
{
    (void)state;
    SCOPED(buffer) answer;
    buffer_init(&answer);
    append_scan_answer(250, DYNAMO_PAGE_COUNT - 1, DYNAMO_PAGE_COUNT, &answer);

    assert_false(is_right(DYNAMO_SCAN, 1, &answer));
}

static void test_only_the_last_page_of_a_scan_is_short(void **state)
{
    (void)state;
    SCOPED(buffer) answer;
    buffer_init(&answer);
    append_query_answer(250, 3, &answer);
    assert_true(is_right(DYNAMO_SCAN, 1, &answer));

    buffer_clear(&answer);
    append_scan_answer(250, 3, 3, &answer);
    assert_false(is_right(DYNAMO_SCAN, 1, &answer));
}

static void test_a_write_that_was_not_done_is_not_taken_for_one(void **state)
{
    (void)state;
    assert_true(is_text_right(DYNAMO_PUT_ITEM_IF, "{}"));
    assert_false(is_text_right(DYNAMO_PUT_ITEM_IF, "{\"Attributes\":{}}"));
    assert_true(is_text_right(DYNAMO_BATCH_WRITE_ITEM, "{\"UnprocessedItems\":{}}"));
    assert_false(is_text_right(DYNAMO_BATCH_WRITE_ITEM, "{\"UnprocessedItems\":{\"bench\":[{}]}}"));
    assert_true(is_text_right(DYNAMO_UPDATE_ITEM, "{\"Attributes\":{\"visits\":{\"N\":\"3\"}}}"));
    assert_false(is_text_right(DYNAMO_UPDATE_ITEM, "{\"Attributes\":{\"visits\":{\"N\":\"0\"}}}"));
    assert_false(is_text_right(DYNAMO_UPDATE_ITEM, "{}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_item_is_the_answer_to_a_get_of_it_alone),
        cmocka_unit_test(test_one_changed_byte_of_an_item_is_found),
        cmocka_unit_test(test_a_query_gives_the_whole_partition_in_order),
        cmocka_unit_test(test_a_query_that_misses_an_item_is_wrong),
        cmocka_unit_test(test_a_query_whose_items_are_shifted_is_wrong),
        cmocka_unit_test(test_a_scan_gives_a_page_of_any_whole_items),
        cmocka_unit_test(test_a_scan_that_tells_more_items_than_it_has_is_wrong),
        cmocka_unit_test(test_only_the_last_page_of_a_scan_is_short),
        cmocka_unit_test(test_a_write_that_was_not_done_is_not_taken_for_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
