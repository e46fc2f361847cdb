#include "tests/unit/proto/rpc_fixture.h"

#include "proto/peers.h"

struct fixture {
    struct world *world;
    struct env *env;
    struct peers *peers;
};

static int set_up(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    fixture->world = fixture_world();
    fixture->env = world_boot(fixture->world, FIXTURE_CLIENT);
    fixture->peers = peers_create(fixture->env, "client");
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    peers_destroy(fixture->peers);
    world_destroy(fixture->world);
    memory_free(fixture);
    return 0;
}

static struct rpc_client *client_of(struct fixture *fixture, uint64_t id, const char *address)
{
    struct node_record node = {
        .id = id, .name = slice_of_text("node"), .address = slice_of_text(address)};
    return peers_client(fixture->peers, &node);
}

/* A caller who asks for the node's client again when its call has ended, at another address. */
struct caller {
    struct fixture *fixture;
    const char *next_address;
    size_t count;
};

static void take(void *context, const struct rpc_result *result)
{
    struct caller *caller = context;
    assert_int_equal(result->outcome, RPC_NOT_EXECUTED);
    caller->count++;
    (void)client_of(caller->fixture, 1, caller->next_address);
}

static void test_a_node_has_one_client_for_as_long_as_its_address_stays(void **state)
{
    struct fixture *fixture = *state;
    struct rpc_client *first = client_of(fixture, 1, "a:1");

    assert_ptr_equal(client_of(fixture, 1, "a:1"), first);
    assert_ptr_not_equal(client_of(fixture, 2, "a:1"), first);
    assert_ptr_not_equal(client_of(fixture, 1, "b:1"), NULL);
}

static void test_calls_to_an_address_of_old_still_end(void **state)
{
    struct fixture *fixture = *state;
    struct caller caller = {.fixture = fixture, .next_address = "b:1"};
    rpc_client_call(client_of(fixture, 1, "a:1"), RPC_READ, slice_of_text("x"),
                    FIXTURE_SECOND_US / 10, take, &caller);

    (void)client_of(fixture, 1, "b:1");
    world_run_for(fixture->world, FIXTURE_SECOND_US);

    assert_int_equal(caller.count, 1);
}

static void test_a_callback_may_ask_for_a_client_in_place_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    struct caller caller = {.fixture = fixture, .next_address = "b:1"};
    struct rpc_client *client = client_of(fixture, 1, "a:1");
    for (int i = 0; i < 3; i++)
        rpc_client_call(client, RPC_READ, slice_of_text("x"), FIXTURE_SECOND_US / 10, take,
                        &caller);

    world_run_for(fixture->world, FIXTURE_SECOND_US);

    assert_int_equal(caller.count, 3);
}

#define PEERS_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEERS_TEST(test_a_node_has_one_client_for_as_long_as_its_address_stays),
        PEERS_TEST(test_calls_to_an_address_of_old_still_end),
        PEERS_TEST(test_a_callback_may_ask_for_a_client_in_place_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
