#include "tests/unit/core/catalog/placement_fixture.h"

#include "tests/unit/seed.h"

/* --- Evenness --- */

static void test_replicas_and_leaders_are_even_for_every_size(void **state)
{
    (void)state;
    static struct cluster cluster;
    const uint32_t tablet_counts[] = {1, 2, 3, 16, 31, 128, 512};
    const size_t node_counts[] = {1, 2, 3, 4, 5, 7, 12, 30, 100};
    for (size_t i = 0; i < sizeof tablet_counts / sizeof tablet_counts[0]; i++)
        for (size_t j = 0; j < sizeof node_counts / sizeof node_counts[0]; j++)
            for (uint32_t replica_count = 1; replica_count <= 5; replica_count += 2) {
                OWNED(arena) arena = arena_create();
                cluster_init(&cluster, node_counts[j]);
                assert_even(&cluster, place(&cluster, tablet_counts[i], replica_count, NULL, arena),
                            tablet_counts[i], replica_count);
            }
}

static void test_the_largest_cluster_is_even(void **state)
{
    (void)state;
    static struct cluster cluster;
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 100);
    for (size_t i = 0; i < cluster.count; i++)
        cluster.nodes[i].zone = name_of(&cluster, i % 3);

    const struct placement_replicas *tablets = place(&cluster, 4096, 3, NULL, arena);

    assert_even(&cluster, tablets, 4096, 3);
    assert_int_equal(shared_count(&cluster, tablets, 4096, true), 0);
}

static void test_fewer_nodes_than_replicas_hold_one_each(void **state)
{
    (void)state;
    static struct cluster cluster;
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 2);

    const struct placement_replicas *tablets = place(&cluster, 16, 3, NULL, arena);

    assert_int_equal(tablets[0].count, 2);
    assert_even(&cluster, tablets, 16, 3);
}

/* --- Moves --- */

static void test_placing_again_changes_nothing(void **state)
{
    (void)state;
    static struct cluster cluster;
    for (size_t node_count = 1; node_count <= 20; node_count++) {
        OWNED(arena) arena = arena_create();
        cluster_init(&cluster, node_count);
        for (size_t i = 0; i < node_count; i++)
            cluster.nodes[i].zone = name_of(&cluster, i % 4);
        const struct placement_replicas *first = place(&cluster, 128, 3, NULL, arena);

        const struct placement_replicas *again = place(&cluster, 128, 3, first, arena);

        assert_true(is_same(first, again, 128));
    }
}

static void test_a_node_that_joins_moves_no_more_than_its_share(void **state)
{
    (void)state;
    static struct cluster cluster;
    for (size_t node_count = 1; node_count <= 40; node_count++) {
        OWNED(arena) arena = arena_create();
        cluster_init(&cluster, node_count);
        const struct placement_replicas *before = place(&cluster, 128, 3, NULL, arena);
        struct loads loads = loads_of(&cluster, before, 128);
        size_t wanted = node_count + 1 < 3 ? node_count + 1 : 3;
        cluster.count++;

        const struct placement_replicas *after = place(&cluster, 128, 3, before, arena);

        assert_even(&cluster, after, 128, 3);
        assert_int_equal(move_count(before, after, 128),
                         move_count_min(&cluster, loads.replicas, 128 * wanted));
    }
}

static void test_a_node_that_drains_moves_what_it_held_and_nothing_else(void **state)
{
    (void)state;
    static struct cluster cluster;
    for (size_t node_count = 2; node_count <= 40; node_count++) {
        OWNED(arena) arena = arena_create();
        cluster_init(&cluster, node_count);
        const struct placement_replicas *before = place(&cluster, 128, 3, NULL, arena);
        struct loads loads = loads_of(&cluster, before, 128);
        size_t wanted = node_count - 1 < 3 ? node_count - 1 : 3;
        cluster.nodes[node_count / 2].is_draining = true;

        const struct placement_replicas *after = place(&cluster, 128, 3, before, arena);

        assert_even(&cluster, after, 128, 3);
        assert_int_equal(move_count(before, after, 128),
                         move_count_min(&cluster, loads.replicas, 128 * wanted));
    }
}

static void test_a_node_that_is_gone_is_as_one_that_drains(void **state)
{
    (void)state;
    static struct cluster cluster;
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 6);
    const struct placement_replicas *before = place(&cluster, 128, 3, NULL, arena);
    cluster.nodes[5].is_draining = true;
    const struct placement_replicas *drained = place(&cluster, 128, 3, before, arena);
    cluster.count = 5;

    const struct placement_replicas *gone = place(&cluster, 128, 3, before, arena);

    assert_true(is_same(drained, gone, 128));
}

static void test_leaders_stay_when_they_can(void **state)
{
    (void)state;
    static struct cluster cluster;
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 4);
    const struct placement_replicas *before = place(&cluster, 128, 3, NULL, arena);
    cluster.count = 5;

    const struct placement_replicas *after = place(&cluster, 128, 3, before, arena);

    size_t changed = 0;
    for (size_t i = 0; i < 128; i++)
        changed += before[i].node_ids[0] != after[i].node_ids[0];
    /* The new node's share has to come from the four others. */
    assert_in_range(changed, 128 / 5, 128 / 5 + 1);
}

static void test_leaders_become_even_without_a_replica_moving(void **state)
{
    (void)state;
    static struct cluster cluster;
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 3);
    const uint64_t ids[] = {ID_STEP, 2 * ID_STEP, 3 * ID_STEP};
    struct placement_replicas before[16];
    for (size_t i = 0; i < 16; i++)
        before[i] = (struct placement_replicas){.count = 3, .node_ids = ids};

    const struct placement_replicas *after = place(&cluster, 16, 3, before, arena);

    assert_even(&cluster, after, 16, 3);
    assert_int_equal(move_count(before, after, 16), 0);
    size_t kept = 0;
    for (size_t i = 0; i < 16; i++)
        kept += after[i].node_ids[0] == ids[0];
    assert_int_equal(kept, 6);
}

static void test_fewer_replicas_than_before_move_nothing(void **state)
{
    (void)state;
    static struct cluster cluster;
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 7);
    const struct placement_replicas *before = place(&cluster, 128, 5, NULL, arena);

    const struct placement_replicas *after = place(&cluster, 128, 3, before, arena);

    assert_even(&cluster, after, 128, 3);
    assert_int_equal(move_count(before, after, 128), 0);
}

static void test_a_previous_assignment_may_be_nonsense(void **state)
{
    (void)state;
    static struct cluster cluster;
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 4);
    const uint64_t ids[] = {2 * ID_STEP, 2 * ID_STEP, 1, UINT64_MAX, 2 * ID_STEP};
    struct placement_replicas before[16] = {0};
    for (size_t i = 0; i < 16; i += 2)
        before[i] = (struct placement_replicas){.count = 5, .node_ids = ids};

    assert_even(&cluster, place(&cluster, 16, 3, before, arena), 16, 3);
}

/* --- Hosts and zones --- */

static void test_replicas_keep_to_different_zones_while_zones_are_alike(void **state)
{
    (void)state;
    static struct cluster cluster;
    for (size_t per_zone = 1; per_zone <= 8; per_zone++) {
        OWNED(arena) arena = arena_create();
        cluster_init(&cluster, 3 * per_zone);
        for (size_t i = 0; i < cluster.count; i++)
            cluster.nodes[i].zone = name_of(&cluster, i % 3);

        const struct placement_replicas *tablets = place(&cluster, 128, 3, NULL, arena);

        assert_even(&cluster, tablets, 128, 3);
        /* Where shares are not whole numbers, the bounds leave room for all zones to be equal. */
        assert_int_equal(shared_count(&cluster, tablets, 128, false), 0);
    }
}

static void test_replicas_keep_to_different_hosts(void **state)
{
    (void)state;
    static struct cluster cluster;
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 8);
    for (size_t i = 0; i < cluster.count; i++)
        cluster.nodes[i].host = name_of(&cluster, i / 2);

    const struct placement_replicas *tablets = place(&cluster, 128, 3, NULL, arena);

    assert_even(&cluster, tablets, 128, 3);
    assert_int_equal(shared_count(&cluster, tablets, 128, true), 0);
}

static void test_a_zone_too_small_for_all_is_used_up_to_its_nodes_share(void **state)
{
    (void)state;
    static struct cluster cluster;
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 6);
    /* Zones of 1, 1 and 4 nodes: a node holds half of the tablets, so that half have two each. */
    for (size_t i = 0; i < cluster.count; i++)
        cluster.nodes[i].zone = name_of(&cluster, i < 2 ? i : 2);

    const struct placement_replicas *tablets = place(&cluster, 128, 3, NULL, arena);

    assert_even(&cluster, tablets, 128, 3);
    assert_int_equal(shared_count(&cluster, tablets, 128, false), 128);
}

static void test_hosts_come_before_zones(void **state)
{
    (void)state;
    static struct cluster cluster;
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 3);
    /* Nodes 0 and 1 share a host across zones; 0 and 2 a zone. */
    cluster.nodes[1].host = cluster.nodes[0].host;
    cluster.nodes[1].zone = name_of(&cluster, 1);

    const struct placement_replicas *tablets = place(&cluster, 3, 2, NULL, arena);

    /* Each node holds two replicas, so that each of the three pairs of nodes serves once. */
    assert_even(&cluster, tablets, 3, 2);
    assert_int_equal(shared_count(&cluster, tablets, 3, true), 1);
    assert_int_equal(shared_count(&cluster, tablets, 3, false), 1);
}

static void test_a_new_zone_ends_what_was_shared(void **state)
{
    (void)state;
    static struct cluster cluster;
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 4);
    for (size_t i = 0; i < 6; i++)
        cluster.nodes[i].zone = name_of(&cluster, i / 2);
    const struct placement_replicas *before = place(&cluster, 128, 3, NULL, arena);
    assert_int_equal(shared_count(&cluster, before, 128, false), 128);
    struct loads loads = loads_of(&cluster, before, 128);
    cluster.count = 6;

    const struct placement_replicas *after = place(&cluster, 128, 3, before, arena);

    assert_even(&cluster, after, 128, 3);
    assert_int_equal(shared_count(&cluster, after, 128, false), 0);
    assert_int_equal(move_count(before, after, 128),
                     move_count_min(&cluster, loads.replicas, 128 * 3));
}

static void test_replicas_that_share_a_zone_for_no_need_are_parted(void **state)
{
    (void)state;
    static struct cluster cluster;
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 4);
    for (size_t i = 0; i < 4; i++)
        cluster.nodes[i].zone = name_of(&cluster, i / 2);
    /* Even, and yet each tablet is in one zone only. */
    const uint64_t ids[] = {1 * ID_STEP, 2 * ID_STEP, 3 * ID_STEP, 4 * ID_STEP};
    struct placement_replicas before[16];
    for (size_t i = 0; i < 16; i++)
        before[i] = (struct placement_replicas){.count = 2, .node_ids = ids + 2 * (i % 2)};

    const struct placement_replicas *after = place(&cluster, 16, 2, before, arena);

    assert_even(&cluster, after, 16, 2);
    assert_int_equal(shared_count(&cluster, after, 16, false), 0);
    assert_int_equal(move_count(before, after, 16), 16);
}

static void test_whatever_comes_and_goes_the_bounds_hold(void **state)
{
    (void)state;
    static struct cluster cluster;
    struct random random = random_of_test();
    for (int run = 0; run < 30; run++) {
        OWNED(arena) arena = arena_create();
        uint32_t tablet_count = (uint32_t)1 << random_below(&random, 8);
        uint32_t replica_count = 1 + (uint32_t)random_below(&random, 5);
        cluster_init(&cluster, 1 + random_below(&random, 30));
        for (size_t i = 0; i < NODES_MAX; i++) {
            cluster.nodes[i].zone = name_of(&cluster, random_below(&random, 4));
            cluster.nodes[i].host = name_of(&cluster, random_below(&random, 20));
        }
        const struct placement_replicas *tablets = NULL;
        for (int step = 0; step < 10; step++) {
            tablets = place(&cluster, tablet_count, replica_count, tablets, arena);
            assert_even(&cluster, tablets, tablet_count, replica_count);
            cluster.count += random_below(&random, 3);
            cluster.nodes[random_below(&random, cluster.count)].is_draining = true;
            cluster.nodes[random_below(&random, cluster.count)].is_draining = false;
            cluster.nodes[0].is_draining = false;
        }
    }
}

/* --- Determinism --- */

static void test_the_order_of_nodes_does_not_matter(void **state)
{
    (void)state;
    static struct cluster cluster, shuffled;
    struct random random = random_of_test();
    OWNED(arena) arena = arena_create();
    cluster_init(&cluster, 13);
    for (size_t i = 0; i < 14; i++)
        cluster.nodes[i].zone = name_of(&cluster, i % 4);
    const struct placement_replicas *before = place(&cluster, 128, 3, NULL, arena);
    cluster.count = 14;
    const struct placement_replicas *after = place(&cluster, 128, 3, before, arena);

    for (int run = 0; run < 10; run++) {
        shuffled = cluster;
        for (size_t i = shuffled.count - 1; i > 0; i--) {
            size_t other = random_below(&random, i + 1);
            struct placement_node node = shuffled.nodes[i];
            shuffled.nodes[i] = shuffled.nodes[other];
            shuffled.nodes[other] = node;
        }
        assert_true(is_same(place(&shuffled, 128, 3, before, arena), after, 128));
    }
}

/* --- Refusals --- */

static enum status compute(const struct placement_node *nodes, size_t node_count,
                           uint32_t tablet_count, uint32_t replica_count)
{
    OWNED(arena) arena = arena_create();
    const struct placement_replicas *tablets = NULL;
    struct placement_request request = {
        .nodes = nodes,
        .node_count = node_count,
        .tablet_count = tablet_count,
        .replica_count = replica_count,
    };
    return placement_compute(&request, arena, &tablets);
}

static void test_a_cluster_in_which_no_node_takes_replicas_is_invalid(void **state)
{
    (void)state;
    const struct placement_node draining[] = {{.id = 1, .is_draining = true}};

    assert_int_equal(compute(NULL, 0, 16, 3), STATUS_INVALID);
    assert_int_equal(compute(draining, 1, 16, 3), STATUS_INVALID);
}

static void test_two_nodes_of_one_id_are_invalid(void **state)
{
    (void)state;
    const struct placement_node nodes[] = {{.id = 5}, {.id = 9}, {.id = 5, .is_draining = true}};

    assert_int_equal(compute(nodes, 2, 16, 3), STATUS_OK);
    assert_int_equal(compute(nodes, 3, 16, 3), STATUS_INVALID);
}

static void test_counts_out_of_bounds_are_invalid(void **state)
{
    (void)state;
    static struct cluster cluster;
    cluster_init(&cluster, 3);

    assert_int_equal(compute(cluster.nodes, 3, 0, 3), STATUS_INVALID);
    assert_int_equal(compute(cluster.nodes, 3, 4097, 3), STATUS_INVALID);
    assert_int_equal(compute(cluster.nodes, 3, 16, 0), STATUS_INVALID);
    assert_int_equal(compute(cluster.nodes, 3, 16, PLACEMENT_REPLICAS_MAX + 1), STATUS_INVALID);
    assert_int_equal(compute(cluster.nodes, PLACEMENT_NODES_MAX + 1, 16, 3), STATUS_INVALID);
    assert_int_equal(compute(cluster.nodes, PLACEMENT_NODES_MAX, 16, PLACEMENT_REPLICAS_MAX),
                     STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replicas_and_leaders_are_even_for_every_size),
        cmocka_unit_test(test_the_largest_cluster_is_even),
        cmocka_unit_test(test_fewer_nodes_than_replicas_hold_one_each),
        cmocka_unit_test(test_placing_again_changes_nothing),
        cmocka_unit_test(test_a_node_that_joins_moves_no_more_than_its_share),
        cmocka_unit_test(test_a_node_that_drains_moves_what_it_held_and_nothing_else),
        cmocka_unit_test(test_a_node_that_is_gone_is_as_one_that_drains),
        cmocka_unit_test(test_leaders_stay_when_they_can),
        cmocka_unit_test(test_leaders_become_even_without_a_replica_moving),
        cmocka_unit_test(test_fewer_replicas_than_before_move_nothing),
        cmocka_unit_test(test_a_previous_assignment_may_be_nonsense),
        cmocka_unit_test(test_replicas_keep_to_different_zones_while_zones_are_alike),
        cmocka_unit_test(test_replicas_keep_to_different_hosts),
        cmocka_unit_test(test_a_zone_too_small_for_all_is_used_up_to_its_nodes_share),
        cmocka_unit_test(test_hosts_come_before_zones),
        cmocka_unit_test(test_a_new_zone_ends_what_was_shared),
        cmocka_unit_test(test_replicas_that_share_a_zone_for_no_need_are_parted),
        cmocka_unit_test(test_whatever_comes_and_goes_the_bounds_hold),
        cmocka_unit_test(test_the_order_of_nodes_does_not_matter),
        cmocka_unit_test(test_a_cluster_in_which_no_node_takes_replicas_is_invalid),
        cmocka_unit_test(test_two_nodes_of_one_id_are_invalid),
        cmocka_unit_test(test_counts_out_of_bounds_are_invalid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
