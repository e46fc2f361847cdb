/*
 * Pipeline: the way of every request: what it is, who sends it, whether it is well formed, and then
 * its operation. The checks come in DynamoDB's order, as the first that fails names the error.
 *
 * Ownership: borrows the backend and the credentials.
 * Threads:   the loop thread.
 */
#pragma once

#include "router/front/api_call.h"

struct json_request_parser;
struct signing_keys;

struct pipeline {
    const struct backend *backend;
    const struct credentials *credentials;
    size_t call_count_max;
    struct json_request_parser *parser;
    struct signing_keys *signing_keys;
    struct api_calls calls;
};

void pipeline_init(struct pipeline *pipeline, const struct backend *backend,
                   const struct credentials *credentials, size_t call_count_max);

/* Calls under way are not answered any more. */
void pipeline_deinit(struct pipeline *pipeline);

/* As router_refuse. */
void pipeline_refuse(struct pipeline *pipeline, const struct router_request *request,
                     unsigned status_code, router_respond_fn fn, void *context);

/* As router_handle. */
void pipeline_handle(struct pipeline *pipeline, const struct router_request *request,
                     router_respond_fn fn, void *context);
