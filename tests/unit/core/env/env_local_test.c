#include "tests/unit/core/env/env_fixture.h"

#include "core/base/limits.h"
#include "core/env/env_frames_private.h"

#define ADDRESS "local:node"

enum { TEXT_MAX = 4096, BYTES_MAX = 1000 };

/* One end of a connection: what it heard, and what it does with it. */
struct end {
    struct env *env;
    struct env_listener *listener;
    struct env_link *link;
    bool echoes;
    bool closes_itself;
    bool stops;
    uint64_t peer;
    char heard[TEXT_MAX];
};

static void on_frame(void *context, uint64_t peer, struct slice frame)
{
    struct end *end = context;
    size_t size = strlen(end->heard);
    assert_true(size + frame.size < TEXT_MAX);
    memcpy(end->heard + size, frame.bytes, frame.size);
    end->peer = peer;
    if (end->echoes)
        assert_int_equal(env_listener_send(end->listener, peer, frame), STATUS_OK);
    if (end->stops)
        env_uv_stop(end->env);
    if (end->closes_itself && end->link != NULL)
        env_link_close(GIVE(end->link));
    if (end->closes_itself && end->listener != NULL)
        env_listener_close(GIVE(end->listener));
}

static struct env *small_env(void)
{
    return env_uv_create(&(struct env_uv_options){.local_bytes_max = BYTES_MAX});
}

static void end_listen(struct end *end, struct env *env)
{
    end->env = env;
    assert_int_equal(env_listen(env, ADDRESS, on_frame, end, &end->listener), STATUS_OK);
}

static void end_connect(struct end *end, struct env *env)
{
    end->env = env;
    assert_int_equal(env_connect(env, ADDRESS, "node", on_frame, end, &end->link), STATUS_OK);
}

static enum status end_send(struct end *end, const char *text)
{
    return env_link_send(end->link, slice_of_text(text));
}

static void ends_close(struct end *server, struct end *client)
{
    env_link_close(client->link);
    env_listener_close(server->listener);
    env_uv_destroy(client->env);
}

static void test_frames_arrive_in_order_and_never_from_inside_a_send(void **state)
{
    (void)state;
    struct end server = {0}, client = {0};
    struct env *env = fixture_env();
    end_listen(&server, env);
    end_connect(&client, env);

    assert_int_equal(end_send(&client, "a"), STATUS_OK);
    assert_int_equal(end_send(&client, ""), STATUS_OK);
    assert_int_equal(end_send(&client, "bc"), STATUS_OK);
    assert_string_equal(server.heard, "");
    env_uv_turn(env);

    assert_string_equal(server.heard, "abc");
    assert_true(server.peer != 0);
    ends_close(&server, &client);
}

static void test_a_reply_reaches_the_link_it_is_for(void **state)
{
    (void)state;
    struct end server = {.echoes = true}, client = {.peer = 7}, other = {0};
    struct env *env = fixture_env();
    end_listen(&server, env);
    end_connect(&other, env);
    end_connect(&client, env);

    assert_int_equal(end_send(&client, "ping"), STATUS_OK);
    env_uv_turn(env);

    assert_string_equal(client.heard, "ping");
    assert_int_equal(client.peer, 0);
    assert_string_equal(other.heard, "");
    env_link_close(other.link);
    ends_close(&server, &client);
}

struct sender {
    struct end *client;
    struct env_task task;
};

static void send_stop(void *context)
{
    assert_int_equal(end_send(((struct sender *)context)->client, "x"), STATUS_OK);
}

static void test_a_frame_sent_by_a_task_arrives_without_sleep(void **state)
{
    (void)state;
    struct end server = {.stops = true}, client = {0};
    struct env *env = fixture_env();
    end_listen(&server, env);
    end_connect(&client, env);
    struct sender sender = {.client = &client};
    env_task_init(&sender.task, send_stop, &sender);
    env_defer(env, ENV_PHASE_SEND, &sender.task);

    fixture_run(env);

    assert_string_equal(server.heard, "x");
    ends_close(&server, &client);
}

static void test_beyond_its_bound_a_link_is_busy_until_frames_have_arrived(void **state)
{
    (void)state;
    struct end server = {0}, client = {0};
    struct env *env = small_env();
    end_listen(&server, env);
    end_connect(&client, env);
    int sent = 0;
    while (end_send(&client, "x") == STATUS_OK && sent < BYTES_MAX)
        sent++;
    assert_in_range(sent, 1, BYTES_MAX - 1);
    assert_int_equal(end_send(&client, "x"), STATUS_BUSY);

    env_uv_turn(env);

    assert_int_equal(strlen(server.heard), sent);
    assert_int_equal(end_send(&client, "x"), STATUS_OK);
    ends_close(&server, &client);
}

static void test_the_ways_of_a_link_are_bounded_each_for_itself(void **state)
{
    (void)state;
    struct end server = {0}, client = {0};
    struct env *env = small_env();
    end_listen(&server, env);
    end_connect(&client, env);
    assert_int_equal(end_send(&client, "x"), STATUS_OK);
    env_uv_turn(env);
    while (end_send(&client, "x") == STATUS_OK)
        continue;

    assert_int_equal(env_listener_send(server.listener, server.peer, slice_of_text("y")),
                     STATUS_OK);

    ends_close(&server, &client);
}

static void test_a_frame_above_the_limit_is_refused(void **state)
{
    (void)state;
    struct end server = {0}, client = {0};
    struct env *env = fixture_env();
    end_listen(&server, env);
    end_connect(&client, env);
    uint8_t *bytes = memory_alloc_zeroed(LIMIT_FRAME_SIZE + 1);

    assert_int_equal(env_link_send(client.link, slice_of(bytes, LIMIT_FRAME_SIZE)), STATUS_OK);
    assert_int_equal(env_link_send(client.link, slice_of(bytes, LIMIT_FRAME_SIZE + 1)),
                     STATUS_TOO_LARGE);

    memory_free(bytes);
    ends_close(&server, &client);
}

static void test_what_is_sent_to_nobody_is_lost_and_a_later_listener_hears_the_rest(void **state)
{
    (void)state;
    struct end server = {0}, client = {0};
    struct env *env = fixture_env();
    end_connect(&client, env);

    assert_int_equal(end_send(&client, "lost"), STATUS_OK);
    end_listen(&server, env);
    assert_int_equal(end_send(&client, "heard"), STATUS_OK);
    env_uv_turn(env);

    assert_string_equal(server.heard, "heard");
    ends_close(&server, &client);
}

static void test_a_new_listener_hears_no_frame_for_the_old_and_gives_another_number(void **state)
{
    (void)state;
    struct end old = {0}, new = {0}, client = {0};
    struct env *env = fixture_env();
    end_listen(&old, env);
    end_connect(&client, env);
    assert_int_equal(end_send(&client, "a"), STATUS_OK);
    env_uv_turn(env);
    assert_int_equal(end_send(&client, "late"), STATUS_OK);

    env_listener_close(old.listener);
    end_listen(&new, env);
    assert_int_equal(end_send(&client, "b"), STATUS_OK);
    env_uv_turn(env);

    assert_string_equal(old.heard, "a");
    assert_string_equal(new.heard, "b");
    assert_true(new.peer != old.peer);
    assert_int_equal(env_listener_send(new.listener, old.peer, slice_of_text("x")), STATUS_CLOSED);
    ends_close(&new, &client);
}

static void test_a_link_closed_while_frames_wait_for_it_hears_none(void **state)
{
    (void)state;
    struct end server = {0}, client = {0};
    struct env *env = fixture_env();
    end_listen(&server, env);
    end_connect(&client, env);
    assert_int_equal(end_send(&client, "a"), STATUS_OK);
    env_uv_turn(env);
    assert_int_equal(env_listener_send(server.listener, server.peer, slice_of_text("late")),
                     STATUS_OK);

    env_link_close(client.link);
    env_uv_turn(env);

    assert_string_equal(client.heard, "");
    assert_int_equal(env_listener_send(server.listener, server.peer, slice_of_text("x")),
                     STATUS_CLOSED);
    env_listener_close(server.listener);
    env_uv_destroy(env);
}

static void test_both_ends_may_close_themselves_while_they_hear(void **state)
{
    (void)state;
    struct end server = {.closes_itself = true}, client = {.closes_itself = true};
    struct env *env = fixture_env();
    end_listen(&server, env);
    end_connect(&client, env);
    assert_int_equal(end_send(&client, "a"), STATUS_OK);
    assert_int_equal(end_send(&client, "b"), STATUS_OK);

    env_uv_turn(env);

    assert_string_equal(server.heard, "a");
    assert_null(server.listener);
    env_link_close(client.link);
    env_uv_destroy(env);
}

static void test_frames_that_wait_at_the_end_are_freed(void **state)
{
    (void)state;
    struct end server = {0}, client = {0};
    struct env *env = fixture_env();
    end_listen(&server, env);
    end_connect(&client, env);
    assert_int_equal(end_send(&client, "a"), STATUS_OK);

    ends_close(&server, &client);

    assert_string_equal(server.heard, "");
}

static void test_an_address_has_one_listener(void **state)
{
    (void)state;
    struct end server = {0};
    struct env_listener *second;
    struct env *env = fixture_env();
    end_listen(&server, env);

    assert_int_equal(env_listen(env, ADDRESS, on_frame, &server, &second), STATUS_EXISTS);

    env_listener_close(server.listener);
    env_uv_destroy(env);
}

static void test_the_network_is_closed_to_an_env_without_keys(void **state)
{
    (void)state;
    struct env_listener *listener;
    struct env_link *link;
    struct env *env = fixture_env();

    assert_int_equal(env_listen(env, "127.0.0.1:9", on_frame, NULL, &listener), STATUS_UNSUPPORTED);
    assert_int_equal(env_connect(env, "127.0.0.1:9", "node", on_frame, NULL, &link),
                     STATUS_UNSUPPORTED);

    env_uv_destroy(env);
}

static void count_frame(void *context, uint64_t peer, struct slice frame)
{
    (void)peer;
    (void)frame;
    ++*(int *)context;
}

static void test_large_frames_are_delivered_a_few_at_a_time(void **state)
{
    (void)state;
    enum { FRAME_SIZE = ENV_BYTES_AT_ONCE / 2 + 1, FRAME_COUNT = 5 };
    static const uint8_t bytes[FRAME_SIZE];
    struct env *env = fixture_env();
    struct env_local *local = env_uv_of(env)->local;
    struct env_listener *listener;
    struct env_link *link;
    int count = 0;
    assert_int_equal(env_listen(env, ADDRESS, count_frame, &count, &listener), STATUS_OK);
    assert_int_equal(env_connect(env, ADDRESS, "node", count_frame, &count, &link), STATUS_OK);
    for (int i = 0; i < FRAME_COUNT; i++)
        assert_int_equal(env_link_send(link, slice_of(bytes, FRAME_SIZE)), STATUS_OK);

    env_local_deliver(local);
    assert_int_equal(count, 2);
    assert_true(env_local_is_waiting(local));
    env_local_deliver(local);
    assert_int_equal(count, 4);
    env_local_deliver(local);
    assert_int_equal(count, 5);
    assert_false(env_local_is_waiting(local));

    env_link_close(link);
    env_listener_close(listener);
    env_uv_destroy(env);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_large_frames_are_delivered_a_few_at_a_time),
        cmocka_unit_test(test_frames_arrive_in_order_and_never_from_inside_a_send),
        cmocka_unit_test(test_a_reply_reaches_the_link_it_is_for),
        cmocka_unit_test(test_a_frame_sent_by_a_task_arrives_without_sleep),
        cmocka_unit_test(test_beyond_its_bound_a_link_is_busy_until_frames_have_arrived),
        cmocka_unit_test(test_the_ways_of_a_link_are_bounded_each_for_itself),
        cmocka_unit_test(test_a_frame_above_the_limit_is_refused),
        cmocka_unit_test(test_what_is_sent_to_nobody_is_lost_and_a_later_listener_hears_the_rest),
        cmocka_unit_test(test_a_new_listener_hears_no_frame_for_the_old_and_gives_another_number),
        cmocka_unit_test(test_a_link_closed_while_frames_wait_for_it_hears_none),
        cmocka_unit_test(test_both_ends_may_close_themselves_while_they_hear),
        cmocka_unit_test(test_frames_that_wait_at_the_end_are_freed),
        cmocka_unit_test(test_an_address_has_one_listener),
        cmocka_unit_test(test_the_network_is_closed_to_an_env_without_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
