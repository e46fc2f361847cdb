/*
 * Random histories of several groups against a model: the power fails and the process is killed at
 * random moments, the disk fails syncs, and after each restart the log must be what the first so
 * many records led to: all that were said to be synced, none that was not appended.
 */
#include "core/base/checksum.h"
#include "tests/unit/replication/log/log_fixture.h"

#include <inttypes.h>
#include <stdlib.h>

enum { GROUPS = 4, ENTRIES_MAX = 256, STEPS_PENDING_MAX = 4096 };

/* --- The model ------------------------------------------------------------------------------- */

struct model_entry {
    uint64_t term;
    enum log_entry_type type;
    size_t size;
    uint32_t checksum;
};

/* Entry `index` stands at `index % ENTRIES_MAX`. */
struct model_group {
    uint64_t incarnation; /* 0: there is none */
    uint64_t term;
    uint64_t vote;
    uint64_t base_index;
    uint64_t base_term;
    uint64_t last_index;
    struct model_entry entries[ENTRIES_MAX];
};

enum step_kind { STEP_ADD, STEP_REMOVE, STEP_VOTE, STEP_ENTRY, STEP_BASE };

/* One record. */
struct step {
    enum step_kind kind;
    uint32_t group;
    uint64_t lsn;
    uint64_t index; /* STEP_ADD: the incarnation */
    uint64_t term;
    uint64_t vote;
    struct model_entry entry;
};

struct run {
    struct fixture fixture;
    struct random random;
    struct model_group groups[GROUPS]; /* after the records that are known to be there */
    struct model_group ahead[GROUPS];  /* after all that were appended */
    struct step *steps;                /* those between */
    size_t step_count;
    size_t steps_done;  /* how many of them the groups have had */
    uint64_t known_lsn; /* records up to here must be there after a restart */
    uint64_t incarnation;
    const char *violation;
};

static void model_apply(struct model_group *groups, const struct step *step)
{
    struct model_group *group = &groups[step->group];
    switch (step->kind) {
    case STEP_ADD:
        memset(group, 0, sizeof *group);
        group->incarnation = step->index;
        break;
    case STEP_REMOVE:
        group->incarnation = 0;
        break;
    case STEP_VOTE:
        group->term = step->term;
        group->vote = step->vote;
        break;
    case STEP_ENTRY:
        group->entries[step->index % ENTRIES_MAX] = step->entry;
        group->last_index = step->index;
        break;
    case STEP_BASE: {
        bool has_entry = step->index > group->base_index && step->index <= group->last_index;
        bool is_same = group->entries[step->index % ENTRIES_MAX].term == step->term;
        if (step->index > group->last_index || (has_entry && !is_same))
            group->last_index = step->index;
        group->base_index = step->index;
        group->base_term = step->term;
        break;
    }
    }
}

static bool entry_is_equal(const struct log_group *group, uint64_t index,
                           const struct model_entry *model)
{
    struct log_entry entry;
    return log_group_find_entry(group, index, &entry) && entry.term == model->term &&
           entry.type == model->type && entry.bytes.size == model->size &&
           checksum_extend(0, entry.bytes) == model->checksum;
}

static struct slice configuration_of(uint64_t index)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    return slice_of(letters, index % 26);
}

static bool group_is_equal(const struct log_group *group, const struct model_group *model)
{
    if (group == NULL || model->incarnation == 0)
        return group == NULL && model->incarnation == 0;
    struct log_base base = log_group_base(group);
    bool has_base = model->base_index == 0 ||
                    (base.term == model->base_term && base.configuration_index == base.index / 2 &&
                     slice_is_equal(base.configuration, configuration_of(base.index)));
    if (log_group_incarnation(group) != model->incarnation ||
        log_group_term(group) != model->term || log_group_vote(group) != model->vote ||
        base.index != model->base_index || !has_base ||
        log_group_last_index(group) != model->last_index)
        return false;
    for (uint64_t index = base.index + 1; index <= model->last_index; index++)
        if (!entry_is_equal(group, index, &model->entries[index % ENTRIES_MAX]))
            return false;
    return true;
}

static bool log_is_equal(struct log *log, const struct model_group *groups)
{
    for (uint32_t i = 0; i < GROUPS; i++)
        if (!group_is_equal(log_find_group(log, i), &groups[i]))
            return false;
    return true;
}

static void violate(struct run *run, const char *violation)
{
    if (run->violation == NULL)
        run->violation = violation;
}

/* --- What is done to the log ----------------------------------------------------------------- */

static void note_step(struct run *run, struct step step)
{
    assert_true(run->step_count < STEPS_PENDING_MAX);
    model_apply(run->ahead, &step);
    run->steps[run->step_count++] = step;
}

static void add_group(struct run *run, struct step step)
{
    step.kind = STEP_ADD;
    step.index = ++run->incarnation;
    log_add_group(run->fixture.log, step.group, step.index);
    step.lsn = run->fixture.log->appended_lsn;
    note_step(run, step);
}

static void vote(struct run *run, struct log_group *group, struct step step)
{
    step.kind = STEP_VOTE;
    step.term = random_below(&run->random, 100);
    step.vote = random_below(&run->random, 5);
    step.lsn = log_append_vote(run->fixture.log, group, step.term, step.vote);
    note_step(run, step);
}

static size_t random_size(struct run *run)
{
    static const size_t bounds[] = {1, 20, 600, 600, 600, 9000};
    size_t bound = bounds[random_below(&run->random, sizeof bounds / sizeof bounds[0])];
    return (size_t)random_below(&run->random, bound);
}

/* Some entries are all alike, so that old ones stand where new ones will. */
static void append_entry(struct run *run, struct log_group *group, struct step step)
{
    const struct model_group *model = &run->ahead[step.group];
    uint8_t bytes[9000];
    uint64_t above_base = model->last_index - model->base_index;
    bool truncates = above_base > 0 && random_one_in(&run->random, 10);
    step.kind = STEP_ENTRY;
    step.index = model->last_index + 1;
    if (truncates)
        step.index -= 1 + random_below(&run->random, above_base < 8 ? above_base : 8);
    step.entry.term = random_below(&run->random, 3);
    step.entry.type = (enum log_entry_type)(1 + random_below(&run->random, 3));
    step.entry.size = random_one_in(&run->random, 2) ? random_size(run) : 400;
    memset(bytes, (int)random_below(&run->random, 256), step.entry.size);
    struct slice slice = slice_of(bytes, step.entry.size);
    step.entry.checksum = checksum_extend(0, slice);
    struct log_entry entry = {
        .index = step.index, .term = step.entry.term, .type = step.entry.type, .bytes = slice};
    step.lsn = log_append_entry(run->fixture.log, group, &entry);
    note_step(run, step);
}

static void set_base(struct run *run, struct log_group *group, struct step step)
{
    const struct model_group *model = &run->ahead[step.group];
    uint64_t span = model->last_index - model->base_index;
    step.kind = STEP_BASE;
    step.index = model->base_index + random_below(&run->random, span + 1);
    if (random_one_in(&run->random, 10))
        step.index = model->last_index + random_below(&run->random, 20);
    uint64_t term = step.index;
    if (random_one_in(&run->random, 8) || !log_group_find_term(group, step.index, &term))
        term = random_below(&run->random, 3);
    step.term = term;
    struct log_base base = {.index = step.index,
                            .term = step.term,
                            .configuration_index = step.index / 2,
                            .configuration = configuration_of(step.index)};
    step.lsn = log_set_base(run->fixture.log, group, &base);
    note_step(run, step);
}

static void change_something(struct run *run)
{
    struct step step = {.group = (uint32_t)random_below(&run->random, GROUPS)};
    struct log *log = run->fixture.log;
    struct log_group *group = log_find_group(log, step.group);
    uint64_t choice = random_below(&run->random, 100);
    const struct model_group *model = &run->ahead[step.group];
    if (group == NULL) {
        add_group(run, step);
    } else if (choice == 0) {
        step.kind = STEP_REMOVE;
        step.lsn = log_remove_group(log, group);
        note_step(run, step);
    } else if (choice < 10) {
        vote(run, group, step);
    } else if (choice < 16 || model->last_index - model->base_index > ENTRIES_MAX - 32) {
        set_base(run, group, step);
    } else {
        log_set_commit_hint(group, random_below(&run->random, 1000));
        append_entry(run, group, step);
    }
}

/* --- Restarts -------------------------------------------------------------------------------- */

/* Steps that are known to be there leave the list. */
static void settle_known(struct run *run)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->step_count; i++) {
        if (run->steps[i].lsn <= run->known_lsn)
            model_apply(run->groups, &run->steps[i]);
        else
            run->steps[kept++] = run->steps[i];
    }
    run->step_count = kept;
}

/* What was found is what some first part of the steps led to; the rest never happened. */
static void match(struct run *run)
{
    size_t done = 0;
    settle_known(run);
    while (!log_is_equal(run->fixture.log, run->groups)) {
        if (done == run->step_count) {
            violate(run, "the log is not what any first part of its records led to");
            return;
        }
        model_apply(run->groups, &run->steps[done++]);
    }
    run->step_count = 0;
    memcpy(run->ahead, run->groups, sizeof run->groups);
    run->known_lsn = 0;
}

static void note_known(struct run *run)
{
    bool is_relaxed = run->fixture.options.durability == LOG_DURABILITY_RELAXED;
    uint64_t lsn = is_relaxed ? run->fixture.log->durable_lsn : run->fixture.synced_lsn;
    if (lsn > run->known_lsn)
        run->known_lsn = lsn;
}

static void restart(struct run *run)
{
    struct fixture *fixture = &run->fixture;
    for (;;) {
        if (random_one_in(&run->random, 3))
            world_crash_after(fixture->world, FIXTURE_MACHINE, 1 + random_below(&run->random, 60));
        enum status status = fixture_open(fixture);
        if (status == STATUS_OK)
            break;
        bool is_dead = !world_is_running(fixture->world, FIXTURE_MACHINE);
        fixture_close(fixture);
        if (status != STATUS_IO ||
            (!is_dead && sim_disk_faults(fixture_disk(fixture))->sync_failure_one_in == 0)) {
            violate(run, status_text(status));
            return;
        }
    }
    match(run);
}

static void stop(struct run *run)
{
    struct fixture *fixture = &run->fixture;
    note_known(run);
    if (random_one_in(&run->random, 3))
        world_shutdown(fixture->world, FIXTURE_MACHINE);
    else
        world_crash(fixture->world, FIXTURE_MACHINE);
    fixture_close(fixture);
}

/* --- Runs ------------------------------------------------------------------------------------ */

struct run_options {
    uint64_t seed;
    enum log_durability durability;
    const struct log_faults *faults;
    uint64_t sync_failure_one_in;
};

static void turn(struct run *run)
{
    uint64_t changes = random_below(&run->random, random_one_in(&run->random, 20) ? 200 : 12);
    for (uint64_t i = 0; i < changes && run->step_count < STEPS_PENDING_MAX; i++)
        change_something(run);
    static const uint64_t bounds_us[] = {20, 200, 1000, 20000};
    world_run_for(run->fixture.world,
                  random_below(&run->random, bounds_us[random_below(&run->random, 4)]));
}

/* One life of the process. */
static void live(struct run *run)
{
    struct fixture *fixture = &run->fixture;
    uint64_t turns = random_below(&run->random, 40);
    if (random_one_in(&run->random, 3))
        world_crash_after(fixture->world, FIXTURE_MACHINE, 1 + random_below(&run->random, 400));
    for (uint64_t i = 0; i < turns && world_is_running(fixture->world, FIXTURE_MACHINE); i++) {
        turn(run);
        note_known(run);
        settle_known(run);
    }
    stop(run);
}

static void run_init(struct run *run, const struct run_options *options)
{
    memset(run, 0, sizeof *run);
    fixture_init(&run->fixture, options->seed);
    run->random = random_of_seed(options->seed ^ 0x5eed);
    run->fixture.options.durability = options->durability;
    run->fixture.options.faults = options->faults;
    run->steps = memory_alloc(STEPS_PENDING_MAX * sizeof *run->steps);
    sim_disk_faults(fixture_disk(&run->fixture))->sync_failure_one_in =
        options->sync_failure_one_in;
}

static void run_deinit(struct run *run)
{
    fixture_deinit(&run->fixture);
    memory_free(run->steps);
}

/* What went wrong; NULL when nothing did. */
static const char *run_once(const struct run_options *options)
{
    struct run run;
    run_init(&run, options);
    for (int life = 0; life < 8 && run.violation == NULL; life++) {
        restart(&run);
        if (run.violation == NULL)
            live(&run);
    }
    run_deinit(&run);
    return run.violation;
}

static uint64_t seed_count(uint64_t count)
{
    const char *factor = getenv("GRATICULE_LOG_SEEDS_FACTOR");
    return factor != NULL ? count * strtoull(factor, NULL, 10) : count;
}

static void assert_runs_hold(struct run_options options, uint64_t count)
{
    for (uint64_t seed = 1; seed <= seed_count(count); seed++) {
        options.seed = seed;
        const char *violation = run_once(&options);
        if (violation != NULL)
            fail_msg("seed %" PRIu64 ": %s", seed, violation);
    }
}

static uint64_t count_runs_caught(struct run_options options, uint64_t count)
{
    uint64_t caught = 0;
    for (uint64_t seed = 1; seed <= count; seed++) {
        options.seed = seed;
        caught += run_once(&options) != NULL;
    }
    return caught;
}

static void test_synced_records_survive_power_cuts_and_kills(void **state)
{
    (void)state;
    assert_runs_hold((struct run_options){0}, 60);
}

static void test_they_survive_syncs_that_fail_too(void **state)
{
    (void)state;
    assert_runs_hold((struct run_options){.sync_failure_one_in = 100}, 40);
}

static void test_relaxed_durability_keeps_what_a_sync_reached(void **state)
{
    (void)state;
    assert_runs_hold((struct run_options){.durability = LOG_DURABILITY_RELAXED}, 40);
}

static void test_an_acknowledgement_before_the_sync_is_caught(void **state)
{
    (void)state;
    struct log_faults faults = {.acknowledges_before_sync = true};
    struct run_options options = {.faults = &faults};

    assert_true(count_runs_caught(options, 40) > 10);
}

static void test_a_replay_into_leftovers_is_caught(void **state)
{
    (void)state;
    struct log_faults faults = {.replays_leftovers = true};
    struct run_options options = {.faults = &faults};

    assert_true(count_runs_caught(options, 40) > 10);
}

/* --- Damage ---------------------------------------------------------------------------------- */

static void damage_something(struct run *run)
{
    struct sim_disk *disk = fixture_disk(&run->fixture);
    struct fixture_files files = fixture_files(&run->fixture);
    char path[64];
    fixture_path_of(&files, (size_t)random_below(&run->random, files.count), path);
    uint64_t bound = random_one_in(&run->random, 2) ? 8192 : FIXTURE_SEGMENT_SIZE;
    (void)sim_disk_corrupt(disk, path, random_below(&run->random, bound));
}

/* Whether the damage was found. */
static bool run_damaged(uint64_t seed)
{
    struct run run;
    bool is_found = false;
    run_init(&run, &(struct run_options){.seed = seed});
    assert_int_equal(fixture_open(&run.fixture), STATUS_OK);
    for (int i = 0; i < 40; i++)
        turn(&run);
    fixture_settle(&run.fixture);
    /* Damage in the last write looks like one cut off, so that one may be lost. */
    run.known_lsn = run.fixture.earlier_synced_lsn;
    fixture_close(&run.fixture);
    damage_something(&run);

    enum status status = fixture_open(&run.fixture);
    if (status == STATUS_OK)
        match(&run);
    else
        is_found = status == STATUS_CORRUPT;
    if (run.violation != NULL || (status != STATUS_OK && !is_found))
        fail_msg("seed %" PRIu64 ": %s", seed,
                 run.violation != NULL ? run.violation : status_text(status));
    run_deinit(&run);
    return is_found;
}

static void test_damage_never_loses_synced_records_silently(void **state)
{
    (void)state;
    uint64_t found = 0;
    for (uint64_t seed = 1; seed <= seed_count(150); seed++)
        found += run_damaged(seed);
    assert_true(found > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_synced_records_survive_power_cuts_and_kills),
        cmocka_unit_test(test_they_survive_syncs_that_fail_too),
        cmocka_unit_test(test_relaxed_durability_keeps_what_a_sync_reached),
        cmocka_unit_test(test_an_acknowledgement_before_the_sync_is_caught),
        cmocka_unit_test(test_a_replay_into_leftovers_is_caught),
        cmocka_unit_test(test_damage_never_loses_synced_records_silently),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
