#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/http/http_fixture.h"

#include <stdio.h>

#define POST "POST / HTTP/1.1\r\nHost: x\r\n"

static void test_a_body_that_comes_in_pieces_is_whole(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};

    client_send_text(&client, POST "Content-Length: 6\r\n");
    fixture_turn(&fixture);
    client_send_text(&client, "\r\nab");
    fixture_turn(&fixture);
    client_send_text(&client, "cd");
    fixture_turn(&fixture);
    assert_int_equal(fixture.handled_count, 0);

    assert_int_equal(client_ask(&client, "ef", &answer), 200);
    assert_string_equal(answer_body(&answer), "POST /  abcdef 6");
}

static void test_a_chunked_body_is_whole(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};

    client_send_text(&client, POST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    fixture_turn(&fixture);

    assert_int_equal(client_ask(&client, "2\r\nde\r\n0\r\n\r\n", &answer), 200);
    assert_string_equal(answer_body(&answer), "POST /  abcde 5");
}

static void test_pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};

    client_send_text(&client, POST "Content-Length: 1\r\n\r\n1" POST
                                   "Content-Length: 1\r\n\r\n2" POST "Content-Length: 1\r\n\r\n3");

    for (int i = 1; i <= 3; i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "POST /  %d 1", i);
        assert_int_equal(client_read_answer(&client, &answer, true), 200);
        assert_string_equal(answer_body(&answer), expected);
    }
}

static void test_pipelined_requests_held_are_answered_in_order(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    fixture.is_holding = true;

    client_send_text(&client, POST "Content-Length: 1\r\n\r\n1" POST "Content-Length: 1\r\n\r\n2");
    TURN_UNTIL(&fixture, fixture.held_count == 1);
    fixture_turn(&fixture);
    assert_int_equal(fixture.held_count, 1);
    fixture_respond(fixture.held[0]);
    assert_int_equal(client_read_answer(&client, &answer, true), 200);
    assert_string_equal(answer_body(&answer), "POST /  1 1");

    TURN_UNTIL(&fixture, fixture.held_count == 2);
    fixture_respond(fixture.held[1]);
    assert_int_equal(client_read_answer(&client, &answer, true), 200);
    assert_string_equal(answer_body(&answer), "POST /  2 1");
}

/* A head and a body of so many bytes 'b'. */
static void append_post(struct buffer *request, size_t size)
{
    buffer_append_format(request, POST "Content-Length: %zu\r\n\r\n", size);
    memset(buffer_reserve(request, size), 'b', size);
    request->size += size;
}

static void test_a_body_of_exactly_the_bound_is_taken(void **state)
{
    (void)state;
    FIXTURE(fixture, .body_size_max = 1000000);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    SCOPED(buffer) request = {0};
    append_post(&request, 1000000);

    assert_true(client_send(&client, buffer_slice(&request)));

    assert_int_equal(client_read_answer(&client, &answer, true), 200);
    assert_string_equal(answer_body(&answer), "POST /  bbbbbbbbbbbbbbbbbbbb 1000000");
    assert_int_equal(fixture_stats(&fixture).body_bytes, 0);
}

static void test_a_body_over_the_bound_is_refused_and_the_connection_kept(void **state)
{
    (void)state;
    FIXTURE(fixture, .body_size_max = 100000);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    SCOPED(buffer) request = {0};
    append_post(&request, 100001);

    assert_true(client_send(&client, buffer_slice(&request)));
    assert_int_equal(client_read_answer(&client, &answer, true), 413);

    assert_int_equal(fixture.handled_count, 0);
    assert_int_equal(fixture_stats(&fixture).refused_too_large_total, 1);
    assert_int_equal(client_ask(&client, "GET /next HTTP/1.1\r\nHost: x\r\n\r\n", &answer), 200);
}

static void test_a_body_far_over_the_bound_is_refused_before_it_is_sent(void **state)
{
    (void)state;
    FIXTURE(fixture, .body_size_max = 1000);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};

    assert_int_equal(client_ask(&client, POST "Content-Length: 2001\r\n\r\n", &answer), 413);

    assert_true(client_is_closed(&client));
    assert_int_equal(fixture.handled_count, 0);
}

static void test_a_declared_size_beyond_all_numbers_is_refused(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};

    int status =
        client_ask(&client, POST "Content-Length: 99999999999999999999999999\r\n\r\n", &answer);

    assert_in_range(status, 400, 499);
    assert_int_equal(fixture.handled_count, 0);
}

static void test_a_chunked_body_over_the_bound_is_refused(void **state)
{
    (void)state;
    FIXTURE(fixture, .body_size_max = 10);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};

    client_send_text(&client, POST "Transfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n");
    fixture_turn(&fixture);
    assert_int_equal(fixture_stats(&fixture).body_bytes, 8);
    client_send_text(&client, "3\r\n123\r\n");
    fixture_turn(&fixture);
    assert_int_equal(fixture_stats(&fixture).body_bytes, 0);

    assert_int_equal(client_ask(&client, "0\r\n\r\n", &answer), 413);
    assert_int_equal(fixture.handled_count, 0);
}

static void test_a_chunked_body_without_end_is_cut_off(void **state)
{
    (void)state;
    FIXTURE(fixture, .body_size_max = 10);
    SCOPED(client) client = client_connect(&fixture);

    client_send_text(&client, POST "Transfer-Encoding: chunked\r\n\r\n");
    bool is_open = true;
    for (int i = 0; i < 1000 && is_open; i++)
        is_open = client_send(&client, slice_of_text("8\r\n12345678\r\n"));

    assert_false(is_open);
    assert_int_equal(fixture.handled_count, 0);
    assert_int_equal(fixture_stats(&fixture).request_count, 0);
}

static void test_a_client_that_asks_first_is_told_to_go_on(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};

    assert_int_equal(
        client_ask(&client, POST "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n", &answer),
        100);

    assert_int_equal(client_ask(&client, "ab", &answer), 200);
    assert_string_equal(answer_body(&answer), "POST /  ab 2");
}

static void test_a_client_that_asks_first_is_refused_at_once(void **state)
{
    (void)state;
    FIXTURE(fixture, .body_size_max = 10);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};

    assert_int_equal(
        client_ask(&client, POST "Content-Length: 11\r\nExpect: 100-continue\r\n\r\n", &answer),
        413);
}

static void test_bodies_beyond_what_may_be_held_are_refused_until_there_is_room(void **state)
{
    (void)state;
    FIXTURE(fixture, .body_bytes_max = 1000, .small_body_max = 100);
    SCOPED(client) first = client_connect(&fixture);
    SCOPED(client) second = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    SCOPED(buffer) request = {0};
    append_post(&request, 600);
    fixture.is_holding = true;
    assert_true(client_send(&first, buffer_slice(&request)));
    TURN_UNTIL(&fixture, fixture.held_count == 1);

    assert_true(client_send(&second, buffer_slice(&request)));
    assert_int_equal(client_read_answer(&second, &answer, true), 503);
    assert_int_equal(fixture.handled_count, 1);
    assert_int_equal(fixture_stats(&fixture).refused_busy_total, 1);

    fixture_respond(fixture.held[0]);
    assert_int_equal(client_read_answer(&first, &answer, true), 200);
    fixture.is_holding = false;
    assert_true(client_send(&second, buffer_slice(&request)));
    assert_int_equal(client_read_answer(&second, &answer, true), 200);
}

static void test_small_bodies_are_taken_whatever_is_held(void **state)
{
    (void)state;
    FIXTURE(fixture, .body_bytes_max = 1000, .small_body_max = 600);
    SCOPED(client) first = client_connect(&fixture);
    SCOPED(client) second = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    SCOPED(buffer) small = {0};
    SCOPED(buffer) large = {0};
    append_post(&small, 600);
    append_post(&large, 601);
    fixture.is_holding = true;
    assert_true(client_send(&first, buffer_slice(&small)));
    TURN_UNTIL(&fixture, fixture.held_count == 1);

    fixture.is_holding = false;
    assert_true(client_send(&second, buffer_slice(&large)));
    assert_int_equal(client_read_answer(&second, &answer, true), 503);
    assert_true(client_send(&second, buffer_slice(&small)));
    assert_int_equal(client_read_answer(&second, &answer, true), 200);
    fixture_respond(fixture.held[0]);
}

static void test_a_client_that_leaves_amid_its_request_leaves_nothing_behind(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "POST / HT",
        POST,
        POST "Content-Length: 10\r\n\r\n",
        POST "Content-Length: 10\r\n\r\nabc",
        POST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    };
    FIXTURE(fixture);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        SCOPED(client) client = client_connect(&fixture);
        client_send_text(&client, parts[i]);
        fixture_turn(&fixture);
        client_reset(&client);
        TURN_UNTIL(&fixture, fixture_stats(&fixture).connection_count == 0);

        assert_int_equal(fixture_stats(&fixture).request_count, 0);
        assert_int_equal(fixture_stats(&fixture).body_bytes, 0);
    }
    assert_int_equal(fixture.handled_count, 0);
}

static void test_a_body_without_a_certain_end_is_refused_and_the_connection_closed(void **state)
{
    (void)state;
    static const char *const heads[] = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden "
        "HTTP/1.1\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\n\r\n",
        "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        FIXTURE(fixture);
        SCOPED(client) client = client_connect(&fixture);
        SCOPED(buffer) answer = {0};
        SCOPED(buffer) request = {0};
        buffer_append_format(&request, "POST / HTTP/1.1\r\nHost: x\r\n%s", heads[i]);

        (void)client_send(&client, buffer_slice(&request));

        assert_int_equal(client_read_answer(&client, &answer, true), 400);
        assert_true(client_is_closed(&client));
        assert_int_equal(fixture.handled_count, 0);
    }
}

static void test_what_is_not_http_is_refused(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);

    client_send_text(&client, "\x16\x03\x01\x02 nonsense\r\n\r\n");

    assert_true(client_is_closed(&client));
    assert_int_equal(fixture.handled_count, 0);
}

static void test_every_method_reaches_the_handler(void **state)
{
    (void)state;
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"};
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        char request[64];
        char expected[64];
        snprintf(request, sizeof request, "%s / HTTP/1.1\r\nHost: x\r\n\r\n", methods[i]);
        snprintf(expected, sizeof expected, "%s /   0", methods[i]);

        assert_int_equal(client_ask(&client, request, &answer), 200);
        assert_string_equal(answer_body(&answer), expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_body_that_comes_in_pieces_is_whole),
        cmocka_unit_test(test_a_chunked_body_is_whole),
        cmocka_unit_test(test_pipelined_requests_are_answered_in_order),
        cmocka_unit_test(test_pipelined_requests_held_are_answered_in_order),
        cmocka_unit_test(test_a_body_of_exactly_the_bound_is_taken),
        cmocka_unit_test(test_a_body_over_the_bound_is_refused_and_the_connection_kept),
        cmocka_unit_test(test_a_body_far_over_the_bound_is_refused_before_it_is_sent),
        cmocka_unit_test(test_a_declared_size_beyond_all_numbers_is_refused),
        cmocka_unit_test(test_a_chunked_body_over_the_bound_is_refused),
        cmocka_unit_test(test_a_chunked_body_without_end_is_cut_off),
        cmocka_unit_test(test_a_client_that_asks_first_is_told_to_go_on),
        cmocka_unit_test(test_a_client_that_asks_first_is_refused_at_once),
        cmocka_unit_test(test_bodies_beyond_what_may_be_held_are_refused_until_there_is_room),
        cmocka_unit_test(test_small_bodies_are_taken_whatever_is_held),
        cmocka_unit_test(test_a_client_that_leaves_amid_its_request_leaves_nothing_behind),
        cmocka_unit_test(test_a_body_without_a_certain_end_is_refused_and_the_connection_closed),
        cmocka_unit_test(test_what_is_not_http_is_refused),
        cmocka_unit_test(test_every_method_reaches_the_handler),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
