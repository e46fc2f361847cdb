/*
 * Fields: records of the catalog as bytes that older and newer programs read alike.
 *
 *     record := version u8 (FIELDS_VERSION) . { tag varint . value sized }
 *
 * A tag may repeat. Numbers stand as varints in their value. A reader skips tags it does not know:
 * a field that must not be skipped comes with a new cluster version instead.
 */
#pragma once

#include "core/base/buffer.h"
#include "core/base/byte_order.h"
#include "core/base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum { FIELDS_VERSION = 1 };

void fields_begin(struct buffer *record);
void fields_put_bytes(struct buffer *record, unsigned tag, struct slice bytes);

/* Zero is the default of every number, and not written. */
void fields_put_number(struct buffer *record, unsigned tag, uint64_t number);

struct fields_cursor {
    struct byte_reader reader;
};

struct fields_cursor fields_cursor(struct slice record);

/* False at the end; then fields_is_done tells whether all of the record was well formed. */
bool fields_next(struct fields_cursor *cursor, unsigned *out_tag, struct slice *out_value);
bool fields_is_done(const struct fields_cursor *cursor);

/* The number in a value; a malformed one, or one above `max`, fails the cursor and reads as 0. */
uint64_t fields_number(struct fields_cursor *cursor, struct slice value, uint64_t max);
