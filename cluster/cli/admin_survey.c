#include "cluster/cli/admin_survey.h"

#include "cluster/cli/commands.h"
#include "cluster/cli/process_settings.h"
#include "core/base/check.h"
#include "core/env/env_uv.h"
#include "proto/frame.h"
#include "proto/peers.h"

#include <stdio.h>

enum { TIMEOUT_US = 3000000 };

static const struct config_setting admin_settings[] = {PROCESS_SETTINGS};
static const struct config_table admin_table = {
    .settings = admin_settings, .count = sizeof admin_settings / sizeof *admin_settings};

struct asking {
    struct env *env;
    struct catalog_watch *watch;
    struct peers *peers;
    struct arena *arena;
    struct survey survey;
    size_t waiting_count;
    bool has_view;
};

/* One node's answer, and where it goes. */
struct question {
    struct asking *asking;
    size_t position;
};

static void node_answer(void *context, const struct rpc_result *result)
{
    struct question *question = context;
    struct asking *asking = question->asking;
    ProtobufCAllocator allocator = frame_allocator(asking->arena);
    if (result->outcome == RPC_EXECUTED)
        asking->survey.nodes[question->position] =
            graticule__wire__node_status__unpack(&allocator, result->body.size, result->body.bytes);
    if (--asking->waiting_count == 0)
        env_uv_stop(asking->env);
}

static void nodes_ask(struct asking *asking)
{
    const struct catalog_view *view = catalog_watch_view(asking->watch);
    struct survey *survey = &asking->survey;
    survey->view = view;
    while (catalog_view_node_at(view, survey->node_count) != NULL)
        survey->node_count++;
    survey->nodes = arena_alloc_zeroed(asking->arena, survey->node_count * sizeof(void *));
    asking->waiting_count = survey->node_count;
    for (size_t i = 0; i < survey->node_count; i++) {
        struct question *question = arena_alloc(asking->arena, sizeof *question);
        *question = (struct question){.asking = asking, .position = i};
        rpc_client_call(peers_client(asking->peers, catalog_view_node_at(view, i)), RPC_NODE_STATUS,
                        (struct slice){0}, TIMEOUT_US, node_answer, question);
    }
    if (survey->node_count == 0)
        env_uv_stop(asking->env);
}

static void refreshed(void *context, enum status status)
{
    struct asking *asking = context;
    asking->has_view = status == STATUS_OK;
    if (asking->has_view)
        nodes_ask(asking);
    else
        env_uv_stop(asking->env);
}

/* The view is looked at once, after the refresh. */
static void view_changed(void *context)
{
    (void)context;
}

static int ask(const struct process_settings *settings,
               void (*print_fn)(const struct survey *survey))
{
    struct env_uv_options env_options = {.keys = settings->keys};
    struct asking asking = {.env = env_uv_create(&env_options), .arena = arena_create()};
    const char *name = config_text(settings->config, "name");
    struct catalog_watch_options options = {
        .env = asking.env,
        .own_name = name,
        .seeds = settings->seeds,
        .seed_count = settings->seed_count,
        .changed_fn = view_changed,
        .context = &asking,
    };
    asking.watch = catalog_watch_create(&options);
    asking.peers = peers_create(asking.env, name);
    catalog_watch_refresh(asking.watch, TIMEOUT_US, refreshed, &asking);
    env_uv_run(asking.env);
    if (asking.has_view)
        print_fn(&asking.survey);
    else
        fputs("graticule: the catalog did not answer\n", stderr);
    peers_destroy(asking.peers);
    catalog_watch_destroy(asking.watch);
    env_uv_finish_works(asking.env);
    env_uv_destroy(asking.env);
    arena_destroy(asking.arena);
    return asking.has_view ? EXIT_DONE : EXIT_FAILED;
}

int survey_run(int argument_count, char **arguments, void (*print_fn)(const struct survey *survey))
{
    struct process_settings settings;
    int result = process_settings_read(argument_count, arguments, &admin_table, NULL, &settings);
    if (result == EXIT_DONE)
        result = ask(&settings, print_fn);
    process_settings_deinit(&settings);
    return result < 0 ? EXIT_DONE : result;
}
