#include "tests/sim/nemesis.h"

#include "core/base/check.h"
#include "tests/sim/sim_disk.h"
#include "tests/sim/sim_net.h"

enum { CRASH_OPERATIONS_MAX = 200, HEALED_BOOT_US = 50 * 1000 };

/* One machine: who runs on it, and when the dead are buried and the next process is booted. */
struct patient {
    struct nemesis *nemesis;
    uint32_t machine;
    struct env *env; /* alive, or dead and not yet buried */
    struct env_timer next;
    uint64_t impaired_until_us; /* paused or isolated */
};

/* What has begun and ends later. */
struct affliction {
    struct list link;
    struct nemesis *nemesis;
    enum nemesis_fault fault;
    uint32_t machine;
    uint32_t other;
    int64_t jump_us;
    struct env_timer end;
};

struct nemesis {
    struct world *world;
    struct nemesis_options options;
    struct patient patients[WORLD_MACHINES_MAX];
    struct list afflictions;
    struct env_timer next;
    bool is_over;
    uint64_t counts[NEMESIS_FAULT_COUNT];
};

struct nemesis_options nemesis_options_usual(uint32_t machine_count)
{
#define NEMESIS_FAULT_WEIGHT(name, weight) [NEMESIS_##name] = (weight),
    return (struct nemesis_options){
        .machine_count = machine_count,
        .down_max = (machine_count - 1) / 2,
        .weights = {NEMESIS_FAULT_LIST(NEMESIS_FAULT_WEIGHT)},
        .interval_us = 2 * 1000 * 1000,
        .fault_us_max = 5 * 1000 * 1000,
        .clock_jump_us_max = 2 * 1000 * 1000,
        .clock_drift_parts_per_million = 200,
    };
#undef NEMESIS_FAULT_WEIGHT
}

/* --- Patients --- */

static uint64_t draw(struct nemesis *nemesis, uint64_t bound)
{
    return random_below(world_random(nemesis->world), bound);
}

static uint64_t fault_us(struct nemesis *nemesis)
{
    return 1 + draw(nemesis, nemesis->options.fault_us_max);
}

static void patient_boot(void *context)
{
    struct patient *patient = context;
    const struct nemesis_options *options = &patient->nemesis->options;
    patient->env = world_boot(patient->nemesis->world, patient->machine);
    options->start_fn(options->context, patient->machine, patient->env);
}

static void patient_bury(struct patient *patient)
{
    const struct nemesis_options *options = &patient->nemesis->options;
    options->stop_fn(options->context, patient->machine);
    world_env_destroy(patient->env);
    patient->env = NULL;
}

static void patient_bury_and_wait(void *context)
{
    struct patient *patient = context;
    struct nemesis *nemesis = patient->nemesis;
    patient_bury(patient);
    /* A process that dies at once whenever it boots must not stop time. */
    world_timer_start(nemesis->world, &patient->next,
                      nemesis->is_over ? HEALED_BOOT_US : fault_us(nemesis), patient_boot, patient);
}

/* In the midst of what killed it: the burial has to wait for the end of that. */
static void on_death(void *context, uint32_t machine)
{
    struct nemesis *nemesis = context;
    if (machine >= nemesis->options.machine_count)
        return;
    struct patient *patient = &nemesis->patients[machine];
    world_timer_start(nemesis->world, &patient->next, 0, patient_bury_and_wait, patient);
}

static bool is_in_service(const struct patient *patient)
{
    const struct world *world = patient->nemesis->world;
    return world_is_running(world, patient->machine) &&
           patient->impaired_until_us <= world_now_us(world);
}

static uint32_t down_count(const struct nemesis *nemesis)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < nemesis->options.machine_count; i++)
        count += !is_in_service(&nemesis->patients[i]);
    return count;
}

/* --- Faults --- */

static void ways_heal(const struct affliction *affliction)
{
    const struct nemesis *nemesis = affliction->nemesis;
    for (uint32_t other = 0; other < WORLD_MACHINES_MAX; other++) {
        if (sim_net_is_cut(world_net(nemesis->world), affliction->machine, other))
            world_heal(nemesis->world, affliction->machine, other);
        if (sim_net_is_cut(world_net(nemesis->world), other, affliction->machine))
            world_heal(nemesis->world, other, affliction->machine);
    }
}

static void affliction_undo(const struct affliction *affliction)
{
    struct world *world = affliction->nemesis->world;
    struct sim_disk_faults *disk = sim_disk_faults(world_disk(world, affliction->machine));
    switch (affliction->fault) {
    case NEMESIS_POWER_CUT:
    case NEMESIS_KILL:
        break; /* burial and boot follow death */
    case NEMESIS_PAUSE:
        world_pause(world, affliction->machine, 0);
        break;
    case NEMESIS_CLOCK_JUMP:
        world_clock_jump(world, affliction->machine, -affliction->jump_us);
        break;
    case NEMESIS_CLOCK_DRIFT:
        world_clock_drift(world, affliction->machine, 0);
        break;
    case NEMESIS_CUT:
        world_heal(world, affliction->machine, affliction->other);
        break;
    case NEMESIS_ISOLATE:
        ways_heal(affliction);
        break;
    case NEMESIS_BREAKS:
        sim_net_faults(world_net(world))->break_one_in = 0;
        break;
    case NEMESIS_SLOW_DISK:
        disk->slowness = 0;
        break;
    case NEMESIS_SYNC_FAILURE:
        disk->sync_failure_one_in = 0;
        break;
    case NEMESIS_FULL_DISK:
        disk->capacity_bytes = 0;
        break;
    case NEMESIS_FAULT_COUNT:
        CHECK(affliction->fault < NEMESIS_FAULT_COUNT);
    }
}

static void affliction_end(void *context)
{
    struct affliction *affliction = context;
    affliction_undo(affliction);
    world_timer_stop(affliction->nemesis->world, &affliction->end);
    list_remove(&affliction->link);
    memory_free(affliction);
}

static uint32_t other_machine(struct nemesis *nemesis, uint32_t machine)
{
    uint32_t count = nemesis->options.machine_count;
    return count == 1 ? machine : (machine + 1 + (uint32_t)draw(nemesis, count - 1)) % count;
}

static struct affliction *affliction_create(struct nemesis *nemesis, enum nemesis_fault fault,
                                            uint32_t machine, uint64_t duration_us)
{
    struct affliction *affliction = memory_alloc_zeroed(sizeof *affliction);
    affliction->nemesis = nemesis;
    affliction->fault = fault;
    affliction->machine = machine;
    affliction->other = other_machine(nemesis, machine);
    list_append(&nemesis->afflictions, &affliction->link);
    world_timer_start(nemesis->world, &affliction->end, duration_us, affliction_end, affliction);
    return affliction;
}

static void power_cut(struct nemesis *nemesis, uint32_t machine)
{
    if (draw(nemesis, 2) == 0)
        world_crash(nemesis->world, machine);
    else
        world_crash_after(nemesis->world, machine, 1 + draw(nemesis, CRASH_OPERATIONS_MAX));
}

static int64_t draw_either_way(struct nemesis *nemesis, uint64_t most)
{
    return (int64_t)draw(nemesis, 2 * most + 1) - (int64_t)most;
}

/* Mostly some of the time, at worst always. */
static uint64_t draw_one_in(struct nemesis *nemesis)
{
    return 1 + draw(nemesis, 1 + draw(nemesis, 100));
}

static void affliction_begin(struct affliction *affliction, uint64_t duration_us)
{
    struct nemesis *nemesis = affliction->nemesis;
    struct world *world = nemesis->world;
    uint32_t machine = affliction->machine;
    struct sim_disk *disk = world_disk(world, machine);
    uint64_t until_us = world_now_us(world) + duration_us;
    switch (affliction->fault) {
    case NEMESIS_POWER_CUT:
        power_cut(nemesis, machine);
        break;
    case NEMESIS_KILL:
        world_shutdown(world, machine);
        break;
    case NEMESIS_PAUSE:
        nemesis->patients[machine].impaired_until_us = until_us;
        world_pause(world, machine, until_us);
        break;
    case NEMESIS_CLOCK_JUMP:
        affliction->jump_us = draw_either_way(nemesis, nemesis->options.clock_jump_us_max);
        world_clock_jump(world, machine, affliction->jump_us);
        break;
    case NEMESIS_CLOCK_DRIFT:
        world_clock_drift(
            world, machine,
            (int32_t)draw_either_way(nemesis, nemesis->options.clock_drift_parts_per_million));
        break;
    case NEMESIS_CUT:
        if (machine != affliction->other)
            world_cut(world, machine, affliction->other);
        break;
    case NEMESIS_ISOLATE:
        nemesis->patients[machine].impaired_until_us = until_us;
        world_isolate(world, machine);
        break;
    case NEMESIS_BREAKS:
        sim_net_faults(world_net(world))->break_one_in = 10 * draw_one_in(nemesis);
        break;
    case NEMESIS_SLOW_DISK:
        sim_disk_faults(disk)->slowness = 10 * draw_one_in(nemesis);
        break;
    case NEMESIS_SYNC_FAILURE:
        sim_disk_faults(disk)->sync_failure_one_in = draw_one_in(nemesis);
        break;
    case NEMESIS_FULL_DISK:
        sim_disk_faults(disk)->capacity_bytes = 1 + sim_disk_used_bytes(disk);
        break;
    case NEMESIS_FAULT_COUNT:
        CHECK(affliction->fault < NEMESIS_FAULT_COUNT);
    }
}

void nemesis_break(struct nemesis *nemesis, enum nemesis_fault fault, uint32_t machine)
{
    CHECK(machine < nemesis->options.machine_count);
    CHECK(fault < NEMESIS_FAULT_COUNT);
    uint64_t duration_us = fault_us(nemesis);
    nemesis->counts[fault]++;
    affliction_begin(affliction_create(nemesis, fault, machine, duration_us), duration_us);
}

/* --- What it does by itself --- */

static enum nemesis_fault fault_choose(struct nemesis *nemesis)
{
    uint64_t total = 0;
    for (int fault = 0; fault < NEMESIS_FAULT_COUNT; fault++)
        total += nemesis->options.weights[fault];
    uint64_t ticket = draw(nemesis, total);
    int fault = 0;
    while (ticket >= nemesis->options.weights[fault])
        ticket -= nemesis->options.weights[fault++];
    return (enum nemesis_fault)fault;
}

static bool takes_out_of_service(enum nemesis_fault fault)
{
    return fault == NEMESIS_POWER_CUT || fault == NEMESIS_KILL || fault == NEMESIS_PAUSE ||
           fault == NEMESIS_ISOLATE;
}

static void strike(void *context)
{
    struct nemesis *nemesis = context;
    enum nemesis_fault fault = fault_choose(nemesis);
    uint32_t machine = (uint32_t)draw(nemesis, nemesis->options.machine_count);
    bool is_one_more = is_in_service(&nemesis->patients[machine]);
    if (!takes_out_of_service(fault) ||
        down_count(nemesis) + is_one_more <= nemesis->options.down_max)
        nemesis_break(nemesis, fault, machine);
    world_timer_start(nemesis->world, &nemesis->next,
                      1 + draw(nemesis, 2 * nemesis->options.interval_us), strike, nemesis);
}

static bool has_weight(const struct nemesis_options *options)
{
    for (int fault = 0; fault < NEMESIS_FAULT_COUNT; fault++)
        if (options->weights[fault] > 0)
            return true;
    return false;
}

struct nemesis *nemesis_create(struct world *world, const struct nemesis_options *options)
{
    CHECK(options->machine_count > 0);
    CHECK(options->machine_count <= WORLD_MACHINES_MAX);
    struct nemesis *nemesis = memory_alloc_zeroed(sizeof *nemesis);
    nemesis->world = world;
    nemesis->options = *options;
    list_init(&nemesis->afflictions);
    world_watch_deaths(world, on_death, nemesis);
    for (uint32_t i = 0; i < options->machine_count; i++) {
        nemesis->patients[i].nemesis = nemesis;
        nemesis->patients[i].machine = i;
        patient_boot(&nemesis->patients[i]);
    }
    if (has_weight(options))
        world_timer_start(world, &nemesis->next, 1 + draw(nemesis, 2 * options->interval_us),
                          strike, nemesis);
    return nemesis;
}

static void end_all(struct nemesis *nemesis)
{
    nemesis->is_over = true;
    world_timer_stop(nemesis->world, &nemesis->next);
    LIST_FOR_EACH (link, &nemesis->afflictions)
        affliction_end(LIST_ELEMENT(link, struct affliction, link));
}

void nemesis_destroy(struct nemesis *nemesis)
{
    if (nemesis == NULL)
        return;
    end_all(nemesis);
    world_watch_deaths(nemesis->world, NULL, NULL);
    for (uint32_t i = 0; i < nemesis->options.machine_count; i++) {
        struct patient *patient = &nemesis->patients[i];
        world_timer_stop(nemesis->world, &patient->next);
        world_shutdown(nemesis->world, i);
        if (patient->env != NULL)
            patient_bury(patient);
    }
    memory_free(nemesis);
}

void nemesis_heal(struct nemesis *nemesis)
{
    end_all(nemesis);
    for (uint32_t i = 0; i < nemesis->options.machine_count; i++) {
        struct patient *patient = &nemesis->patients[i];
        world_crash_after(nemesis->world, i, 0);
        patient->impaired_until_us = 0;
        if (patient->env == NULL && !world_is_running(nemesis->world, i))
            world_timer_start(nemesis->world, &patient->next, 0, patient_boot, patient);
    }
}

uint64_t nemesis_count(const struct nemesis *nemesis, enum nemesis_fault fault)
{
    return nemesis->counts[fault];
}
