#include "proto/rpc.h"

const char *rpc_reason_text(enum rpc_reason reason)
{
    switch (reason) {
    case RPC_REASON_NONE:
        return "none";
    case RPC_REASON_NOT_LEADER:
        return "the node does not lead the tablet";
    case RPC_REASON_NO_TABLE:
        return "the tablet does not hold the table";
    case RPC_REASON_BUSY:
        return "the node is at a bound";
    case RPC_REASON_TIME:
        return "the time was up";
    case RPC_REASON_MALFORMED:
        return "the request was not understood";
    case RPC_REASON_LOST:
        return "the connection was lost";
    case RPC_REASON_WORK:
        return "the filter takes too much work";
    }
    return "a reason of a later version";
}
