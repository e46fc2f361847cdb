/*
 * Large body: the way of a request whose body would hold up the loop, as it is long or compressed:
 * a worker hashes, unpacks, parses and checks it; the outcome is told in DynamoDB's order.
 *
 * Ownership: it lies in the call's arena.
 * Threads:   the loop thread; workers see nothing of the pipeline.
 */
#pragma once

#include "router/front/pipeline.h"

/* Takes the call, which has its operation. The signature is checked on the way. */
void large_body_start(struct pipeline *pipeline, struct api_call *call,
                      enum content_encoding encoding);
