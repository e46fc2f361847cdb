/*
 * The arguments of dynamo_load.
 */
#pragma once

#include "tests/bench/dynamo_item.h"
#include "tests/bench/dynamo_request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { LOAD_SERVERS_MAX = 16, LOAD_CONNECTIONS_MAX = 1024 };

/* One operation, gets and puts half and half, or every item put once, in order. */
enum load_kind { LOAD_OPERATION, LOAD_MIXED, LOAD_FILL };

struct dynamo_options {
    enum load_kind kind;
    enum dynamo_operation operation; /* of LOAD_OPERATION */
    const char *host;
    uint16_t port;
    const char *region;
    const char *table;
    uint64_t item_count;
    struct item_form form;
    uint32_t largest; /* items above this size are left alone */
    unsigned connection_count;
    uint64_t request_count; /* 0: as long as `seconds` */
    uint64_t seconds;       /* 0: as many as `request_count` */
    size_t pool_count;      /* 0: each request is made when it is sent */
    uint64_t report_seconds;
    uint64_t seed;
    bool reads_consistently;
    bool is_unchecked; /* answers of status 200 are taken as they are */
    pid_t server_pids[LOAD_SERVERS_MAX];
    size_t server_pid_count;
};

/* Ends the process on a mistake, which is told on stderr. */
void dynamo_options_parse(int argument_count, char **arguments, struct dynamo_options *out_options);
