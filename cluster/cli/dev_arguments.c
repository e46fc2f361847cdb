#include "cluster/cli/dev_arguments.h"

#include "cluster/cli/commands.h"
#include "core/catalog/ring.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

enum option_key {
    OPTION_REGION = 'r',
    OPTION_PORT = 'p',
    OPTION_NODES = 'n',
    OPTION_TABLETS = 't',
    OPTION_DATA = 'd',
    OPTION_CREDENTIALS = 'c',
    OPTION_DURABILITY = 256,
    OPTION_ACCOUNT,
    OPTION_TLS_CERTIFICATE,
    OPTION_TLS_KEY,
};

static const struct argp_option options[] = {
    {"region", OPTION_REGION, "NAME", 0, "A region; repeat for more (default: us-east-1)", 0},
    {"port", OPTION_PORT, "N", 0, "The first region's port, the next ones follow (default: 8000)",
     0},
    {"nodes", OPTION_NODES, "K", 0, "Nodes per region (default: 1)", 0},
    {"tablets", OPTION_TABLETS, "T", 0, "Tablets of a new region, a power of two (default: 16)", 0},
    {"data", OPTION_DATA, "DIR", 0, "Where data is kept (default: ./.graticule)", 0},
    {"credentials", OPTION_CREDENTIALS, "FILE", 0,
     "Access keys in AWS's format (default: any key is taken, signatures are not checked)", 0},
    {"durability", OPTION_DURABILITY, "sync|relaxed", 0,
     "Acknowledge a write after it is synced, or before (default: sync)", 0},
    {"account-id", OPTION_ACCOUNT, "DIGITS", 0, "In ARNs (default: 000000000000)", 0},
    {"tls-certificate", OPTION_TLS_CERTIFICATE, "FILE", 0, "PEM; serves https", 0},
    {"tls-key", OPTION_TLS_KEY, "FILE", 0, "PEM", 0},
    {0},
};

static uint64_t number_take(struct argp_state *state, const char *what, const char *text,
                            uint64_t maximum)
{
    char *end = NULL;
    unsigned long long number = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || number > maximum)
        argp_error(state, "--%s: \"%s\" is not a number up to %llu", what, text,
                   (unsigned long long)maximum);
    return number;
}

static void region_take(struct argp_state *state, struct dev_arguments *arguments, const char *name)
{
    if (arguments->region_count == DEV_REGIONS_MAX)
        argp_error(state, "--region: more than %d", DEV_REGIONS_MAX);
    for (size_t i = 0; i < arguments->region_count; i++)
        if (strcmp(arguments->regions[i], name) == 0)
            argp_error(state, "--region: \"%s\" stands twice", name);
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (size == 0 || name[size] != '\0' || size > 32)
        argp_error(state, "--region: \"%s\" is no name such as us-east-1", name);
    arguments->regions[arguments->region_count++] = name;
}

static void durability_take(struct argp_state *state, struct dev_arguments *arguments,
                            const char *text)
{
    arguments->is_relaxed = strcmp(text, "relaxed") == 0;
    if (!arguments->is_relaxed && strcmp(text, "sync") != 0)
        argp_error(state, "--durability: \"%s\" is neither sync nor relaxed", text);
}

static void account_take(struct argp_state *state, struct dev_arguments *arguments,
                         const char *text)
{
    if (strlen(text) != 12 || strspn(text, "0123456789") != 12)
        argp_error(state, "--account-id: \"%s\" is not 12 digits", text);
    arguments->account_id = text;
}

static void end_check(struct argp_state *state, struct dev_arguments *arguments)
{
    if (arguments->region_count == 0)
        arguments->regions[arguments->region_count++] = "us-east-1";
    if (arguments->node_count == 0)
        argp_error(state, "--nodes: at least 1");
    if (!ring_is_valid_count(arguments->tablet_count))
        argp_error(state, "--tablets: not a power of two");
    if (arguments->port != 0 && arguments->port + arguments->region_count - 1 > UINT16_MAX)
        argp_error(state, "--port: too high for so many regions");
}

static error_t option_take(int key, char *text, struct argp_state *state)
{
    struct dev_arguments *arguments = state->input;
    switch (key) {
    case OPTION_REGION:
        region_take(state, arguments, text);
        return 0;
    case OPTION_PORT:
        arguments->port = (uint16_t)number_take(state, "port", text, UINT16_MAX);
        return 0;
    case OPTION_NODES:
        arguments->node_count = number_take(state, "nodes", text, DEV_NODES_MAX);
        return 0;
    case OPTION_TABLETS:
        arguments->tablet_count = (uint32_t)number_take(state, "tablets", text, RING_TABLETS_MAX);
        arguments->has_tablet_count = true;
        return 0;
    case OPTION_DATA:
        arguments->data_path = text;
        return 0;
    case OPTION_CREDENTIALS:
        arguments->credentials_path = text;
        return 0;
    case OPTION_DURABILITY:
        durability_take(state, arguments, text);
        return 0;
    case OPTION_ACCOUNT:
        account_take(state, arguments, text);
        return 0;
    case OPTION_TLS_CERTIFICATE:
        arguments->tls_certificate_path = text;
        return 0;
    case OPTION_TLS_KEY:
        arguments->tls_key_path = text;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "\"%s\" is no option", text);
        return EINVAL;
    case ARGP_KEY_END:
        end_check(state, arguments);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {
    .options = options,
    .parser = option_take,
    .doc = "Every role of one or more regions in one process, each region on a port of 127.0.0.1.",
};

int dev_arguments_parse(int argument_count, char **arguments, struct dev_arguments *out_arguments)
{
    *out_arguments = (struct dev_arguments){
        .port = 8000,
        .node_count = 1,
        .tablet_count = 16,
        .data_path = ".graticule",
        .account_id = "000000000000",
    };
    argp_err_exit_status = EXIT_USAGE;
    return argp_parse(&parser, argument_count, arguments, 0, NULL, out_arguments) == 0 ? EXIT_DONE
                                                                                       : EXIT_USAGE;
}
