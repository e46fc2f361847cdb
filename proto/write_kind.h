/*
 * Write kind: what a WriteRequest asks to be done with a row, and what came of it.
 */
#pragma once

/* On the wire: never renumber. */
enum write_kind {
    WRITE_PUT = 1,
    WRITE_DELETE = 2,
    WRITE_UPDATE = 3,
};

/* The image of the item that is told when the write is done. On the wire: never renumber. */
enum write_returned {
    WRITE_RETURNS_NOTHING = 0,
    WRITE_RETURNS_BEFORE = 1,
    WRITE_RETURNS_AFTER = 2,
    WRITE_RETURNS_UPDATED_BEFORE = 3, /* the parts that an update names */
    WRITE_RETURNS_UPDATED_AFTER = 4,
};

/* On the wire: never renumber. */
enum write_result {
    WRITE_DONE = 0,
    WRITE_CONDITION_FAILED = 1, /* and nothing was changed */
    WRITE_REFUSED = 2,          /* likewise: the update does not fit the item */
};
