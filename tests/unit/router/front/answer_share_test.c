#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "router/front/answer_share.h"
#include "tests/sim/world.h"
#include "tests/unit/router/api/item_fixture.h"

enum { LARGE_SIZE = 380000, LARGE_COUNT = 5 };

#define TOO_MANY "Too many large answers are under way in this router; try again shortly."

/* --- The count ------------------------------------------------------------------------------- */

static void calls_start(struct api_calls *calls, size_t bytes_max, size_t read_count_max)
{
    *calls = (struct api_calls){.read_count_max = read_count_max};
    list_init(&calls->read_line);
    answer_room_init(&calls->answer_room, bytes_max);
}

static void call_start(struct api_call *call, struct api_calls *calls)
{
    *call = (struct api_call){.calls = calls};
    list_init(&call->read_link);
}

static void test_what_is_kept_counts_with_its_json_until_it_is_given_back(void **state)
{
    (void)state;
    struct api_calls calls;
    struct api_call call;
    calls_start(&calls, 1000000, 1);
    call_start(&call, &calls);

    assert_true(answer_share_take(&call, 100000));
    assert_int_equal(calls.answer_room.bytes, 270000);
    assert_true(answer_share_take(&call, 200000));
    assert_false(answer_share_take(&call, 200000));
    assert_int_equal(calls.answer_room.bytes, 810000);

    answer_share_give(&call);
    assert_int_equal(calls.answer_room.bytes, 0);
}

static void test_a_little_of_each_call_always_has_room(void **state)
{
    (void)state;
    struct api_calls calls;
    struct api_call first, second;
    calls_start(&calls, 1, 1);
    call_start(&first, &calls);
    call_start(&second, &calls);

    assert_true(answer_share_take(&first, 10000));
    assert_false(answer_share_take(&first, 10000));
    assert_true(answer_share_take(&second, 10000));
    assert_false(answer_share_take(&second, SIDE_WORK_BYTES_MIN + 1));
}

static void test_what_was_done_is_counted_where_there_is_no_room(void **state)
{
    (void)state;
    struct api_calls calls;
    struct api_call call;
    calls_start(&calls, 1, 1);
    call_start(&call, &calls);
    answer_share_take_anyway(&call, 100000);
    assert_int_equal(calls.answer_room.bytes, 270000);
}

/* --- The line -------------------------------------------------------------------------------- */

static struct api_call *asked_first, *asked_last;

static enum status go_on(struct api_call *call)
{
    if (asked_first == NULL)
        asked_first = call;
    asked_last = call;
    (void)answer_share_begin_read(call, go_on);
    return STATUS_OK;
}

static enum status have_nothing(struct api_call *call)
{
    asked_first = call;
    return STATUS_OK;
}

static void test_who_waits_to_read_is_asked_in_order_as_reads_end(void **state)
{
    (void)state;
    struct api_calls calls;
    struct api_call call[3];
    calls_start(&calls, 0, 1);
    for (size_t i = 0; i < 3; i++)
        call_start(&call[i], &calls);
    asked_first = asked_last = NULL;
    assert_true(answer_share_begin_read(&call[0], go_on));
    assert_false(answer_share_begin_read(&call[1], go_on));
    assert_false(answer_share_begin_read(&call[2], go_on));
    assert_false(answer_share_begin_read(&call[1], go_on));

    answer_share_end_read(&calls);
    assert_ptr_equal(asked_last, &call[1]);
    answer_share_end_read(&calls);
    assert_ptr_equal(asked_last, &call[2]);
    answer_share_end_read(&calls);
    assert_int_equal(calls.read_count, 0);
    assert_ptr_equal(asked_first, &call[1]);
}

static void test_a_turn_that_is_not_used_goes_to_the_next(void **state)
{
    (void)state;
    struct api_calls calls;
    struct api_call call[3];
    calls_start(&calls, 0, 1);
    for (size_t i = 0; i < 3; i++)
        call_start(&call[i], &calls);
    asked_first = asked_last = NULL;
    assert_true(answer_share_begin_read(&call[0], go_on));
    assert_false(answer_share_begin_read(&call[1], have_nothing));
    assert_false(answer_share_begin_read(&call[2], go_on));

    answer_share_end_read(&calls);
    assert_ptr_equal(asked_first, &call[1]);
    assert_ptr_equal(asked_last, &call[2]);
    assert_int_equal(calls.read_count, 1);
}

static void test_who_has_left_the_line_is_not_asked(void **state)
{
    (void)state;
    struct api_calls calls;
    struct api_call call[2];
    calls_start(&calls, 0, 1);
    for (size_t i = 0; i < 2; i++)
        call_start(&call[i], &calls);
    asked_first = asked_last = NULL;
    assert_true(answer_share_begin_read(&call[0], go_on));
    assert_false(answer_share_begin_read(&call[1], go_on));

    answer_share_leave_line(&call[1]);
    answer_share_end_read(&calls);
    assert_null(asked_last);
}

/* --- Operations ------------------------------------------------------------------------------ */

static struct answer_room *room(void)
{
    return router_answer_room(region_router(region, 0));
}

/* The items big0, big1 ..., and "small". */
static int items_set_up(void **state)
{
    item_fixture_set_up(state);
    OWNED(arena) arena = arena_create();
    char *filler = memset(arena_alloc_zeroed(arena, LARGE_SIZE + 1), 'x', LARGE_SIZE);
    for (int i = 0; i < LARGE_COUNT; i++) {
        const char *body = arena_format(
            arena,
            "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"big%d\"},\"f\":{\"S\":\"%s\"}}}", i,
            filler);
        assert_int_equal(region_call(region, "PutItem", body)->status_code, 200);
    }
    region_call(region, "PutItem", "{\"TableName\":\"plain\",\"Item\":{\"pk\":{\"S\":\"small\"}}}");
    return 0;
}

#define KEY(key) "{\"pk\":{\"S\":\"" key "\"}}"
#define BATCH(keys)                                                                                \
    region_call(region, "BatchGetItem", "{\"RequestItems\":{\"plain\":{\"Keys\":[" keys "]}}}")
#define GET(key) region_call(region, "GetItem", "{\"TableName\":\"plain\",\"Key\":" KEY(key) "}")
#define ALL_KEYS KEY("big0") "," KEY("big1") "," KEY("big2") "," KEY("big3") "," KEY("big4")
#define QUERY(key)                                                                                 \
    region_call(region, "Query",                                                                   \
                "{\"TableName\":\"plain\",\"KeyConditionExpression\":\"pk = :p\","                 \
                "\"ExpressionAttributeValues\":{\":p\":{\"S\":\"" key "\"}}}")

static size_t count_text(const char *text, const char *end, const char *wanted)
{
    size_t count = 0;
    for (; (text = strstr(text, wanted)) != NULL && text < end; text++)
        count++;
    return count;
}

static void test_keys_of_a_batch_that_find_no_room_are_left(void **state)
{
    (void)state;
    room()->bytes_max = LARGE_SIZE * 6;

    const struct region_answer *answer = BATCH(ALL_KEYS);

    assert_int_equal(answer->status_code, 200);
    const char *left = strstr(answer->body, "\"UnprocessedKeys\"");
    const char *end = answer->body + answer->body_size;
    assert_int_equal(count_text(answer->body, left, "\"f\""), 2);
    assert_int_equal(count_text(left, end, "\"big"), LARGE_COUNT - 2);
    assert_int_equal(room()->bytes, 0);
}

static void test_a_batch_without_room_for_any_item_is_throttled_in_the_end(void **state)
{
    (void)state;
    room()->bytes_max = 1;
    assert_exception(BATCH(ALL_KEYS), "ThrottlingException", TOO_MANY);
    assert_int_equal(room()->bytes, 0);
}

static void test_a_batch_without_room_for_any_item_waits_for_some(void **state)
{
    (void)state;
    static const char body[] = "{\"RequestItems\":{\"plain\":{\"Keys\":[" ALL_KEYS "]}}}";
    const struct region_request request = {.target = "DynamoDB_20120810.BatchGetItem",
                                           .body = slice_of_text(body)};
    room()->bytes_max = LARGE_SIZE * 6;
    answer_room_take(room(), LARGE_SIZE * 5);
    size_t exchange = region_begin(region, &request);
    world_run_for(region_world(region), 1000 * 1000);
    assert_null(region_answer_of(region, exchange));

    answer_room_give(room(), LARGE_SIZE * 5);
    const struct region_answer *answer = region_finish(region, exchange);
    assert_int_equal(answer->status_code, 200);
    const char *left = strstr(answer->body, "\"UnprocessedKeys\"");
    assert_int_equal(count_text(answer->body, left, "\"f\""), 2);
    assert_int_equal(room()->bytes, 0);
}

static void test_large_items_and_pages_without_room_are_throttled(void **state)
{
    (void)state;
    room()->bytes_max = 1;
    assert_exception(GET("big0"), "ThrottlingException", TOO_MANY);
    assert_exception(QUERY("big0"), "ThrottlingException", TOO_MANY);
    assert_int_equal(room()->bytes, 0);

    room()->bytes_max = LARGE_SIZE * 3;
    assert_int_equal(GET("big0")->status_code, 200);
    assert_int_equal(QUERY("big0")->status_code, 200);
    assert_int_equal(room()->bytes, 0);
}

static void test_small_answers_are_given_without_room(void **state)
{
    (void)state;
    room()->bytes_max = 1;
    answer_room_take(room(), 100);
    assert_answer(GET("small"), 200, "{\"Item\":" KEY("small") "}");
    assert_answer(BATCH(KEY("small")), 200,
                  "{\"Responses\":{\"plain\":[" KEY("small") "]},\"UnprocessedKeys\":{}}");
    assert_int_equal(QUERY("small")->status_code, 200);
    answer_room_give(room(), 100);
}

static void test_a_write_that_was_done_tells_its_large_item_without_room(void **state)
{
    (void)state;
    room()->bytes_max = 1;
    assert_int_equal(region_call(region, "PutItem",
                                 "{\"TableName\":\"plain\",\"Item\":" KEY(
                                     "big0") ","
                                             "\"ReturnValues\":\"ALL_OLD\"}")
                         ->status_code,
                     200);
    assert_int_equal(room()->bytes, 0);
}

/* 16 batches of 100 keys are more than may read at a time. */
static void test_batches_beyond_what_may_read_at_a_time_are_all_answered(void **state)
{
    (void)state;
    enum { BATCH_COUNT = 16, KEY_COUNT = 100 };
    SCOPED(buffer) body = {0};
    buffer_append_text(&body, "{\"RequestItems\":{\"plain\":{\"Keys\":[" KEY("small"));
    for (int i = 1; i < KEY_COUNT; i++)
        buffer_append_format(&body, ",{\"pk\":{\"S\":\"none%d\"}}", i);
    buffer_append_text(&body, "]}}}");
    const struct region_request request = {.target = "DynamoDB_20120810.BatchGetItem",
                                           .body = buffer_slice(&body)};
    size_t exchanges[BATCH_COUNT];
    for (size_t i = 0; i < BATCH_COUNT; i++)
        exchanges[i] = region_begin(region, &request);
    for (size_t i = 0; i < BATCH_COUNT; i++)
        assert_answer(region_finish(region, exchanges[i]), 200,
                      "{\"Responses\":{\"plain\":[" KEY("small") "]},\"UnprocessedKeys\":{}}");
}

#define ITEMS_TEST(function)                                                                       \
    cmocka_unit_test_setup_teardown(function, items_set_up, item_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_kept_counts_with_its_json_until_it_is_given_back),
        cmocka_unit_test(test_a_little_of_each_call_always_has_room),
        cmocka_unit_test(test_what_was_done_is_counted_where_there_is_no_room),
        cmocka_unit_test(test_who_waits_to_read_is_asked_in_order_as_reads_end),
        cmocka_unit_test(test_a_turn_that_is_not_used_goes_to_the_next),
        cmocka_unit_test(test_who_has_left_the_line_is_not_asked),
        ITEMS_TEST(test_keys_of_a_batch_that_find_no_room_are_left),
        ITEMS_TEST(test_a_batch_without_room_for_any_item_is_throttled_in_the_end),
        ITEMS_TEST(test_a_batch_without_room_for_any_item_waits_for_some),
        ITEMS_TEST(test_large_items_and_pages_without_room_are_throttled),
        ITEMS_TEST(test_small_answers_are_given_without_room),
        ITEMS_TEST(test_a_write_that_was_done_tells_its_large_item_without_room),
        ITEMS_TEST(test_batches_beyond_what_may_read_at_a_time_are_all_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
