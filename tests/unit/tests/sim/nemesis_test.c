/*
 * A cluster of counters stands in for real nodes: each adds one to a number, writes and syncs it in
 * a work, and tells the others once that is done.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/byte_order.h"
#include "core/base/memory.h"
#include "tests/sim/nemesis.h"

#include <stdio.h>

enum { MACHINE_COUNT = 3, PERIOD_US = 10 * 1000, SECOND_US = 1000 * 1000 };

struct cluster;

struct counter {
    struct cluster *cluster;
    uint32_t machine;
    struct env *env;
    struct env_file *file;
    struct env_listener *listener;
    struct env_link *links[MACHINE_COUNT];
    struct env_timer timer;
    struct env_work work;
    uint64_t number;
    bool has_failed;
};

struct cluster {
    struct world *world;
    struct counter *counters[MACHINE_COUNT];
    uint64_t synced[MACHINE_COUNT]; /* the highest number of each whose sync has succeeded */
    uint64_t heard_count;
    uint64_t start_count;
    uint64_t stop_count;
};

static void on_frame(void *context, uint64_t peer, struct slice frame)
{
    (void)peer;
    struct counter *counter = context;
    assert_true(world_is_running(counter->cluster->world, counter->machine));
    struct byte_reader reader = byte_reader_of(frame);
    uint64_t machine = byte_reader_u64(&reader);
    /* What a counter tells was synced before. */
    assert_true(byte_reader_u64(&reader) <= counter->cluster->synced[machine]);
    counter->cluster->heard_count++;
}

static void count_write(void *context)
{
    struct counter *counter = context;
    uint8_t bytes[8];
    byte_order_put_u64(bytes, counter->number);
    enum status status = env_file_write(counter->file, 0, slice_of(bytes, sizeof bytes));
    if (status == STATUS_OK)
        status = env_file_sync(counter->file);
    counter->has_failed = status != STATUS_OK;
    if (!counter->has_failed)
        counter->cluster->synced[counter->machine] = counter->number;
}

static void count_tell(void *context);

static void count_next(void *context)
{
    struct counter *counter = context;
    counter->number++;
    env_work_start(counter->env, &counter->work, count_write, count_tell, counter);
}

static void count_tell(void *context)
{
    struct counter *counter = context;
    uint8_t frame[16];
    if (counter->has_failed) {
        env_fatal(counter->env, "the number is lost");
        return;
    }
    byte_order_put_u64(frame, counter->machine);
    byte_order_put_u64(frame + 8, counter->number);
    for (int i = 0; i < MACHINE_COUNT; i++)
        (void)env_link_send(counter->links[i], slice_of(frame, sizeof frame)); /* lost if lost */
    env_timer_start(counter->env, &counter->timer, PERIOD_US, count_next, counter);
}

/* Eight bytes lie in one sector, of which a torn write may show any first part. */
static bool number_read(struct counter *counter)
{
    uint8_t bytes[8] = {0};
    size_t size;
    if (env_file_read(counter->file, 0, bytes, sizeof bytes, &size) != STATUS_OK)
        return false;
    counter->number = byte_order_get_u64(bytes);
    return true;
}

static void counter_connect(struct counter *counter)
{
    char address[32];
    snprintf(address, sizeof address, "m%u:1", counter->machine);
    assert_int_equal(env_listen(counter->env, address, on_frame, counter, &counter->listener),
                     STATUS_OK);
    for (unsigned i = 0; i < MACHINE_COUNT; i++) {
        snprintf(address, sizeof address, "m%u:1", i);
        assert_int_equal(
            env_connect(counter->env, address, "", on_frame, counter, &counter->links[i]),
            STATUS_OK);
    }
}

static void counter_start(void *context, uint32_t machine, struct env *env)
{
    struct cluster *cluster = context;
    struct counter *counter = memory_alloc_zeroed(sizeof *counter);
    *counter = (struct counter){.cluster = cluster, .machine = machine, .env = env};
    assert_null(cluster->counters[machine]);
    cluster->counters[machine] = counter;
    cluster->start_count++;
    if (env_file_open(env, "number", ENV_OPEN_CREATE, &counter->file) != STATUS_OK ||
        env_directory_sync(env, ".") != STATUS_OK || !number_read(counter)) {
        env_fatal(env, "no number");
        return;
    }
    assert_true(counter->number >= cluster->synced[machine]);
    counter_connect(counter);
    count_next(counter);
}

static void counter_stop(void *context, uint32_t machine)
{
    struct cluster *cluster = context;
    struct counter *counter = cluster->counters[machine];
    env_timer_stop(counter->env, &counter->timer);
    for (int i = 0; i < MACHINE_COUNT; i++)
        env_link_close(counter->links[i]);
    env_listener_close(counter->listener);
    env_file_close(counter->file);
    memory_free(counter);
    cluster->counters[machine] = NULL;
    cluster->stop_count++;
}

static struct nemesis_options options_of(struct cluster *cluster)
{
    struct nemesis_options options = nemesis_options_usual(MACHINE_COUNT);
    options.start_fn = counter_start;
    options.stop_fn = counter_stop;
    options.context = cluster;
    return options;
}

static uint64_t run_digest(uint64_t seed)
{
    OWNED(world) world = world_create(seed);
    struct cluster cluster = {.world = world};
    struct nemesis_options options = options_of(&cluster);
    OWNED(nemesis) nemesis = nemesis_create(world, &options);
    world_run_for(world, 20 * SECOND_US);
    nemesis_heal(nemesis);
    world_run_for(world, SECOND_US);
    return world_digest(world);
}

static void test_one_seed_gives_one_run(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++)
        assert_true(run_digest(seed) == run_digest(seed));
}

static void test_other_seeds_give_other_runs(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++)
        assert_true(run_digest(seed) != run_digest(seed + 1));
}

static void test_without_faults_nobody_dies_and_all_are_heard(void **state)
{
    (void)state;
    OWNED(world) world = world_create(1);
    struct cluster cluster = {.world = world};
    struct nemesis_options options = options_of(&cluster);
    memset(options.weights, 0, sizeof options.weights);
    OWNED(nemesis) nemesis = nemesis_create(world, &options);

    world_run_for(world, 10 * SECOND_US);

    assert_int_equal(nemesis_count(nemesis, NEMESIS_KILL), 0);
    assert_int_equal(cluster.start_count, MACHINE_COUNT);
    assert_int_equal(cluster.stop_count, 0);
    assert_true(cluster.heard_count > 5000);
}

static void test_every_kind_of_fault_happens_and_all_run_again_after_healing(void **state)
{
    (void)state;
    uint64_t counts[NEMESIS_FAULT_COUNT] = {0};
    for (uint64_t seed = 0; seed < 10; seed++) {
        OWNED(world) world = world_create(seed);
        struct cluster cluster = {.world = world};
        struct nemesis_options options = options_of(&cluster);
        OWNED(nemesis) nemesis = nemesis_create(world, &options);
        world_run_for(world, 60 * SECOND_US);
        for (int fault = 0; fault < NEMESIS_FAULT_COUNT; fault++)
            counts[fault] += nemesis_count(nemesis, (enum nemesis_fault)fault);

        nemesis_heal(nemesis);
        world_run_for(world, 10 * SECOND_US);

        uint64_t heard_count = cluster.heard_count, start_count = cluster.start_count;
        world_run_for(world, SECOND_US);
        assert_in_range(cluster.heard_count - heard_count, 500, 1000);
        world_run_for(world, 60 * SECOND_US);
        assert_int_equal(cluster.start_count, start_count);
    }
    for (int fault = 0; fault < NEMESIS_FAULT_COUNT; fault++)
        assert_true(counts[fault] > 0);
}

static void test_each_fault_alone_is_survived(void **state)
{
    (void)state;
    for (int fault = 0; fault < NEMESIS_FAULT_COUNT; fault++) {
        OWNED(world) world = world_create((uint64_t)fault);
        struct cluster cluster = {.world = world};
        struct nemesis_options options = options_of(&cluster);
        memset(options.weights, 0, sizeof options.weights);
        OWNED(nemesis) nemesis = nemesis_create(world, &options);
        world_run_for(world, SECOND_US);

        nemesis_break(nemesis, (enum nemesis_fault)fault, 0);
        world_run_for(world, 20 * SECOND_US);

        uint64_t heard_count = cluster.heard_count;
        world_run_for(world, SECOND_US);
        assert_in_range(cluster.heard_count - heard_count, 500, 1000);
    }
}

static void test_no_more_are_taken_out_of_service_than_allowed(void **state)
{
    (void)state;
    OWNED(world) world = world_create(3);
    struct cluster cluster = {.world = world};
    struct nemesis_options options = options_of(&cluster);
    memset(options.weights, 0, sizeof options.weights);
    options.weights[NEMESIS_KILL] = 1;
    options.interval_us = SECOND_US / 10;
    OWNED(nemesis) nemesis = nemesis_create(world, &options);
    for (int i = 0; i < 10000; i++) {
        world_run_for(world, PERIOD_US);
        int running_count = 0;
        for (uint32_t machine = 0; machine < MACHINE_COUNT; machine++)
            running_count += world_is_running(world, machine);
        assert_true(running_count >= MACHINE_COUNT - 1);
    }
    assert_true(nemesis_count(nemesis, NEMESIS_KILL) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_seed_gives_one_run),
        cmocka_unit_test(test_other_seeds_give_other_runs),
        cmocka_unit_test(test_without_faults_nobody_dies_and_all_are_heard),
        cmocka_unit_test(test_every_kind_of_fault_happens_and_all_run_again_after_healing),
        cmocka_unit_test(test_each_fault_alone_is_survived),
        cmocka_unit_test(test_no_more_are_taken_out_of_service_than_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
