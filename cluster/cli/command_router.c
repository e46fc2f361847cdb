#include "cluster/cli/commands.h"

#include "cluster/cli/access.h"
#include "cluster/cli/draining.h"
#include "cluster/cli/process_settings.h"
#include "cluster/cli/router_parts.h"
#include "cluster/cli/settings_check.h"
#include "cluster/cli/stopping.h"
#include "cluster/cli/turn_watch.h"
#include "core/base/memory.h"
#include "core/env/env_uv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `graticule router`: one router. Prints `ready REGION URL` once it serves. */

enum { LOOK_US = 5000 };

static const struct config_setting router_settings[] = {
    PROCESS_SETTINGS,
    {"http", CONFIG_TEXT, NULL, true, 0, 0, "numeric address:port for clients"},
    {"reuse_port", CONFIG_BOOL, "no", false, 0, 0,
     "several routers of this machine share the address and port"},
    {"credentials", CONFIG_TEXT, NULL, true, 0, 0,
     "file with clients' access keys, in AWS's shared-credentials format"},
    {"tls_certificate", CONFIG_TEXT, NULL, false, 0, 0, "PEM file, with its chain"},
    {"tls_key", CONFIG_TEXT, NULL, false, 0, 0, "PEM file"},
    {"account_id", CONFIG_TEXT, "000000000000", false, 0, 0, "in ARNs: 12 digits"},
    {"endpoint", CONFIG_TEXT, NULL, false, 0, 0,
     "host:port that DescribeEndpoints answers, if not `http`"},
    {"request_timeout", CONFIG_DURATION, "10s", false, 1000, 0,
     "after which a request is answered with an error"},
    {"requests_max", CONFIG_INTEGER, "4096", false, 1, 1 << 20, "under way at a time"},
    {"connections_max", CONFIG_INTEGER, "1024", false, 1, 1 << 16, "of clients"},
    {"idle_timeout", CONFIG_DURATION, "60s", false, 1000000, 0,
     "after which a connection without requests is closed"},
};

static const struct config_table router_table = {
    .settings = router_settings, .count = sizeof router_settings / sizeof *router_settings};

struct process {
    struct env *env;
    const char *name;
    struct router_parts parts;
    struct env_timer look_timer;
    struct turn_watch turn_watch;
    struct draining draining;
};

static void look(void *context)
{
    struct process *process = context;
    if (!router_parts_announce(&process->parts))
        env_timer_start(process->env, &process->look_timer, LOOK_US, look, process);
    else
        turn_watch_start(&process->turn_watch, process->env, process->name);
}

static void stop(void *context)
{
    struct process *process = context;
    process->draining =
        (struct draining){.env = process->env, .routers = &process->parts, .router_count = 1};
    draining_start(&process->draining);
}

/* Cuts "host:port", which has been checked, in two; `host` is then the caller's to free. */
static void address_split(const char *address, char **out_host, uint16_t *out_port)
{
    const char *colon = strrchr(address, ':');
    bool has_brackets = address[0] == '[';
    char *host = memory_copy_text(address + has_brackets);
    host[colon - address - 2 * has_brackets] = '\0';
    *out_host = host;
    *out_port = (uint16_t)strtoul(colon + 1, NULL, 10);
}

static enum status parts_create(struct process *process, const struct process_settings *settings,
                                const struct credentials *credentials, const struct access_tls *tls,
                                const char *host, uint16_t port)
{
    const struct config *config = settings->config;
    const char *address = config_text(config, "http");
    struct router_options router_options = {
        .env = process->env,
        .name = config_text(config, "name"),
        .region = config_text(config, "region"),
        .account_id = config_text(config, "account_id"),
        .seeds = settings->seeds,
        .seed_count = settings->seed_count,
        .credentials = credentials,
        .endpoint = config_has(config, "endpoint") ? config_text(config, "endpoint") : address,
        .request_timeout_us = config_duration_us(config, "request_timeout"),
        .request_count_max = config_integer(config, "requests_max"),
    };
    struct http_server_options http_options = {
        .host = host,
        .port = port,
        .reuse_port = config_bool(config, "reuse_port"),
        .connection_count_max = (unsigned)config_integer(config, "connections_max"),
        .idle_timeout_s = (unsigned)(config_duration_us(config, "idle_timeout") / 1000000),
        .tls_certificate = tls->is_on ? (const char *)tls->certificate.bytes : NULL,
        .tls_key = tls->is_on ? (const char *)tls->key.bytes : NULL,
    };
    return router_parts_create(&router_options, &http_options, &process->parts);
}

static enum status router_run(const struct process_settings *settings,
                              const struct credentials *credentials, const struct access_tls *tls,
                              struct process *process)
{
    char *host = NULL;
    uint16_t port = 0;
    address_split(config_text(settings->config, "http"), &host, &port);
    enum status status = parts_create(process, settings, credentials, tls, host, port);
    if (status == STATUS_OK) {
        stopping_on_signals(process->env, stop, process);
        look(process);
        env_uv_run(process->env);
    }
    turn_watch_stop(&process->turn_watch);
    env_timer_stop(process->env, &process->look_timer);
    router_parts_deinit(&process->parts);
    memory_free(host);
    return status;
}

static int process_run(const struct process_settings *settings)
{
    struct env_uv_options env_options = {.keys = settings->keys};
    const struct config *config = settings->config;
    struct process process = {
        .env = env_uv_create(&env_options),
        .name = config_text(config, "name"),
    };
    OWNED(credentials) credentials = NULL;
    struct access_tls tls = {0};
    enum status status =
        access_load_credentials(process.env, config_text(config, "credentials"), &credentials);
    if (status == STATUS_OK)
        status = access_load_tls(process.env, config_text(config, "tls_certificate"),
                                 config_text(config, "tls_key"), &tls);
    if (status == STATUS_OK)
        status = router_run(settings, credentials, &tls, &process);
    access_tls_deinit(&tls);
    env_uv_finish_works(process.env);
    env_uv_destroy(process.env);
    return status == STATUS_OK ? EXIT_DONE : EXIT_FAILED;
}

int command_router(int argument_count, char **arguments)
{
    struct process_settings settings;
    int result = process_settings_read(argument_count, arguments, &router_table,
                                       settings_check_router, &settings);
    if (result == EXIT_DONE)
        result = process_run(&settings);
    process_settings_deinit(&settings);
    return result < 0 ? EXIT_DONE : result;
}
