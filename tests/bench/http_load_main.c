/*
 * Loads an HTTP server with prebuilt requests.
 *
 *   http_load PORT COUNT [SERVER_PID [CONNECTIONS [FILE]]]
 *
 * FILE holds raw requests one after the other, each with a Content-Length if it has a body; they
 * are sent in turn, over and over. Without it a POST of about 370 bytes in DynamoDB's manner is
 * sent.
 */
#define _GNU_SOURCE
#include "core/base/buffer.h"
#include "core/base/check.h"
#include "tests/bench/http_load.h"

#include <stdio.h>
#include <stdlib.h>

static const char default_request[] =
    "POST / HTTP/1.1\r\n"
    "Host: localhost:8000\r\n"
    "X-Amz-Target: DynamoDB_20120810.GetItem\r\n"
    "Content-Type: application/x-amz-json-1.0\r\n"
    "X-Amz-Date: 20250101T000000Z\r\n"
    "Authorization: AWS4-HMAC-SHA256 Credential=A/20250101/local/dynamodb/aws4_request\r\n"
    "Content-Length: 112\r\n"
    "\r\n"
    "{\"TableName\":\"usertable\",\"Key\":{\"id\":{\"S\":\"user6284781860667377211\"}},"
    "\"ConsistentRead\":true,\"ReturnConsumed\":\"\"}";

/* Requests in turn, whichever connection asks. */
struct requests {
    struct buffer bytes;
    struct slice *slices;
    size_t count;
    size_t next;
};

static struct slice requests_next(void *context, unsigned connection_index)
{
    (void)connection_index;
    struct requests *requests = context;
    struct slice request = requests->slices[requests->next];
    requests->next = (requests->next + 1) % requests->count;
    return request;
}

static enum status read_file(const char *path, struct buffer *bytes)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return STATUS_NOT_FOUND;
    size_t size;
    do {
        size = fread(buffer_reserve(bytes, 65536), 1, 65536, file);
        bytes->size += size;
    } while (size > 0);
    fclose(file);
    return STATUS_OK;
}

static size_t request_size(struct slice rest)
{
    const char *text = (const char *)rest.bytes;
    const char *end = memmem(text, rest.size, "\r\n\r\n", 4);
    CHECK(end != NULL);
    size_t size = (size_t)(end - text) + 4;
    for (const char *line = text; line < end; line = strchr(line, '\n') + 1) {
        if (strncasecmp(line, "content-length:", 15) == 0)
            size += strtoul(line + 15, NULL, 10);
    }
    CHECK(size <= rest.size);
    return size;
}

static void requests_split(struct requests *requests)
{
    buffer_append_u8(&requests->bytes, 0);
    struct slice rest = slice_of(requests->bytes.bytes, requests->bytes.size - 1);
    while (rest.size > 0) {
        size_t size = request_size(rest);
        requests->slices =
            memory_resize(requests->slices, (requests->count + 1) * sizeof *requests->slices);
        requests->slices[requests->count++] = slice_of(rest.bytes, size);
        rest = slice_skip(rest, size);
    }
    CHECK(requests->count > 0);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "http_load PORT COUNT [SERVER_PID [CONNECTIONS [FILE]]]\n");
        return EXIT_FAILURE;
    }
    struct requests requests = {0};
    if (argc > 5)
        CHECK(read_file(argv[5], &requests.bytes) == STATUS_OK);
    else
        buffer_append_text(&requests.bytes, default_request);
    requests_split(&requests);

    pid_t server_pid = argc > 3 ? atoi(argv[3]) : 0;
    struct http_load_options options = {
        .host = "127.0.0.1",
        .port = (uint16_t)atoi(argv[1]),
        .request_count = strtoull(argv[2], NULL, 10),
        .server_pids = &server_pid,
        .server_pid_count = server_pid > 0 ? 1 : 0,
        .connection_count = argc > 4 ? (unsigned)atoi(argv[4]) : 32,
        .request_fn = requests_next,
        .context = &requests,
    };
    struct http_load_result result;
    enum status status = http_load_run(&options, &result);
    if (status != STATUS_OK) {
        fprintf(stderr, "http_load: %s\n", status_text(status));
        return EXIT_FAILURE;
    }
    printf("%.0f requests/s, server %.2f us/request, p50 %.0f us, p99 %.0f us, p99.9 %.0f us, "
           "%llu errors\n",
           result.requests_per_second, result.server_cpu_us, result.p50_us, result.p99_us,
           result.p999_us, (unsigned long long)result.error_count);
    memory_free(requests.slices);
    buffer_deinit(&requests.bytes);
    return EXIT_SUCCESS;
}
