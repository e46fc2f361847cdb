#include "tests/bench/process_cpu.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static double one_cpu_us(pid_t pid)
{
    char path[64];
    char text[1024] = {0};
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);

    /* The name, in parentheses, may hold anything; utime and stime are the 12th and 13th after it.
     */
    const char *after_name = size > 0 ? strrchr(text, ')') : NULL;
    unsigned long user = 0;
    unsigned long system = 0;
    if (after_name == NULL ||
        sscanf(after_name + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
               &system) != 2)
        return 0;
    return (double)(user + system) * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

double process_cpu_us(const pid_t *pids, size_t pid_count)
{
    double sum_us = 0;
    for (size_t i = 0; i < pid_count; i++)
        sum_us += one_cpu_us(pids[i]);
    return sum_us;
}
