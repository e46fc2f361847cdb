#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/http/http_fixture.h"

static const char get[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
static const char get_held[] = "GET /held HTTP/1.1\r\nHost: x\r\n\r\n";

static void fixture_hold(struct fixture *fixture, struct client *client)
{
    fixture->is_holding = true;
    size_t held_before = fixture->held_count;
    client_send_text(client, get_held);
    TURN_UNTIL(fixture, fixture->held_count > held_before);
    fixture->is_holding = false;
}

/* Every request makes libmicrohttpd run, which looks at the requests that wait. */
static void client_ask_often(struct client *client, int count)
{
    SCOPED(buffer) answer = {0};
    for (int i = 0; i < count; i++)
        assert_int_equal(client_ask(client, get, &answer), 200);
}

static void test_a_connection_serves_many_requests(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) client = client_connect(&fixture);

    client_ask_often(&client, 500);

    assert_int_equal(fixture.handled_count, 500);
    assert_int_equal(fixture_stats(&fixture).connection_count, 1);
}

static void test_others_are_served_while_one_request_waits_however_long(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) slow = client_connect(&fixture);
    SCOPED(client) other = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    fixture_hold(&fixture, &slow);

    client_ask_often(&other, 200);

    fixture_respond(fixture.held[0]);
    assert_int_equal(client_read_answer(&slow, &answer, true), 200);
    assert_string_equal(answer_body(&answer), "GET /held   0");
    client_ask_often(&slow, 3);
}

static void test_a_client_that_leaves_after_a_long_wait_is_let_go_with_its_answer(void **state)
{
    (void)state;
    FIXTURE(fixture);
    SCOPED(client) slow = client_connect(&fixture);
    SCOPED(client) other = client_connect(&fixture);
    fixture_hold(&fixture, &slow);
    client_ask_often(&other, 200);

    client_reset(&slow);
    client_ask_often(&other, 200);
    fixture_respond(fixture.held[0]);

    TURN_UNTIL(&fixture, fixture_stats(&fixture).connection_count == 1);
    assert_int_equal(fixture_stats(&fixture).request_count, 0);
}

static void test_more_requests_may_wait_than_are_looked_at(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    FIXTURE(fixture);
    struct client clients[COUNT];
    SCOPED(buffer) answer = {0};
    fixture.is_holding = true;
    for (int i = 0; i < COUNT; i++) {
        clients[i] = client_connect(&fixture);
        assert_int_equal(send(clients[i].descriptor, get_held, strlen(get_held), 0),
                         strlen(get_held));
    }
    TURN_UNTIL(&fixture, fixture.held_count == COUNT);

    for (int i = 0; i < COUNT; i++)
        fixture_respond(fixture.held[i]);

    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(client_read_answer(&clients[i], &answer, true), 200);
        client_deinit(&clients[i]);
    }
}

/* A body far larger than what a connection reads at once comes in beside a request that waits. */
static void test_a_large_body_comes_in_while_a_request_waits(void **state)
{
    (void)state;
    enum { SIZE = 3 << 20 };
    FIXTURE(fixture);
    SCOPED(client) slow = client_connect(&fixture);
    SCOPED(client) other = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    SCOPED(buffer) body = {0};
    fixture_hold(&fixture, &slow);
    memset(buffer_reserve(&body, SIZE), 'b', SIZE);
    body.size = SIZE;

    client_send_text(&other, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3145728\r\n\r\n");
    assert_true(client_send(&other, buffer_slice(&body)));

    assert_int_equal(client_read_answer(&other, &answer, true), 200);
    assert_string_equal(answer_body(&answer), "PUT /  bbbbbbbbbbbbbbbbbbbb 3145728");
    fixture_respond(fixture.held[0]);
    assert_int_equal(client_read_answer(&slow, &answer, true), 200);
}

static void test_a_silent_connection_is_closed(void **state)
{
    (void)state;
    FIXTURE(fixture, .idle_timeout_s = 1);
    SCOPED(client) silent = client_connect(&fixture);
    SCOPED(client) halfway = client_connect(&fixture);
    SCOPED(client) slow = client_connect(&fixture);
    SCOPED(buffer) answer = {0};
    fixture_hold(&fixture, &slow);
    client_send_text(&halfway, "GET / HTTP/1.1\r\nHo");

    assert_true(client_is_closed(&silent));
    assert_true(client_is_closed(&halfway));

    /* The one that waits for our answer is not silent: we are. */
    fixture_respond(fixture.held[0]);
    assert_int_equal(client_read_answer(&slow, &answer, true), 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_connection_serves_many_requests),
        cmocka_unit_test(test_others_are_served_while_one_request_waits_however_long),
        cmocka_unit_test(test_a_client_that_leaves_after_a_long_wait_is_let_go_with_its_answer),
        cmocka_unit_test(test_more_requests_may_wait_than_are_looked_at),
        cmocka_unit_test(test_a_large_body_comes_in_while_a_request_waits),
        cmocka_unit_test(test_a_silent_connection_is_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
