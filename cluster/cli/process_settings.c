#include "cluster/cli/process_settings.h"

#include "cluster/cli/commands.h"
#include "core/base/memory.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

struct arguments {
    const char *config_path;
    bool wants_description;
};

static const struct argp_option options[] = {
    {"config", 'c', "FILE", 0, "The process's settings", 0},
    {"describe-config", 'd', NULL, 0, "Print every setting with its default, and exit", 0},
    {0},
};

static error_t option_take(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case 'c':
        arguments->config_path = text;
        return 0;
    case 'd':
        arguments->wants_description = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp parser = {.options = options, .parser = option_take};

static void mistakes_print(const struct buffer *mistakes)
{
    fwrite(mistakes->bytes, 1, mistakes->size, stderr);
}

static bool seed_parse(struct process_settings *settings, const char *text)
{
    char *copy = memory_copy_text(text);
    char *at = strchr(copy, '@');
    bool is_whole = at != NULL && at > copy && strchr(at, ':') != NULL;
    if (!is_whole || settings->seed_count == PROCESS_SEEDS_MAX) {
        memory_free(copy);
        return false;
    }
    *at = '\0';
    settings->seed_texts[settings->seed_count] = copy;
    settings->seeds[settings->seed_count++] =
        (struct catalog_seed){.name = copy, .address = at + 1};
    return true;
}

static bool seeds_parse(struct process_settings *settings, const char *path)
{
    for (size_t i = 0; i < config_list_count(settings->config, "catalog"); i++) {
        const char *text = config_list_item(settings->config, "catalog", i);
        if (seed_parse(settings, text))
            continue;
        fprintf(stderr,
                "%s: catalog: \"%s\" is not name@host:port, or more than %d nodes are named\n",
                path, text, PROCESS_SEEDS_MAX);
        return false;
    }
    if (settings->seed_count > 1) {
        fprintf(stderr,
                "%s: catalog: several nodes are named, but the catalog has one copy as yet\n",
                path);
        return false;
    }
    return true;
}

int process_settings_read(int argument_count, char **arguments, const struct config_table *table,
                          struct process_settings *out_settings)
{
    *out_settings = (struct process_settings){0};
    struct arguments given = {0};
    SCOPED(buffer) text;
    buffer_init(&text);
    if (argp_parse(&parser, argument_count, arguments, 0, NULL, &given) != 0)
        return EXIT_USAGE;
    if (given.wants_description) {
        config_describe(table, &text);
        fwrite(text.bytes, 1, text.size, stdout);
        return -1;
    }
    if (given.config_path == NULL) {
        fprintf(stderr, "graticule %s: --config FILE is missing\n", arguments[0]);
        return EXIT_USAGE;
    }
    enum status status = config_read(given.config_path, table, &text, &out_settings->config);
    if (status == STATUS_OK && !seeds_parse(out_settings, given.config_path))
        return EXIT_USAGE;
    if (status == STATUS_OK)
        status = env_keys_read(config_text(out_settings->config, "secret_key"),
                               config_text(out_settings->config, "known_keys"), &text,
                               &out_settings->keys);
    if (status != STATUS_OK) {
        mistakes_print(&text);
        return EXIT_USAGE;
    }
    return EXIT_DONE;
}

void process_settings_deinit(struct process_settings *settings)
{
    for (size_t i = 0; i < settings->seed_count; i++)
        memory_free(settings->seed_texts[i]);
    env_keys_destroy(settings->keys);
    config_destroy(settings->config);
}
