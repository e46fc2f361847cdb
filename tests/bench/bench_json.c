/*
 * What JSON costs: microseconds for a PutItem body of about 350 bytes in, and for its item out,
 * once with few attributes and once with many. Best of several rounds, since whatever else runs
 * only makes it slower.
 */
#include "core/base/arena.h"
#include "core/base/buffer.h"
#include "core/base/check.h"
#include "core/json/json_item.h"
#include "core/json/json_request.h"
#include "core/model/item.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ROUND_COUNT = 15, OPERATION_COUNT = 100000 };

static const char few_attributes[] =
    "{\"TableName\":\"users\",\"Item\":{\"pk\":{\"S\":\"user#0000000042\"},\"sk\":{\"S\":"
    "\"profile#2024-11-21\"},\"name\":{\"S\":\"Ada Lovelace\"},\"age\":{\"N\":\"36\"},"
    "\"active\":{\"BOOL\":true},\"note\":{\"S\":\"The Analytical Engine weaves algebraic "
    "patterns just as the Jacquard loom weaves flowers and leaves; it has no pretensions to "
    "originate anything.\"}},\"ReturnValues\":\"NONE\"}";

static const char many_attributes[] =
    "{\"TableName\":\"users\",\"Item\":{\"pk\":{\"S\":\"user#0000000042\"},\"sk\":{\"S\":"
    "\"profile#2024\"},\"name\":{\"S\":\"Ada Lovelace\"},\"email\":{\"S\":\"ada@example.org\"},"
    "\"age\":{\"N\":\"36\"},\"score\":{\"N\":\"1234.5678\"},\"active\":{\"BOOL\":true},"
    "\"tags\":{\"SS\":[\"analyst\",\"poet\",\"countess\"]},\"address\":{\"M\":{\"city\":{\"S\":"
    "\"London\"},\"zip\":{\"S\":\"SW1Y\"}}}},\"ReturnValues\":\"NONE\"}";

static const struct json_field put_fields[] = {{.kind = JSON_ITEM, .path = {"Item"}}};

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static struct json_request parse(struct json_request_parser *parser, const char *body,
                                 struct arena *arena)
{
    arena_reset(arena);
    struct json_request request =
        json_request_parse(parser, slice_of_text(body), put_fields, 1, arena);
    CHECK(request.fault.kind == JSON_FAULT_NONE);
    return request;
}

static double time_in(struct json_request_parser *parser, const char *body, struct arena *arena)
{
    double start = now_us();
    for (int i = 0; i < OPERATION_COUNT; i++)
        (void)parse(parser, body, arena);
    return (now_us() - start) / OPERATION_COUNT;
}

static double time_out(struct slice item, struct buffer *buffer)
{
    double start = now_us();
    for (int i = 0; i < OPERATION_COUNT; i++) {
        buffer_clear(buffer);
        json_item_write(buffer, item);
    }
    return (now_us() - start) / OPERATION_COUNT;
}

static double time_check(struct slice item)
{
    double start = now_us();
    for (int i = 0; i < OPERATION_COUNT; i++)
        CHECK(item_check(item) == STATUS_OK);
    return (now_us() - start) / OPERATION_COUNT;
}

static double least(double left, double right)
{
    return left < right ? left : right;
}

static void measure(const char *label, const char *body)
{
    OWNED(json_request_parser) parser = json_request_parser_create();
    OWNED(arena) parse_arena = arena_create();
    OWNED(arena) item_arena = arena_create();
    SCOPED(buffer) json = {0};
    struct json_request request = parse(parser, body, item_arena);
    struct slice item = json_node_find(request.root, "Item")->text;

    double in_us = 1e9;
    double out_us = 1e9;
    double check_us = 1e9;
    for (int i = 0; i < ROUND_COUNT; i++) {
        in_us = least(in_us, time_in(parser, body, parse_arena));
        out_us = least(out_us, time_out(item, &json));
        check_us = least(check_us, time_check(item));
    }
    printf("%s: PutItem of %zu bytes in %.3f us; item of %zu bytes of JSON out %.3f us; its %zu "
           "bytes checked %.3f us\n",
           label, strlen(body), in_us, json.size, out_us, item.size, check_us);
}

int main(void)
{
    measure("few attributes", few_attributes);
    measure("many attributes", many_attributes);
    return 0;
}
