/*
 * A machine's clocks: functions of true time that drift, and of which the wall clock jumps.
 */
#pragma once

#include <stdint.h>

struct sim_clock {
    uint64_t origin_us; /* true time at which the boot clock stood at `boot_us` */
    uint64_t boot_us;
    int64_t wall_offset_us; /* wall minus boot */
    int32_t parts_per_million;
};

enum { SIM_CLOCK_MILLION = 1000000 };

#define SIM_CLOCK_EPOCH_US ((int64_t)1735689600 * SIM_CLOCK_MILLION) /* 2025-01-01 */

static inline uint64_t sim_clock_boot_us(const struct sim_clock *clock, uint64_t now_us)
{
    uint64_t elapsed_us = now_us - clock->origin_us;
    if (clock->parts_per_million == 0)
        return clock->boot_us + elapsed_us;
    int64_t gained_us = (int64_t)elapsed_us * clock->parts_per_million / SIM_CLOCK_MILLION;
    return clock->boot_us + (uint64_t)((int64_t)elapsed_us + gained_us);
}

static inline uint64_t sim_clock_wall_us(const struct sim_clock *clock, uint64_t now_us)
{
    return (uint64_t)((int64_t)sim_clock_boot_us(clock, now_us) + clock->wall_offset_us);
}

/* The first true time, not before `now_us`, at which the boot clock stands at `boot_us` or later.
 */
static inline uint64_t sim_clock_when(const struct sim_clock *clock, uint64_t now_us,
                                      uint64_t boot_us)
{
    uint64_t boot_now_us = sim_clock_boot_us(clock, now_us);
    if (boot_us <= boot_now_us)
        return now_us;
    uint64_t when_us = now_us + (boot_us - boot_now_us) * SIM_CLOCK_MILLION /
                                    (uint64_t)(SIM_CLOCK_MILLION + clock->parts_per_million);
    while (sim_clock_boot_us(clock, when_us) < boot_us)
        when_us++;
    return when_us;
}

/* Goes on from here at another speed. */
static inline void sim_clock_drift(struct sim_clock *clock, uint64_t now_us,
                                   int32_t parts_per_million)
{
    clock->boot_us = sim_clock_boot_us(clock, now_us);
    clock->origin_us = now_us;
    clock->parts_per_million = parts_per_million;
}

/* A new start of the machine: the boot clock begins anew, the wall clock goes on. */
static inline void sim_clock_reboot(struct sim_clock *clock, uint64_t now_us, uint64_t boot_us)
{
    clock->wall_offset_us = (int64_t)sim_clock_wall_us(clock, now_us) - (int64_t)boot_us;
    clock->origin_us = now_us;
    clock->boot_us = boot_us;
}
