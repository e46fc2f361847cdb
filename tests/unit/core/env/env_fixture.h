/*
 * What the tests of the real env share: a loop that gives up instead of hanging, and directories
 * that go away.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/buffer.h"
#include "core/env/env_uv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GIVE_UP_US = 20000000 };

static inline struct env *fixture_env(void)
{
    return env_uv_create(&(struct env_uv_options){0});
}

static inline void fixture_give_up(void *env)
{
    (void)env;
    fprintf(stderr, "the loop was not stopped in time\n");
    abort();
}

/* As env_uv_run, but a test that is never stopped fails. */
static inline void fixture_run(struct env *env)
{
    struct env_timer give_up = {0};
    env_timer_start(env, &give_up, GIVE_UP_US, fixture_give_up, env);
    env_uv_run(env);
    env_timer_stop(env, &give_up);
}

static inline void fixture_stop(void *env)
{
    env_uv_stop(env);
}

/* Runs for a while of the env's own time, for what must not happen. */
static inline void fixture_run_for(struct env *env, uint64_t time_us)
{
    struct env_timer timer = {0};
    env_timer_start(env, &timer, time_us, fixture_stop, env);
    env_uv_run(env);
}

/* A new directory, to be freed. */
static inline char *fixture_directory(void)
{
    char *path = strdup("/tmp/graticule-env-XXXXXX");
    assert_non_null(mkdtemp(path));
    return path;
}

static inline void fixture_directory_remove(char *path)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    assert_int_equal(system(command), 0);
    free(path);
}

/* A path in a directory; holds until the next call. */
static inline const char *fixture_path(const char *directory, const char *name)
{
    static char path[4][256];
    static unsigned next;
    char *slot = path[next++ % 4];
    snprintf(slot, sizeof path[0], "%s/%s", directory, name);
    return slot;
}
