/*
 * What the log costs: 400-byte entries, a number of them outstanding, on a real disk.
 *
 *   bench_log [outstanding] [seconds] [directory]
 *
 * Prints appends per second, CPU per append, latencies from append to acknowledgement, how long an
 * opening took, and the largest resident size. Every 64 MB of live log the base is raised, as a
 * checkpoint does.
 */
#include "core/base/memory.h"
#include "core/env/env_uv.h"
#include "replication/log/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    ENTRY_SIZE = 400,
    LIVE_BYTES_MAX = 64 << 20,
    LATENCIES_MAX = 4 << 20,
    OUTSTANDING_MAX = 4096,
};

struct bench {
    struct env *env;
    struct log *log;
    struct log_group *group;
    uint64_t end_us;
    uint64_t first_lsn; /* of those outstanding */
    uint64_t next_lsn;
    uint64_t started_us[OUTSTANDING_MAX]; /* by LSN */
    uint32_t *latencies_us;
    size_t latency_count;
};

static void append(struct bench *bench)
{
    static const uint8_t bytes[ENTRY_SIZE];
    struct log_entry entry = {
        .index = log_group_last_index(bench->group) + 1,
        .term = 1,
        .type = LOG_ENTRY_COMMAND,
        .bytes = slice_of(bytes, sizeof bytes),
    };
    bench->next_lsn = log_append_entry(bench->log, bench->group, &entry) + 1;
    bench->started_us[(bench->next_lsn - 1) % OUTSTANDING_MAX] = env_boot_us(bench->env);
}

static void raise_base(struct bench *bench)
{
    uint64_t last = log_group_last_index(bench->group);
    log_group_release(bench->group, last);
    if (log_live_bytes(bench->log) > LIVE_BYTES_MAX)
        log_set_base(bench->log, bench->group, &(struct log_base){.index = last, .term = 1});
}

static void on_synced(void *context, uint64_t lsn)
{
    struct bench *bench = context;
    uint64_t now_us = env_boot_us(bench->env);
    if (now_us >= bench->end_us) {
        env_uv_stop(bench->env);
        return;
    }
    raise_base(bench);
    for (; bench->first_lsn <= lsn; bench->first_lsn++) {
        uint64_t took_us = now_us - bench->started_us[bench->first_lsn % OUTSTANDING_MAX];
        if (bench->latency_count < LATENCIES_MAX)
            bench->latencies_us[bench->latency_count++] = (uint32_t)took_us;
        append(bench);
    }
}

static int by_size(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static double cpu_us(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return 1e6 * (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static uint64_t open_log(struct bench *bench, const char *path)
{
    uint64_t start_us = env_boot_us(bench->env);
    struct log_options options = {.path = path, .synced_fn = on_synced, .context = bench};
    enum status status = log_open(bench->env, &options, &bench->log);
    if (status != STATUS_OK) {
        fprintf(stderr, "bench_log: %s: %s\n", path, status_text(status));
        exit(1);
    }
    return env_boot_us(bench->env) - start_us;
}

static unsigned latency_at(const struct bench *bench, double share)
{
    return bench->latencies_us[(size_t)((double)(bench->latency_count - 1) * share)];
}

static void report(struct bench *bench, double seconds, double used_us)
{
    struct log_stats stats;
    struct rusage usage;
    size_t count = bench->latency_count;
    log_stats(bench->log, &stats);
    getrusage(RUSAGE_SELF, &usage);
    qsort(bench->latencies_us, count, sizeof *bench->latencies_us, by_size);
    printf("%.0f appends/s, %.2f us CPU each, %.1f appends and %.0f bytes a sync\n",
           (double)count / seconds, used_us / (double)count,
           (double)stats.record_count / (double)stats.sync_count,
           (double)stats.written_bytes / (double)stats.sync_count);
    printf("append to acknowledgement: p50 %u us, p99 %u us, p99.9 %u us, most %u us\n",
           latency_at(bench, 0.5), latency_at(bench, 0.99), latency_at(bench, 0.999),
           latency_at(bench, 1));
    printf("largest resident size %ld KB\n", usage.ru_maxrss);
}

static void run(struct bench *bench, unsigned outstanding, uint64_t seconds)
{
    double before_us = cpu_us();
    uint64_t start_us = env_boot_us(bench->env);
    bench->end_us = start_us + seconds * 1000000;
    bench->group = log_add_group(bench->log, 1, 1);
    bench->first_lsn = 2;
    for (unsigned i = 0; i < outstanding; i++)
        append(bench);
    env_uv_run(bench->env);
    report(bench, (double)(env_boot_us(bench->env) - start_us) / 1e6, cpu_us() - before_us);
}

static void close_log(struct bench *bench)
{
    log_destroy(GIVE(bench->log));
    env_uv_finish_works(bench->env);
}

static void remove_file(void *context, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", (const char *)context, name);
    (void)unlink(path);
}

int main(int count, char **arguments)
{
    unsigned outstanding = count > 1 ? (unsigned)strtoul(arguments[1], NULL, 10) : 32;
    uint64_t seconds = count > 2 ? strtoull(arguments[2], NULL, 10) : 5;
    char path[4096];
    snprintf(path, sizeof path, "%s/bench_log.XXXXXX", count > 3 ? arguments[3] : "/tmp");
    if (outstanding == 0 || outstanding > OUTSTANDING_MAX || seconds == 0 || mkdtemp(path) == NULL)
        return 1;

    static struct bench bench;
    bench.env = env_uv_create(&(struct env_uv_options){0});
    bench.latencies_us = memory_alloc(LATENCIES_MAX * sizeof *bench.latencies_us);
    printf("a new log opened in %" PRIu64 " us\n", open_log(&bench, path));
    run(&bench, outstanding, seconds);
    close_log(&bench);
    double before_us = cpu_us();
    printf("opened again in %" PRIu64 " us", open_log(&bench, path));
    printf(", %.0f us CPU, for %" PRIu64 " live bytes\n", cpu_us() - before_us,
           log_live_bytes(bench.log));
    close_log(&bench);

    if (env_directory_list(bench.env, path, remove_file, path) != STATUS_OK || rmdir(path) != 0)
        fprintf(stderr, "bench_log: %s is left behind\n", path);
    env_uv_destroy(bench.env);
    memory_free(bench.latencies_us);
    return 0;
}
