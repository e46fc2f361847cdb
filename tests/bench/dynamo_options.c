#include "tests/bench/dynamo_options.h"

#include "core/base/check.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

enum option_key {
    OPTION_OPERATION = 'o',
    OPTION_PORT = 'p',
    OPTION_ITEMS = 'n',
    OPTION_CONNECTIONS = 'c',
    OPTION_COUNT = 'r',
    OPTION_SECONDS = 's',
    OPTION_HOST = 256,
    OPTION_REGION,
    OPTION_TABLE,
    OPTION_ITEM_BYTES,
    OPTION_LARGEST,
    OPTION_POOL,
    OPTION_REPORT,
    OPTION_SEED,
    OPTION_CONSISTENT,
    OPTION_SERVERS,
    OPTION_UNCHECKED,
    OPTION_SORTED,
};

static const struct argp_option options[] = {
    {"operation", OPTION_OPERATION, "NAME", 0,
     "get, put, put-if (with a condition that holds), update (adds to a counter), query (100 "
     "items; "
     "needs --sorted), scan (a page of 100), batch (25 puts); mixed: get and put, half and half; "
     "fill: puts every item once",
     0},
    {"host", OPTION_HOST, "ADDRESS", 0, "(default: 127.0.0.1)", 0},
    {"port", OPTION_PORT, "N", 0, "(default: 8000)", 0},
    {"region", OPTION_REGION, "NAME", 0, "In signatures (default: us-east-1)", 0},
    {"table", OPTION_TABLE, "NAME", 0, "With a text \"id\" as its key (default: bench)", 0},
    {"sorted", OPTION_SORTED, NULL, 0,
     "The table has a sort key too, a number \"place\"; 100 items have the same id", 0},
    {"items", OPTION_ITEMS, "N", 0, "How many items there are (default: 100000)", 0},
    {"item-bytes", OPTION_ITEM_BYTES, "SIZES", 0, "SMALLEST[-LARGEST][:WEIGHT],... (default: 350)",
     0},
    {"largest", OPTION_LARGEST, "BYTES", 0, "Leaves larger items alone", 0},
    {"connections", OPTION_CONNECTIONS, "N", 0, "(default: 32)", 0},
    {"count", OPTION_COUNT, "N", 0, "Ends after so many requests", 0},
    {"seconds", OPTION_SECONDS, "N", 0, "Ends after so long", 0},
    {"pool", OPTION_POOL, "N", 0,
     "Makes and signs so many requests before it starts, and sends them over and over (default: 0: "
     "makes each when it is sent)",
     0},
    {"report-seconds", OPTION_REPORT, "N", 0, "Also tells how it went every so often", 0},
    {"seed", OPTION_SEED, "N", 0, "Of the choice of items (default: 1)", 0},
    {"consistent", OPTION_CONSISTENT, NULL, 0, "GetItem with ConsistentRead", 0},
    {"servers", OPTION_SERVERS, "PID,...", 0, "Tells the CPU time of these processes", 0},
    {"unchecked", OPTION_UNCHECKED, NULL, 0, "Takes any answer of 200, such as an echo's", 0},
    {0},
};

static uint64_t number_take(struct argp_state *state, const char *text, uint64_t maximum)
{
    char *end = NULL;
    unsigned long long number = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || number > maximum)
        argp_error(state, "\"%s\" is not a number up to %llu", text, (unsigned long long)maximum);
    return number;
}

static void operation_take(struct argp_state *state, struct dynamo_options *load, const char *text)
{
    load->kind = LOAD_OPERATION;
    for (unsigned i = 0; i < DYNAMO_OPERATION_COUNT; i++) {
        load->operation = (enum dynamo_operation)i;
        if (strcmp(dynamo_operation_name(load->operation), text) == 0)
            return;
    }
    if (strcmp(text, "mixed") == 0)
        load->kind = LOAD_MIXED;
    else if (strcmp(text, "fill") == 0)
        load->kind = LOAD_FILL;
    else
        argp_error(state, "\"%s\" is no operation", text);
}

static void servers_take(struct argp_state *state, struct dynamo_options *load, char *text)
{
    char *rest = NULL;
    for (char *pid = strtok_r(text, ",", &rest); pid != NULL; pid = strtok_r(NULL, ",", &rest)) {
        if (load->server_pid_count == LOAD_SERVERS_MAX)
            argp_error(state, "more than %d servers", LOAD_SERVERS_MAX);
        load->server_pids[load->server_pid_count++] = (pid_t)number_take(state, pid, 1 << 22);
    }
}

static void operation_check(struct argp_state *state, const struct dynamo_options *load)
{
    if (load->kind != LOAD_OPERATION)
        return;
    if (load->operation == DYNAMO_QUERY && !load->form.is_sorted)
        argp_error(state, "a query needs --sorted");
    if (load->operation == DYNAMO_BATCH_WRITE_ITEM && load->item_count < DYNAMO_BATCH_COUNT)
        argp_error(state, "a batch needs %d items", DYNAMO_BATCH_COUNT);
    if (load->operation == DYNAMO_SCAN && load->item_count > ITEM_REVISION_COUNT)
        argp_error(state, "a scan cannot tell more than %d items apart", ITEM_REVISION_COUNT);
}

static void end_check(struct argp_state *state, struct dynamo_options *load)
{
    if (load->kind == LOAD_FILL)
        load->request_count = load->item_count;
    if (load->request_count == 0 && load->seconds == 0)
        argp_error(state, "one of --count and --seconds is needed");
    if (load->item_count == 0 || load->connection_count == 0)
        argp_error(state, "at least one item and one connection are needed");
    if (load->form.is_sorted && load->item_count % ITEM_PARTITION_COUNT != 0)
        argp_error(state, "--sorted: whole partitions of %d items are needed",
                   ITEM_PARTITION_COUNT);
    operation_check(state, load);
    if (load->largest < load->form.sizes.classes[0].largest)
        argp_error(state, "--largest: items of the first size must not be above it");
    if (load->kind == LOAD_FILL && load->pool_count > 0)
        argp_error(state, "a fill sends each request once: there is no pool");
}

static error_t option_take(int key, char *text, struct argp_state *state)
{
    struct dynamo_options *load = state->input;
    switch (key) {
    case OPTION_OPERATION:
        operation_take(state, load, text);
        return 0;
    case OPTION_HOST:
        load->host = text;
        return 0;
    case OPTION_PORT:
        load->port = (uint16_t)number_take(state, text, UINT16_MAX);
        return 0;
    case OPTION_REGION:
        load->region = text;
        return 0;
    case OPTION_TABLE:
        load->table = text;
        return 0;
    case OPTION_ITEMS:
        load->item_count = number_take(state, text, UINT64_MAX);
        return 0;
    case OPTION_ITEM_BYTES:
        if (item_sizes_parse(text, &load->form.sizes) != STATUS_OK)
            argp_error(state, "\"%s\": sizes from %d to %d are wanted", text, ITEM_SIZE_MIN,
                       ITEM_SIZE_MAX);
        return 0;
    case OPTION_LARGEST:
        load->largest = (uint32_t)number_take(state, text, ITEM_SIZE_MAX);
        return 0;
    case OPTION_CONNECTIONS:
        load->connection_count = (unsigned)number_take(state, text, LOAD_CONNECTIONS_MAX);
        return 0;
    case OPTION_COUNT:
        load->request_count = number_take(state, text, UINT64_MAX);
        return 0;
    case OPTION_SECONDS:
        load->seconds = number_take(state, text, UINT32_MAX);
        return 0;
    case OPTION_POOL:
        load->pool_count = number_take(state, text, 1 << 24);
        return 0;
    case OPTION_REPORT:
        load->report_seconds = number_take(state, text, UINT32_MAX);
        return 0;
    case OPTION_SEED:
        load->seed = number_take(state, text, UINT64_MAX);
        return 0;
    case OPTION_CONSISTENT:
        load->reads_consistently = true;
        return 0;
    case OPTION_UNCHECKED:
        load->is_unchecked = true;
        return 0;
    case OPTION_SORTED:
        load->form.is_sorted = true;
        return 0;
    case OPTION_SERVERS:
        servers_take(state, load, text);
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "\"%s\" is no option", text);
        return EINVAL;
    case ARGP_KEY_END:
        end_check(state, load);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = option_take,
    .doc = "Loads a DynamoDB endpoint with signed requests for random items, and checks every "
           "answer. Signs as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY say. Prints lines of "
           "JSON; fails when any answer was wrong.",
};

void dynamo_options_parse(int argument_count, char **arguments, struct dynamo_options *out_options)
{
    *out_options = (struct dynamo_options){
        .operation = DYNAMO_GET_ITEM,
        .host = "127.0.0.1",
        .port = 8000,
        .region = "us-east-1",
        .table = "bench",
        .item_count = 100000,
        .largest = ITEM_SIZE_MAX,
        .connection_count = 32,
        .seed = 1,
    };
    CHECK(item_sizes_parse("350", &out_options->form.sizes) == STATUS_OK);
    if (argp_parse(&parser, argument_count, arguments, 0, NULL, out_options) != 0)
        exit(EXIT_FAILURE);
}
