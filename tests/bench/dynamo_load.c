/*
 * Loads a DynamoDB endpoint with signed requests, and checks every answer: `dynamo_load --help`.
 */
#include "core/base/check.h"
#include "core/base/random.h"
#include "tests/bench/dynamo_answer.h"
#include "tests/bench/dynamo_options.h"
#include "tests/bench/dynamo_request.h"
#include "tests/bench/http_load.h"
#include "tests/bench/load_report.h"
#include "tests/bench/request_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* One of so many items is looked at wholly; the others, by their id and size. */
enum { THOROUGH_ONE_IN = 64, HOST_SIZE = 80 };

struct load {
    struct dynamo_options options;
    struct dynamo_client client;
    char host[HOST_SIZE];
    struct random random;
    uint64_t filled_count;
    struct request_pool pool;
    struct pooled_request *own_requests; /* one per connection, when there is no pool */
    struct pooled_request **under_way;   /* by connection */
    struct load_report report;
    double started_at;
    double reported_at;
};

static double now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t item_choose(struct load *load)
{
    const struct dynamo_options *options = &load->options;
    uint64_t number;
    do
        number = random_below(&load->random, options->item_count);
    while (item_size_of(&options->form.sizes, number) > options->largest);
    return number;
}

static void request_choose(struct load *load, struct pooled_request *request)
{
    request->item_number = item_choose(load);
    switch (load->options.kind) {
    case LOAD_OPERATION:
        request->operation = load->options.operation;
        break;
    case LOAD_MIXED:
        request->operation = random_one_in(&load->random, 2) ? DYNAMO_GET_ITEM : DYNAMO_PUT_ITEM;
        break;
    case LOAD_FILL:
        request->operation = DYNAMO_PUT_ITEM;
        request->item_number = load->filled_count++;
        break;
    }
}

static struct pooled_request *own_request(struct load *load, unsigned connection_index)
{
    struct pooled_request *request = &load->own_requests[connection_index];
    request_choose(load, request);
    buffer_clear(&request->bytes);
    pooled_request_refresh(request, &load->client);
    return request;
}

static bool is_over(const struct load *load)
{
    double elapsed = now_seconds() - load->started_at;
    return load->options.seconds > 0 && elapsed >= (double)load->options.seconds;
}

static struct slice request_next(void *context, unsigned connection_index)
{
    struct load *load = context;
    if (is_over(load))
        return slice_of(NULL, 0);
    struct pooled_request *request = load->pool.count > 0
                                         ? request_pool_next(&load->pool, &load->client)
                                         : own_request(load, connection_index);
    load->under_way[connection_index] = request;
    return buffer_slice(&request->bytes);
}

static bool answer_is_right(struct load *load, const struct pooled_request *request,
                            const struct http_load_answer *answer)
{
    return load->options.is_unchecked || answer->status_code != 200 ||
           dynamo_answer_is_right(&load->client, request->operation, request->item_number,
                                  answer->body, random_one_in(&load->random, THOROUGH_ONE_IN));
}

static void report_interval(struct load *load)
{
    double now = now_seconds();
    double interval = now - load->reported_at;
    if (load->options.report_seconds == 0 || interval < (double)load->options.report_seconds)
        return;
    load_report_print_interval(&load->report, now - load->started_at, interval);
    load->reported_at = now;
}

static void answer_take(void *context, const struct http_load_answer *answer)
{
    struct load *load = context;
    const struct pooled_request *request = load->under_way[answer->connection_index];
    load_report_add(&load->report, request->operation, answer,
                    answer_is_right(load, request, answer));
    report_interval(load);
}

static void pool_fill(struct load *load)
{
    request_pool_init(&load->pool, load->options.pool_count);
    for (size_t i = 0; i < load->pool.count; i++) {
        request_choose(load, &load->pool.requests[i]);
        pooled_request_refresh(&load->pool.requests[i], &load->client);
    }
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    if (value != NULL)
        return value;
    fprintf(stderr, "dynamo_load: %s is not set\n", name);
    exit(EXIT_FAILURE);
}

static void load_init(struct load *load)
{
    const struct dynamo_options *options = &load->options;
    snprintf(load->host, sizeof load->host, "%s:%u", options->host, options->port);
    load->client = (struct dynamo_client){
        .keys = signing_keys_create(1),
        .access_key_id = environment("AWS_ACCESS_KEY_ID"),
        .secret = environment("AWS_SECRET_ACCESS_KEY"),
        .region = options->region,
        .host = load->host,
        .table = options->table,
        .reads_consistently = options->reads_consistently,
        .form = options->form,
        .item_count = options->item_count,
    };
    load->random = random_of_seed(options->seed);
    load->own_requests =
        memory_alloc_zeroed(options->connection_count * sizeof *load->own_requests);
    load->under_way = memory_alloc_zeroed(options->connection_count * sizeof(void *));
    pool_fill(load);
    load->started_at = load->reported_at = now_seconds();
}

static void load_deinit(struct load *load)
{
    for (unsigned i = 0; i < load->options.connection_count; i++)
        buffer_deinit(&load->own_requests[i].bytes);
    memory_free(load->own_requests);
    memory_free(load->under_way);
    request_pool_deinit(&load->pool);
    signing_keys_destroy(load->client.keys);
}

static enum status load_run(struct load *load, struct http_load_result *out_result)
{
    const struct http_load_options options = {
        .host = load->options.host,
        .port = load->options.port,
        .connection_count = load->options.connection_count,
        .request_count = load->options.request_count,
        .server_pids = load->options.server_pids,
        .server_pid_count = load->options.server_pid_count,
        .request_fn = request_next,
        .answer_fn = answer_take,
        .context = load,
    };
    return http_load_run(&options, out_result);
}

int main(int argc, char **argv)
{
    static struct load load;
    dynamo_options_parse(argc, argv, &load.options);
    load_init(&load);
    struct http_load_result result;
    enum status status = load_run(&load, &result);
    if (status == STATUS_OK)
        load_report_print_total(&load.report, &result);
    else
        fprintf(stderr, "dynamo_load: %s\n", status_text(status));
    load_deinit(&load);
    bool is_valid = status == STATUS_OK && load_report_is_valid(&load.report);
    return is_valid ? EXIT_SUCCESS : EXIT_FAILURE;
}
