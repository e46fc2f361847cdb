/*
 * Write kind: what a WriteRequest asks to be done with a row.
 */
#pragma once

/* On the wire: never renumber. */
enum write_kind {
    WRITE_PUT = 1,
    WRITE_DELETE = 2,
};
