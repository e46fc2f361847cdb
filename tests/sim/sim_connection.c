#include "core/base/byte_order.h"
#include "core/base/checksum.h"
#include "core/base/limits.h"
#include "tests/sim/sim_net_private.h"

enum { BREAK_LATE_US_MIN = 1000, BREAK_LATE_US_MAX = 5 * 1000 * 1000 };

struct frame {
    struct list link;
    uint64_t due_us;
    size_t size;
    uint8_t bytes[];
};

static struct frame *frame_create(struct slice bytes)
{
    struct frame *frame = memory_alloc(sizeof *frame + bytes.size);
    frame->size = bytes.size;
    frame->due_us = 0;
    if (bytes.size > 0)
        memcpy(frame->bytes, bytes.bytes, bytes.size);
    return frame;
}

static void frames_destroy(struct list *frames)
{
    struct list *link;
    while ((link = list_take_first(frames)) != NULL)
        memory_free(LIST_ELEMENT(link, struct frame, link));
}

static struct frame *frame_of(struct list *link)
{
    return LIST_ELEMENT(link, struct frame, link);
}

static bool one_in(struct sim_net *net, uint64_t chances)
{
    return chances > 0 && random_one_in(&net->world->random, chances);
}

static struct world *flow_world(const struct sim_flow *flow)
{
    return flow->connection->net->world;
}

/* --- One way --- */

static void flow_arm(struct sim_flow *flow);

/* Frames of a way that is cut stay where they are, as do those to an end that is gone. */
static void flow_arrive(void *context)
{
    struct sim_flow *flow = context;
    uint64_t now_us = flow_world(flow)->now_us;
    if (flow->receiver == NULL || sim_net_is_cut(flow->connection->net, flow->from, flow->to))
        return;
    while (!list_is_empty(&flow->flying) && frame_of(flow->flying.next)->due_us <= now_us)
        list_append(&flow->arrived, list_take_first(&flow->flying));
    if (list_is_empty(&flow->ready) && !list_is_empty(&flow->arrived)) {
        list_append(&flow->receiver->ready_flows, &flow->ready);
        sim_env_wake(flow->receiver);
    }
    if (!list_is_empty(&flow->flying))
        flow_arm(flow);
}

static void flow_arm(struct sim_flow *flow)
{
    uint64_t due_us = frame_of(flow->flying.next)->due_us;
    uint64_t now_us = flow_world(flow)->now_us;
    world_timer_start(flow_world(flow), &flow->arrival, due_us > now_us ? due_us - now_us : 0,
                      flow_arrive, flow);
}

void sim_flow_on_heal(struct sim_flow *flow)
{
    if (list_is_empty(&flow->flying) || timer_is_waiting(&flow->arrival.timer))
        return;
    world_timer_start(flow_world(flow), &flow->arrival,
                      sim_net_delay_us(flow->connection->net, flow->from, flow->to, 0), flow_arrive,
                      flow);
}

/* Hostile: the frame overtakes the one sent before it. */
static void overtake(struct sim_flow *flow, struct frame *frame)
{
    struct frame *before = frame_of(frame->link.previous);
    uint64_t due_us = before->due_us;
    before->due_us = frame->due_us;
    frame->due_us = due_us;
    list_remove(&frame->link);
    list_insert_before(&before->link, &frame->link);
    if (flow->flying.next == &frame->link)
        flow_arm(flow);
}

static void flow_push(struct sim_flow *flow, struct frame *frame)
{
    struct sim_net *net = flow->connection->net;
    uint64_t due_us = net->world->now_us + sim_net_delay_us(net, flow->from, flow->to, frame->size);
    frame->due_us = due_us > flow->last_due_us ? due_us : flow->last_due_us;
    flow->last_due_us = frame->due_us;
    flow->bytes += frame->size;
    flow->frame_count++;
    bool is_first = list_is_empty(&flow->flying);
    list_append(&flow->flying, &frame->link);
    if (is_first)
        flow_arm(flow);
    else if (one_in(net, net->faults.reorder_one_in))
        overtake(flow, frame);
}

static void break_after(struct connection *connection, uint64_t delay_us, bool is_sure);

/* The other end is gone, yet its machine is up: it answers that it knows no such connection. */
static void learn_of_loss(struct sim_flow *flow)
{
    struct sim_net *net = flow->connection->net;
    const struct machine *machine = net->world->machines[flow->to];
    bool is_reached = machine->env != NULL && !sim_net_is_cut(net, flow->from, flow->to) &&
                      !sim_net_is_cut(net, flow->to, flow->from);
    if (flow->receiver == NULL && is_reached)
        break_after(flow->connection, sim_net_delay_us(net, flow->from, flow->to, 0), true);
}

enum status sim_flow_send(struct sim_flow *flow, struct slice bytes)
{
    struct sim_net *net = flow->connection->net;
    if (bytes.size > LIMIT_FRAME_SIZE)
        return STATUS_TOO_LARGE;
    if (flow->bytes + bytes.size > net->faults.queue_bytes_max ||
        flow->frame_count >= net->faults.queue_frames_max)
        return STATUS_BUSY;
    learn_of_loss(flow);
    if (one_in(net, net->faults.drop_one_in))
        return STATUS_OK;
    flow_push(flow, frame_create(bytes));
    if (one_in(net, net->faults.repeat_one_in))
        flow_push(flow, frame_create(bytes));
    if (one_in(net, net->faults.break_one_in))
        break_after(flow->connection, sim_net_delay_us(net, flow->from, flow->to, 0), true);
    return STATUS_OK;
}

static void flow_init(struct sim_flow *flow, struct connection *connection,
                      const struct env_handle *from, const struct env_handle *to)
{
    flow->connection = connection;
    flow->receiver = sim_env_of(to->env);
    flow->from = sim_env_of(from->env)->machine->number;
    flow->to = flow->receiver->machine->number;
    list_init(&flow->flying);
    list_init(&flow->arrived);
    list_init(&flow->ready);
}

static void flow_clear(struct sim_flow *flow)
{
    list_remove(&flow->ready);
    world_timer_stop(flow_world(flow), &flow->arrival);
    frames_destroy(&flow->flying);
    frames_destroy(&flow->arrived);
    flow->bytes = 0;
    flow->frame_count = 0;
}

/* The sender is gone: what had not left it yet never will. */
static void flow_truncate(struct sim_flow *flow)
{
    uint64_t count = 0;
    LIST_FOR_EACH (link, &flow->flying)
        count++;
    uint64_t lost = random_below(&flow_world(flow)->random, count + 1);
    for (; lost > 0; lost--) {
        struct frame *frame = frame_of(flow->flying.previous);
        list_remove(&frame->link);
        flow->bytes -= frame->size;
        flow->frame_count--;
        memory_free(frame);
    }
}

/* --- Both ways --- */

struct connection *connection_create(struct sim_net *net, struct env_link *link,
                                     struct env_listener *listener)
{
    struct connection *connection = memory_alloc_zeroed(sizeof *connection);
    connection->net = net;
    connection->peer = ++net->peer_last;
    connection->link = link;
    connection->listener = listener;
    flow_init(&connection->up, connection, &link->handle, &listener->handle);
    flow_init(&connection->down, connection, &listener->handle, &link->handle);
    list_append(&net->connections, &connection->link_in_net);
    (void)hash_map_put(net->peers, slice_of(&connection->peer, sizeof connection->peer),
                       connection); /* a new number replaces none */
    world_record(net->world, "connect", connection->up.from, connection->up.to);
    return connection;
}

void connection_break(struct connection *connection)
{
    struct sim_net *net = connection->net;
    world_record(net->world, "break", connection->up.from, connection->up.to);
    world_timer_stop(net->world, &connection->breaking);
    flow_clear(&connection->up);
    flow_clear(&connection->down);
    list_remove(&connection->link_in_net);
    (void)hash_map_remove(net->peers, slice_of(&connection->peer, sizeof connection->peer));
    if (connection->link != NULL) {
        connection->link->connection = NULL;
        sim_link_retry(connection->link);
    }
    memory_free(connection);
}

static bool is_cut(const struct connection *connection)
{
    const struct sim_flow *up = &connection->up;
    return sim_net_is_cut(connection->net, up->from, up->to) ||
           sim_net_is_cut(connection->net, up->to, up->from);
}

static void break_if_due(void *context)
{
    struct connection *connection = context;
    if (connection->breaks_surely || is_cut(connection))
        connection_break(connection);
}

static void break_after(struct connection *connection, uint64_t delay_us, bool is_sure)
{
    connection->breaks_surely = connection->breaks_surely || is_sure;
    struct world *world = connection->net->world;
    const struct timer *timer = &connection->breaking.timer;
    if (!timer_is_waiting(timer) || timer->due_us > world->now_us + delay_us)
        world_timer_start(world, &connection->breaking, delay_us, break_if_due, connection);
}

static uint64_t late_us(struct sim_net *net)
{
    return BREAK_LATE_US_MIN +
           random_below(&net->world->random, BREAK_LATE_US_MAX - BREAK_LATE_US_MIN);
}

void connection_on_cut(struct connection *connection)
{
    break_after(connection, late_us(connection->net), false);
}

void connection_leave(struct connection *connection, bool is_link, bool is_killed)
{
    struct sim_net *net = connection->net;
    struct sim_flow *out = is_link ? &connection->up : &connection->down;
    struct sim_flow *in = is_link ? &connection->down : &connection->up;
    if (is_link)
        connection->link = NULL;
    else
        connection->listener = NULL;
    if (connection->link == NULL && connection->listener == NULL) {
        connection_break(connection);
        return;
    }
    flow_clear(in);
    in->receiver = NULL;
    flow_truncate(out);
    uint64_t delay_us = late_us(net);
    if (is_killed && !is_cut(connection)) {
        delay_us = sim_net_delay_us(net, out->from, out->to, 0);
        if (out->last_due_us > net->world->now_us)
            delay_us += out->last_due_us - net->world->now_us;
    }
    break_after(connection, delay_us, true);
}

void sim_net_deliver_first(struct list *ready_flows)
{
    struct sim_flow *flow = LIST_ELEMENT(list_take_first(ready_flows), struct sim_flow, ready);
    struct connection *connection = flow->connection;
    struct frame *frame = frame_of(list_take_first(&flow->arrived));
    bool is_up = flow == &connection->up;
    env_frame_fn frame_fn = is_up ? connection->listener->frame_fn : connection->link->frame_fn;
    void *frame_context = is_up ? connection->listener->context : connection->link->context;
    struct slice bytes = slice_of(frame->bytes, frame->size);

    flow->bytes -= frame->size;
    flow->frame_count--;
    if (!list_is_empty(&flow->arrived))
        list_append(ready_flows, &flow->ready);
    world_record(connection->net->world, "frame", flow->to, checksum_extend(flow->from, bytes));
    /* The callback may end the connection, and the flow with it. */
    frame_fn(frame_context, is_up ? connection->peer : 0, bytes);
    memory_free(frame);
}
