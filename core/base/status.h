/*
 * The one way to say that an operation did not work out.
 *
 * A function that can fail returns `enum status`; what it produces goes through its last
 * parameters, named `out_*`, which are written on success only.
 */
#pragma once

#define STATUS_LIST(X)                                                                             \
    X(OK, "done")                                                                                  \
    X(NOT_FOUND, "there is no such thing")                                                         \
    X(EXISTS, "it exists already")                                                                 \
    X(INVALID, "the input breaks a rule")                                                          \
    X(TOO_LARGE, "larger than its bound")                                                          \
    X(CORRUPT, "stored bytes do not match their checksum or format")                               \
    X(UNSUPPORTED, "a version or feature that this program does not speak")                        \
    X(IO, "the disk or the network failed")                                                        \
    X(DISK_FULL, "the disk is full")                                                               \
    X(BUSY, "a queue is at its bound")                                                             \
    X(TIMEOUT, "not done in time")                                                                 \
    X(CLOSED, "the other side is gone")                                                            \
    X(NOT_LEADER, "another node leads this tablet")                                                \
    X(NOT_READY, "not yet able to serve")                                                          \
    X(UNKNOWN_OUTCOME, "may or may not have happened")                                             \
    X(CLOCK_SKEW, "the other clock is too far ahead")

#define STATUS_ENTRY(name, text) STATUS_##name,
enum status { STATUS_LIST(STATUS_ENTRY) };
#undef STATUS_ENTRY

#define MUST_USE __attribute__((warn_unused_result))

/* Hands the first failure to the caller; the happy path reads straight down. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status try_status_ = (call);                                                          \
        if (try_status_ != STATUS_OK)                                                              \
            return try_status_;                                                                    \
    } while (0)

const char *status_text(enum status status);
