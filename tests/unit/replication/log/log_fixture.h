/*
 * A log on a simulated machine, for tests of the log: opened, run, cut off and opened again.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/memory.h"
#include "replication/log/log_private.h"
#include "tests/sim/sim_disk.h"
#include "tests/sim/world.h"

#include <stdio.h>
#include <string.h>

enum { FIXTURE_MACHINE = 1, FIXTURE_SEGMENT_SIZE = 64 << 10 };

#define FIXTURE_PATH "node/log"

struct fixture {
    struct world *world;
    struct env *env;
    struct log *log;
    struct log_options options;
    uint64_t synced_lsn;
    uint64_t earlier_synced_lsn; /* as told the time before */
};

static inline void fixture_synced(void *context, uint64_t lsn)
{
    struct fixture *fixture = context;
    fixture->earlier_synced_lsn = fixture->synced_lsn;
    fixture->synced_lsn = lsn;
}

static inline void fixture_init(struct fixture *fixture, uint64_t seed)
{
    *fixture = (struct fixture){
        .world = world_create(seed),
        .options = {.path = FIXTURE_PATH,
                    .segment_size = FIXTURE_SEGMENT_SIZE,
                    .synced_fn = fixture_synced},
    };
}

static inline enum status fixture_open(struct fixture *fixture)
{
    fixture->options.context = fixture;
    fixture->synced_lsn = 0;
    fixture->earlier_synced_lsn = 0;
    fixture->env = world_boot(fixture->world, FIXTURE_MACHINE);
    return log_open(fixture->env, &fixture->options, &fixture->log);
}

/* Ends what is left of the process. */
static inline void fixture_close(struct fixture *fixture)
{
    world_shutdown(fixture->world, FIXTURE_MACHINE);
    log_destroy(GIVE(fixture->log));
    if (fixture->env != NULL)
        world_env_destroy(GIVE(fixture->env));
}

static inline void fixture_deinit(struct fixture *fixture)
{
    fixture_close(fixture);
    world_destroy(fixture->world);
}

static inline struct sim_disk *fixture_disk(const struct fixture *fixture)
{
    return world_disk(fixture->world, FIXTURE_MACHINE);
}

static inline void fixture_crash(struct fixture *fixture)
{
    world_crash(fixture->world, FIXTURE_MACHINE);
    fixture_close(fixture);
}

/* Until all that was appended is synced; a process that dies on the way fails the test. */
static inline void fixture_sync(struct fixture *fixture)
{
    while (fixture->synced_lsn < fixture->log->appended_lsn)
        assert_true(world_step(fixture->world));
}

/* And until nothing is left to be done. */
static inline void fixture_settle(struct fixture *fixture)
{
    fixture_sync(fixture);
    world_run_for(fixture->world, 5 * 1000 * 1000);
}

static inline uint64_t fixture_append_bytes(struct fixture *fixture, struct log_group *group,
                                            struct slice bytes)
{
    struct log_entry entry = {
        .index = log_group_last_index(group) + 1,
        .term = 1,
        .type = LOG_ENTRY_COMMAND,
        .bytes = bytes,
    };
    return log_append_entry(fixture->log, group, &entry);
}

static inline uint64_t fixture_append(struct fixture *fixture, struct log_group *group,
                                      const char *text)
{
    return fixture_append_bytes(fixture, group, slice_of_text(text));
}

static inline uint64_t fixture_append_size(struct fixture *fixture, struct log_group *group,
                                           size_t size)
{
    void *bytes = memory_alloc_zeroed(size);
    uint64_t lsn = fixture_append_bytes(fixture, group, slice_of(bytes, size));
    memory_free(bytes);
    return lsn;
}

static inline void assert_entry(const struct log_group *group, uint64_t index, const char *text)
{
    struct log_entry entry;
    assert_true(log_group_find_entry(group, index, &entry));
    assert_int_equal(entry.index, index);
    assert_true(slice_is_text(entry.bytes, text));
}

static inline uint64_t fixture_set_base(struct fixture *fixture, struct log_group *group,
                                        uint64_t index)
{
    struct log_base base = {.index = index, .term = 1, .configuration = slice_of_text("abc")};
    return log_set_base(fixture->log, group, &base);
}

/* --- The directory --- */

struct fixture_files {
    char names[64][32];
    size_t count;
};

static inline void fixture_note_file(void *context, const char *name)
{
    struct fixture_files *files = context;
    assert_true(files->count < 64);
    snprintf(files->names[files->count++], sizeof files->names[0], "%s", name);
}

static inline struct fixture_files fixture_files(const struct fixture *fixture)
{
    struct fixture_files files = {.count = 0};
    assert_int_equal(
        sim_disk_directory_list(fixture_disk(fixture), FIXTURE_PATH, fixture_note_file, &files),
        STATUS_OK);
    return files;
}

static inline void fixture_path_of(const struct fixture_files *files, size_t at, char out_path[64])
{
    snprintf(out_path, 64, "%s/%s", FIXTURE_PATH, files->names[at]);
}

static inline size_t fixture_count_files(const struct fixture *fixture, const char *suffix)
{
    struct fixture_files files = fixture_files(fixture);
    size_t count = 0;
    for (size_t i = 0; i < files.count; i++)
        count += strstr(files.names[i], suffix) != NULL;
    return count;
}
