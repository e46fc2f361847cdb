/*
 * scenario: runs scenarios against a simulated region, or against servers that are there.
 */
#include "tests/scenario/runner.h"

#include <getopt.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "scenario [OPTION]... PATH...            a file, or a folder of folders of them\n"
    "  --endpoint ADDRESS:PORT               servers, taken in turn; none: the simulator\n"
    "  --region NAME --credentials ID:SECRET of theirs\n"
    "  --restart ASK,DONE                    file descriptors of whoever restarts them\n";

enum { ENDPOINT_COUNT_MAX = 8, FILE_SIZE_MAX = 1 << 20 };

struct arguments {
    const char *endpoints[ENDPOINT_COUNT_MAX];
    struct backend_http_options http;
};

struct totals {
    size_t passed;
    size_t failed;
};

_Noreturn static void stop(const char *text)
{
    fputs(text, stderr);
    exit(2);
}

static void credentials_take(struct backend_http_options *http, char *text)
{
    char *colon = strchr(text, ':');
    if (colon == NULL)
        stop(usage);
    *colon = '\0';
    http->access_key_id = text;
    http->secret = colon + 1;
}

static void restart_take(struct backend_http_options *http, const char *text)
{
    if (sscanf(text, "%d,%d", &http->restart_ask_fd, &http->restart_done_fd) != 2)
        stop(usage);
}

static void arguments_take(int count, char **texts, struct arguments *arguments)
{
    enum { ENDPOINT = 1, REGION, CREDENTIALS, RESTART };
    static const struct option known[] = {
        {"endpoint", required_argument, NULL, ENDPOINT},
        {"region", required_argument, NULL, REGION},
        {"credentials", required_argument, NULL, CREDENTIALS},
        {"restart", required_argument, NULL, RESTART},
        {0},
    };
    struct backend_http_options *http = &arguments->http;
    int option;
    while ((option = getopt_long(count, texts, "", known, NULL)) != -1) {
        if (option == ENDPOINT && http->endpoint_count < ENDPOINT_COUNT_MAX)
            arguments->endpoints[http->endpoint_count++] = optarg;
        else if (option == REGION)
            http->region = optarg;
        else if (option == CREDENTIALS)
            credentials_take(http, optarg);
        else if (option == RESTART)
            restart_take(http, optarg);
        else
            stop(usage);
    }
    http->endpoints = arguments->endpoints;
    bool is_known = http->region != NULL && http->access_key_id != NULL;
    if (optind == count || (http->endpoint_count > 0 && !is_known))
        stop(usage);
}

static struct slice file_read(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = arena_alloc(arena, FILE_SIZE_MAX);
    if (file == NULL)
        stop(arena_format(arena, "%s cannot be read\n", path));
    size_t size = fread(text, 1, FILE_SIZE_MAX, file);
    fclose(file);
    if (size == FILE_SIZE_MAX)
        stop(arena_format(arena, "%s is too large\n", path));
    return slice_of(text, size);
}

static void run_file(const struct backend *backend, const char *path, struct totals *totals)
{
    OWNED(arena) arena = arena_create();
    struct script script;
    const char *mistake;
    if (script_parse(arena, file_read(arena, path), &script, &mistake) != STATUS_OK) {
        printf("%s: %s\n[ FAILED ] %s\n", path, mistake, path);
        totals->failed++;
        return;
    }
    for (const struct script_scenario *each = script.scenarios; each != NULL; each = each->next) {
        bool is_kept = runner_run(backend, path, &script, each, stdout);
        printf("[ %s ] %s:%u: %s\n", is_kept ? "    OK" : "FAILED", path, each->number, each->rule);
        fflush(stdout);
        totals->passed += is_kept;
        totals->failed += !is_kept;
    }
}

/* Of a folder what lies in it and in the folders in it; a file is a pattern of itself. */
static void run_path(const struct backend *backend, const char *path, struct totals *totals)
{
    static const char *const patterns[] = {"/*.scenario", "/*/*.scenario"};
    size_t path_size = strlen(path);
    if (path_size > 9 && strcmp(path + path_size - 9, ".scenario") == 0) {
        run_file(backend, path, totals);
        return;
    }
    OWNED(arena) arena = arena_create();
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        glob_t found;
        if (glob(arena_format(arena, "%s%s", path, patterns[i]), 0, NULL, &found) != 0)
            continue;
        for (size_t k = 0; k < found.gl_pathc; k++)
            run_file(backend, found.gl_pathv[k], totals);
        globfree(&found);
    }
}

int main(int count, char **texts)
{
    struct arguments arguments = {0};
    arguments_take(count, texts, &arguments);
    struct backend backend = arguments.http.endpoint_count > 0
                                 ? backend_http_create(&arguments.http)
                                 : backend_sim_create();
    struct totals totals = {0};
    for (int i = optind; i < count; i++)
        run_path(&backend, texts[i], &totals);
    backend.destroy(backend.context);
    /* As cmocka says it, so that tests/count.py counts scenarios. */
    printf("[  PASSED  ] %zu test(s).\n", totals.passed);
    if (totals.failed > 0)
        printf("[  FAILED  ] %zu test(s).\n", totals.failed);
    return totals.passed > 0 && totals.failed == 0 ? 0 : 1;
}
