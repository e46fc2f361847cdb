#include "router/http/http_request.h"

#include "core/base/check.h"
#include "router/http/http_private.h"

#include <netdb.h>
#include <strings.h>

enum {
    SPARE_COUNT_MAX = 256,
    SPARE_BODY_MAX = 16 << 10,
    ANSWER_WHOLE_MAX = 64 << 10,
    /* Below 32 KB with the response before it: malloc asks the kernel for larger zeroed memory. */
    ANSWER_BLOCK_SIZE = 31 << 10,
};

static struct http_request *request_create(void)
{
    struct http_request *request = memory_alloc_zeroed(sizeof *request);
    request->arena = arena_create();
    return request;
}

static struct http_request *request_take(struct http_server *server)
{
    struct list *link = list_take_first(&server->spares);
    if (link == NULL)
        return request_create();
    server->spare_count--;
    return LIST_ELEMENT(link, struct http_request, link);
}

static void request_read_target(struct http_request *request, const char *target)
{
    size_t path_size = strcspn(target, "?");
    size_t size = strlen(target);
    struct slice copy = arena_copy(request->arena, slice_of(target, size));
    request->path = slice_of(copy.bytes, path_size);
    request->query = slice_skip(copy, path_size < size ? path_size + 1 : size);
}

static void request_read_peer(struct http_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (info->client_addr->sa_family == AF_INET)
        memcpy(&request->peer.v4, info->client_addr, sizeof request->peer.v4);
    else
        memcpy(&request->peer.v6, info->client_addr, sizeof request->peer.v6);
}

struct http_request *http_request_open(struct http_server *server,
                                       struct MHD_Connection *connection, const char *target)
{
    struct http_request *request = request_take(server);
    request->server = server;
    request->connection = connection;
    request->state = REQUEST_OPENED;
    list_init(&request->answer_link);
    request_read_target(request, target);
    request_read_peer(request);
    list_append(&server->requests, &request->link);
    server->stats.request_count++;
    return request;
}

static enum MHD_Result header_add(void *context, enum MHD_ValueKind kind, const char *name,
                                  size_t name_size, const char *value, size_t value_size)
{
    (void)kind;
    struct http_request *request = context;
    /* libmicrohttpd leaves blanks at the end, which do not belong to the value (RFC 9110, 5.5). */
    while (value_size > 0 && (value[value_size - 1] == ' ' || value[value_size - 1] == '\t'))
        value_size--;
    char *copy = arena_alloc(request->arena, name_size + value_size + 1);
    memcpy(copy, name, name_size);
    if (value_size > 0)
        memcpy(copy + name_size, value, value_size);
    copy[name_size + value_size] = '\0';
    request->headers[request->header_count++] = (struct http_header){
        .name = slice_of(copy, name_size),
        .value = slice_of(copy + name_size, value_size),
    };
    return MHD_YES;
}

void http_request_read_head(struct http_request *request, const char *method)
{
    int count = MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, NULL, NULL);
    request->method = arena_copy(request->arena, slice_of_text(method));
    request->headers = arena_alloc(request->arena, (size_t)count * sizeof *request->headers);
    request->header_count = 0;
    (void)MHD_get_connection_values_n(request->connection, MHD_HEADER_KIND, header_add, request);
}

void http_request_charge(struct http_request *request, size_t size)
{
    request->charged_bytes += size;
    request->server->stats.body_bytes += size;
}

void http_request_drop_body(struct http_request *request)
{
    buffer_deinit(&request->body);
    request->server->stats.body_bytes -= request->charged_bytes;
    request->charged_bytes = 0;
}

void http_request_destroy(struct http_request *request)
{
    CHECK(request->response == NULL);
    buffer_deinit(&request->body);
    buffer_deinit(&request->answer);
    arena_destroy(request->arena);
    memory_free(request);
}

/* Back to how `request_create` made it, but for the memory that is worth keeping. */
static void request_clear(struct http_request *request)
{
    if (request->response != NULL)
        MHD_destroy_response(request->response);
    if (request->body.capacity > SPARE_BODY_MAX)
        buffer_deinit(&request->body);
    buffer_clear(&request->body);
    buffer_deinit(&request->answer);
    arena_reset(request->arena);
    *request = (struct http_request){.arena = request->arena, .body = request->body};
}

static void request_release(struct http_request *request)
{
    struct http_server *server = request->server;
    server->stats.body_bytes -= request->charged_bytes;
    server->stats.request_count--;
    answer_room_give(server->answer_room, request->answer.size);
    list_remove(&request->answer_link);
    list_remove(&request->link);
    request_clear(request);
    if (server->spare_count == SPARE_COUNT_MAX) {
        http_request_destroy(request);
        return;
    }
    list_prepend(&server->spares, &request->link);
    server->spare_count++;
}

static bool request_is_with_handler(const struct http_request *request)
{
    return request->state == REQUEST_WAITING || request->state == REQUEST_SUSPENDED;
}

void http_request_end(struct http_request *request)
{
    request->connection = NULL;
    if (!request_is_with_handler(request))
        request_release(request);
}

void http_request_orphan(struct http_request *request)
{
    list_remove(&request->link);
    request->server = NULL;
    CHECK(request_is_with_handler(request));
}

struct slice http_request_method(const struct http_request *request)
{
    return request->method;
}

struct slice http_request_path(const struct http_request *request)
{
    return request->path;
}

struct slice http_request_query(const struct http_request *request)
{
    return request->query;
}

const struct http_header *http_request_headers(const struct http_request *request,
                                               size_t *out_count)
{
    *out_count = request->header_count;
    return request->headers;
}

bool http_name_is(struct slice text, const char *name)
{
    return text.size == strlen(name) && strncasecmp((const char *)text.bytes, name, text.size) == 0;
}

struct slice http_request_header(const struct http_request *request, const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_header *header = &request->headers[i];
        if (header->name.size == size &&
            strncasecmp((const char *)header->name.bytes, name, size) == 0)
            return header->value;
    }
    return (struct slice){0};
}

struct slice http_request_body(const struct http_request *request)
{
    return buffer_slice(&request->body);
}

void http_request_peer(const struct http_request *request, char out_text[HTTP_PEER_TEXT_SIZE])
{
    if (getnameinfo(&request->peer.any, sizeof request->peer, out_text, HTTP_PEER_TEXT_SIZE, NULL,
                    0, NI_NUMERICHOST) != 0)
        out_text[0] = '\0';
}

struct arena *http_request_arena(struct http_request *request)
{
    return request->arena;
}

/* Gives libmicrohttpd the next block of a long answer: it sends one at each run. */
static ssize_t answer_read(void *context, uint64_t position, char *block, size_t size_max)
{
    struct http_request *request = context;
    size_t left = request->answer.size - (size_t)position;
    size_t size = left < size_max ? left : size_max;
    memcpy(block, request->answer.bytes + position, size);
    request->server->has_sent = true;
    http_stall_note(request);
    return (ssize_t)size;
}

/*
 * The response borrows the answer's bytes: a request outlives what is sent of it. Sent in one piece
 * long answers would hold up the loop, when there are many at once.
 */
static struct MHD_Response *response_begin(struct http_request *request)
{
    struct buffer *answer = &request->answer;
    if (answer->size <= ANSWER_WHOLE_MAX)
        return MHD_create_response_from_buffer(answer->size, answer->bytes, MHD_RESPMEM_PERSISTENT);
    return MHD_create_response_from_callback(answer->size, ANSWER_BLOCK_SIZE, answer_read, request,
                                             NULL);
}

static struct MHD_Response *response_create(struct http_request *request,
                                            const struct http_field *fields, size_t field_count)
{
    struct MHD_Response *response = response_begin(request);
    CHECK(response != NULL);
    for (size_t i = 0; i < field_count; i++)
        CHECK(MHD_add_response_header(response, fields[i].name, fields[i].value) == MHD_YES);
    if (request->server->is_draining || request->must_close)
        CHECK(MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close") == MHD_YES);
    return response;
}

static void request_drop_answer(struct http_request *request, struct buffer *body)
{
    buffer_deinit(body);
    if (request->server == NULL)
        http_request_destroy(request);
    else
        request_release(request);
}

/* While it is being sent, which may take long, only the answer is held. */
static void answer_begin_long(struct http_request *request)
{
    http_request_drop_body(request);
    arena_reset(request->arena);
    http_stall_watch(request);
}

void http_request_respond(struct http_request *request, unsigned status_code,
                          const struct http_field *fields, size_t field_count, struct buffer *body)
{
    CHECK(request_is_with_handler(request));
    if (request->connection == NULL) {
        request_drop_answer(request, body);
        return;
    }
    struct http_server *server = request->server;
    request->answer = *body;
    buffer_init(body);
    request->status_code = status_code;
    request->response = response_create(request, fields, field_count);
    if (request->answer.size > ANSWER_WHOLE_MAX)
        answer_begin_long(request);
    http_request_charge(request, request->answer.size);
    answer_room_take(server->answer_room, request->answer.size);

    if (request->state == REQUEST_SUSPENDED)
        MHD_resume_connection(request->connection);
    else
        server->waiting_count--;
    request->state = REQUEST_ANSWERED;
    if (request != server->handled)
        http_turn_wake(server);
}
