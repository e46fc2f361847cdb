/*
 * Path lookup: what stands at a document path of an item.
 *
 * A walk to it passes all that stands before it, and is counted as work. A reader of an item keeps
 * what it found last, as expressions tend to name one path several times.
 */
#pragma once

#include "core/base/slice.h"
#include "core/expression/path.h"
#include "core/expression/work.h"
#include "core/model/value.h"

#include <stdbool.h>
#include <stdint.h>

/* False when nothing is there. An item of no bytes is one that does not exist: it has nothing. */
bool path_lookup(struct slice item, struct path path, struct work *work, struct value *out_value);

/* Borrows the item, the work and the paths that it is asked for. */
struct item_reader {
    struct slice item;
    struct work *work;
    struct path last_path; /* no steps: none yet */
    bool has_last;
    struct value last_value;
};

struct item_reader item_reader_of(struct slice item, struct work *work);

/* As path_lookup. */
bool item_reader_find(struct item_reader *reader, struct path path, struct value *out_value);
