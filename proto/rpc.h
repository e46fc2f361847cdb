/*
 * RPC: what its two sides agree on.
 *
 * A server mints a session number when it starts, and tells it in its hello. Requests carry the
 * session they are meant for; those of another one are dropped, so that nothing a dead process was
 * asked is done by its successor. An answer says whether the request was executed: a client repeats
 * a write only after RPC_NOT_EXECUTED.
 */
#pragma once

#include "core/base/limits.h"
#include "core/base/slice.h"

#include <stdint.h>

enum { RPC_VERSION_LOWEST = 1, RPC_VERSION_HIGHEST = 1 };

enum {
    /* What a frame takes beside bodies: for each request or answer, and for all else. */
    RPC_ENVELOPE_SIZE_MAX = 64,
    RPC_FRAME_OVERHEAD_MAX = 64 << 10,

    /* One body fits into every frame that is not closed yet. */
    RPC_BODY_SIZE_MAX = LIMIT_FRAME_SIZE - LIMIT_FRAME_TARGET - RPC_FRAME_OVERHEAD_MAX,

    /* Requests or answers in one frame. */
    RPC_FRAME_COUNT_MAX = 4096,
};

_Static_assert((int)RPC_BODY_SIZE_MAX >= (int)LIMIT_LOG_ENTRY_SIZE, "an entry fits a body");
_Static_assert((int)RPC_BODY_SIZE_MAX >= (int)LIMIT_ITEM_BYTES + (int)LIMIT_EXPRESSION_BYTES +
                                             (int)RPC_FRAME_OVERHEAD_MAX,
               "a write with its trees and its key fits a body");

/* On the wire: never renumber. */
enum rpc_outcome {
    RPC_EXECUTED = 1,
    RPC_NOT_EXECUTED = 2,
    RPC_UNKNOWN = 3, /* may or may not have been, or may yet be, executed */
};

/* Why a request was not executed, or its outcome is unknown. On the wire: never renumber. */
enum rpc_reason {
    RPC_REASON_NONE = 0,
    RPC_REASON_NOT_LEADER = 1, /* of the tablet, or not yet able to serve it */
    RPC_REASON_NO_TABLE = 2,   /* the tablet knows no such table, or it is being deleted */
    RPC_REASON_BUSY = 3,       /* a bound of the server, or of the client, is reached */
    RPC_REASON_TIME = 4,       /* the request's time was up */
    RPC_REASON_MALFORMED = 5,  /* not a request that this version of the server understands, or
                                  one, or an answer, above RPC_BODY_SIZE_MAX */
    RPC_REASON_LOST = 6,       /* the connection or the session ended */
    RPC_REASON_WORK = 7,       /* a filter takes more work on an item than one request may */
};

/* On the wire: never renumber. */
enum rpc_method {
    RPC_READ = 1,
    RPC_WRITE = 2,
    RPC_CONFIGURE_TABLE = 3,
    RPC_PREPARE_TABLETS = 4,
    RPC_NODE_STATUS = 5,
    RPC_READ_PAGE = 8,
    RPC_CATALOG_WATCH = 16,
    RPC_CATALOG_REGISTER_NODE = 17,
    RPC_CATALOG_CREATE_TABLE = 18,
    RPC_CATALOG_DELETE_TABLE = 19,
    RPC_CATALOG_CHANGE_TABLE = 20,
};

/* `body` holds during the call it is passed to. */
struct rpc_result {
    enum rpc_outcome outcome;
    enum rpc_reason reason;
    struct slice body;
};

const char *rpc_reason_text(enum rpc_reason reason);
