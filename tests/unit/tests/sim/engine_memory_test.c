#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/sim/engine_memory.h"
#include "tests/sim/world.h"
#include "tests/unit/engine_contract.h"

struct machine {
    struct env *env;
    struct engine_memory_disk *disk;
    struct random random;
    struct engine_caller caller;
};

static void start(struct machine *machine)
{
    struct engine *engine = engine_memory_open(machine->env, machine->disk, &machine->random);
    caller_init(&machine->caller, machine->env, engine);
}

static void stop(struct machine *machine)
{
    engine_destroy(machine->caller.engine);
    env_uv_finish_works(machine->env);
    caller_deinit(&machine->caller);
}

static void fail_power(struct machine *machine)
{
    stop(machine);
    engine_memory_disk_crash(machine->disk, &machine->random);
    start(machine);
}

static int setup(void **state)
{
    struct machine *machine = memory_alloc_zeroed(sizeof *machine);
    machine->env = env_uv_create(&(struct env_uv_options){0});
    machine->disk = engine_memory_disk_create();
    machine->random = random_of_test();
    start(machine);
    *state = machine;
    return 0;
}

static int teardown(void **state)
{
    struct machine *machine = *state;
    stop(machine);
    engine_memory_disk_destroy(machine->disk);
    env_uv_destroy(machine->env);
    memory_free(machine);
    return 0;
}

#define CONTRACT_TEST(name, contract)                                                              \
    static void name(void **state)                                                                 \
    {                                                                                              \
        contract(&((struct machine *)*state)->caller);                                             \
    }

CONTRACT_TEST(test_values_are_found_until_they_are_deleted, contract_values)
CONTRACT_TEST(test_a_batch_is_done_in_its_order_and_taken, contract_batch_order)
CONTRACT_TEST(test_scans_keep_to_their_range_both_ways, contract_scan_ranges)
CONTRACT_TEST(test_a_scan_of_nothing_ends_at_once, contract_scan_of_nothing)
CONTRACT_TEST(test_a_scan_stops_at_its_bounds_and_says_so, contract_scan_bounds)
CONTRACT_TEST(test_writes_and_gets_are_counted, contract_stats)
CONTRACT_TEST(test_it_holds_what_a_model_holds, contract_random)

static void test_what_a_checkpoint_covers_survives_every_power_failure(void **state)
{
    struct machine *machine = *state;
    uint64_t model[CONTRACT_KEY_COUNT] = {0};
    for (uint64_t number = 1; number <= 50; number++)
        write_at_random(&machine->caller, &machine->random, number, model);
    assert_int_equal(caller_checkpoint(&machine->caller), STATUS_OK);

    for (int i = 0; i < 5; i++) {
        fail_power(machine);
        assert_content(&machine->caller, model);
    }
}

/* Writes a, b and c, each alone, fails the power and returns which are left, as bits. */
static unsigned left_of_three(struct machine *machine)
{
    unsigned left = 0;
    const char *keys[] = {"a", "b", "c"};
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(caller_put(&machine->caller, keys[i], "1"), STATUS_OK);
    fail_power(machine);
    for (unsigned i = 0; i < 3; i++) {
        left |= (caller_get(&machine->caller, keys[i]) == STATUS_OK) << i;
        assert_int_equal(caller_delete(&machine->caller, keys[i]), STATUS_OK);
    }
    assert_int_equal(caller_checkpoint(&machine->caller), STATUS_OK);
    return left;
}

static void test_a_power_failure_leaves_any_subset_of_later_batches(void **state)
{
    bool is_seen[8] = {false};
    for (int i = 0; i < 1000; i++)
        is_seen[left_of_three(*state)] = true;

    for (int subset = 0; subset < 8; subset++)
        assert_true(is_seen[subset]);
}

static void test_replay_from_the_checkpoint_makes_everything_whole(void **state)
{
    struct machine *machine = *state;
    uint64_t model[CONTRACT_KEY_COUNT] = {0};
    uint64_t number = 1;
    for (int life = 0; life < 30; life++) {
        assert_int_equal(caller_checkpoint(&machine->caller), STATUS_OK);
        struct random of_log = machine->random;
        uint64_t first = number;
        uint64_t batch_count = random_below(&machine->random, 40);
        struct random replayed = of_log;
        for (uint64_t i = 0; i < batch_count; i++)
            write_at_random(&machine->caller, &of_log, number++, model);

        fail_power(machine);

        for (uint64_t i = 0; i < batch_count; i++)
            write_at_random(&machine->caller, &replayed, first + i, model);
        assert_content(&machine->caller, model);
    }
}

static void test_the_end_of_the_process_alone_loses_nothing_completed(void **state)
{
    struct machine *machine = *state;
    assert_int_equal(caller_put(&machine->caller, "a", "1"), STATUS_OK);

    stop(machine);
    start(machine);

    assert_int_equal(caller_get(&machine->caller, "a"), STATUS_OK);
}

static void fail_when_called(void *context, enum status status)
{
    (void)context;
    (void)status;
    fail_msg("a destroyed engine called back");
}

static void fail_when_read(void *context, enum status status, struct slice value)
{
    (void)value;
    fail_when_called(context, status);
}

/* A batch that was under way when the process ended is there whole, or not at all. */
static void test_a_write_under_way_is_found_done_or_not_done(void **state)
{
    struct machine *machine = *state;
    bool is_seen[2] = {false};
    for (int i = 0; i < 100; i++) {
        SCOPED(engine_batch) batch;
        engine_batch_init(&batch);
        engine_batch_put(&batch, slice_of_text("a"), slice_of_text("1"));
        engine_batch_put(&batch, slice_of_text("b"), slice_of_text("1"));
        engine_write(machine->caller.engine, &batch, fail_when_called, NULL);
        engine_get(machine->caller.engine, slice_of_text("a"), fail_when_read, NULL);
        engine_checkpoint(machine->caller.engine, fail_when_called, NULL);

        stop(machine);
        start(machine);

        bool has_first = caller_get(&machine->caller, "a") == STATUS_OK;
        bool has_second = caller_get(&machine->caller, "b") == STATUS_OK;
        assert_int_equal(has_first, has_second);
        is_seen[has_first] = true;
        assert_int_equal(caller_delete(&machine->caller, "a"), STATUS_OK);
        assert_int_equal(caller_delete(&machine->caller, "b"), STATUS_OK);
    }
    assert_true(is_seen[false] && is_seen[true]);
}

static void test_a_failed_write_is_final_and_reads_go_on(void **state)
{
    struct machine *machine = *state;
    assert_int_equal(caller_put(&machine->caller, "a", "1"), STATUS_OK);

    engine_memory_disk_set_failure(machine->disk, STATUS_DISK_FULL);
    assert_int_equal(caller_put(&machine->caller, "a", "2"), STATUS_DISK_FULL);
    engine_memory_disk_set_failure(machine->disk, STATUS_OK);

    assert_int_equal(caller_put(&machine->caller, "a", "3"), STATUS_DISK_FULL);
    assert_int_equal(caller_checkpoint(&machine->caller), STATUS_DISK_FULL);
    assert_int_equal(caller_get(&machine->caller, "a"), STATUS_OK);
    assert_true(slice_is_text(buffer_slice(&machine->caller.bytes), "1"));
}

/* --- In a simulated world -------------------------------------------------------------------- */

struct written {
    size_t completed_count;
    size_t read_count;
};

static void count_written(void *context, enum status status)
{
    struct written *written = context;
    assert_int_equal(status, STATUS_OK);
    written->completed_count++;
}

static void count_read(void *context, enum status status, struct slice value)
{
    struct written *written = context;
    assert_true(status == STATUS_OK || status == STATUS_NOT_FOUND);
    assert_true(status != STATUS_OK || slice_is_text(value, "value"));
    written->read_count++;
}

static void write_and_read_in(struct engine *engine, struct written *written)
{
    for (int i = 0; i < 10; i++) {
        SCOPED(engine_batch) batch;
        engine_batch_init(&batch);
        engine_batch_put(&batch, slice_of_text("key"), slice_of_text("value"));
        engine_write(engine, &batch, count_written, written);
        engine_get(engine, slice_of_text("key"), count_read, written);
    }
    engine_checkpoint(engine, count_written, written);
}

/* Writes and reads for a while, which may be too short, then cuts the power. */
static uint64_t live_in_world(uint64_t seed, struct written *written)
{
    OWNED(world) world = world_create(seed);
    OWNED(engine_memory_disk) disk = engine_memory_disk_create();
    for (int life = 0; life < 10; life++) {
        struct env *env = world_boot(world, 0);
        struct engine *engine = engine_memory_open(env, disk, world_random(world));
        for (uint64_t i = random_below(world_random(world), 4); i > 0; i--) {
            write_and_read_in(engine, written);
            world_run_for(world, 20000);
        }
        write_and_read_in(engine, written);
        for (uint64_t i = random_below(world_random(world), 40); i > 0; i--)
            (void)world_step(world);

        world_crash(world, 0);
        engine_destroy(engine);
        engine_memory_disk_crash(disk, world_random(world));
        world_env_destroy(env);
    }
    return world_digest(world);
}

static void test_a_life_in_a_world_repeats_from_its_seed_and_leaves_nothing_behind(void **state)
{
    (void)state;
    struct written first = {0};
    struct written second = {0};

    assert_int_equal(live_in_world(7, &first), live_in_world(7, &second));

    assert_memory_equal(&first, &second, sizeof first);
    assert_true(first.completed_count > 0);
    assert_true(first.read_count > 0);
}

#define MEMORY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_values_are_found_until_they_are_deleted),
        MEMORY_TEST(test_a_batch_is_done_in_its_order_and_taken),
        MEMORY_TEST(test_scans_keep_to_their_range_both_ways),
        MEMORY_TEST(test_a_scan_of_nothing_ends_at_once),
        MEMORY_TEST(test_a_scan_stops_at_its_bounds_and_says_so),
        MEMORY_TEST(test_writes_and_gets_are_counted),
        MEMORY_TEST(test_it_holds_what_a_model_holds),
        MEMORY_TEST(test_what_a_checkpoint_covers_survives_every_power_failure),
        MEMORY_TEST(test_a_power_failure_leaves_any_subset_of_later_batches),
        MEMORY_TEST(test_replay_from_the_checkpoint_makes_everything_whole),
        MEMORY_TEST(test_the_end_of_the_process_alone_loses_nothing_completed),
        MEMORY_TEST(test_a_write_under_way_is_found_done_or_not_done),
        MEMORY_TEST(test_a_failed_write_is_final_and_reads_go_on),
        cmocka_unit_test(test_a_life_in_a_world_repeats_from_its_seed_and_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
