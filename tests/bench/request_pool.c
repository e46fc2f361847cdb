#include "tests/bench/request_pool.h"

#include <time.h>

/* Servers refuse what was signed more than 900 seconds ago. */
enum { SIGNATURE_AGE_MAX_S = 600 };

void pooled_request_refresh(struct pooled_request *request, const struct dynamo_client *client)
{
    int64_t now_s = time(NULL);
    if (request->bytes.size > 0 && now_s - request->signed_at_s < SIGNATURE_AGE_MAX_S)
        return;
    buffer_clear(&request->bytes);
    dynamo_request_append(client, request->operation, request->item_number, &request->bytes);
    request->signed_at_s = now_s;
}

void request_pool_init(struct request_pool *pool, size_t count)
{
    *pool = (struct request_pool){
        .requests = memory_alloc_zeroed(count * sizeof *pool->requests),
        .count = count,
    };
}

void request_pool_deinit(struct request_pool *pool)
{
    for (size_t i = 0; i < pool->count; i++)
        buffer_deinit(&pool->requests[i].bytes);
    memory_free(pool->requests);
}

struct pooled_request *request_pool_next(struct request_pool *pool,
                                         const struct dynamo_client *client)
{
    struct pooled_request *request = &pool->requests[pool->next];
    pool->next = (pool->next + 1) % pool->count;
    pooled_request_refresh(request, client);
    return request;
}
