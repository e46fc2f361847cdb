#include "router/route/tablet_call.h"

#include "core/catalog/view.h"

enum { RETRY_MIN_US = 2000, RETRY_MAX_US = 100000 };

static void send(void *context);

static bool may_repeat(const struct tablet_call *call, const struct rpc_result *result)
{
    bool is_final = result->reason == RPC_REASON_NO_TABLE ||
                    result->reason == RPC_REASON_MALFORMED || result->reason == RPC_REASON_WORK;
    if (is_final || (call->is_write && result->outcome != RPC_NOT_EXECUTED))
        return false;
    return env_boot_us(call->route->env) + call->retry_us < call->deadline_us;
}

static void retry(struct tablet_call *call)
{
    env_timer_start(call->route->env, &call->retry_timer, call->retry_us, send, call);
    if (call->retry_us < RETRY_MAX_US)
        call->retry_us *= 2;
}

static void take_result(void *context, const struct rpc_result *result)
{
    struct tablet_call *call = context;
    call->is_sent = false;
    if (result->outcome != RPC_EXECUTED && may_repeat(call, result))
        retry(call);
    else
        call->fn(call->context, result);
}

static struct rpc_client *leader_of(const struct tablet_call *call)
{
    const struct catalog_view *view = catalog_watch_view(call->route->watch);
    const struct tablet_record *record = catalog_view_find_tablet(view, call->tablet);
    if (record == NULL || record->replica_count == 0)
        return NULL;
    const struct node_record *node = catalog_view_find_node(view, record->replicas[0].node_id);
    return node == NULL ? NULL : peers_client(call->route->peers, node);
}

static void send_to(struct tablet_call *call, struct rpc_client *leader)
{
    uint64_t now_us = env_boot_us(call->route->env);
    uint64_t left_us = call->deadline_us > now_us ? call->deadline_us - now_us : 0;
    call->is_sent = true;
    rpc_client_call(leader, call->method, buffer_slice(&call->body), left_us, take_result, call);
}

static void send(void *context)
{
    struct tablet_call *call = context;
    struct rpc_client *leader = leader_of(call);
    if (leader != NULL)
        send_to(call, leader);
    else
        take_result(call, &(struct rpc_result){.outcome = RPC_NOT_EXECUTED,
                                               .reason = RPC_REASON_NOT_LEADER});
}

void tablet_call_start(struct tablet_call *call)
{
    call->retry_us = RETRY_MIN_US;
    struct rpc_client *leader = leader_of(call);
    if (leader != NULL)
        send_to(call, leader);
    else
        retry(call); /* its owner is not called back from inside this call */
}

bool tablet_call_abandon(struct tablet_call *call)
{
    env_timer_stop(call->route->env, &call->retry_timer);
    call->deadline_us = 0;
    return !call->is_sent;
}

void tablet_call_deinit(struct tablet_call *call)
{
    env_timer_stop(call->route->env, &call->retry_timer);
    buffer_deinit(&call->body);
}
