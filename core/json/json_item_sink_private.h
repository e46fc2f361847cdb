/*
 * JSON item sink: a builder of items that minds the first fault, and builds nothing after it.
 *
 * STATUS_INVALID from any of these means that parsing ends here: the fault is one of type or
 * syntax.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "core/json/json_document.h"
#include "core/json/json_fault.h"
#include "core/model/item.h"

#include <stdbool.h>

struct json_item_sink {
    struct item_builder *builder;
    struct json_source source;
    struct json_fault *fault;
    struct buffer decoded;   /* of the last base64 */
    struct buffer set_texts; /* a struct slice for each element of the open set, in their order */
};

void json_item_sink_init(struct json_item_sink *sink);
void json_item_sink_deinit(struct json_item_sink *sink);

void json_item_sink_start(struct json_item_sink *sink, struct json_source source,
                          struct json_fault *fault);

/* Ends the parsing. */
MUST_USE enum status json_item_sink_stop(struct json_item_sink *sink, struct json_fault fault);
MUST_USE enum status json_item_sink_stop_for_syntax(struct json_item_sink *sink);

/* Keeps a validation fault `make(arena)`, unless there is one already. */
void json_item_sink_fail(struct json_item_sink *sink, struct json_fault (*make)(struct arena *));

void json_item_sink_name(struct json_item_sink *sink, struct slice name);

/* A string, number or binary value, as JSON writes it. */
MUST_USE enum status json_item_sink_text(struct json_item_sink *sink, enum value_type type,
                                         struct slice text);

/* The same, within a set. */
MUST_USE enum status json_item_sink_element(struct json_item_sink *sink, enum value_type type,
                                            struct slice text);

void json_item_sink_bool(struct json_item_sink *sink, bool is_true);
void json_item_sink_null(struct json_item_sink *sink);
MUST_USE enum status json_item_sink_open(struct json_item_sink *sink, enum value_type container);
MUST_USE enum status json_item_sink_close(struct json_item_sink *sink, enum value_type container);

/* The item, which lies in the builder; empty after a validation fault. */
MUST_USE enum status json_item_sink_finish(struct json_item_sink *sink, struct slice *out_item);
