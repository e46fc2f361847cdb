/*
 * Backend: what operations work with: the region behind the router. It outlives every call.
 */
#pragma once

#include "core/base/slice.h"

#include <stdint.h>

struct catalog_watch;
struct env;
struct range_client;
struct row_client;

struct backend {
    struct env *env;
    struct catalog_watch *watch;
    struct row_client *rows;
    struct range_client *ranges;
    struct slice region;
    struct slice account_id;
    struct slice endpoint; /* host:port; may be empty */
    uint64_t timeout_us;   /* of a call */
};
