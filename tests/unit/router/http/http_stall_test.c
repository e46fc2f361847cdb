#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/router/http/http_fixture.h"

static const char get[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/* More than the kernel takes for a client that does not read. */
enum { LONG_SIZE = 24 << 20 };

static void answer_long(struct fixture *fixture, struct client *client)
{
    fixture->is_holding = true;
    client_send_text(client, get);
    TURN_UNTIL(fixture, fixture->held_count > 0);
    fixture->is_holding = false;
    SCOPED(buffer) body = {0};
    memset(buffer_reserve(&body, LONG_SIZE), 'x', LONG_SIZE);
    body.size = LONG_SIZE;
    http_request_respond(fixture->held[--fixture->held_count], 200, NULL, 0, &body);
}

static void fixture_turn_for(struct fixture *fixture, uint64_t time_us)
{
    uint64_t start_us = env_boot_us(fixture->env);
    TURN_UNTIL(fixture, env_boot_us(fixture->env) - start_us > time_us);
}

static void test_a_client_that_takes_nothing_of_a_long_answer_is_let_go(void **state)
{
    (void)state;
    FIXTURE(fixture, .stall_timeout_ms = 100);
    SCOPED(client) client = client_connect(&fixture);

    answer_long(&fixture, &client);
    TURN_UNTIL(&fixture, fixture_stats(&fixture).connection_count == 0);

    assert_int_equal(fixture_stats(&fixture).stalled_total, 1);
    assert_int_equal(fixture_stats(&fixture).body_bytes, 0);
}

static void test_a_client_that_takes_it_slowly_gets_all_of_it(void **state)
{
    (void)state;
    FIXTURE(fixture, .stall_timeout_ms = 600);
    SCOPED(client) client = client_connect(&fixture);
    SCOPED(buffer) answer = {0};

    answer_long(&fixture, &client);
    for (int i = 0; i < 40; i++) {
        fixture_turn_for(&fixture, 50000);
        assert_true(client_receive(&client));
        for (int j = 0; j < 7; j++)
            (void)client_receive(&client);
    }
    assert_int_equal(client_read_answer(&client, &answer, true), 200);

    assert_int_equal(strspn(answer_body(&answer), "x"), LONG_SIZE);
    assert_int_equal(fixture_stats(&fixture).stalled_total, 0);
}

static void test_those_that_stall_make_room_for_others_that_want_it(void **state)
{
    (void)state;
    struct answer_room room;
    answer_room_init(&room, LONG_SIZE);
    FIXTURE(fixture, .answer_room = &room);
    SCOPED(client) first = client_connect(&fixture);
    SCOPED(client) second = client_connect(&fixture);

    answer_long(&fixture, &first);
    answer_long(&fixture, &second);
    assert_int_equal(room.bytes, 2 * LONG_SIZE);
    assert_false(answer_room_fits(&room, 1));
    uint64_t start_us = env_boot_us(fixture.env);
    TURN_UNTIL(&fixture, fixture_stats(&fixture).connection_count == 0);

    assert_true(env_boot_us(fixture.env) - start_us < 8000000);
    assert_int_equal(room.bytes, 0);
    assert_true(client_is_closed(&first));
}

static void test_of_those_that_stall_no_more_are_let_go_than_are_in_the_way(void **state)
{
    (void)state;
    struct answer_room room;
    answer_room_init(&room, LONG_SIZE / 3 * 5);
    FIXTURE(fixture, .answer_room = &room);
    SCOPED(client) first = client_connect(&fixture);
    SCOPED(client) second = client_connect(&fixture);

    answer_long(&fixture, &first);
    answer_long(&fixture, &second);
    assert_false(answer_room_fits(&room, 1));
    TURN_UNTIL(&fixture, fixture_stats(&fixture).connection_count == 1);
    fixture_turn_for(&fixture, 1000000);

    assert_int_equal(fixture_stats(&fixture).connection_count, 1);
    assert_true(client_is_closed(&first));
    assert_false(room.is_wanted);
}

static void test_others_are_answered_while_answers_stall(void **state)
{
    (void)state;
    struct answer_room room;
    answer_room_init(&room, 1);
    FIXTURE(fixture, .answer_room = &room, .body_bytes_max = 1000);
    SCOPED(client) stalled = client_connect(&fixture);
    SCOPED(client) other = client_connect(&fixture);
    SCOPED(buffer) answer = {0};

    answer_long(&fixture, &stalled);
    static const char post[] = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody";
    assert_int_equal(client_ask(&other, post, &answer), 200);

    assert_int_equal(fixture_stats(&fixture).connection_count, 2);
    assert_int_equal(fixture_stats(&fixture).refused_busy_total, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_client_that_takes_nothing_of_a_long_answer_is_let_go),
        cmocka_unit_test(test_a_client_that_takes_it_slowly_gets_all_of_it),
        cmocka_unit_test(test_those_that_stall_make_room_for_others_that_want_it),
        cmocka_unit_test(test_of_those_that_stall_no_more_are_let_go_than_are_in_the_way),
        cmocka_unit_test(test_others_are_answered_while_answers_stall),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
