/*
 * Request id: the name of one request in x-amzn-RequestId, as DynamoDB's look: 52 characters.
 *
 * Ids tell requests apart in logs. They are not secrets, and nothing depends on their being
 * unguessable.
 */
#pragma once

#include "core/base/random.h"

enum { REQUEST_ID_SIZE = 52 };

/* Writes the id, of 0-9 and A-V, with a NUL at its end. */
void request_id_make(struct random *random, char out_id[REQUEST_ID_SIZE + 1]);
