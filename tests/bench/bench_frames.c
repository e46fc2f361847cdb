/*
 * What a frame costs: a link and a listener in one process that echo frames, so many at a time,
 * over "local:" and over TCP with CURVE. Over TCP each has its own env, in its own thread.
 */
#include "core/base/check.h"
#include "core/env/env_uv.h"
#include "core/env/keys.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { FRAME_SIZE = 400, RETRY_US = 1000 };

struct echo {
    struct env *env;
    struct env_listener *listener;
};

struct load {
    struct env *env;
    struct env_link *link;
    struct env_timer retry;
    uint32_t outstanding;
    uint64_t left;
};

static const uint8_t frame_bytes[FRAME_SIZE];

static void on_request(void *context, uint64_t peer, struct slice frame)
{
    struct echo *echo = context;
    if (frame.size != FRAME_SIZE)
        env_uv_stop(echo->env);
    else
        CHECK(env_listener_send(echo->listener, peer, frame) == STATUS_OK);
}

static void on_reply(void *context, uint64_t peer, struct slice frame)
{
    (void)peer;
    struct load *load = context;
    if (--load->left == 0)
        env_uv_stop(load->env);
    else if (load->left >= load->outstanding)
        CHECK(env_link_send(load->link, frame) == STATUS_OK);
}

static void load_begin(void *context)
{
    struct load *load = context;
    struct slice frame = slice_of(frame_bytes, FRAME_SIZE);
    if (env_link_send(load->link, frame) != STATUS_OK) {
        env_timer_start(load->env, &load->retry, RETRY_US, load_begin, load);
        return;
    }
    for (uint32_t i = 1; i < load->outstanding; i++)
        CHECK(env_link_send(load->link, frame) == STATUS_OK);
}

static double seconds(clockid_t clock)
{
    struct timespec now;
    CHECK(clock_gettime(clock, &now) == 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void load_run(const char *name, struct load *load, uint64_t frames)
{
    load->left = frames;
    load_begin(load);
    double wall = seconds(CLOCK_MONOTONIC);
    double used = seconds(CLOCK_PROCESS_CPUTIME_ID);
    env_uv_run(load->env);
    wall = seconds(CLOCK_MONOTONIC) - wall;
    used = seconds(CLOCK_PROCESS_CPUTIME_ID) - used;
    /* An echo is two frames: each is sent once and received once, a side each. */
    printf("%-6s %3u outstanding: %6.2f us wall, %6.2f us processor per echo and side\n", name,
           load->outstanding, wall * 1e6 / (double)frames / 2, used * 1e6 / (double)frames / 2);
}

static void local_run(uint32_t outstanding, uint64_t frames)
{
    struct echo echo = {.env = env_uv_create(&(struct env_uv_options){0})};
    struct load load = {.env = echo.env, .outstanding = outstanding};
    CHECK(env_listen(echo.env, "local:x", on_request, &echo, &echo.listener) == STATUS_OK);
    CHECK(env_connect(load.env, "local:x", "x", on_reply, &load, &load.link) == STATUS_OK);
    load_run("local", &load, frames);
    env_link_close(load.link);
    env_listener_close(echo.listener);
    env_uv_destroy(echo.env);
}

static void *echo_thread(void *context)
{
    env_uv_run(((struct echo *)context)->env);
    return NULL;
}

static struct env_keys *keys_make(void)
{
    SCOPED(buffer) secret = {0};
    SCOPED(buffer) known = {0};
    SCOPED(buffer) mistakes = {0};
    struct env_keys *keys;
    env_keys_generate("x", &secret, &known);
    CHECK(env_keys_of_text(buffer_slice(&secret), buffer_slice(&known), &mistakes, &keys) ==
          STATUS_OK);
    return keys;
}

static void tcp_run(const char *address, uint32_t outstanding, uint64_t frames)
{
    OWNED(env_keys) keys = keys_make();
    struct env_uv_options options = {.keys = keys};
    struct echo echo = {.env = env_uv_create(&options)};
    struct load load = {.env = env_uv_create(&options), .outstanding = outstanding};
    pthread_t thread;
    CHECK(env_listen(echo.env, address, on_request, &echo, &echo.listener) == STATUS_OK);
    CHECK(env_connect(load.env, address, "x", on_reply, &load, &load.link) == STATUS_OK);
    CHECK(pthread_create(&thread, NULL, echo_thread, &echo) == 0);
    load_run("tcp", &load, frames);
    CHECK(env_link_send(load.link, slice_of_text("stop")) == STATUS_OK);
    CHECK(pthread_join(thread, NULL) == 0);
    env_link_close(load.link);
    env_listener_close(echo.listener);
    env_uv_destroy(load.env);
    env_uv_destroy(echo.env);
}

int main(int argument_count, char **arguments)
{
    const char *address = argument_count > 1 ? arguments[1] : "127.0.0.1:29817";
    local_run(64, 3000000);
    local_run(1, 300000);
    tcp_run(address, 64, 300000);
    tcp_run(address, 8, 100000);
    tcp_run(address, 1, 20000);
    return 0;
}
