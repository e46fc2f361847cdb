/*
 * Session: requests to a backend, and their answers as trees.
 *
 * Of each answer it looks at what every answer has: a request id, and the checksum of its body.
 */
#pragma once

#include "tests/scenario/backend.h"
#include "tests/scenario/expectation.h"

#include <stdbool.h>

enum {
    SESSION_WAIT_MS_MAX = 30000,
    SESSION_PAGE_COUNT_MAX = 10000,
};

struct session {
    const struct backend *backend;
    struct arena *arena; /* in which answers lie */
    const char *mistake; /* NULL: no answer was wrong in itself */
};

struct answer session_send(struct session *session, const struct region_request *request);
struct answer session_call(struct session *session, const char *operation, const struct tree *body);

/*
 * Query or Scan, page after page, and of each segment when there are several; answered as one
 * page, with the number of Pages. The first refusal ends it.
 */
struct answer session_call_all(struct session *session, const char *operation, struct tree *body);

/* Until a table has a status; NULL: until it is gone. False when that takes too long. */
bool session_wait(struct session *session, const char *table, const char *status);

/* Ends the servers and lets them come back, until they answer. */
bool session_restart(struct session *session);

/* Deletes every table there is. */
bool session_clear(struct session *session);
