/*
 * Pipeline steps: the checks that requests go through alike, whether on the loop or with a worker's
 * help. Each refuses the call.
 */
#pragma once

#include "core/json/json_request.h"
#include "router/front/pipeline.h"

#include <stdbool.h>

/* Who sends it? `is_sts`: to that service. */
MUST_USE enum status pipeline_authenticate(struct pipeline *pipeline, struct api_call *call,
                                           bool is_sts);

/*
 * Is its content JSON? What is none at all is refused before anything else is looked at; a fault of
 * type is reported much later, in what was parsed. A worker brings a parser of its own.
 */
MUST_USE enum status pipeline_parse(struct json_request_parser *parser, struct api_call *call,
                                    struct json_request *out_parsed);

/* Is there such an operation, and is it served? */
MUST_USE enum status pipeline_check_operation(struct api_call *call);
