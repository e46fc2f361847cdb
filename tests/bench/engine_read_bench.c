/*
 * What a get of a cached key costs through a worker, and on the loop.
 *
 * Usage: engine_read_bench [outstanding [gets]]. Each callback asks for the next key.
 */
#define _GNU_SOURCE /* RUSAGE_THREAD */
#include "core/base/check.h"
#include "core/base/random.h"
#include "core/env/env_uv.h"
#include "node/engine/engine_leveldb.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    KEY_COUNT = 100000,
    VALUE_SIZE = 350,
    BATCH_SIZE = 1000,
};

struct bench {
    struct env *env;
    struct engine *engine;
    struct random random;
    size_t left;    /* to be asked for */
    size_t waiting; /* asked for */
};

static void make_key(uint64_t number, char out_key[32])
{
    snprintf(out_key, 32, "table/0123456789/%012llu", (unsigned long long)number);
}

static void on_written(void *context, enum status status)
{
    struct bench *bench = context;
    CHECK(status == STATUS_OK);
    env_uv_stop(bench->env);
}

static void fill(struct bench *bench)
{
    uint64_t value[VALUE_SIZE / 8 + 1];
    for (uint64_t first = 0; first < KEY_COUNT; first += BATCH_SIZE) {
        SCOPED(engine_batch) batch;
        engine_batch_init(&batch);
        for (uint64_t i = first; i < first + BATCH_SIZE; i++) {
            char key[32];
            make_key(i, key);
            for (size_t word = 0; word < sizeof value / sizeof value[0]; word++)
                value[word] = random_next(&bench->random);
            engine_batch_put(&batch, slice_of_text(key), slice_of(value, VALUE_SIZE));
        }
        engine_write(bench->engine, &batch, on_written, bench);
        env_uv_run(bench->env);
    }
    engine_checkpoint(bench->engine, on_written, bench);
    env_uv_run(bench->env);
}

static void on_value(void *context, enum status status, struct slice value);

static void ask(struct bench *bench)
{
    char key[32];
    if (bench->left == 0)
        return;
    bench->left--;
    bench->waiting++;
    make_key(random_below(&bench->random, KEY_COUNT), key);
    engine_get(bench->engine, slice_of_text(key), on_value, bench);
}

static void on_value(void *context, enum status status, struct slice value)
{
    struct bench *bench = context;
    CHECK(status == STATUS_OK);
    CHECK(value.size == VALUE_SIZE);
    bench->waiting--;
    ask(bench);
    if (bench->waiting == 0)
        env_uv_stop(bench->env);
}

static double cpu_us(int who)
{
    struct rusage usage;
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void read_all(struct bench *bench, size_t outstanding, size_t get_count)
{
    bench->left = get_count;
    for (size_t i = 0; i < outstanding; i++)
        ask(bench);
    env_uv_run(bench->env);
}

static void measure(const char *path, bool reads_on_loop, size_t outstanding, size_t get_count)
{
    struct bench bench = {.env = env_uv_create(&(struct env_uv_options){0}),
                          .random = random_of_seed(1)};
    struct engine_leveldb_options options = {
        .path = path, .block_cache_size = (size_t)256 << 20, .reads_on_loop = reads_on_loop};
    CHECK(engine_leveldb_open(bench.env, &options, &bench.engine) == STATUS_OK);
    fill(&bench);
    read_all(&bench, outstanding, KEY_COUNT * 3); /* into the cache */

    double wall = (double)env_boot_us(bench.env);
    double process = cpu_us(RUSAGE_SELF);
    double loop = cpu_us(RUSAGE_THREAD);
    read_all(&bench, outstanding, get_count);
    wall = (double)env_boot_us(bench.env) - wall;
    process = cpu_us(RUSAGE_SELF) - process;
    loop = cpu_us(RUSAGE_THREAD) - loop;

    double gets = (double)get_count;
    printf("%-8s %3zu outstanding: %6.2f us per get; CPU %6.2f us, of it %6.2f us on the loop\n",
           reads_on_loop ? "loop" : "workers", outstanding, wall / gets, process / gets,
           loop / gets);
    engine_destroy(bench.engine);
    env_uv_finish_works(bench.env);
    env_uv_destroy(bench.env);
}

int main(int argument_count, char **arguments)
{
    size_t outstanding = argument_count > 1 ? strtoull(arguments[1], NULL, 10) : 32;
    size_t get_count = argument_count > 2 ? strtoull(arguments[2], NULL, 10) : 300000;
    char path[] = "/tmp/engine_read_bench.XXXXXX";
    char command[64];
    CHECK(mkdtemp(path) != NULL);
    measure(path, false, outstanding, get_count);
    measure(path, true, outstanding, get_count);
    snprintf(command, sizeof command, "rm -r %s", path);
    return system(command);
}
