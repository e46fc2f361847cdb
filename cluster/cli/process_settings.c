#include "cluster/cli/process_settings.h"

#include "cluster/cli/commands.h"
#include "cluster/cli/settings_check.h"
#include "core/base/check.h"
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

/* What they look like has been checked. */
static void seeds_take(struct process_settings *settings)
{
    for (size_t i = 0; i < config_list_count(settings->config, "catalog"); i++) {
        char *copy = memory_copy_text(config_list_item(settings->config, "catalog", i));
        char *at = strchr(copy, '@');
        CHECK(at != NULL && settings->seed_count < PROCESS_SEEDS_MAX);
        *at = '\0';
        settings->seed_texts[settings->seed_count] = copy;
        settings->seeds[settings->seed_count++] =
            (struct catalog_seed){.name = copy, .address = at + 1};
    }
}

static enum status settings_read(const char *path, const struct config_table *table,
                                 settings_check_fn check_fn, struct buffer *mistakes,
                                 struct process_settings *settings)
{
    TRY(config_read(path, table, mistakes, &settings->config));
    settings_check_seeds(settings->config, mistakes);
    if (check_fn != NULL)
        check_fn(settings->config, mistakes);
    if (mistakes->size > 0)
        return STATUS_INVALID;
    seeds_take(settings);
    return env_keys_read(config_text(settings->config, "secret_key"),
                         config_text(settings->config, "known_keys"), mistakes, &settings->keys);
}

int process_settings_read(int argument_count, char **arguments, const struct config_table *table,
                          settings_check_fn check_fn, struct process_settings *out_settings)
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
    if (settings_read(given.config_path, table, check_fn, &text, out_settings) != STATUS_OK) {
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
