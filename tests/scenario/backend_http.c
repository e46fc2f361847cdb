#include "core/auth/request_time.h"
#include "core/auth/sigv4.h"
#include "core/base/arena.h"
#include "core/base/check.h"
#include "tests/scenario/backend.h"
#include "tests/scenario/http_exchange.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HEADER_COUNT_MAX = 8, HOST_SIZE_MAX = 64 };

struct backend_http {
    const struct backend_http_options *options;
    size_t turn;
    struct signing_keys *keys;
    struct buffer text; /* of the last answer */
    struct region_answer answer;
};

struct headers {
    struct auth_header list[HEADER_COUNT_MAX];
    size_t count;
};

static void add(struct headers *headers, const char *name, const char *value)
{
    CHECK(headers->count < HEADER_COUNT_MAX);
    headers->list[headers->count++] =
        (struct auth_header){.name = slice_of_text(name), .value = slice_of_text(value)};
}

static const char *text_or(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

/* As clients do, with the headers there are; or what the request says instead of it. */
static void authorize(const struct backend_http *http, const struct region_request *request,
                      struct arena *arena, struct headers *headers)
{
    if (request->authorization != NULL) {
        if (*request->authorization != '\0')
            add(headers, "Authorization", request->authorization);
        return;
    }
    const struct backend_http_options *options = http->options;
    const struct sigv4_signer signer = {
        .access_key_id = slice_of_text(text_or(request->access_key_id, options->access_key_id)),
        .secret = slice_of_text(text_or(request->secret, options->secret)),
        .region = slice_of_text(text_or(request->region_name, options->region)),
        .service = slice_of_text(text_or(request->service, "dynamodb")),
    };
    const struct auth_request signed_request = {
        .method = slice_of_text(text_or(request->method, "POST")),
        .path = slice_of_text("/"),
        .query = slice_of_text(text_or(request->query, "")),
        .headers = headers->list,
        .header_count = headers->count,
        .body = request->body,
    };
    SCOPED(buffer) value;
    buffer_init(&value);
    CHECK(sigv4_sign(http->keys, &signer, &signed_request, &value) == STATUS_OK);
    add(headers, "Authorization", arena_copy_text(arena, buffer_slice(&value)));
}

static void append_request(const struct region_request *request, const struct headers *headers,
                           struct buffer *out)
{
    const char *query = text_or(request->query, "");
    buffer_append_format(out, "%s /%s%s HTTP/1.1\r\n", text_or(request->method, "POST"),
                         *query != '\0' ? "?" : "", query);
    for (size_t i = 0; i < headers->count; i++) {
        buffer_append(out, headers->list[i].name);
        buffer_append_text(out, ": ");
        buffer_append(out, headers->list[i].value);
        buffer_append_text(out, "\r\n");
    }
    buffer_append_format(out, "Connection: close\r\nContent-Length: %zu\r\n\r\n",
                         request->body.size);
    buffer_append(out, request->body);
}

static void build(const struct backend_http *http, const struct region_request *request,
                  const char *endpoint, struct buffer *out)
{
    OWNED(arena) arena = arena_create();
    struct headers headers = {.count = 0};
    char time_text[REQUEST_TIME_SIZE + 1];
    request_time_format((int64_t)time(NULL) - request->age_s, time_text);
    add(&headers, "Host", endpoint);
    const char *date = text_or(request->date, time_text);
    if (*date != '\0')
        add(&headers, "X-Amz-Date", date);
    const char *content_type = text_or(request->content_type, "application/x-amz-json-1.0");
    if (*content_type != '\0')
        add(&headers, "Content-Type", content_type);
    if (request->target != NULL && *request->target != '\0')
        add(&headers, "X-Amz-Target", request->target);
    authorize(http, request, arena, &headers);
    if (request->header_name != NULL)
        add(&headers, request->header_name, request->header_value);
    append_request(request, &headers, out);
}

static void keep_header(const struct http_answer *answer, const char *name, char *text, size_t size)
{
    struct slice value;
    if (http_answer_header(answer, name, &value))
        snprintf(text, size, "%.*s", (int)value.size, (const char *)value.bytes);
}

static const struct region_answer *keep(struct backend_http *http)
{
    struct http_answer parsed;
    *buffer_reserve(&http->text, 1) = '\0';
    if (http_answer_parse(buffer_slice(&http->text), &parsed) != STATUS_OK)
        return NULL;
    struct region_answer *answer = &http->answer;
    *answer = (struct region_answer){
        .status_code = parsed.status_code,
        .body = (const char *)parsed.body.bytes,
        .body_size = parsed.body.size,
    };
    keep_header(&parsed, "Content-Type", answer->content_type, sizeof answer->content_type);
    keep_header(&parsed, "x-amzn-RequestId", answer->request_id, sizeof answer->request_id);
    keep_header(&parsed, "x-amz-crc32", answer->checksum, sizeof answer->checksum);
    keep_header(&parsed, "Server", answer->server, sizeof answer->server);
    return answer;
}

static const struct region_answer *http_send(void *context, const struct region_request *request)
{
    struct backend_http *http = context;
    const char *endpoint = http->options->endpoints[http->turn++ % http->options->endpoint_count];
    char host[HOST_SIZE_MAX];
    size_t host_size = strcspn(endpoint, ":");
    CHECK(host_size < sizeof host && endpoint[host_size] == ':');
    snprintf(host, sizeof host, "%.*s", (int)host_size, endpoint);
    uint16_t port = (uint16_t)strtoul(endpoint + host_size + 1, NULL, 10);
    SCOPED(buffer) bytes;
    buffer_init(&bytes);
    build(http, request, endpoint, &bytes);
    buffer_clear(&http->text);
    enum status status = http_exchange(host, port, buffer_slice(&bytes), &http->text);
    if (status != STATUS_OK) {
        fprintf(stderr, "%s: %s (%s)\n", endpoint, status_text(status), strerror(errno));
        return NULL;
    }
    return keep(http);
}

static void http_pass_time(void *context)
{
    (void)context;
    poll(NULL, 0, 1);
}

static bool http_restart(void *context)
{
    struct backend_http *http = context;
    char byte = '.';
    return http->options->restart_ask_fd > 0 &&
           write(http->options->restart_ask_fd, &byte, 1) == 1 &&
           read(http->options->restart_done_fd, &byte, 1) == 1;
}

static void http_destroy(void *context)
{
    struct backend_http *http = context;
    signing_keys_destroy(http->keys);
    buffer_deinit(&http->text);
    memory_free(http);
}

struct backend backend_http_create(const struct backend_http_options *options)
{
    struct backend_http *http = memory_alloc_zeroed(sizeof *http);
    http->options = options;
    http->keys = signing_keys_create(4);
    return (struct backend){
        .context = http,
        .send = http_send,
        .pass_time = http_pass_time,
        .restart = http_restart,
        .destroy = http_destroy,
    };
}
