#include "replication/log/log_private.h"

/* The replica that a record speaks of; NULL when it is not, or no more, there. */
static struct log_group *group_of(struct log *log, const struct record *record)
{
    struct log_group *group = log_find_group(log, record->group_id);
    return group != NULL && group->incarnation == record->incarnation ? group : NULL;
}

static enum status apply_add(struct log *log, const struct record *record)
{
    if (log_find_group(log, record->group_id) != NULL)
        return STATUS_CORRUPT;
    log_insert_group(log, log_group_create(record->group_id, record->incarnation));
    return STATUS_OK;
}

/* The first segment's opening says what the groups are; their earlier entries have been dropped. */
static void group_begin(struct log *log, const struct record *record)
{
    struct log_group *group = log_group_create(record->group_id, record->incarnation);
    group->vote = record->group.vote;
    group->commit_hint = record->commit_hint;
    log_group_set_base(group, &record->group.base, 0);
    log_insert_group(log, group);
}

static bool base_is_equal(const struct log_base *left, const struct log_base *right)
{
    return left->index == right->index && left->term == right->term &&
           left->configuration_index == right->configuration_index &&
           slice_is_equal(left->configuration, right->configuration);
}

/* Later openings repeat what the records before them led to. */
static bool group_is_as_said(const struct log_group *group, const struct record_group *said)
{
    return group->vote.term == said->vote.term && group->vote.vote == said->vote.vote &&
           log_group_last_index(group) == said->base.last_index &&
           base_is_equal(&group->base, &said->base.base);
}

static bool is_in_first_segment(const struct log *log, const struct log_place *place)
{
    return place->segment->link.previous == &log->segments;
}

static enum status apply_opening(const struct log *log, const struct record *record,
                                 const struct log_place *place)
{
    bool is_as_said = record->opening.group_count == log->group_count;
    return is_in_first_segment(log, place) || is_as_said ? STATUS_OK : STATUS_CORRUPT;
}

static enum status apply_group(struct log *log, const struct record *record,
                               const struct log_place *place)
{
    bool is_first = is_in_first_segment(log, place);
    if (is_first && log_find_group(log, record->group_id) == NULL) {
        group_begin(log, record);
        return STATUS_OK;
    }
    struct log_group *group = group_of(log, record);
    if (group == NULL || !group_is_as_said(group, &record->group))
        return STATUS_CORRUPT;
    group->commit_hint = record->commit_hint;
    return STATUS_OK;
}

static enum status apply_entry(struct log_group *group, const struct log_entry *entry,
                               const struct log_place *place)
{
    if (entry->index <= group->base.index || entry->index > log_group_last_index(group) + 1)
        return STATUS_CORRUPT;
    log_group_put(group, entry, place);
    return STATUS_OK;
}

/* A last index that is neither of the two possible ones cannot have come about. */
static enum status apply_base(struct log_group *group, const struct record_base *base)
{
    bool keeps = base->last_index == log_group_last_index(group);
    bool drops = base->last_index == base->base.index;
    if (base->base.index < group->base.index || (!keeps && !drops))
        return STATUS_CORRUPT;
    log_group_set_base(group, base, 0);
    return STATUS_OK;
}

static enum status apply_to_group(struct log *log, struct log_group *group,
                                  const struct record *record, const struct log_place *place)
{
    group->commit_hint = record->commit_hint;
    switch (record->type) {
    case RECORD_VOTE:
        group->vote = record->vote;
        return STATUS_OK;
    case RECORD_ENTRY:
        return apply_entry(group, &record->entry, place);
    case RECORD_BASE:
        return apply_base(group, &record->base);
    case RECORD_REMOVE:
        log_take_group(log, group);
        log_group_destroy(group, 0);
        return STATUS_OK;
    case RECORD_OPENING:
    case RECORD_GROUP:
    case RECORD_ADD:
        break;
    }
    return STATUS_CORRUPT;
}

enum status log_apply(struct log *log, const struct record *record, const struct log_place *place)
{
    if (record->type == RECORD_OPENING)
        return apply_opening(log, record, place);
    if (record->type == RECORD_ADD)
        return apply_add(log, record);
    if (record->type == RECORD_GROUP)
        return apply_group(log, record, place);
    struct log_group *group = group_of(log, record);
    return group != NULL ? apply_to_group(log, group, record, place) : STATUS_CORRUPT;
}

enum status log_check_groups(const struct log *log)
{
    for (size_t i = 0; i < log->group_count; i++)
        if (log->groups[i]->first_index != log->groups[i]->base.index + 1)
            return STATUS_CORRUPT;
    return STATUS_OK;
}
