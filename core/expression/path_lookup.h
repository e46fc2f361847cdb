/*
 * Path lookup: what stands at a document path of an item.
 */
#pragma once

#include "core/base/slice.h"
#include "core/expression/path.h"
#include "core/model/value.h"

#include <stdbool.h>
#include <stdint.h>

/* The entry of a map; false when the value is no map, or has no such entry. */
bool value_entry(struct value map, struct slice name, struct value *out_value);

/* The element of a list; false when the value is no list, or a shorter one. */
bool value_element(struct value list, uint32_t index, struct value *out_value);

/* What one step leads to from a list or map. */
bool value_step(struct value container, struct path_step step, struct value *out_value);

/* False when nothing is there. An item of no bytes is one that does not exist: it has nothing. */
bool path_lookup(struct slice item, struct path path, struct value *out_value);
