#include "tests/unit/core/env/env_fixture.h"

#include "core/base/limits.h"
#include "core/env/keys.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

enum { FRAMES = 1000, QUIET_US = 300000 };

/* A process: its env and keys, a listener or a link, and what it heard. */
struct process {
    struct env *env;
    struct env_keys *keys;
    struct env_listener *listener;
    struct env_link *link;
    bool echoes;
    bool closes_itself;
    uint64_t peer;
    uint32_t heard_count;
    uint64_t heard_bytes;
    bool is_out_of_order;
};

/* Frames carry their number, so that order and loss are seen. */
static void on_frame(void *context, uint64_t peer, struct slice frame)
{
    struct process *process = context;
    uint32_t number;
    assert_true(frame.size >= sizeof number);
    memcpy(&number, frame.bytes, sizeof number);
    process->is_out_of_order |= number != process->heard_count;
    process->heard_count++;
    process->heard_bytes += frame.size;
    process->peer = peer;
    if (process->echoes)
        assert_int_equal(env_listener_send(process->listener, peer, frame), STATUS_OK);
    if (process->closes_itself)
        env_link_close(GIVE(process->link));
}

/* Keys of "server" and "client" that know each other, and of a "stranger" that knows both. */
struct world {
    char address[32];
    struct process server;
    struct process client;
    struct process stranger;
    struct env_keys *trusting_keys; /* the server's, when it knows the stranger too */
};

static struct env_keys *keys_of(const struct buffer *secret, const struct buffer *known)
{
    SCOPED(buffer) mistakes = {0};
    struct env_keys *keys;
    assert_int_equal(env_keys_of_text(buffer_slice(secret), buffer_slice(known), &mistakes, &keys),
                     STATUS_OK);
    return keys;
}

static void free_address(char out_address[32])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
    close(descriptor);
    snprintf(out_address, 32, "127.0.0.1:%u", ntohs(address.sin_port));
}

static void process_start(struct process *process, const struct env_uv_options *options)
{
    struct env_uv_options with_keys = *options;
    with_keys.keys = process->keys;
    process->env = env_uv_create(&with_keys);
}

static struct world *world_create(const struct env_uv_options *options)
{
    struct world *world = memory_alloc_zeroed(sizeof *world);
    SCOPED(buffer) server = {0};
    SCOPED(buffer) client = {0};
    SCOPED(buffer) stranger = {0};
    SCOPED(buffer) known = {0};
    SCOPED(buffer) unknown = {0};
    env_keys_generate("server", &server, &known);
    env_keys_generate("client", &client, &known);
    env_keys_generate("stranger", &stranger, &unknown);
    world->server.keys = keys_of(&server, &known);
    world->client.keys = keys_of(&client, &known);
    world->stranger.keys = keys_of(&stranger, &known);
    buffer_append(&unknown, buffer_slice(&known));
    world->trusting_keys = keys_of(&server, &unknown);
    process_start(&world->server, options);
    process_start(&world->client, options);
    process_start(&world->stranger, options);
    free_address(world->address);
    return world;
}

static void process_end(struct process *process)
{
    env_link_close(process->link);
    env_listener_close(process->listener);
    env_uv_destroy(process->env);
    env_keys_destroy(process->keys);
}

static void world_destroy(struct world *world)
{
    process_end(&world->server);
    process_end(&world->client);
    process_end(&world->stranger);
    env_keys_destroy(world->trusting_keys);
    memory_free(world);
}
DEFINE_CLEANUP(world)

static void world_turn(struct world *world)
{
    env_uv_turn(world->server.env);
    env_uv_turn(world->client.env);
    env_uv_turn(world->stranger.env);
}

/* The address of a listener that was closed is free again only some time later. */
static void server_listen(struct world *world)
{
    struct process *server = &world->server;
    uint64_t give_up_us = env_boot_us(server->env) + GIVE_UP_US;
    enum status status;
    do {
        world_turn(world);
        status = env_listen(server->env, world->address, on_frame, server, &server->listener);
    } while (status == STATUS_EXISTS && env_boot_us(server->env) < give_up_us);
    assert_int_equal(status, STATUS_OK);
}

static void connect_to_server(struct world *world, struct process *process, const char *name)
{
    assert_int_equal(
        env_connect(process->env, world->address, name, on_frame, process, &process->link),
        STATUS_OK);
}

static void world_start(struct world *world)
{
    server_listen(world);
    connect_to_server(world, &world->client, "server");
}

static enum status send_number(struct process *process, uint32_t number, size_t size)
{
    uint8_t *bytes = memory_alloc_zeroed(size);
    memcpy(bytes, &number, sizeof number);
    enum status status = env_link_send(process->link, slice_of(bytes, size));
    memory_free(bytes);
    return status;
}

static void send_when_possible(struct world *world, uint32_t number, size_t size)
{
    uint64_t give_up_us = env_boot_us(world->server.env) + GIVE_UP_US;
    enum status status = send_number(&world->client, number, size);
    while (status == STATUS_BUSY && env_boot_us(world->server.env) < give_up_us) {
        world_turn(world);
        status = send_number(&world->client, number, size);
    }
    assert_int_equal(status, STATUS_OK);
}

static void wait_for_frames(struct world *world, const struct process *process, uint32_t count)
{
    uint64_t give_up_us = env_boot_us(process->env) + GIVE_UP_US;
    while (process->heard_count < count && env_boot_us(process->env) < give_up_us)
        world_turn(world);
    assert_int_equal(process->heard_count, count);
    assert_false(process->is_out_of_order);
}

static void run_quietly(struct world *world)
{
    uint64_t until_us = env_boot_us(world->server.env) + QUIET_US;
    while (env_boot_us(world->server.env) < until_us)
        world_turn(world);
}

static void test_frames_arrive_whole_and_in_order_and_so_do_replies(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    world->server.echoes = true;
    world->client.peer = 7;
    world_start(world);
    uint64_t bytes = 0;

    for (uint32_t i = 0; i < FRAMES; i++) {
        size_t size = 4 + i * 37 % 5000;
        send_when_possible(world, i, size);
        bytes += size;
        if (i % 100 == 0)
            wait_for_frames(world, &world->client, i + 1);
    }

    wait_for_frames(world, &world->client, FRAMES);
    assert_int_equal(world->server.heard_count, FRAMES);
    assert_int_equal(world->client.heard_bytes, bytes);
    assert_true(world->server.peer != 0);
    assert_int_equal(world->client.peer, 0);
}

static void test_the_largest_frame_arrives_and_a_larger_one_is_refused(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    world->server.echoes = true;
    world_start(world);

    send_when_possible(world, 0, LIMIT_FRAME_SIZE);
    wait_for_frames(world, &world->client, 1);

    assert_int_equal(world->client.heard_bytes, LIMIT_FRAME_SIZE);
    assert_int_equal(send_number(&world->client, 1, LIMIT_FRAME_SIZE + 1), STATUS_TOO_LARGE);
}

static void test_an_unknown_key_is_never_heard(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    world_start(world);
    connect_to_server(world, &world->stranger, "server");

    send_when_possible(world, 0, 4);
    wait_for_frames(world, &world->server, 1);
    for (int i = 0; i < 100; i++) {
        (void)send_number(&world->stranger, 1, 4); /* Busy is fine: it has nobody to talk to. */
        world_turn(world);
    }
    run_quietly(world);

    assert_int_equal(world->server.heard_count, 1);
}

static void test_a_peer_once_refused_is_heard_when_its_key_has_become_known(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    struct process *server = &world->server;
    server_listen(world);
    connect_to_server(world, &world->stranger, "server");
    run_quietly(world);

    env_listener_close(GIVE(server->listener));
    env_uv_destroy(server->env);
    env_keys_destroy(server->keys);
    server->keys = GIVE(world->trusting_keys);
    process_start(server, &(struct env_uv_options){0});
    server_listen(world);

    uint64_t give_up_us = env_boot_us(server->env) + GIVE_UP_US;
    while (server->heard_count == 0 && env_boot_us(server->env) < give_up_us) {
        (void)send_number(&world->stranger, 0, 4); /* Busy until it is let in. */
        world_turn(world);
    }
    assert_true(server->heard_count > 0);
}

static void test_a_server_that_cannot_prove_its_key_hears_nothing(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    server_listen(world);

    connect_to_server(world, &world->client, "client");
    for (int i = 0; i < 100; i++) {
        (void)send_number(&world->client, 0, 4); /* As above. */
        world_turn(world);
    }
    run_quietly(world);

    assert_int_equal(world->server.heard_count, 0);
}

static void test_a_name_without_a_key_cannot_be_connected_to(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    struct env_link *link;
    assert_int_equal(
        env_connect(world->client.env, world->address, "nobody", on_frame, NULL, &link),
        STATUS_NOT_FOUND);
}

static void test_wrong_and_taken_addresses_are_refused(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    struct env_listener *listener;
    struct env_link *link;
    struct env *env = world->client.env;
    server_listen(world);

    assert_int_equal(env_listen(env, world->address, on_frame, NULL, &listener), STATUS_EXISTS);
    assert_int_equal(env_listen(env, "no port", on_frame, NULL, &listener), STATUS_INVALID);
    assert_int_equal(env_connect(env, "no port", "server", on_frame, NULL, &link), STATUS_INVALID);
}

static void test_a_link_to_nobody_is_busy(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    connect_to_server(world, &world->client, "server");
    assert_int_equal(send_number(&world->client, 0, 4), STATUS_BUSY);
}

static void test_a_link_finds_a_listener_that_was_restarted(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    world_start(world);
    send_when_possible(world, 0, 4);
    wait_for_frames(world, &world->server, 1);
    uint64_t old_peer = world->server.peer;

    env_listener_close(GIVE(world->server.listener));
    server_listen(world);
    world->server.heard_count = 0;
    world->server.peer = 0;

    /* What was sent to the old connection is lost: repeated until one is heard. */
    uint64_t give_up_us = env_boot_us(world->server.env) + GIVE_UP_US;
    while (world->server.heard_count == 0 && env_boot_us(world->server.env) < give_up_us) {
        (void)send_number(&world->client, 0, 4);
        world_turn(world);
    }
    assert_true(world->server.heard_count > 0);
    assert_true(world->server.peer != old_peer);
}

static void test_a_peer_that_is_gone_is_closed_and_its_successor_has_another_number(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    world_start(world);
    send_when_possible(world, 0, 4);
    wait_for_frames(world, &world->server, 1);
    uint64_t old_peer = world->server.peer;

    env_link_close(GIVE(world->client.link));
    uint64_t give_up_us = env_boot_us(world->server.env) + GIVE_UP_US;
    enum status status = STATUS_OK;
    while (status != STATUS_CLOSED && env_boot_us(world->server.env) < give_up_us) {
        status = env_listener_send(world->server.listener, old_peer, slice_of_text("gone"));
        world_turn(world);
    }
    connect_to_server(world, &world->client, "server");
    send_when_possible(world, 1, 4);
    wait_for_frames(world, &world->server, 2);

    assert_int_equal(status, STATUS_CLOSED);
    assert_true(world->server.peer != old_peer);
    assert_int_equal(env_listener_send(world->server.listener, old_peer, slice_of_text("gone")),
                     STATUS_CLOSED);
}

static void test_the_peer_silent_longest_is_forgotten_first(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){.peers_max = 1});
    struct process second = {.env = world->client.env};
    world_start(world);
    send_when_possible(world, 0, 4);
    wait_for_frames(world, &world->server, 1);
    uint64_t first_peer = world->server.peer;

    connect_to_server(world, &second, "server");
    struct env_link *first_link = world->client.link;
    world->client.link = second.link;
    send_when_possible(world, 1, 4);
    wait_for_frames(world, &world->server, 2);

    assert_int_equal(env_listener_send(world->server.listener, first_peer, slice_of_text("x")),
                     STATUS_CLOSED);
    env_link_close(first_link);
}

static void test_beyond_its_bound_a_link_is_busy_and_loses_nothing_it_took(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){.frames_waiting_max = 4});
    world_start(world);
    send_when_possible(world, 0, 4);
    wait_for_frames(world, &world->server, 1);

    uint32_t taken = 1;
    while (taken < FRAMES && send_number(&world->client, taken, 1 << 20) == STATUS_OK)
        taken++;

    assert_in_range(taken, 2, FRAMES - 1);
    wait_for_frames(world, &world->server, taken);
    send_when_possible(world, taken, 4);
    wait_for_frames(world, &world->server, taken + 1);
}

static void test_a_link_may_close_itself_while_it_hears(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    world->server.echoes = true;
    world->client.closes_itself = true;
    world_start(world);
    send_when_possible(world, 0, 4);
    assert_int_equal(send_number(&world->client, 1, 4), STATUS_OK);

    wait_for_frames(world, &world->client, 1);
    run_quietly(world);

    assert_null(world->client.link);
    assert_int_equal(world->client.heard_count, 1);
}

static void stop_on_frame(void *context, uint64_t peer, struct slice frame)
{
    (void)peer;
    (void)frame;
    env_uv_stop(context);
}

static void test_a_sleeping_loop_wakes_up_for_a_frame(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    struct process *server = &world->server;
    assert_int_equal(
        env_listen(server->env, world->address, stop_on_frame, server->env, &server->listener),
        STATUS_OK);
    connect_to_server(world, &world->client, "server");

    for (uint32_t i = 0; i < 50; i++) {
        send_when_possible(world, i, 4);
        fixture_run(server->env);
    }
}

enum { PINGS = 3000, PINGS_AT_ONCE = 8 };

/* Two loops in two threads that only sleep and answer. */
struct pinger {
    struct world *world;
    struct env_timer connect;
    uint32_t answered;
};

static void ping(struct pinger *pinger)
{
    assert_int_equal(send_number(&pinger->world->client, 0, 64), STATUS_OK);
}

static void first_pings(void *context)
{
    struct pinger *pinger = context;
    struct process *client = &pinger->world->client;
    if (send_number(client, 0, 64) == STATUS_BUSY) {
        env_timer_start(client->env, &pinger->connect, 1000, first_pings, pinger);
        return;
    }
    for (int i = 1; i < PINGS_AT_ONCE; i++)
        ping(pinger);
}

static void on_pong(void *context, uint64_t peer, struct slice frame)
{
    (void)peer;
    (void)frame;
    struct pinger *pinger = context;
    if (++pinger->answered < PINGS)
        ping(pinger);
    else
        env_uv_stop(pinger->world->client.env);
}

static void on_ping(void *context, uint64_t peer, struct slice frame)
{
    struct process *server = context;
    if (frame.size == 1)
        env_uv_stop(server->env);
    else
        assert_int_equal(env_listener_send(server->listener, peer, frame), STATUS_OK);
}

static void *server_thread(void *context)
{
    struct process *server = context;
    env_uv_run(server->env);
    return NULL;
}

static void test_two_loops_that_answer_each_other_never_oversleep(void **state)
{
    (void)state;
    OWNED(world) world = world_create(&(struct env_uv_options){0});
    struct process *server = &world->server;
    struct process *client = &world->client;
    struct pinger pinger = {.world = world};
    pthread_t thread;
    assert_int_equal(env_listen(server->env, world->address, on_ping, server, &server->listener),
                     STATUS_OK);
    assert_int_equal(
        env_connect(client->env, world->address, "server", on_pong, &pinger, &client->link),
        STATUS_OK);
    assert_int_equal(pthread_create(&thread, NULL, server_thread, server), 0);

    env_timer_start(client->env, &pinger.connect, 0, first_pings, &pinger);
    fixture_run(client->env);

    assert_true(pinger.answered >= PINGS);
    assert_int_equal(env_link_send(client->link, slice_of_text("x")), STATUS_OK);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_frames_arrive_whole_and_in_order_and_so_do_replies),
        cmocka_unit_test(test_the_largest_frame_arrives_and_a_larger_one_is_refused),
        cmocka_unit_test(test_an_unknown_key_is_never_heard),
        cmocka_unit_test(test_a_peer_once_refused_is_heard_when_its_key_has_become_known),
        cmocka_unit_test(test_a_server_that_cannot_prove_its_key_hears_nothing),
        cmocka_unit_test(test_a_name_without_a_key_cannot_be_connected_to),
        cmocka_unit_test(test_wrong_and_taken_addresses_are_refused),
        cmocka_unit_test(test_a_link_to_nobody_is_busy),
        cmocka_unit_test(test_a_link_finds_a_listener_that_was_restarted),
        cmocka_unit_test(test_a_peer_that_is_gone_is_closed_and_its_successor_has_another_number),
        cmocka_unit_test(test_the_peer_silent_longest_is_forgotten_first),
        cmocka_unit_test(test_beyond_its_bound_a_link_is_busy_and_loses_nothing_it_took),
        cmocka_unit_test(test_a_link_may_close_itself_while_it_hears),
        cmocka_unit_test(test_a_sleeping_loop_wakes_up_for_a_frame),
        cmocka_unit_test(test_two_loops_that_answer_each_other_never_oversleep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
