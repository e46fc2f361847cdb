/*
 * Process CPU: the time that processes have run, on all their threads.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* User and system time together; a process that is not there has none. */
double process_cpu_us(const pid_t *pids, size_t pid_count);
