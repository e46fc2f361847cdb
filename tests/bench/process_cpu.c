#include "tests/bench/process_cpu.h"

#include <time.h>

/* 0 of a process that is gone. */
static double one_cpu_us(pid_t pid)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
        return 0;
    return (double)used.tv_sec * 1e6 + (double)used.tv_nsec / 1e3;
}

double process_cpu_us(const pid_t *pids, size_t pid_count)
{
    double sum_us = 0;
    for (size_t i = 0; i < pid_count; i++)
        sum_us += one_cpu_us(pids[i]);
    return sum_us;
}
