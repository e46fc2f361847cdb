#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buffer.h"
#include "replication/group/group.h"
#include "tests/sim/world.h"

#include <stdio.h>

enum { GROUP = 3, SERVER = 11, MS = 1000 };

/* One group of one voter on a simulated machine. */
struct fixture {
    struct world *world;
    struct env *env;
    struct log *log;
    struct group *group;
    struct buffer events; /* "+" it may evaluate, "-" it ceased to, or a command's bytes */
    uint64_t last_applied;
    bool is_proposing;
};

static void apply_note(void *context, const struct log_entry *entry)
{
    struct fixture *fixture = context;
    assert_false(fixture->is_proposing);
    assert_true(entry->index > fixture->last_applied);
    fixture->last_applied = entry->index;
    buffer_append(&fixture->events, entry->bytes);
}

static void role_note(void *context, bool may_evaluate, uint64_t term)
{
    struct fixture *fixture = context;
    assert_true(term > 0);
    buffer_append_text(&fixture->events, may_evaluate ? "+" : "-");
}

static const struct group_host host = {.apply_fn = apply_note, .role_fn = role_note};

static void synced_note(void *context, uint64_t lsn)
{
    struct fixture *fixture = context;
    if (fixture->group != NULL)
        group_synced(fixture->group, lsn);
}

/* Begins a life of the process. */
static void begin(struct fixture *fixture)
{
    fixture->env = world_boot(fixture->world, 0);
    struct log_options log_options = {
        .path = "/log", .segment_size = 64 << 10, .synced_fn = synced_note, .context = fixture};
    assert_int_equal(log_open(fixture->env, &log_options, &fixture->log), STATUS_OK);
    struct log_group *log_group = log_find_group(fixture->log, GROUP);
    if (log_group == NULL) {
        log_group = log_add_group(fixture->log, GROUP, SERVER);
        group_bootstrap(fixture->log, log_group, SERVER);
    }
    buffer_clear(&fixture->events);
    fixture->last_applied = 0;
    struct group_options options = {
        .env = fixture->env,
        .log = fixture->log,
        .log_group = log_group,
        .server_id = SERVER,
        .host = &host,
        .context = fixture,
    };
    assert_int_equal(group_create(&options, &fixture->group), STATUS_OK);
}

static void bury(struct fixture *fixture)
{
    group_destroy(fixture->group);
    log_destroy(fixture->log);
    world_env_destroy(fixture->env);
    fixture->group = NULL;
    fixture->env = NULL;
}

static void cut_power(struct fixture *fixture)
{
    world_crash(fixture->world, 0);
    bury(fixture);
}

static int setup(void **state)
{
    struct fixture *fixture = memory_alloc_zeroed(sizeof *fixture);
    fixture->world = world_create(5);
    begin(fixture);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    world_shutdown(fixture->world, 0);
    bury(fixture);
    buffer_deinit(&fixture->events);
    world_destroy(fixture->world);
    memory_free(fixture);
    return 0;
}

static void run(struct fixture *fixture)
{
    world_run_for(fixture->world, 500 * MS);
}

static uint64_t propose(struct fixture *fixture, const char *command)
{
    uint64_t index = 0;
    fixture->is_proposing = true;
    assert_int_equal(group_propose(fixture->group, slice_of_text(command), &index), STATUS_OK);
    fixture->is_proposing = false;
    return index;
}

static void assert_events(const struct fixture *fixture, const char *expected)
{
    assert_true(slice_is_text(buffer_slice(&fixture->events), expected));
}

static void test_it_may_evaluate_once_its_barrier_is_durable(void **state)
{
    struct fixture *fixture = *state;
    uint64_t index;
    assert_int_equal(group_propose(fixture->group, slice_of_text("a"), &index), STATUS_NOT_LEADER);
    while (!group_may_evaluate(fixture->group)) {
        assert_true(log_group_last_index(log_find_group(fixture->log, GROUP)) <= 2);
        assert_true(world_step(fixture->world));
    }
    assert_events(fixture, "+");
    assert_true(log_synced_lsn(fixture->log) > 0);
    assert_true(group_has_lease(fixture->group));
}

static void test_commands_get_the_indexes_at_which_they_are_applied(void **state)
{
    struct fixture *fixture = *state;
    run(fixture);
    uint64_t first = propose(fixture, "a");
    uint64_t second = propose(fixture, "b");
    assert_int_equal(second, first + 1);
    assert_int_equal(group_applied_index(fixture->group), first - 1);
    run(fixture);
    assert_events(fixture, "+ab");
    assert_int_equal(fixture->last_applied, second);
    assert_int_equal(group_applied_index(fixture->group), second);
}

static void test_a_command_is_applied_only_once_it_is_durable(void **state)
{
    struct fixture *fixture = *state;
    run(fixture);
    uint64_t synced_lsn = log_synced_lsn(fixture->log);
    uint64_t index = propose(fixture, "a");
    while (fixture->last_applied < index) {
        assert_int_equal(log_synced_lsn(fixture->log), synced_lsn);
        assert_true(world_step(fixture->world));
        if (fixture->last_applied == index)
            assert_true(log_synced_lsn(fixture->log) > synced_lsn);
    }
    cut_power(fixture);
    begin(fixture);
    run(fixture);
    assert_events(fixture, "a+");
}

/* Also when the term is that of an earlier life, whose barrier stands before them in the log. */
static void test_after_a_restart_it_evaluates_after_all_that_was_committed(void **state)
{
    struct fixture *fixture = *state;
    run(fixture);
    propose(fixture, "a");
    propose(fixture, "b");
    run(fixture);
    for (int life = 0; life < 3; life++) {
        cut_power(fixture);
        begin(fixture);
        run(fixture);
        assert_events(fixture, "ab+");
    }
}

static void test_what_a_checkpoint_holds_is_not_applied_again(void **state)
{
    struct fixture *fixture = *state;
    run(fixture);
    uint64_t first = propose(fixture, "a");
    propose(fixture, "b");
    run(fixture);
    group_checkpointed(fixture->group, first);
    run(fixture);
    assert_int_equal(log_group_base(log_find_group(fixture->log, GROUP)).index, first);
    cut_power(fixture);
    begin(fixture);
    assert_int_equal(group_applied_index(fixture->group), first);
    run(fixture);
    assert_events(fixture, "b+");
}

static void test_a_checkpoint_of_all_leaves_a_group_that_goes_on(void **state)
{
    struct fixture *fixture = *state;
    run(fixture);
    uint64_t last = propose(fixture, "a");
    run(fixture);
    group_checkpointed(fixture->group, group_applied_index(fixture->group));
    run(fixture);
    cut_power(fixture);
    begin(fixture);
    run(fixture);
    assert_events(fixture, "+");
    assert_true(propose(fixture, "b") > last);
    run(fixture);
    assert_events(fixture, "+b");
}

static void test_an_older_checkpoint_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    run(fixture);
    propose(fixture, "a");
    uint64_t second = propose(fixture, "b");
    run(fixture);
    group_checkpointed(fixture->group, second);
    group_checkpointed(fixture->group, second - 1);
    assert_int_equal(log_group_base(log_find_group(fixture->log, GROUP)).index, second);
}

static void test_commands_past_the_bound_are_refused_until_others_are_applied(void **state)
{
    struct fixture *fixture = *state;
    run(fixture);
    uint64_t index;
    enum status status = STATUS_OK;
    int count = 0;
    for (; count <= GROUP_COMMANDS_MAX && status == STATUS_OK; count++)
        status = group_propose(fixture->group, slice_of_text("x"), &index);
    assert_int_equal(status, STATUS_BUSY);
    assert_int_equal(count - 1, GROUP_COMMANDS_MAX);
    run(fixture);
    propose(fixture, "y");
    run(fixture);
    assert_int_equal(fixture->events.size, 1 + GROUP_COMMANDS_MAX + 1);
}

static void test_bytes_past_the_bound_are_refused(void **state)
{
    struct fixture *fixture = *state;
    run(fixture);
    enum { SIZE = GROUP_COMMAND_BYTES_MAX / 16 };
    uint8_t *bytes = memory_alloc_zeroed(SIZE);
    uint64_t index;
    for (int i = 0; i < 16; i++)
        assert_int_equal(group_propose(fixture->group, slice_of(bytes, SIZE), &index), STATUS_OK);
    assert_int_equal(group_propose(fixture->group, slice_of(bytes, SIZE), &index), STATUS_BUSY);
    memory_free(bytes);
    /* They stand in memory only: such segments are not part of this test. */
    world_shutdown(fixture->world, 0);
}

static void test_what_is_queued_is_forgotten_with_the_group(void **state)
{
    struct fixture *fixture = *state;
    run(fixture);
    propose(fixture, "a");
    world_shutdown(fixture->world, 0);
    bury(fixture);
    assert_events(fixture, "+");
    begin(fixture);
    run(fixture);
    assert_events(fixture, "+");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_it_may_evaluate_once_its_barrier_is_durable, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_commands_get_the_indexes_at_which_they_are_applied,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_command_is_applied_only_once_it_is_durable, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            test_after_a_restart_it_evaluates_after_all_that_was_committed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_a_checkpoint_holds_is_not_applied_again, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_checkpoint_of_all_leaves_a_group_that_goes_on, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_an_older_checkpoint_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_commands_past_the_bound_are_refused_until_others_are_applied, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bytes_past_the_bound_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_queued_is_forgotten_with_the_group, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
