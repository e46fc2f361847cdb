#include "tests/sim/sim_net.h"

#include "core/base/limits.h"
#include "tests/sim/sim_net_private.h"

enum { RETRY_US_MIN = 10 * 1000, RETRY_US_MAX = 200 * 1000, BYTES_PER_US = 1000 };

struct sim_net *sim_net_create(struct world *world)
{
    struct sim_net *net = memory_alloc_zeroed(sizeof *net);
    net->world = world;
    net->faults = (struct sim_net_faults){.delay_us_min = 40,
                                          .delay_us_max = 200,
                                          .spike_one_in = 500,
                                          .spike_us_max = 5000,
                                          .queue_bytes_max = 4 * LIMIT_FRAME_SIZE,
                                          .queue_frames_max = 256};
    net->listeners = hash_map_create(0);
    net->peers = hash_map_create(0);
    list_init(&net->listener_list);
    list_init(&net->link_list);
    list_init(&net->connections);
    return net;
}

void sim_net_destroy(struct sim_net *net)
{
    if (net == NULL)
        return;
    CHECK(list_is_empty(&net->connections)); /* their ends belong to envs, which are gone */
    hash_map_destroy(net->listeners);
    hash_map_destroy(net->peers);
    memory_free(net);
}

struct sim_net_faults *sim_net_faults(struct sim_net *net)
{
    return &net->faults;
}

void sim_net_delay(struct sim_net *net, uint32_t from, uint32_t to, uint64_t delay_us_min,
                   uint64_t delay_us_max)
{
    CHECK(from < WORLD_MACHINES_MAX && to < WORLD_MACHINES_MAX);
    CHECK(delay_us_min <= delay_us_max);
    net->paths[from][to].delay_us_min = delay_us_min;
    net->paths[from][to].delay_us_max = delay_us_max;
}

uint64_t sim_net_delay_us(struct sim_net *net, uint32_t from, uint32_t to, size_t size)
{
    const struct path *path = &net->paths[from][to];
    const struct sim_net_faults *faults = &net->faults;
    struct random *random = &net->world->random;
    bool is_apart = path->delay_us_max > 0;
    uint64_t least_us = is_apart ? path->delay_us_min : faults->delay_us_min;
    uint64_t most_us = is_apart ? path->delay_us_max : faults->delay_us_max;
    uint64_t delay_us = 1 + least_us + random_below(random, most_us - least_us + 1);
    if (faults->spike_one_in > 0 && random_one_in(random, faults->spike_one_in))
        delay_us += random_below(random, faults->spike_us_max + 1);
    return delay_us + size / BYTES_PER_US;
}

/* --- Cuts --- */

static bool is_between(const struct connection *connection, uint32_t one, uint32_t other)
{
    const struct sim_flow *up = &connection->up;
    return (up->from == one && up->to == other) || (up->from == other && up->to == one);
}

void sim_net_cut(struct sim_net *net, uint32_t from, uint32_t to)
{
    CHECK(from < WORLD_MACHINES_MAX && to < WORLD_MACHINES_MAX);
    net->paths[from][to].is_cut = true;
    LIST_FOR_EACH (link, &net->connections) {
        struct connection *connection = LIST_ELEMENT(link, struct connection, link_in_net);
        if (is_between(connection, from, to))
            connection_on_cut(connection);
    }
}

void sim_net_heal(struct sim_net *net, uint32_t from, uint32_t to)
{
    CHECK(from < WORLD_MACHINES_MAX && to < WORLD_MACHINES_MAX);
    net->paths[from][to].is_cut = false;
    LIST_FOR_EACH (link, &net->connections) {
        struct connection *connection = LIST_ELEMENT(link, struct connection, link_in_net);
        if (!is_between(connection, from, to))
            continue;
        sim_flow_on_heal(&connection->up);
        sim_flow_on_heal(&connection->down);
    }
}

bool sim_net_is_cut(const struct sim_net *net, uint32_t from, uint32_t to)
{
    return net->paths[from][to].is_cut;
}

/* --- Listeners --- */

enum status sim_net_listen(struct env *base, const char *address, env_frame_fn frame_fn,
                           void *context, struct env_listener **out_listener)
{
    struct sim_env *env = sim_env_of(base);
    struct sim_net *net = env->world->net;
    sim_env_check_loop(env);
    if (env->is_dead)
        return STATUS_IO;
    if (hash_map_get(net->listeners, slice_of_text(address)) != NULL)
        return STATUS_EXISTS;
    struct env_listener *listener = memory_alloc(sizeof *listener);
    *listener = (struct env_listener){.handle = {.env = base},
                                      .address = memory_copy_text(address),
                                      .frame_fn = frame_fn,
                                      .context = context};
    (void)hash_map_put(net->listeners, slice_of_text(address), listener); /* there was none */
    list_append(&net->listener_list, &listener->link_in_net);
    env->handle_count++;
    *out_listener = listener;
    return STATUS_OK;
}

/* Takes a listener off the network; it is still to be closed. */
static void listener_forget(struct sim_net *net, struct env_listener *listener, bool is_killed)
{
    if (list_is_empty(&listener->link_in_net))
        return;
    list_remove(&listener->link_in_net);
    (void)hash_map_remove(net->listeners, slice_of_text(listener->address)); /* it is this one */
    LIST_FOR_EACH (link, &net->connections) {
        struct connection *connection = LIST_ELEMENT(link, struct connection, link_in_net);
        if (connection->listener == listener)
            connection_leave(connection, false, is_killed);
    }
}

void sim_net_listener_close(struct env_listener *listener)
{
    struct sim_env *env = sim_env_of(listener->handle.env);
    sim_env_check_loop(env);
    listener_forget(env->world->net, listener, true);
    env->handle_count--;
    memory_free(listener->address);
    memory_free(listener);
}

enum status sim_net_listener_send(struct env_listener *listener, uint64_t peer, struct slice frame)
{
    struct sim_env *env = sim_env_of(listener->handle.env);
    sim_env_check_loop(env);
    if (env->is_dead)
        return STATUS_OK;
    struct connection *connection =
        hash_map_get(env->world->net->peers, slice_of(&peer, sizeof peer));
    if (connection == NULL || connection->listener != listener)
        return STATUS_CLOSED;
    return sim_flow_send(&connection->down, frame);
}

/* --- Links --- */

static bool is_paused(const struct sim_env *env)
{
    return env->machine->paused_until_us > env->world->now_us;
}

/* The listener that answers the link's attempt now; NULL when none does. */
static struct env_listener *link_find_listener(const struct env_link *link)
{
    const struct sim_env *env = sim_env_of(link->handle.env);
    const struct sim_net *net = env->world->net;
    struct env_listener *listener = hash_map_get(net->listeners, slice_of_text(link->address));
    if (listener == NULL)
        return NULL;
    const struct sim_env *other = sim_env_of(listener->handle.env);
    uint32_t from = env->machine->number;
    uint32_t to = other->machine->number;
    if (sim_net_is_cut(net, from, to) || sim_net_is_cut(net, to, from))
        return NULL;
    return is_paused(env) || is_paused(other) ? NULL : listener;
}

static void link_attempt(void *context)
{
    struct env_link *link = context;
    struct sim_net *net = sim_env_of(link->handle.env)->world->net;
    struct env_listener *listener = link_find_listener(link);
    if (listener != NULL)
        link->connection = connection_create(net, link, listener);
    else
        sim_link_retry(link);
}

void sim_link_retry(struct env_link *link)
{
    struct world *world = sim_env_of(link->handle.env)->world;
    uint64_t delay_us = RETRY_US_MIN + random_below(&world->random, RETRY_US_MAX - RETRY_US_MIN);
    world_timer_start(world, &link->attempt, delay_us, link_attempt, link);
}

enum status sim_net_connect(struct env *base, const char *address, const char *peer_name,
                            env_frame_fn frame_fn, void *context, struct env_link **out_link)
{
    enum { HANDSHAKE_US_MAX = 2000 };
    struct sim_env *env = sim_env_of(base);
    (void)peer_name; /* nobody is an impostor here */
    sim_env_check_loop(env);
    if (env->is_dead)
        return STATUS_IO;
    struct env_link *link = memory_alloc(sizeof *link);
    *link = (struct env_link){.handle = {.env = base},
                              .address = memory_copy_text(address),
                              .frame_fn = frame_fn,
                              .context = context};
    list_append(&env->world->net->link_list, &link->link_in_net);
    world_timer_start(env->world, &link->attempt,
                      1 + random_below(&env->world->random, HANDSHAKE_US_MAX), link_attempt, link);
    env->handle_count++;
    *out_link = link;
    return STATUS_OK;
}

/* Takes a link off the network; it is still to be closed. */
static void link_forget(struct world *world, struct env_link *link, bool is_killed)
{
    list_remove(&link->link_in_net);
    world_timer_stop(world, &link->attempt);
    if (link->connection != NULL)
        connection_leave(link->connection, true, is_killed);
    link->connection = NULL;
}

void sim_net_link_close(struct env_link *link)
{
    struct sim_env *env = sim_env_of(link->handle.env);
    sim_env_check_loop(env);
    link_forget(env->world, link, true);
    env->handle_count--;
    memory_free(link->address);
    memory_free(link);
}

enum status sim_net_link_send(struct env_link *link, struct slice bytes)
{
    const struct sim_env *env = sim_env_of(link->handle.env);
    sim_env_check_loop(env);
    if (env->is_dead)
        return STATUS_OK;
    if (link->connection != NULL)
        return sim_flow_send(&link->connection->up, bytes);
    return STATUS_BUSY;
}

void sim_net_forget(struct sim_net *net, const struct sim_env *env, bool is_killed)
{
    LIST_FOR_EACH (at, &net->link_list) {
        struct env_link *link = LIST_ELEMENT(at, struct env_link, link_in_net);
        if (link->handle.env == &env->env)
            link_forget(net->world, link, is_killed);
    }
    LIST_FOR_EACH (at, &net->listener_list) {
        struct env_listener *listener = LIST_ELEMENT(at, struct env_listener, link_in_net);
        if (listener->handle.env == &env->env)
            listener_forget(net, listener, is_killed);
    }
}
