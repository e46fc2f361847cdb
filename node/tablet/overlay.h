/*
 * Overlay: rows that a tablet has proposed or applied, and that its engine does not hold yet.
 *
 * It is what lets writes of one key follow one another without waiting for the disk: the next one
 * is evaluated against what the one before will have left. Entries are in the order of the log.
 *
 * Ownership: keys and rows are copied.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/key/key_range.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct overlay;
struct row_entry;

/* The newest row of a key: deleted when `row.bytes` is NULL. */
struct overlay_row {
    uint64_t index; /* of the log entry that it stands in */
    struct slice row;
};

struct overlay *overlay_create(uint64_t hash_seed);
void overlay_destroy(struct overlay *overlay);
DEFINE_CLEANUP(overlay)

bool overlay_find(const struct overlay *overlay, struct slice key, struct overlay_row *out_row);

/* The newest rows of a range of keys, in their order; they hold until the overlay changes. */
struct overlay_rows {
    struct overlay_span_row {
        struct slice key;
        struct overlay_row newest;
    } * rows;
    size_t count;
    size_t capacity;
};

/* Zeroed: empty. */
void overlay_rows_deinit(struct overlay_rows *rows);

/*
 * Takes as long as the overlay has rows, which mostly are those of a few milliseconds: keeping them
 * in order would cost each write more.
 */
void overlay_find_range(const struct overlay *overlay, struct key_range range,
                        struct overlay_rows *out_rows);

/* `index` is not below that of any row added before. */
void overlay_add(struct overlay *overlay, uint64_t index, struct slice key, struct slice header,
                 struct slice value);
void overlay_add_deletion(struct overlay *overlay, uint64_t index, struct slice key);

/* The engine holds everything up to `index`; `fn` takes each row that was still the newest. */
typedef void (*overlay_row_fn)(void *context, struct row_entry *entry);
void overlay_release(struct overlay *overlay, uint64_t index, overlay_row_fn fn, void *context);

/* Entries above `index` will never be: what they hid is the newest again. */
void overlay_truncate(struct overlay *overlay, uint64_t index);

/* Of the last row, 0 when there is none. */
uint64_t overlay_last_index(const struct overlay *overlay);
size_t overlay_bytes(const struct overlay *overlay);
