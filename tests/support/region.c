#include "tests/support/region.h"

#include "core/auth/request_time.h"
#include "core/auth/sigv4.h"
#include "core/base/arena.h"
#include "core/base/check.h"
#include "node/node.h"
#include "router/router.h"
#include "tests/sim/engine_memory.h"
#include "tests/sim/sim_disk.h"
#include "tests/sim/world.h"

#include <stdio.h>
#include <string.h>

enum {
    NODE_MACHINE,
    ROUTER_MACHINE,
    ROUTER_COUNT = 2,
    EXCHANGE_COUNT_MAX = 16,
    HEADER_COUNT_MAX = 8,
    SETTLE_US = 2000000,
};

/* A request on its way, and its answer. */
struct exchange {
    struct arena *arena;
    struct router_request request;
    struct auth_header headers[HEADER_COUNT_MAX];
    bool is_answered;
    struct buffer body;
    struct region_answer answer;
};

struct region {
    const char *name;
    struct world *world;
    struct env *node_env;
    struct env *router_env;
    struct random random;
    struct engine_memory_disk *disk;
    struct node *node;
    struct router *routers[ROUTER_COUNT];
    struct credentials *credentials;
    struct signing_keys *signing_keys;
    struct exchange exchanges[EXCHANGE_COUNT_MAX];
    size_t exchange_count;
};

static const struct catalog_seed seed = {.name = "n0", .address = "n0:0"};

static void start_node(struct region *region)
{
    region->node_env = world_boot(region->world, NODE_MACHINE);
    struct node_options options = {
        .env = region->node_env,
        .engine = engine_memory_open(region->node_env, region->disk, &region->random),
        .data_path = "/data",
        .name = seed.name,
        .address = seed.address,
        .region = region->name,
        .seeds = &seed,
        .seed_count = 1,
        .holds_catalog = true,
        .tablet_count = 4,
        .node_count = 1,
        .segment_size = 1 << 20,
    };
    CHECK(node_create(&options, &region->node) == STATUS_OK);
}

static void start_routers(struct region *region, const struct region_options *options)
{
    region->router_env = world_boot(region->world, ROUTER_MACHINE);
    for (size_t i = 0; i < ROUTER_COUNT; i++)
        region->routers[i] = router_create(&(struct router_options){
            .env = region->router_env,
            .name = i == 0 ? "r0" : "r1",
            .region = region->name,
            .account_id = options->account_id,
            .seeds = &seed,
            .seed_count = 1,
            .credentials = region->credentials,
            .endpoint = "localhost:8000",
            .request_timeout_us = options->request_timeout_us,
            .request_count_max = options->request_count_max,
        });
}

static bool is_ready(const struct region *region)
{
    if (!node_is_ready(region->node) || node_serving_count(region->node) == 0)
        return false;
    for (size_t i = 0; i < ROUTER_COUNT; i++)
        if (!router_is_ready(region->routers[i]))
            return false;
    return true;
}

struct region *region_create(const struct region_options *options)
{
    static const char keys[] = "[default]\naws_access_key_id = " REGION_ACCESS_KEY_ID
                               "\naws_secret_access_key = " REGION_SECRET "\n";
    static const struct region_options defaults;
    if (options == NULL)
        options = &defaults;
    struct region *region = memory_alloc_zeroed(sizeof *region);
    region->name = options->name != NULL ? options->name : REGION_NAME;
    struct credentials_mistake mistake;
    CHECK(credentials_parse(slice_of_text(keys), &mistake, &region->credentials) == STATUS_OK);
    region->signing_keys = signing_keys_create(4);
    region->world = world_create(1);
    region->random = random_of_seed(1);
    region->disk = engine_memory_disk_create();
    start_node(region);
    start_routers(region, options);
    while (!options->is_left_starting && !is_ready(region))
        CHECK(world_step(region->world));
    return region;
}

void region_destroy_routers(struct region *region)
{
    for (size_t i = 0; i < ROUTER_COUNT; i++) {
        router_destroy(region->routers[i]);
        region->routers[i] = NULL;
    }
}

static void exchange_deinit(struct exchange *exchange)
{
    arena_destroy(exchange->arena);
    buffer_deinit(&exchange->body);
    *exchange = (struct exchange){0};
}

void region_destroy(struct region *region)
{
    if (region == NULL)
        return;
    region_destroy_routers(region);
    /* What a node has under way when it is killed goes with its process, which a test is not. */
    world_heal_all(region->world);
    world_run_for(region->world, SETTLE_US);
    world_shutdown(region->world, NODE_MACHINE);
    node_destroy(region->node);
    world_env_destroy(region->node_env);
    world_env_destroy(region->router_env);
    world_destroy(region->world);
    engine_memory_disk_destroy(region->disk);
    for (size_t i = 0; i < region->exchange_count; i++)
        exchange_deinit(&region->exchanges[i]);
    signing_keys_destroy(region->signing_keys);
    credentials_destroy(region->credentials);
    memory_free(region);
}

void region_restart_node(struct region *region)
{
    world_crash(region->world, NODE_MACHINE);
    node_destroy(region->node);
    world_env_destroy(region->node_env);
    start_node(region);
    while (!is_ready(region))
        CHECK(world_step(region->world));
    /* The routers learn of it when they call. */
    world_run_for(region->world, SETTLE_US);
}

struct world *region_world(const struct region *region)
{
    return region->world;
}

struct router *region_router(const struct region *region, size_t number)
{
    CHECK(number < ROUTER_COUNT);
    return region->routers[number];
}

void region_isolate_node(struct region *region)
{
    world_isolate(region->world, NODE_MACHINE);
}

void region_heal(struct region *region)
{
    world_heal_all(region->world);
}

void region_fill_disk(struct region *region)
{
    struct sim_disk *disk = world_disk(region->world, NODE_MACHINE);
    sim_disk_faults(disk)->capacity_bytes = sim_disk_used_bytes(disk) + 1;
}

/* --- Requests -------------------------------------------------------------------------------- */

static const char *text_or(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

static void add_header(struct exchange *exchange, const char *name, const char *value)
{
    struct auth_request *auth = &exchange->request.auth;
    CHECK(auth->header_count < HEADER_COUNT_MAX);
    exchange->headers[auth->header_count++] = (struct auth_header){
        .name = slice_of_text(name),
        .value = slice_of_text(arena_copy_text(exchange->arena, slice_of_text(value))),
    };
}

static void sign(struct region *region, const struct region_request *request,
                 struct exchange *exchange)
{
    const struct sigv4_signer signer = {
        .access_key_id = slice_of_text(text_or(request->access_key_id, REGION_ACCESS_KEY_ID)),
        .secret = slice_of_text(text_or(request->secret, REGION_SECRET)),
        .region = slice_of_text(text_or(request->region_name, region->name)),
        .service = slice_of_text(text_or(request->service, "dynamodb")),
    };
    struct buffer value = {0};
    CHECK(sigv4_sign(region->signing_keys, &signer, &exchange->request.auth, &value) == STATUS_OK);
    add_header(exchange, "Authorization", arena_copy_text(exchange->arena, buffer_slice(&value)));
    buffer_deinit(&value);
}

static void build(struct region *region, const struct region_request *request,
                  struct exchange *exchange)
{
    char time[REQUEST_TIME_SIZE + 1];
    exchange->arena = arena_create();
    exchange->request = (struct router_request){
        .auth =
            {
                .method = slice_of_text(text_or(request->method, "POST")),
                .path = slice_of_text("/"),
                .query = slice_of_text(text_or(request->query, "")),
                .headers = exchange->headers,
                .body = arena_copy(exchange->arena, request->body),
            },
        .arena = exchange->arena,
    };
    request_time_format((int64_t)(env_wall_us(region->router_env) / 1000000) - request->age_s,
                        time);
    add_header(exchange, "Host", "localhost:8000");
    const char *date = text_or(request->date, time);
    if (*date != '\0')
        add_header(exchange, "X-Amz-Date", date);
    const char *content_type = text_or(request->content_type, "application/x-amz-json-1.0");
    if (*content_type != '\0')
        add_header(exchange, "Content-Type", content_type);
    if (request->target != NULL && *request->target != '\0')
        add_header(exchange, "X-Amz-Target", request->target);
    if (request->authorization == NULL)
        sign(region, request, exchange);
    else if (*request->authorization != '\0')
        add_header(exchange, "Authorization", request->authorization);
    if (request->header_name != NULL)
        add_header(exchange, request->header_name, request->header_value);
}

static void keep_field(struct region_answer *answer, const struct router_field *field)
{
    const struct {
        const char *name;
        char *text;
        size_t size;
    } places[] = {
        {"Content-Type", answer->content_type, sizeof answer->content_type},
        {"x-amzn-RequestId", answer->request_id, sizeof answer->request_id},
        {"x-amz-crc32", answer->checksum, sizeof answer->checksum},
        {"Server", answer->server, sizeof answer->server},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (strcmp(field->name, places[i].name) == 0)
            snprintf(places[i].text, places[i].size, "%s", field->value);
}

/* The request goes with its answer, as it does behind HTTP: whoever looks at it later is caught. */
static void respond(void *context, struct router_response *response)
{
    struct exchange *exchange = context;
    CHECK(!exchange->is_answered);
    exchange->is_answered = true;
    exchange->answer.status_code = response->status_code;
    for (size_t i = 0; i < response->field_count; i++)
        keep_field(&exchange->answer, &response->fields[i]);
    exchange->body = *response->body;
    *response->body = (struct buffer){0};
    *buffer_reserve(&exchange->body, 1) = '\0';
    exchange->answer.body = (const char *)exchange->body.bytes;
    exchange->answer.body_size = exchange->body.size;
    arena_destroy(exchange->arena);
    exchange->arena = NULL;
}

size_t region_begin(struct region *region, const struct region_request *request)
{
    size_t index = 0;
    while (index < region->exchange_count && !region->exchanges[index].is_answered)
        index++;
    CHECK(index < EXCHANGE_COUNT_MAX);
    if (index == region->exchange_count)
        region->exchange_count++;
    struct exchange *exchange = &region->exchanges[index];
    exchange_deinit(exchange);
    build(region, request, exchange);
    router_handle(region->routers[request->router], &exchange->request, respond, exchange);
    return index;
}

const struct region_answer *region_answer_of(struct region *region, size_t exchange)
{
    CHECK(exchange < region->exchange_count);
    return region->exchanges[exchange].is_answered ? &region->exchanges[exchange].answer : NULL;
}

const struct region_answer *region_finish(struct region *region, size_t exchange)
{
    while (region_answer_of(region, exchange) == NULL)
        CHECK(world_step(region->world));
    return region_answer_of(region, exchange);
}

const struct region_answer *region_send(struct region *region, const struct region_request *request)
{
    return region_finish(region, region_begin(region, request));
}

const struct region_answer *region_call(struct region *region, const char *operation,
                                        const char *body)
{
    char target[64];
    snprintf(target, sizeof target, "DynamoDB_20120810.%s", operation);
    return region_send(region,
                       &(struct region_request){.target = target, .body = slice_of_text(body)});
}

void region_make_table(struct region *region, const char *name, char sort_key_type)
{
    OWNED(arena) arena = arena_create();
    const char *sort_definition = "";
    const char *sort_key = "";
    if (sort_key_type != 0) {
        sort_definition = arena_format(
            arena, ",{\"AttributeName\":\"sk\",\"AttributeType\":\"%c\"}", sort_key_type);
        sort_key = ",{\"AttributeName\":\"sk\",\"KeyType\":\"RANGE\"}";
    }
    char *body = arena_format(arena,
                              "{\"TableName\":\"%s\",\"BillingMode\":\"PAY_PER_REQUEST\","
                              "\"AttributeDefinitions\":[{\"AttributeName\":\"pk\","
                              "\"AttributeType\":\"S\"}%s],\"KeySchema\":[{\"AttributeName\":"
                              "\"pk\",\"KeyType\":\"HASH\"}%s]}",
                              name, sort_definition, sort_key);
    CHECK(region_call(region, "CreateTable", body)->status_code == 200);
    char *describe = arena_format(arena, "{\"TableName\":\"%s\"}", name);
    while (strstr(region_call(region, "DescribeTable", describe)->body, "\"ACTIVE\"") == NULL)
        world_run_for(region->world, 1000);
}
