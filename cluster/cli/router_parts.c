#include "cluster/cli/router_parts.h"

#include "router/serve.h"

#include <stdio.h>

enum status router_parts_create(const struct router_options *router_options,
                                const struct http_server_options *http_options,
                                struct router_parts *out_parts)
{
    *out_parts = (struct router_parts){
        .region = router_options->region,
        .scheme = http_options->tls_certificate != NULL ? "https" : "http",
        .host = http_options->host,
    };
    out_parts->router = router_create(router_options);
    enum status status =
        router_serve(router_options->env, out_parts->router, http_options, &out_parts->server);
    if (status == STATUS_INVALID)
        fprintf(stderr, "graticule: \"%s\" is no address, or the certificate and key are no good\n",
                http_options->host);
    else if (status != STATUS_OK)
        fprintf(stderr, "graticule: cannot listen on %s:%u: is the port in use?\n",
                http_options->host, http_options->port);
    return status;
}

void router_parts_deinit(struct router_parts *parts)
{
    http_server_destroy(parts->server);
    router_destroy(parts->router);
    *parts = (struct router_parts){0};
}

bool router_parts_announce(struct router_parts *parts)
{
    if (!parts->is_announced && router_is_ready(parts->router)) {
        printf("ready %s %s://%s:%u\n", parts->region, parts->scheme, parts->host,
               http_server_port(parts->server));
        fflush(stdout);
        parts->is_announced = true;
    }
    return parts->is_announced;
}

bool router_parts_is_idle(const struct router_parts *parts)
{
    struct http_server_stats stats;
    http_server_stats(parts->server, &stats);
    return stats.request_count == 0;
}
