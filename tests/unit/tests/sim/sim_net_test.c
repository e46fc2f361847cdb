#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buffer.h"
#include "core/base/limits.h"
#include "tests/sim/sim_net.h"
#include "tests/sim/world.h"

enum { SEED_COUNT = 100, FRAMES_MAX = 4096, SECOND_US = 1000 * 1000 };

/* What one side heard: numbers, and from which peer. */
struct heard {
    uint32_t numbers[FRAMES_MAX];
    size_t count;
    uint64_t peer;
    size_t peer_changes;
};

/* Machine 1 listens, machine 0 has a link to it. */
struct fixture {
    struct world *world;
    struct env *client;
    struct env *server;
    struct env_link *link;
    struct env_listener *listener;
    struct heard by_client;
    struct heard by_server;
};

static void hear(void *context, uint64_t peer, struct slice frame)
{
    struct heard *heard = context;
    assert_int_equal(frame.size, sizeof(uint32_t));
    assert_true(heard->count < FRAMES_MAX);
    memcpy(&heard->numbers[heard->count++], frame.bytes, sizeof(uint32_t));
    heard->peer_changes += peer != heard->peer;
    heard->peer = peer;
}

static void server_start(struct fixture *fixture)
{
    fixture->server = world_boot(fixture->world, 1);
    assert_int_equal(
        env_listen(fixture->server, "one:1", hear, &fixture->by_server, &fixture->listener),
        STATUS_OK);
}

static void server_end(struct fixture *fixture)
{
    env_listener_close(fixture->listener);
    fixture->listener = NULL;
    world_env_destroy(fixture->server);
}

static void fixture_init(struct fixture *fixture, uint64_t seed)
{
    *fixture = (struct fixture){.world = world_create(seed)};
    server_start(fixture);
    fixture->client = world_boot(fixture->world, 0);
    assert_int_equal(
        env_connect(fixture->client, "one:1", "one", hear, &fixture->by_client, &fixture->link),
        STATUS_OK);
    world_run_for(fixture->world, SECOND_US);
}

static void fixture_deinit(struct fixture *fixture)
{
    env_link_close(fixture->link);
    env_listener_close(fixture->listener);
    world_destroy(fixture->world);
}

static enum status client_send(struct fixture *fixture, uint32_t number)
{
    return env_link_send(fixture->link, slice_of(&number, sizeof number));
}

static enum status server_send(struct fixture *fixture, uint32_t number)
{
    return env_listener_send(fixture->listener, fixture->by_server.peer,
                             slice_of(&number, sizeof number));
}

static bool is_rising(const struct heard *heard)
{
    for (size_t i = 1; i < heard->count; i++)
        if (heard->numbers[i] <= heard->numbers[i - 1])
            return false;
    return true;
}

static void test_frames_get_through_both_ways_in_order(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    for (uint32_t i = 0; i < 200; i++) {
        assert_int_equal(client_send(&fixture, i), STATUS_OK);
        world_run_for(fixture.world, random_below(world_random(fixture.world), 100));
    }
    world_run_for(fixture.world, SECOND_US);
    for (uint32_t i = 0; i < 200; i++)
        assert_int_equal(server_send(&fixture, i), STATUS_OK);
    world_run_for(fixture.world, SECOND_US);

    assert_int_equal(fixture.by_server.count, 200);
    assert_true(is_rising(&fixture.by_server));
    assert_true(fixture.by_server.peer != 0);
    assert_int_equal(fixture.by_client.count, 200);
    assert_true(is_rising(&fixture.by_client));
    assert_int_equal(fixture.by_client.peer, 0);
}

static void test_no_frame_is_heard_within_the_call_that_sends_it(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);

    assert_int_equal(client_send(&fixture, 1), STATUS_OK);

    assert_int_equal(fixture.by_server.count, 0);
}

static void test_a_link_is_busy_until_somebody_listens(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    struct env_link *link;
    assert_int_equal(env_connect(fixture.client, "nobody:1", "x", hear, &fixture.by_client, &link),
                     STATUS_OK);
    world_run_for(fixture.world, SECOND_US);
    assert_int_equal(env_link_send(link, slice_of_text("1234")), STATUS_BUSY);

    struct env_listener *listener;
    struct heard heard = {0};
    assert_int_equal(env_listen(fixture.server, "nobody:1", hear, &heard, &listener), STATUS_OK);
    world_run_for(fixture.world, SECOND_US);
    assert_int_equal(env_link_send(link, slice_of_text("1234")), STATUS_OK);
    world_run_for(fixture.world, SECOND_US);

    assert_int_equal(heard.count, 1);
    env_link_close(link);
    env_listener_close(listener);
}

static void test_an_address_has_one_listener_at_a_time(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    struct env_listener *listener;

    assert_int_equal(env_listen(fixture.client, "one:1", hear, &fixture.by_client, &listener),
                     STATUS_EXISTS);
    world_shutdown(fixture.world, 1);
    server_end(&fixture);
    server_start(&fixture);
}

static void test_a_full_queue_is_busy_and_has_room_again_later(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    sim_net_faults(world_net(fixture.world))->queue_frames_max = 10;
    for (uint32_t i = 0; i < 10; i++)
        assert_int_equal(client_send(&fixture, i), STATUS_OK);

    assert_int_equal(client_send(&fixture, 10), STATUS_BUSY);
    world_run_for(fixture.world, SECOND_US);
    assert_int_equal(client_send(&fixture, 11), STATUS_OK);
    world_run_for(fixture.world, SECOND_US);

    assert_int_equal(fixture.by_server.count, 11);
    sim_net_faults(world_net(fixture.world))->queue_bytes_max = 3;
    assert_int_equal(client_send(&fixture, 12), STATUS_BUSY);
}

static void test_a_frame_beyond_the_bound_is_refused(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    SCOPED(buffer) frame;
    buffer_init(&frame);
    (void)buffer_reserve(&frame, LIMIT_FRAME_SIZE + 1);
    frame.size = LIMIT_FRAME_SIZE + 1;

    assert_int_equal(env_link_send(fixture.link, buffer_slice(&frame)), STATUS_TOO_LARGE);
}

static void test_an_unknown_peer_is_gone(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);

    assert_int_equal(env_listener_send(fixture.listener, 99, slice_of_text("1234")), STATUS_CLOSED);
}

static void test_a_cut_way_is_silent_and_the_other_one_is_not(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    assert_int_equal(client_send(&fixture, 1), STATUS_OK);
    world_run_for(fixture.world, SECOND_US);

    world_cut(fixture.world, 0, 1);
    assert_int_equal(client_send(&fixture, 2), STATUS_OK);
    assert_int_equal(server_send(&fixture, 3), STATUS_OK);
    world_run_for(fixture.world, SECOND_US);

    assert_int_equal(fixture.by_server.count, 1);
    assert_int_equal(fixture.by_client.count, 1);
}

static void test_what_a_short_cut_held_up_arrives_late_or_never_but_in_order(void **state)
{
    (void)state;
    int late_count = 0, lost_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        SCOPED(fixture) fixture;
        fixture_init(&fixture, seed);
        assert_int_equal(client_send(&fixture, 1), STATUS_OK);
        world_cut(fixture.world, 0, 1);
        (void)client_send(&fixture, 2);
        world_run_for(fixture.world, 2 * SECOND_US);
        assert_int_equal(fixture.by_server.count, 0);

        world_heal(fixture.world, 0, 1);
        world_run_for(fixture.world, SECOND_US);

        assert_int_equal(client_send(&fixture, 3), STATUS_OK);
        world_run_for(fixture.world, SECOND_US);
        assert_true(is_rising(&fixture.by_server));
        late_count += fixture.by_server.count == 3;
        lost_count += fixture.by_server.count == 1;
    }
    assert_int_equal(late_count + lost_count, SEED_COUNT);
    assert_true(late_count > 0 && lost_count > 0);
}

static void test_after_a_long_cut_the_link_comes_back_as_another_peer(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    assert_int_equal(client_send(&fixture, 1), STATUS_OK);
    world_run_for(fixture.world, SECOND_US);
    uint64_t old_peer = fixture.by_server.peer;
    world_cut(fixture.world, 1, 0);
    world_run_for(fixture.world, 20 * SECOND_US);
    assert_int_equal(client_send(&fixture, 2), STATUS_BUSY);

    world_heal_all(fixture.world);
    world_run_for(fixture.world, SECOND_US);
    assert_int_equal(client_send(&fixture, 3), STATUS_OK);
    world_run_for(fixture.world, SECOND_US);

    assert_int_equal(fixture.by_server.count, 2);
    assert_true(fixture.by_server.peer > old_peer);
    assert_int_equal(env_listener_send(fixture.listener, old_peer, slice_of_text("1234")),
                     STATUS_CLOSED);
}

static void test_a_link_finds_the_next_process_on_the_address(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        SCOPED(fixture) fixture;
        fixture_init(&fixture, seed);
        if (random_one_in(world_random(fixture.world), 2))
            world_crash(fixture.world, 1);
        server_end(&fixture);
        server_start(&fixture);
        world_run_for(fixture.world, 6 * SECOND_US);

        assert_int_equal(client_send(&fixture, 7), STATUS_OK);
        world_run_for(fixture.world, SECOND_US);

        assert_int_equal(fixture.by_server.count, 1);
    }
}

static void test_what_a_dying_process_sent_may_still_arrive_but_nothing_after_a_gap(void **state)
{
    (void)state;
    int none_count = 0, part_count = 0, all_count = 0;
    for (uint64_t seed = 0; seed < SEED_COUNT; seed++) {
        SCOPED(fixture) fixture;
        fixture_init(&fixture, seed);
        for (uint32_t i = 0; i < 10; i++)
            assert_int_equal(client_send(&fixture, i), STATUS_OK);

        world_shutdown(fixture.world, 0);
        world_run_for(fixture.world, 10 * SECOND_US);

        for (uint32_t i = 0; i < fixture.by_server.count; i++)
            assert_int_equal(fixture.by_server.numbers[i], i);
        none_count += fixture.by_server.count == 0;
        all_count += fixture.by_server.count == 10;
        part_count += fixture.by_server.count > 0 && fixture.by_server.count < 10;
    }
    assert_true(none_count > 0 && part_count > 0 && all_count > 0);
}

static void test_a_dead_process_hears_nothing_and_its_frames_vanish(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    assert_int_equal(client_send(&fixture, 1), STATUS_OK);

    world_crash(fixture.world, 1);
    (void)server_send(&fixture, 2);
    world_run_for(fixture.world, 10 * SECOND_US);

    assert_int_equal(fixture.by_server.count, 0);
    assert_int_equal(fixture.by_client.count, 0);
}

static void test_a_paused_process_hears_afterwards_what_was_sent_meanwhile(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    world_pause(fixture.world, 1, world_now_us(fixture.world) + 10 * SECOND_US);
    for (uint32_t i = 0; i < 50; i++)
        assert_int_equal(client_send(&fixture, i), STATUS_OK);

    world_run_for(fixture.world, 9 * SECOND_US);
    assert_int_equal(fixture.by_server.count, 0);
    world_run_for(fixture.world, 2 * SECOND_US);

    assert_int_equal(fixture.by_server.count, 50);
}

static void test_breaks_lose_frames_but_never_their_order(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    sim_net_faults(world_net(fixture.world))->break_one_in = 50;
    for (uint32_t i = 0; i < 2000; i++) {
        (void)client_send(&fixture, i);
        world_run_for(fixture.world, 1000);
    }
    world_run_for(fixture.world, SECOND_US);

    assert_in_range(fixture.by_server.count, 100, 1990);
    assert_true(is_rising(&fixture.by_server));
    assert_true(fixture.by_server.peer_changes > 5);
}

static void hostile_run(struct fixture *fixture)
{
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(client_send(fixture, i), STATUS_OK);
        world_run_for(fixture->world, 50);
    }
    world_run_for(fixture->world, SECOND_US);
}

static void test_a_hostile_network_drops(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    sim_net_faults(world_net(fixture.world))->drop_one_in = 10;

    hostile_run(&fixture);

    assert_in_range(fixture.by_server.count, 800, 990);
    assert_true(is_rising(&fixture.by_server));
}

static void test_a_hostile_network_repeats(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    sim_net_faults(world_net(fixture.world))->repeat_one_in = 10;

    hostile_run(&fixture);

    assert_in_range(fixture.by_server.count, 1010, 1200);
    assert_false(is_rising(&fixture.by_server));
}

static void test_a_hostile_network_reorders_and_loses_nothing(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    sim_net_faults(world_net(fixture.world))->reorder_one_in = 3;

    hostile_run(&fixture);

    assert_int_equal(fixture.by_server.count, 1000);
    assert_false(is_rising(&fixture.by_server));
    uint64_t sum = 0;
    for (size_t i = 0; i < 1000; i++)
        sum += fixture.by_server.numbers[i];
    assert_int_equal(sum, 999 * 1000 / 2);
}

static void test_a_way_set_apart_takes_its_own_time(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    sim_net_delay(world_net(fixture.world), 0, 1, 50000, 60000);
    assert_int_equal(client_send(&fixture, 1), STATUS_OK);

    world_run_for(fixture.world, 49999);
    assert_int_equal(fixture.by_server.count, 0);
    world_run_for(fixture.world, 20000);

    assert_int_equal(fixture.by_server.count, 1);
}

static void close_link(void *context, uint64_t peer, struct slice frame)
{
    (void)peer;
    (void)frame;
    struct fixture *fixture = context;
    fixture->by_client.count++;
    env_link_close(fixture->link);
    fixture->link = NULL;
}

static void test_a_link_closed_in_its_callback_hears_no_more(void **state)
{
    (void)state;
    SCOPED(fixture) fixture;
    fixture_init(&fixture, 1);
    env_link_close(fixture.link);
    assert_int_equal(
        env_connect(fixture.client, "one:1", "one", close_link, &fixture, &fixture.link),
        STATUS_OK);
    world_run_for(fixture.world, SECOND_US);
    assert_int_equal(client_send(&fixture, 1), STATUS_OK);
    world_run_for(fixture.world, SECOND_US);
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(server_send(&fixture, i), STATUS_OK);

    world_run_for(fixture.world, SECOND_US);

    assert_int_equal(fixture.by_client.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_get_through_both_ways_in_order),
        cmocka_unit_test(test_no_frame_is_heard_within_the_call_that_sends_it),
        cmocka_unit_test(test_a_link_is_busy_until_somebody_listens),
        cmocka_unit_test(test_an_address_has_one_listener_at_a_time),
        cmocka_unit_test(test_a_full_queue_is_busy_and_has_room_again_later),
        cmocka_unit_test(test_a_frame_beyond_the_bound_is_refused),
        cmocka_unit_test(test_an_unknown_peer_is_gone),
        cmocka_unit_test(test_a_cut_way_is_silent_and_the_other_one_is_not),
        cmocka_unit_test(test_what_a_short_cut_held_up_arrives_late_or_never_but_in_order),
        cmocka_unit_test(test_after_a_long_cut_the_link_comes_back_as_another_peer),
        cmocka_unit_test(test_a_link_finds_the_next_process_on_the_address),
        cmocka_unit_test(test_what_a_dying_process_sent_may_still_arrive_but_nothing_after_a_gap),
        cmocka_unit_test(test_a_dead_process_hears_nothing_and_its_frames_vanish),
        cmocka_unit_test(test_a_paused_process_hears_afterwards_what_was_sent_meanwhile),
        cmocka_unit_test(test_breaks_lose_frames_but_never_their_order),
        cmocka_unit_test(test_a_hostile_network_drops),
        cmocka_unit_test(test_a_hostile_network_repeats),
        cmocka_unit_test(test_a_hostile_network_reorders_and_loses_nothing),
        cmocka_unit_test(test_a_way_set_apart_takes_its_own_time),
        cmocka_unit_test(test_a_link_closed_in_its_callback_hears_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
