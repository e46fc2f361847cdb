#include "router/front/cross_origin.h"

#define QUESTION_LIFETIME_S "172800"

/* What the browser asks for is granted: the answer's field repeats the request's. */
static size_t grant(const struct auth_request *request, struct arena *arena, const char *asked,
                    const char *granted, struct router_field *field)
{
    struct slice value;
    if (!auth_request_find_header(request, asked, &value))
        return 0;
    *field = (struct router_field){.name = granted, .value = arena_copy_text(arena, value)};
    return 1;
}

static bool has_origin(const struct auth_request *request)
{
    struct slice origin;
    return auth_request_find_header(request, "origin", &origin);
}

bool cross_origin_is_question(const struct auth_request *request)
{
    return slice_is_text(request->method, "OPTIONS") && has_origin(request);
}

size_t cross_origin_fields(const struct auth_request *request, struct arena *arena,
                           struct router_field *fields)
{
    size_t count = 0;
    if (!has_origin(request))
        return 0;
    fields[count++] = (struct router_field){"Access-Control-Allow-Origin", "*"};
    if (!cross_origin_is_question(request))
        return count;
    fields[count++] = (struct router_field){"Access-Control-Max-Age", QUESTION_LIFETIME_S};
    count += grant(request, arena, "access-control-request-headers", "Access-Control-Allow-Headers",
                   &fields[count]);
    count += grant(request, arena, "access-control-request-method", "Access-Control-Allow-Methods",
                   &fields[count]);
    return count;
}
