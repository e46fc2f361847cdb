/*
 * Cross origin: lets web pages of any origin use the API. Browsers ask first (OPTIONS), and show an
 * answer to a page only if the answer says so.
 *
 * Nothing is given away by it: a request still has to be signed.
 */
#pragma once

#include "core/base/arena.h"
#include "router/router.h"

#include <stdbool.h>
#include <stddef.h>

enum { CROSS_ORIGIN_FIELDS_MAX = 4 };

/* A browser's question before its request. */
bool cross_origin_is_question(const struct auth_request *request);

/*
 * Writes what the answer to a request needs, at most CROSS_ORIGIN_FIELDS_MAX fields; texts lie in
 * the arena. Returns how many, 0 when the request is from no other origin.
 */
size_t cross_origin_fields(const struct auth_request *request, struct arena *arena,
                           struct router_field *fields);
