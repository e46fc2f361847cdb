#include "tests/bench/dynamo_request.h"

#include "core/auth/sigv4.h"
#include "core/base/check.h"

#include <time.h>

enum { TIME_SIZE = 16, SIGNED_HEADER_COUNT = 4 };

static const struct {
    const char *name;
    const char *target;
} operations[DYNAMO_OPERATION_COUNT] = {
    [DYNAMO_GET_ITEM] = {"get", "DynamoDB_20120810.GetItem"},
    [DYNAMO_PUT_ITEM] = {"put", "DynamoDB_20120810.PutItem"},
    [DYNAMO_PUT_ITEM_IF] = {"put-if", "DynamoDB_20120810.PutItem"},
    [DYNAMO_UPDATE_ITEM] = {"update", "DynamoDB_20120810.UpdateItem"},
    [DYNAMO_QUERY] = {"query", "DynamoDB_20120810.Query"},
    [DYNAMO_SCAN] = {"scan", "DynamoDB_20120810.Scan"},
    [DYNAMO_BATCH_WRITE_ITEM] = {"batch", "DynamoDB_20120810.BatchWriteItem"},
};

const char *dynamo_operation_name(enum dynamo_operation operation)
{
    return operations[operation].name;
}

static void append_consistency(const struct dynamo_client *client, struct buffer *out)
{
    if (client->reads_consistently)
        buffer_append_text(out, ",\"ConsistentRead\":true");
}

static void append_put(const struct dynamo_client *client, uint64_t item_number, struct buffer *out)
{
    buffer_append_text(out, "\"Item\":");
    item_append(&client->form, item_number, out);
}

static void append_condition(uint64_t item_number, struct buffer *out)
{
    buffer_append_text(out,
                       ",\"ConditionExpression\":\"attribute_not_exists(#id) OR #revision = "
                       ":revision\",\"ExpressionAttributeNames\":{\"#id\":\"id\",\"#revision\":"
                       "\"revision\"},\"ExpressionAttributeValues\":{\":revision\":");
    item_append_revision(item_number, out);
    buffer_append_text(out, "}");
}

static void append_update(const struct dynamo_client *client, uint64_t item_number,
                          struct buffer *out)
{
    buffer_append_text(out, "\"Key\":");
    item_append_key(&client->form, item_number, out);
    buffer_append_text(
        out, ",\"UpdateExpression\":\"SET #visits = if_not_exists(#visits, :none) + :one\","
             "\"ExpressionAttributeNames\":{\"#visits\":\"visits\"},\"ExpressionAttributeValues\":"
             "{\":none\":{\"N\":\"0\"},\":one\":{\"N\":\"1\"}},\"ReturnValues\":\"UPDATED_NEW\"");
}

static void append_query(const struct dynamo_client *client, uint64_t item_number,
                         struct buffer *out)
{
    buffer_append_text(out, "\"KeyConditionExpression\":\"id = :id\",\"ExpressionAttributeValues\":"
                            "{\":id\":");
    item_append_id(&client->form, item_number, out);
    buffer_append_text(out, "}");
}

static void append_scan(const struct dynamo_client *client, uint64_t item_number,
                        struct buffer *out)
{
    buffer_append_format(out, "\"Limit\":%d,\"ExclusiveStartKey\":", DYNAMO_PAGE_COUNT);
    item_append_key(&client->form, item_number, out);
}

static void append_batch(const struct dynamo_client *client, uint64_t item_number,
                         struct buffer *out)
{
    buffer_append_format(out, "\"RequestItems\":{\"%s\":[", client->table);
    for (uint64_t i = 0; i < DYNAMO_BATCH_COUNT; i++) {
        buffer_append_text(out, i > 0 ? ",{\"PutRequest\":{" : "{\"PutRequest\":{");
        append_put(client, (item_number + i) % client->item_count, out);
        buffer_append_text(out, "}}");
    }
    buffer_append_text(out, "]}");
}

static void append_members(const struct dynamo_client *client, enum dynamo_operation operation,
                           uint64_t item_number, struct buffer *out)
{
    switch (operation) {
    case DYNAMO_GET_ITEM:
        buffer_append_text(out, "\"Key\":");
        item_append_key(&client->form, item_number, out);
        append_consistency(client, out);
        return;
    case DYNAMO_PUT_ITEM:
        append_put(client, item_number, out);
        return;
    case DYNAMO_PUT_ITEM_IF:
        append_put(client, item_number, out);
        append_condition(item_number, out);
        return;
    case DYNAMO_UPDATE_ITEM:
        append_update(client, item_number, out);
        return;
    case DYNAMO_QUERY:
        append_query(client, item_number, out);
        append_consistency(client, out);
        return;
    case DYNAMO_SCAN:
        append_scan(client, item_number, out);
        append_consistency(client, out);
        return;
    case DYNAMO_BATCH_WRITE_ITEM:
        append_batch(client, item_number, out);
        return;
    case DYNAMO_OPERATION_COUNT:
        break;
    }
    CHECK(false);
}

static void append_body(const struct dynamo_client *client, enum dynamo_operation operation,
                        uint64_t item_number, struct buffer *out)
{
    buffer_append_text(out, "{");
    if (operation != DYNAMO_BATCH_WRITE_ITEM)
        buffer_append_format(out, "\"TableName\":\"%s\",", client->table);
    append_members(client, operation, item_number, out);
    buffer_append_text(out, "}");
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
        {slice_of_text("X-Amz-Target"), slice_of_text(operations[operation].target)},
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
