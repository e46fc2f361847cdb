#include "router/front/side_work.h"

void side_works_init(struct side_works *works, struct env *env)
{
    *works = (struct side_works){.env = env};
    list_init(&works->waiting);
    list_init(&works->running);
}

void side_works_deinit(struct side_works *works)
{
    struct list *link;
    while (list_take_first(&works->waiting) != NULL)
        continue;
    while ((link = list_take_first(&works->running)) != NULL)
        LIST_ELEMENT(link, struct side_work, link)->works = NULL;
}

static void work_run(void *context)
{
    const struct side_work *work = context;
    work->work_fn(work->context);
}

static void works_start(struct side_works *works);

static void work_done(void *context)
{
    struct side_work *work = context;
    struct side_works *works = work->works;
    if (works != NULL) {
        list_remove(&work->link);
        works->running_count--;
        works_start(works);
    }
    work->done_fn(work->context);
}

static void works_start(struct side_works *works)
{
    struct list *link;
    while (works->running_count < SIDE_WORKS_MAX &&
           (link = list_take_first(&works->waiting)) != NULL) {
        struct side_work *work = LIST_ELEMENT(link, struct side_work, link);
        list_append(&works->running, &work->link);
        works->running_count++;
        env_work_start(works->env, &work->work, work_run, work_done, work);
    }
}

void side_work_start(struct side_works *works, struct side_work *work, env_fn work_fn,
                     env_fn done_fn, void *context)
{
    work->works = works;
    work->work_fn = work_fn;
    work->done_fn = done_fn;
    work->context = context;
    list_init(&work->link);
    list_append(&works->waiting, &work->link);
    works_start(works);
}
