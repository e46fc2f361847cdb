#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/http/http_fixture.h"

static const char get[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

static struct http_request *fixture_hold(struct fixture *fixture, struct client *client,
                                         const char *request)
{
    fixture->is_holding = true;
    size_t held_before = fixture->held_count;
    client_send_text(client, request);
    TURN_UNTIL(fixture, fixture->held_count > held_before);
    fixture->is_holding = false;
    return fixture->held[held_before];
}

static void assert_slice(struct slice slice, const char *text)
{
    assert_int_equal(slice.size, strlen(text));
    assert_memory_equal(slice.bytes, text, slice.size);
}

static void test_a_request_shows_what_was_sent(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    char peer[HTTP_PEER_TEXT_SIZE];

    struct http_request *request =
        fixture_hold(&fixture, &client,
                     "POST /a%20b?c=%26&d?e HTTP/1.1\r\nHost: x\r\nX-Empty:\r\nX-Two: 1\r\n"
                     "Content-Length: 3\r\nx-two: 2\r\n\r\nabc");

    assert_slice(http_request_method(request), "POST");
    assert_slice(http_request_path(request), "/a%20b");
    assert_slice(http_request_query(request), "c=%26&d?e");
    assert_slice(http_request_body(request), "abc");
    http_request_peer(request, peer);
    assert_string_equal(peer, "127.0.0.1");
    fixture_respond(request);
    assert_int_equal(client_read_answer(&client, &answer, true), 200);
}

static void test_headers_are_found_by_name_in_any_case_and_listed_in_order(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    size_t count;

    struct http_request *request =
        fixture_hold(&fixture, &client,
                     "GET / HTTP/1.1\r\nHost: x\r\nX-Empty:\r\nX-Two:  1 2 \r\nx-two: 3\r\n\r\n");

    assert_slice(http_request_header(request, "HOST"), "x");
    assert_slice(http_request_header(request, "x-tWo"), "1 2");
    assert_slice(http_request_header(request, "x-empty"), "");
    assert_non_null(http_request_header(request, "x-empty").bytes);
    assert_null(http_request_header(request, "x-tw").bytes);
    const struct http_header *headers = http_request_headers(request, &count);
    assert_int_equal(count, 4);
    assert_slice(headers[0].name, "Host");
    assert_slice(headers[3].name, "x-two");
    assert_slice(headers[3].value, "3");
    fixture_respond(request);
    assert_int_equal(client_read_answer(&client, &answer, true), 200);
}

static void test_an_answer_carries_status_fields_and_body(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    SCOPED(buffer) body = {0};
    buffer_append_text(&body, "{}");
    const struct http_field fields[] = {{"Content-Type", "application/x-amz-json-1.0"},
                                        {"x-amz-crc32", "2745614147"}};

    http_request_respond(fixture_hold(&fixture, &client, get), 400, fields, 2, &body);

    assert_int_equal(body.size, 0);
    assert_int_equal(client_read_answer(&client, &answer, true), 400);
    assert_true(answer_has(&answer, "\r\nContent-Type: application/x-amz-json-1.0\r\n"));
    assert_true(answer_has(&answer, "\r\nx-amz-crc32: 2745614147\r\n"));
    assert_true(answer_has(&answer, "\r\nContent-Length: 2\r\n"));
    assert_true(answer_has(&answer, "\r\nDate: "));
    assert_string_equal(answer_body(&answer), "{}");
}

static void test_an_answer_to_head_has_no_body(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};

    client_send_text(&client, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(client_read_answer(&client, &answer, false), 200);

    assert_int_equal(client_ask(&client, get, &answer), 200);
    assert_string_equal(answer_body(&answer), "GET /   0");
}

static void test_an_empty_answer_and_a_large_one_arrive_whole(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    SCOPED(buffer) body = {0};
    enum { LARGE_SIZE = 8 << 20 };

    http_request_respond(fixture_hold(&fixture, &client, get), 204, NULL, 0, &body);
    assert_int_equal(client_read_answer(&client, &answer, true), 204);
    memset(buffer_reserve(&body, LARGE_SIZE), 'x', LARGE_SIZE);
    body.size = LARGE_SIZE;
    http_request_respond(fixture_hold(&fixture, &client, get), 200, NULL, 0, &body);
    assert_int_equal(client_read_answer(&client, &answer, true), 200);

    assert_int_equal(strspn(answer_body(&answer), "x"), LARGE_SIZE);
    TURN_UNTIL(&fixture, fixture_stats(&fixture).body_bytes == 0);
}

static void append_numbers(struct buffer *body, size_t size)
{
    for (unsigned i = 0; body->size < size; i++)
        buffer_append_format(body, "%u ", i);
    body->size = size;
}

/* One piece ends at 64 KB, blocks are of 31 KB. */
static void test_answers_of_every_size_about_a_piece_arrive_whole(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    static const size_t sizes[] = {31 << 10, 64 << 10, (64 << 10) + 1, 93 << 10, (93 << 10) + 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        SCOPED(buffer) answer = {0};
        SCOPED(buffer) sent = {0};
        SCOPED(buffer) body = {0};
        append_numbers(&body, sizes[i]);
        append_numbers(&sent, sizes[i]);
        http_request_respond(fixture_hold(&fixture, &client, get), 200, NULL, 0, &body);

        assert_int_equal(client_read_answer(&client, &answer, true), 200);
        assert_int_equal(strlen(answer_body(&answer)), sizes[i]);
        assert_memory_equal(answer_body(&answer), sent.bytes, sizes[i]);
    }
}

static void test_answers_may_come_in_another_order_than_requests(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) first = client_connect(&fixture);
    SCOPED(client) second = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    struct http_request *first_request =
        fixture_hold(&fixture, &first, "GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
    struct http_request *second_request =
        fixture_hold(&fixture, &second, "GET /second HTTP/1.1\r\nHost: x\r\n\r\n");

    fixture_respond(second_request);
    assert_int_equal(client_read_answer(&second, &answer, true), 200);
    assert_string_equal(answer_body(&answer), "GET /second   0");
    fixture_respond(first_request);
    assert_int_equal(client_read_answer(&first, &answer, true), 200);
    assert_string_equal(answer_body(&answer), "GET /first   0");
}

static void answer_first_held(void *context, struct http_request *request)
{
    struct fixture *fixture = context;
    if (fixture->held_count > 0) {
        fixture_respond(fixture->held[--fixture->held_count]);
        fixture_respond(request);
    } else {
        fixture->held[fixture->held_count++] = request;
    }
}

static void test_a_handler_may_answer_an_earlier_request(void **state)
{
    (void)state;
    SCOPED(fixture) fixture = fixture_start();
    assert_int_equal(http_server_create(fixture.env, &(struct http_server_options){0},
                                        answer_first_held, &fixture, &fixture.server),
                     STATUS_OK);
    SCOPED(client) first = client_connect(&fixture);
    SCOPED(client) second = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    client_send_text(&first, get);
    TURN_UNTIL(&fixture, fixture.held_count == 1);

    assert_int_equal(client_ask(&second, get, &answer), 200);

    assert_int_equal(client_read_answer(&first, &answer, true), 200);
}

static void test_a_request_outlives_its_client(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    struct http_request *request = fixture_hold(
        &fixture, &client, "POST /x HTTP/1.1\r\nHost: x\r\nX-Y: z\r\nContent-Length: 3\r\n\r\nabc");

    client_reset(&client);
    TURN_UNTIL(&fixture, fixture_stats(&fixture).connection_count == 0);

    assert_slice(http_request_path(request), "/x");
    assert_slice(http_request_header(request, "x-y"), "z");
    assert_slice(http_request_body(request), "abc");
    assert_int_equal(fixture_stats(&fixture).request_count, 1);
    fixture_respond(request);
    assert_int_equal(fixture_stats(&fixture).request_count, 0);
    assert_int_equal(fixture_stats(&fixture).body_bytes, 0);
}

static void test_an_answer_to_a_client_that_just_left_is_dropped(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    struct http_request *request = fixture_hold(&fixture, &client, get);

    client_reset(&client);
    fixture_respond(request);

    TURN_UNTIL(&fixture, fixture_stats(&fixture).connection_count == 0);
    assert_int_equal(fixture_stats(&fixture).request_count, 0);
    assert_int_equal(fixture_stats(&fixture).body_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_request_shows_what_was_sent),
        cmocka_unit_test(test_headers_are_found_by_name_in_any_case_and_listed_in_order),
        cmocka_unit_test(test_an_answer_carries_status_fields_and_body),
        cmocka_unit_test(test_an_answer_to_head_has_no_body),
        cmocka_unit_test(test_an_empty_answer_and_a_large_one_arrive_whole),
        cmocka_unit_test(test_answers_of_every_size_about_a_piece_arrive_whole),
        cmocka_unit_test(test_answers_may_come_in_another_order_than_requests),
        cmocka_unit_test(test_a_handler_may_answer_an_earlier_request),
        cmocka_unit_test(test_a_request_outlives_its_client),
        cmocka_unit_test(test_an_answer_to_a_client_that_just_left_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
