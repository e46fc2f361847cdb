/*
 * API error: what a client is told when a request is refused or fails: DynamoDB's exceptions.
 *
 * Made only in router/. All that a client can do wrong ends here; api_error.def has them all.
 *
 * Ownership: a message lies in the request's arena, or is constant.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"

#define API_ERROR(kind, namespace, name, status, member) API_ERROR_##kind,
enum api_error_kind {
#include "router/front/api_error.def"
};
#undef API_ERROR

struct api_error {
    enum api_error_kind kind;
    struct slice message; /* `bytes` is NULL: the error has none */
    struct slice item;    /* as it was, when a condition failed and it was asked for; else empty */
};

unsigned api_error_status(enum api_error_kind kind);

/* Without its namespace: "ValidationException". */
const char *api_error_name(enum api_error_kind kind);

/* {"__type":"com.amazon.coral.validate#ValidationException","message":"..."} */
void api_error_write(const struct api_error *error, struct buffer *body);
