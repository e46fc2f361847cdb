#include "router/router.h"

#include "core/catalog/view.h"
#include "core/env/env.h"
#include "proto/peers.h"
#include "router/front/pipeline.h"
#include "router/route/range_client.h"
#include "router/route/row_client.h"

#define TIMEOUT_DEFAULT_US UINT64_C(10000000)

enum { CALL_COUNT_DEFAULT = 4096 };

struct router {
    char *name;
    char *region;
    char *account_id;
    char *endpoint;
    struct catalog_seed *seeds;
    size_t seed_count;
    struct peers *peers;
    struct catalog_watch *watch;
    struct row_client *rows;
    struct range_client *ranges;
    struct backend backend;
    struct pipeline pipeline;
};

/* The view is looked at afresh by every call. */
static void ignore_change(void *context)
{
    (void)context;
}

static void copy_seeds(struct router *router, const struct router_options *options)
{
    router->seeds = memory_alloc_zeroed(options->seed_count * sizeof *router->seeds);
    router->seed_count = options->seed_count;
    for (size_t i = 0; i < options->seed_count; i++)
        router->seeds[i] = (struct catalog_seed){
            .name = memory_copy_text(options->seeds[i].name),
            .address = memory_copy_text(options->seeds[i].address),
        };
}

static void copy_texts(struct router *router, const struct router_options *options)
{
    const char *account_id = options->account_id != NULL ? options->account_id : "000000000000";
    const char *endpoint = options->endpoint != NULL ? options->endpoint : "";
    router->name = memory_copy_text(options->name);
    router->region = memory_copy_text(options->region);
    router->account_id = memory_copy_text(account_id);
    router->endpoint = memory_copy_text(endpoint);
}

static void connect_region(struct router *router, const struct router_options *options,
                           uint64_t timeout_us)
{
    router->watch = catalog_watch_create(&(struct catalog_watch_options){
        .env = options->env,
        .own_name = router->name,
        .seeds = router->seeds,
        .seed_count = router->seed_count,
        .changed_fn = ignore_change,
    });
    router->peers = peers_create(options->env, router->name);
    router->rows = row_client_create(&(struct row_client_options){
        .env = options->env,
        .watch = router->watch,
        .peers = router->peers,
        .timeout_us = timeout_us,
    });
    router->ranges = range_client_create(&(struct tablet_route){
        .env = options->env,
        .watch = router->watch,
        .peers = router->peers,
    });
}

struct router *router_create(const struct router_options *options)
{
    struct router *router = memory_alloc_zeroed(sizeof *router);
    uint64_t timeout_us =
        options->request_timeout_us != 0 ? options->request_timeout_us : TIMEOUT_DEFAULT_US;
    copy_texts(router, options);
    copy_seeds(router, options);
    connect_region(router, options, timeout_us);
    router->backend = (struct backend){
        .env = options->env,
        .watch = router->watch,
        .rows = router->rows,
        .ranges = router->ranges,
        .region = slice_of_text(router->region),
        .account_id = slice_of_text(router->account_id),
        .endpoint = slice_of_text(router->endpoint),
        .timeout_us = timeout_us,
    };
    pipeline_init(&router->pipeline, &router->backend, options->credentials,
                  options->request_count_max != 0 ? options->request_count_max
                                                  : CALL_COUNT_DEFAULT);
    return router;
}

void router_destroy(struct router *router)
{
    if (router == NULL)
        return;
    peers_destroy(router->peers);
    row_client_destroy(router->rows);
    range_client_destroy(router->ranges);
    catalog_watch_destroy(router->watch);
    pipeline_deinit(&router->pipeline);
    for (size_t i = 0; i < router->seed_count; i++) {
        memory_free((char *)router->seeds[i].name);
        memory_free((char *)router->seeds[i].address);
    }
    memory_free(router->seeds);
    memory_free(router->endpoint);
    memory_free(router->account_id);
    memory_free(router->region);
    memory_free(router->name);
    memory_free(router);
}

bool router_is_ready(const struct router *router)
{
    const struct settings *settings = catalog_view_settings(catalog_watch_view(router->watch));
    return settings != NULL && settings->is_serving;
}

struct answer_room *router_answer_room(struct router *router)
{
    return &router->pipeline.calls.answer_room;
}

void router_refuse(struct router *router, const struct router_request *request,
                   unsigned status_code, router_respond_fn fn, void *context)
{
    pipeline_refuse(&router->pipeline, request, status_code, fn, context);
}

void router_handle(struct router *router, const struct router_request *request,
                   router_respond_fn fn, void *context)
{
    pipeline_handle(&router->pipeline, request, fn, context);
}
