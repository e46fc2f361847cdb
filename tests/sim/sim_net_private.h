/*
 * What the parts of the simulated network share: paths between machines, connections, their ends.
 */
#pragma once

#include "core/base/hash_map.h"
#include "tests/sim/sim_env_private.h"
#include "tests/sim/sim_net.h"

struct connection;

struct path {
    uint64_t delay_us_min; /* both 0: the general ones */
    uint64_t delay_us_max;
    bool is_cut;
};

struct sim_net {
    struct world *world;
    struct sim_net_faults faults;
    struct path paths[WORLD_MACHINES_MAX][WORLD_MACHINES_MAX];
    struct hash_map *listeners; /* by address */
    struct hash_map *peers;     /* connections by peer number */
    struct list listener_list;
    struct list link_list;
    struct list connections;
    uint64_t peer_last;
};

/* One way of a connection. */
struct sim_flow {
    struct connection *connection;
    struct sim_env *receiver; /* NULL once that end is gone */
    uint32_t from;
    uint32_t to;
    size_t bytes; /* of all its frames */
    size_t frame_count;
    uint64_t last_due_us; /* no later frame arrives before */
    struct list flying;   /* frames, by due time */
    struct list arrived;  /* frames that the receiver has not taken */
    struct list ready;    /* in the receiver's ready flows while any has arrived */
    struct env_timer arrival;
};

struct connection {
    struct sim_net *net;
    struct list link_in_net;
    uint64_t peer;
    struct env_link *link;         /* NULL once gone */
    struct env_listener *listener; /* NULL once gone */
    struct sim_flow up;            /* from link to listener */
    struct sim_flow down;
    struct env_timer breaking;
    bool breaks_surely; /* also if all ways are open when the time has come */
};

struct env_listener {
    struct env_handle handle;
    struct list link_in_net;
    char *address;
    env_frame_fn frame_fn;
    void *context;
};

struct env_link {
    struct env_handle handle;
    struct list link_in_net;
    char *address;
    env_frame_fn frame_fn;
    void *context;
    struct connection *connection; /* NULL while there is none */
    struct env_timer attempt;      /* waits while there is none */
};

/* sim_net.c */
uint64_t sim_net_delay_us(struct sim_net *net, uint32_t from, uint32_t to, size_t size);

/* Lets the link try again after a while. */
void sim_link_retry(struct env_link *link);

/* sim_connection.c */
struct connection *connection_create(struct sim_net *net, struct env_link *link,
                                     struct env_listener *listener);

/* Ends it at once, for whichever ends are left. */
void connection_break(struct connection *connection);

/* The end of the link or of the listener goes away; the other one notices in due time. */
void connection_leave(struct connection *connection, bool is_link, bool is_killed);

/* As env_link_send and env_listener_send. */
enum status sim_flow_send(struct sim_flow *flow, struct slice bytes);

/* A way was cut or healed. */
void connection_on_cut(struct connection *connection);
void sim_flow_on_heal(struct sim_flow *flow);
