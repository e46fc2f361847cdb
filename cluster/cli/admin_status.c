#include "cluster/cli/admin.h"

#include "cluster/cli/admin_survey.h"

#include <inttypes.h>
#include <stdio.h>

static const char *table_status_name(enum table_status status)
{
    switch (status) {
    case TABLE_CREATING:
        return "CREATING";
    case TABLE_ACTIVE:
        return "ACTIVE";
    case TABLE_DELETING:
        return "DELETING";
    }
    return "?";
}

/* Tablets placed on the node, those of them that it leads, and the entries of their logs. */
static void node_print(const struct survey *survey, size_t position)
{
    const struct node_record *node = catalog_view_node_at(survey->view, position);
    const Graticule__Wire__NodeStatus *status = survey->nodes[position];
    size_t leads_count = 0;
    uint64_t entry_count = 0;
    for (size_t i = 0; status != NULL && i < status->n_tablets; i++) {
        leads_count += status->tablets[i]->is_leader;
        entry_count += status->tablets[i]->applied_index;
    }
    printf("%-20.*s %4" PRIu64 " %-22.*s %-6s", (int)node->name.size, node->name.bytes, node->id,
           (int)node->address.size, node->address.bytes, status != NULL ? "up" : "silent");
    if (status != NULL)
        printf(" %7zu %7zu %12" PRIu64 " %9.1f %9.1f", status->n_tablets, leads_count, entry_count,
               (double)status->disk_bytes / 1e6, (double)status->log_bytes / 1e6);
    putchar('\n');
}

static void print(const struct survey *survey)
{
    const struct settings *settings = catalog_view_settings(survey->view);
    if (settings != NULL)
        printf("region %.*s, %" PRIu32 " tablets, cluster version %" PRIu32 ", %s\n",
               (int)settings->region.size, settings->region.bytes, settings->tablet_count,
               settings->cluster_version,
               settings->is_serving ? "serving" : "waiting for its nodes");
    printf("%-20s %4s %-22s %-6s %7s %7s %12s %9s %9s\n", "NODE", "ID", "ADDRESS", "STATE",
           "TABLETS", "LEADS", "ENTRIES", "DISK MB", "LOG MB");
    for (size_t i = 0; i < survey->node_count; i++)
        node_print(survey, i);
    printf("%-40s %-8s %8s\n", "TABLE", "STATE", "UID");
    const struct table *table;
    for (size_t i = 0; (table = catalog_view_table_at(survey->view, i)) != NULL; i++)
        printf("%-40.*s %-8s %8" PRIu64 "\n", (int)table->name.size, table->name.bytes,
               table_status_name(table->status), table->uid);
}

int admin_status(int argument_count, char **arguments)
{
    return survey_run(argument_count, arguments, print);
}
