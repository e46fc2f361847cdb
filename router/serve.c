#include "router/serve.h"

#include "core/base/check.h"

enum { FIELD_COUNT_MAX = 12 };

static void respond(void *context, struct router_response *response)
{
    struct http_field fields[FIELD_COUNT_MAX];
    CHECK(response->field_count <= FIELD_COUNT_MAX);
    for (size_t i = 0; i < response->field_count; i++)
        fields[i] = (struct http_field){.name = response->fields[i].name,
                                        .value = response->fields[i].value};
    http_request_respond(context, response->status_code, fields, response->field_count,
                         response->body);
}

static struct auth_header *copy_headers(struct http_request *request, size_t *out_count)
{
    const struct http_header *headers = http_request_headers(request, out_count);
    struct auth_header *copies =
        arena_alloc(http_request_arena(request), *out_count * sizeof *copies);
    for (size_t i = 0; i < *out_count; i++)
        copies[i] = (struct auth_header){.name = headers[i].name, .value = headers[i].value};
    return copies;
}

static struct router_request *request_make(struct http_request *http)
{
    struct router_request *request = arena_alloc(http_request_arena(http), sizeof *request);
    *request = (struct router_request){
        .auth =
            {
                .method = http_request_method(http),
                .path = http_request_path(http),
                .query = http_request_query(http),
                .body = http_request_body(http),
            },
        .arena = http_request_arena(http),
    };
    request->auth.headers = copy_headers(http, &request->auth.header_count);
    return request;
}

static void handle(void *context, struct http_request *http)
{
    router_handle(context, request_make(http), respond, http);
}

static void refuse(void *context, struct http_request *http, unsigned status_code)
{
    router_refuse(context, request_make(http), status_code, respond, http);
}

enum status router_serve(struct env *env, struct router *router,
                         const struct http_server_options *options, struct http_server **out_server)
{
    struct http_server_options own_options = *options;
    own_options.refuse_fn = refuse;
    own_options.answer_room = router_answer_room(router);
    return http_server_create(env, &own_options, handle, router, out_server);
}
