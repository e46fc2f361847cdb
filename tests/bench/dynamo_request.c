#include "tests/bench/dynamo_request.h"

#include "core/auth/sigv4.h"
#include "core/base/check.h"

#include <time.h>

enum { TIME_SIZE = 16, SIGNED_HEADER_COUNT = 4 };

static void append_body(const struct dynamo_client *client, enum dynamo_operation operation,
                        uint64_t item_number, struct buffer *out)
{
    buffer_append_format(out, "{\"TableName\":\"%s\",", client->table);
    switch (operation) {
    case DYNAMO_GET_ITEM:
        buffer_append_text(out, "\"Key\":");
        item_append_key(item_number, out);
        if (client->reads_consistently)
            buffer_append_text(out, ",\"ConsistentRead\":true");
        break;
    case DYNAMO_PUT_ITEM:
        buffer_append_text(out, "\"Item\":");
        item_append(&client->sizes, item_number, out);
        break;
    }
    buffer_append_text(out, "}");
}

static const char *target_of(enum dynamo_operation operation)
{
    return operation == DYNAMO_GET_ITEM ? "DynamoDB_20120810.GetItem" : "DynamoDB_20120810.PutItem";
}

static void time_format(char out_text[TIME_SIZE + 1])
{
    time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    CHECK(strftime(out_text, TIME_SIZE + 1, "%Y%m%dT%H%M%SZ", &parts) == TIME_SIZE);
}

static void append_authorization(const struct dynamo_client *client,
                                 const struct auth_request *request, struct buffer *out)
{
    const struct sigv4_signer signer = {
        .access_key_id = slice_of_text(client->access_key_id),
        .secret = slice_of_text(client->secret),
        .region = slice_of_text(client->region),
        .service = slice_of_text("dynamodb"),
    };
    buffer_append_text(out, "Authorization: ");
    CHECK(sigv4_sign(client->keys, &signer, request, out) == STATUS_OK);
    buffer_append_text(out, "\r\n");
}

/* The headers that are not signed stand between the others, as clients have them. */
void dynamo_request_append(const struct dynamo_client *client, enum dynamo_operation operation,
                           uint64_t item_number, struct buffer *out)
{
    SCOPED(buffer) body;
    buffer_init(&body);
    append_body(client, operation, item_number, &body);
    char time_text[TIME_SIZE + 1];
    time_format(time_text);
    const struct auth_header headers[SIGNED_HEADER_COUNT] = {
        {slice_of_text("Host"), slice_of_text(client->host)},
        {slice_of_text("X-Amz-Target"), slice_of_text(target_of(operation))},
        {slice_of_text("Content-Type"), slice_of_text("application/x-amz-json-1.0")},
        {slice_of_text("X-Amz-Date"), slice_of_text(time_text)},
    };
    const struct auth_request request = {
        .method = slice_of_text("POST"),
        .path = slice_of_text("/"),
        .headers = headers,
        .header_count = SIGNED_HEADER_COUNT,
        .body = buffer_slice(&body),
    };
    buffer_append_text(out, "POST / HTTP/1.1\r\n");
    for (size_t i = 0; i < SIGNED_HEADER_COUNT; i++)
        buffer_append_format(out, "%.*s: %.*s\r\n", (int)headers[i].name.size,
                             (const char *)headers[i].name.bytes, (int)headers[i].value.size,
                             (const char *)headers[i].value.bytes);
    buffer_append_text(out, "User-Agent: graticule-bench/1\r\nAccept-Encoding: identity\r\n");
    append_authorization(client, &request, out);
    buffer_append_format(out, "Content-Length: %zu\r\n\r\n", body.size);
    buffer_append(out, buffer_slice(&body));
}
