/*
 * Runs libmicrohttpd when its descriptors, its timeouts or our answers ask for it.
 */
#include "core/base/check.h"
#include "router/http/http_private.h"

enum { RETRY_US = 1000 };

/*
 * While a request waits unsuspended libmicrohttpd always asks to be run again at once, so that
 * alone says nothing. What it asks for beyond that follows from what it did: a connection whose
 * answer was sent has not yet begun to read again, one that is sent a long answer may have room for
 * its next block, and one that is receiving may have more in its socket. The rare rest, such as
 * half a header inside a TLS record, is found by the retry.
 */
static bool server_needs_run(const struct http_server *server)
{
    return server->waiting_count == 0 || server->has_completed || server->has_sent ||
           (server->has_received && server->receiving_count > 0);
}

static void server_run(void *context);

static void timer_start_unless_waiting(struct http_server *server, struct env_timer *timer,
                                       uint64_t delay_us)
{
    if (!timer_is_waiting(&timer->timer))
        env_timer_start(server->env, timer, delay_us, server_run, server);
}

static void server_schedule(struct http_server *server)
{
    /* At its bound libmicrohttpd does not listen, and finds only as a run begins that it may. */
    if (server->has_closed)
        http_turn_wake(server);

    unsigned long long timeout_ms = 0;
    if (MHD_get_timeout(server->daemon, &timeout_ms) != MHD_YES)
        return;
    /* Connections only ever expire later than they would have: an early timer does no harm. */
    if (timeout_ms > 0)
        timer_start_unless_waiting(server, &server->expiry_timer, timeout_ms * 1000);
    else if (server_needs_run(server))
        http_turn_wake(server);
    else
        timer_start_unless_waiting(server, &server->retry_timer, RETRY_US);
}

static void server_run(void *context)
{
    struct http_server *server = context;
    server->has_received = false;
    server->has_completed = false;
    server->has_sent = false;
    server->has_closed = false;
    server->is_running = true;
    CHECK(MHD_run(server->daemon) == MHD_YES);
    server->is_running = false;
    server_schedule(server);
}

void http_turn_init(struct http_server *server)
{
    env_task_init(&server->run_task, server_run, server);
}

enum status http_turn_start(struct http_server *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    CHECK(info != NULL);
    return env_watch_start(server->env, info->epoll_fd, server_run, server, &server->watch);
}

void http_turn_stop(struct http_server *server)
{
    env_watch_stop(server->watch);
    env_task_cancel(&server->run_task);
    env_timer_stop(server->env, &server->retry_timer);
    env_timer_stop(server->env, &server->expiry_timer);
    env_timer_stop(server->env, &server->stall_timer);
}

void http_turn_wake(struct http_server *server)
{
    env_defer(server->env, ENV_PHASE_SEND, &server->run_task);
}
