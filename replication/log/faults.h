/*
 * Faults: mistakes that tests plant in the log, to see whether the simulator would find them.
 */
#pragma once

#include <stdbool.h>

/* All false in production. Both sides of a restart must have the same ones. */
struct log_faults {
    bool acknowledges_before_sync;
    /* Leaves the segment's life out of the checksums, and reads on behind a bad record. */
    bool replays_leftovers;
};
