/*
 * The simulated network: listeners, links and what the wire does to their frames.
 *
 * A link and a listener are joined by a connection, whose frames arrive in order, each at most
 * once, after random delays. A connection that breaks takes all its frames with it, and the link
 * makes another one later, under a new peer number. It breaks
 *   - when either side closes or dies: soon after a kill, late after a power cut;
 *   - some time after a way between its machines was cut, unless that was healed before: what was
 *     sent meanwhile then arrives late, in order;
 *   - now and then by itself (`break_one_in`).
 * While a link has no connection, and so just after env_connect, it answers STATUS_BUSY.
 *
 * Hostile mode (the `..._one_in` of drop, repeat and reorder) breaks what env.h promises of links:
 * for layers that must stand even that.
 */
#pragma once

#include "core/env/env.h"

#include <stdbool.h>
#include <stdint.h>

struct sim_env;
struct sim_net;
struct world;

/* Each `..._one_in` is the number of frames of which one is met; 0: none is. */
struct sim_net_faults {
    uint64_t delay_us_min;
    uint64_t delay_us_max;
    uint64_t spike_one_in; /* takes up to `spike_us_max` longer */
    uint64_t spike_us_max;
    uint64_t break_one_in;
    uint64_t drop_one_in;
    uint64_t repeat_one_in;
    uint64_t reorder_one_in;
    uint64_t queue_bytes_max; /* of one way of a connection; STATUS_BUSY beyond it */
    uint64_t queue_frames_max;
};

struct sim_net *sim_net_create(struct world *world);
void sim_net_destroy(struct sim_net *net);

/* Free to be changed at any time. At first: a local network without breaks, and not hostile. */
struct sim_net_faults *sim_net_faults(struct sim_net *net);

/* Sets the delays of one way between two machines apart; 0, 0: as all others again. */
void sim_net_delay(struct sim_net *net, uint32_t from, uint32_t to, uint64_t delay_us_min,
                   uint64_t delay_us_max);

void sim_net_cut(struct sim_net *net, uint32_t from, uint32_t to);
void sim_net_heal(struct sim_net *net, uint32_t from, uint32_t to);
bool sim_net_is_cut(const struct sim_net *net, uint32_t from, uint32_t to);

/* Takes what belongs to a process that died off the network; its handles still want closing. */
void sim_net_forget(struct sim_net *net, const struct sim_env *env, bool is_killed);

/* Makes the callback of one frame that has arrived; `ready_flows` of an env is not empty. */
void sim_net_deliver_first(struct list *ready_flows);

/* The functions of env.h. */
enum status sim_net_listen(struct env *env, const char *address, env_frame_fn frame_fn,
                           void *context, struct env_listener **out_listener);
void sim_net_listener_close(struct env_listener *listener);
enum status sim_net_listener_send(struct env_listener *listener, uint64_t peer, struct slice frame);
enum status sim_net_connect(struct env *env, const char *address, const char *peer_name,
                            env_frame_fn frame_fn, void *context, struct env_link **out_link);
void sim_net_link_close(struct env_link *link);
enum status sim_net_link_send(struct env_link *link, struct slice frame);
