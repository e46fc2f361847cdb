/*
 * What DynamoDB says of attribute values that it forbids: validation faults and their texts.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/slice.h"
#include "core/json/json_fault.h"
#include "core/model/number.h"
#include "core/model/value.h"

#include <stddef.h>

struct json_fault json_item_fault_no_type(struct arena *arena);
struct json_fault json_item_fault_many_types(struct arena *arena);
struct json_fault json_item_fault_depth(struct arena *arena);
struct json_fault json_item_fault_empty_set(struct arena *arena, enum value_type set);

/* The elements as the client wrote them; a long list is cut. */
struct json_fault json_item_fault_duplicates(struct arena *arena, enum value_type set,
                                             const struct slice *elements, size_t count);

/* Not for NUMBER_FAULT_NONE. */
struct json_fault json_item_fault_number(struct arena *arena, enum number_fault fault,
                                         struct slice text);

/* A type fault: binary values that are no base64 cannot be read at all. */
struct json_fault json_item_fault_base64(struct arena *arena, struct slice text);
