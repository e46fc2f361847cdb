/*
 * Which connections are closed because they take nothing of a long answer.
 *
 * The answers are in order of when some of them was last taken, the longest stalled first: a timer
 * looks at the first of them only.
 */
#include "router/http/http_private.h"

enum {
    STALL_CHECK_US = 250000,
    STALL_WANTED_MAX_US = 1000000, /* stalled so long, it makes room for others */
};

static void answers_check(void *context);

static void check_later(struct http_server *server)
{
    if (!timer_is_waiting(&server->stall_timer.timer) && !list_is_empty(&server->long_answers))
        env_timer_start(server->env, &server->stall_timer, STALL_CHECK_US, answers_check, server);
}

/* Down to three quarters: one that is closed for each that is refused would be too few. */
static bool room_is_short(const struct answer_room *room, size_t freed_bytes)
{
    return room->is_wanted && room->bytes - freed_bytes > room->bytes_max / 4 * 3;
}

static bool answer_is_over(const struct http_request *request, bool is_room_short)
{
    const struct http_server *server = request->server;
    uint64_t stalled_us = env_boot_us(server->env) - request->taken_us;
    uint64_t wanted_us = server->stall_timeout_us < STALL_WANTED_MAX_US ? server->stall_timeout_us
                                                                        : STALL_WANTED_MAX_US;
    return stalled_us >= (is_room_short ? wanted_us : server->stall_timeout_us);
}

/*
 * The kernel asks for the next block only when it has got rid of a good deal: that a slow client
 * takes some is seen by what it has acknowledged.
 */
static bool answer_was_taken(struct http_request *request)
{
    uint64_t taken_bytes = http_connection_taken(request->connection);
    bool was_taken = taken_bytes != request->taken_bytes;
    request->taken_bytes = taken_bytes;
    return was_taken;
}

static void answers_look(struct http_server *server)
{
    struct list looked_at, taken, *link;
    list_init(&looked_at);
    list_init(&taken);
    list_take_all(&looked_at, &server->long_answers);
    while ((link = list_take_first(&looked_at)) != NULL) {
        struct http_request *request = LIST_ELEMENT(link, struct http_request, answer_link);
        bool was_taken = answer_was_taken(request);
        if (was_taken)
            request->taken_us = env_boot_us(server->env);
        list_append(was_taken ? &taken : &server->long_answers, link);
    }
    list_take_all(&server->long_answers, &taken);
}

static void answers_check(void *context)
{
    struct http_server *server = context;
    answers_look(server);
    size_t freed_bytes = 0;
    while (!list_is_empty(&server->long_answers)) {
        struct http_request *request =
            LIST_ELEMENT(server->long_answers.next, struct http_request, answer_link);
        if (!answer_is_over(request, room_is_short(server->answer_room, freed_bytes)))
            break;
        freed_bytes += request->answer.size;
        list_remove(&request->answer_link);
        http_connection_shut(request->connection);
        server->stats.stalled_total++;
    }
    if (!room_is_short(server->answer_room, freed_bytes))
        server->answer_room->is_wanted = false;
    if (freed_bytes > 0)
        http_turn_wake(server);
    check_later(server);
}

void http_stall_watch(struct http_request *request)
{
    struct http_server *server = request->server;
    request->taken_bytes = http_connection_taken(request->connection);
    request->taken_us = env_boot_us(server->env);
    list_append(&server->long_answers, &request->answer_link);
    check_later(server);
}

void http_stall_note(struct http_request *request)
{
    /* One that is being closed is in the list no more. */
    if (list_is_empty(&request->answer_link))
        return;
    list_remove(&request->answer_link);
    request->taken_us = env_boot_us(request->server->env);
    list_append(&request->server->long_answers, &request->answer_link);
}
