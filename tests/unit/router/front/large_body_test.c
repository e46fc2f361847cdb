#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/arena.h"
#include "router/front/side_work.h"
#include "tests/support/region_assert.h"

#include <libdeflate.h>

/* One region serves all tests: none of them changes it. */
static struct region *region;

static int set_up(void **state)
{
    (void)state;
    region = region_create(NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    region_destroy(region);
    return 0;
}

#define LIST_TABLES "DynamoDB_20120810.ListTables"
#define SERVICE     "{\"__type\":\"com.amazon.coral.service#"
#define SYNTAX      SERVICE "SerializationException\"}"
#define UNKNOWN     SERVICE "UnknownOperationException\"}"
#define NO_TOKEN                                                                                   \
    SERVICE "MissingAuthenticationTokenException\",\"message\":\"Request is missing "              \
            "Authentication Token\"}"

static const struct region_answer *send(struct region_request request)
{
    return region_send(region, &request);
}

static struct slice large_put(struct arena *arena, const char *table, size_t size)
{
    char *filler = memset(arena_alloc(arena, size + 1), 'x', size);
    filler[size] = '\0';
    return slice_of_text(arena_format(arena,
                                      "{\"TableName\":\"%s\",\"Item\":{\"pk\":{\"S\":\"a\"},"
                                      "\"text\":{\"S\":\"%s\"}}}",
                                      table, filler));
}

/* The loop's part of a request is over when router_handle returns: it was not the reading. */
static void test_a_large_body_is_read_by_a_worker(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct region_request request = {.target = "DynamoDB_20120810.Nothing",
                                     .body = large_put(arena, "none", SIDE_WORK_BYTES_MIN)};

    size_t exchange = region_begin(region, &request);
    assert_null(region_answer_of(region, exchange));
    assert_answer(region_finish(region, exchange), 400, UNKNOWN);

    request.body = slice_of(request.body.bytes, SIDE_WORK_BYTES_MIN / 2);
    exchange = region_begin(region, &request);
    assert_answer(region_answer_of(region, exchange), 400, SYNTAX);
}

static void test_large_bodies_are_refused_in_the_same_order_as_small_ones(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    struct slice body = large_put(arena, "none", SIDE_WORK_BYTES_MIN);
    const struct slice cut = slice_of(body.bytes, body.size - 1);
    const struct slice nameless = large_put(arena, "", SIDE_WORK_BYTES_MIN);
    const char *put = "DynamoDB_20120810.PutItem";

    assert_answer(send((struct region_request){.body = cut, .authorization = ""}), 400, SYNTAX);
    assert_answer(send((struct region_request){.body = body, .authorization = ""}), 400, UNKNOWN);
    assert_answer(
        send((struct region_request){.target = put, .body = nameless, .authorization = ""}), 400,
        NO_TOKEN);
    assert_told(send((struct region_request){.target = put, .body = nameless, .secret = "other"}),
                "InvalidSignatureException");
    assert_told(send((struct region_request){.target = put, .body = nameless}),
                "ValidationException");
    assert_told(send((struct region_request){.target = put, .body = body}),
                "ResourceNotFoundException");
}

static void test_a_large_item_is_written_and_read_whole(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    OWNED(region) own = region_create(NULL);
    region_make_table(own, "users", 0);
    struct slice body = large_put(arena, "users", 300000);
    const struct region_request put = {.target = "DynamoDB_20120810.PutItem", .body = body};
    assert_answer(region_send(own, &put), 200, "{}");

    const struct region_answer *answer =
        region_call(own, "GetItem", "{\"TableName\":\"users\",\"Key\":{\"pk\":{\"S\":\"a\"}}}");

    assert_int_equal(answer->status_code, 200);
    struct slice item = slice_skip(body, strlen("{\"TableName\":\"users\","));
    assert_memory_equal(answer->body + 1, item.bytes, item.size);
    unsigned long checksum = libdeflate_crc32(0, (const uint8_t *)answer->body, answer->body_size);
    assert_string_equal(answer->checksum, arena_format(arena, "%lu", checksum));
}

static void test_a_large_body_for_sts_is_refused(void **state)
{
    (void)state;
    OWNED(arena) arena = arena_create();
    const struct region_answer *answer =
        send((struct region_request){.content_type = "application/x-www-form-urlencoded",
                                     .service = "sts",
                                     .body = large_put(arena, "none", SIDE_WORK_BYTES_MIN)});
    assert_int_equal(answer->status_code, 413);
}

/* "{}" in gzip */
static const uint8_t packed[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab,
                                 0xae, 0x05, 0x00, 0x43, 0xbf, 0xa6, 0xa3, 0x02, 0x00, 0x00, 0x00};

static void test_a_compressed_body_is_read_and_its_signature_is_of_what_was_sent(void **state)
{
    (void)state;
    struct region_request request = {.target = LIST_TABLES,
                                     .body = slice_of(packed, sizeof packed),
                                     .header_name = "content-encoding",
                                     .header_value = "gzip"};
    assert_answer(send(request), 200, "{\"TableNames\":[]}");

    request.header_value = "br";
    assert_answer(send(request), 400, SYNTAX);
    request.header_value = "gzip";
    request.body.size--;
    assert_answer(send(request), 400, SYNTAX);
}

static void test_only_who_may_ask_has_a_body_unpacked(void **state)
{
    (void)state;
    assert_told(send((struct region_request){.target = LIST_TABLES,
                                             .body = slice_of_text("no gzip"),
                                             .authorization = "",
                                             .header_name = "content-encoding",
                                             .header_value = "gzip"}),
                "#MissingAuthenticationTokenException");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_large_body_is_read_by_a_worker),
        cmocka_unit_test(test_large_bodies_are_refused_in_the_same_order_as_small_ones),
        cmocka_unit_test(test_a_large_item_is_written_and_read_whole),
        cmocka_unit_test(test_a_large_body_for_sts_is_refused),
        cmocka_unit_test(test_a_compressed_body_is_read_and_its_signature_is_of_what_was_sent),
        cmocka_unit_test(test_only_who_may_ask_has_a_body_unpacked),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
