#include "cluster/cli/admin.h"

#include "cluster/cli/admin_survey.h"
#include "core/catalog/ring.h"

#include <inttypes.h>
#include <stdio.h>

static const Graticule__Wire__TabletStatus *tablet_find(const Graticule__Wire__NodeStatus *node,
                                                        uint32_t tablet)
{
    for (size_t i = 0; node != NULL && i < node->n_tablets; i++)
        if (node->tablets[i]->tablet == tablet)
            return node->tablets[i];
    return NULL;
}

/* Who says of himself that he leads. */
static void leader_print(const struct survey *survey, uint32_t tablet)
{
    for (size_t i = 0; i < survey->node_count; i++) {
        const Graticule__Wire__TabletStatus *status = tablet_find(survey->nodes[i], tablet);
        if (status == NULL || !status->is_leader)
            continue;
        const struct slice name = catalog_view_node_at(survey->view, i)->name;
        printf(" %-20.*s %6" PRIu64 " %12" PRIu64, (int)name.size, name.bytes, status->term,
               status->applied_index);
        return;
    }
    printf(" %-20s %6s %12s", "-", "-", "-");
}

static void print(const struct survey *survey)
{
    const struct settings *settings = catalog_view_settings(survey->view);
    printf("%6s %-16s %-20s %6s %12s %s\n", "TABLET", "FIRST TOKEN", "LEADER", "TERM", "ENTRIES",
           "REPLICAS");
    const struct tablet_record *tablet;
    for (size_t i = 0; (tablet = catalog_view_tablet_at(survey->view, i)) != NULL; i++) {
        printf("%6" PRIu32 " %016" PRIx64, tablet->tablet,
               ring_first_token(settings->tablet_count, tablet->tablet));
        leader_print(survey, tablet->tablet);
        for (size_t j = 0; j < tablet->replica_count; j++) {
            const struct node_record *node =
                catalog_view_find_node(survey->view, tablet->replicas[j].node_id);
            if (node != NULL)
                printf(" %.*s", (int)node->name.size, node->name.bytes);
        }
        putchar('\n');
    }
}

int admin_ring(int argument_count, char **arguments)
{
    return survey_run(argument_count, arguments, print);
}
