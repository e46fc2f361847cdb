/*
 * Backend: what a scenario is run against.
 *
 * Ownership: `destroy` releases the context.
 */
#pragma once

#include "tests/support/region.h"

#include <stddef.h>

struct backend {
    void *context;
    /* Sends and waits. The answer holds until the next one; NULL: there was none. */
    const struct region_answer *(*send)(void *context, const struct region_request *request);
    /* Lets a millisecond go by, between two looks at what will change. */
    void (*pass_time)(void *context);
    void (*destroy)(void *context);
};

/* A region in a simulated world, in virtual time. */
struct backend backend_sim_create(void);

struct backend_http_options {
    const char *const *endpoints; /* 127.0.0.1:8000; taken in turn */
    size_t endpoint_count;
    const char *region;
    const char *access_key_id;
    const char *secret;
};

/* Servers that are there already. Copies nothing: the options outlive it. */
struct backend backend_http_create(const struct backend_http_options *options);
