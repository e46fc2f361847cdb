/*
 * The arguments of `graticule dev`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DEV_REGIONS_MAX = 16, DEV_NODES_MAX = 16 };

struct dev_arguments {
    const char *regions[DEV_REGIONS_MAX];
    size_t region_count;
    uint16_t port;
    size_t node_count;
    uint32_t tablet_count; /* of a new region */
    bool has_tablet_count; /* it was asked for */
    const char *data_path;
    const char *credentials_path; /* NULL: any credentials are taken */
    const char *tls_certificate_path;
    const char *tls_key_path;
    const char *account_id;
    bool is_relaxed;
};

/* Returns what the process exits with on a mistake, which is told on stderr; EXIT_DONE: go on. */
int dev_arguments_parse(int argument_count, char **arguments, struct dev_arguments *out_arguments);
