/*
 * Backend: what a scenario is run against.
 *
 * Ownership: `destroy` releases the context.
 */
#pragma once

#include "tests/support/region.h"

#include <stdbool.h>
#include <stddef.h>

struct backend {
    void *context;
    /* Sends and waits. The answer holds until the next one; NULL: there was none. */
    const struct region_answer *(*send)(void *context, const struct region_request *request);
    /* Lets a millisecond go by, between two looks at what will change. */
    void (*pass_time)(void *context);
    /* Ends every server without warning, and starts them again; false when they do not come back.
     */
    bool (*restart)(void *context);
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
    int restart_ask_fd;  /* a byte written to it asks whoever runs the servers to restart them; 0:
                            none */
    int restart_done_fd; /* a byte read from it says that they serve again */
};

/* Servers that are there already. Copies nothing: the options outlive it. */
struct backend backend_http_create(const struct backend_http_options *options);
