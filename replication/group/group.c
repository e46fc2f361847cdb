#include "replication/group/group.h"

#include "core/base/buffer.h"
#include "core/base/check.h"
#include "core/env/env.h"

#include <raft.h>
#include <stdio.h>
#include <string.h>

/* The step interface is young: another version may change who owns what (docs/decisions). */
_Static_assert(RAFT_VERSION_NUMBER == 2201, "the driver was written for libraft 0.22.1");

enum {
    ELECTION_TIMEOUT_MS = 200,
    HEARTBEAT_MS = 40,
    ADDRESS_SIZE = 24,
    BARRIER_SIZE = 8, /* what libraft gives its own barriers */
};

/* Entries up to `index` are durable once the log is synced up to `lsn`. */
struct unsynced {
    uint64_t lsn;
    uint64_t index;
};

struct group {
    struct group_options options;
    struct raft raft;
    char address[ADDRESS_SIZE];

    struct buffer queued_bytes; /* commands of this turn, one after the other */
    struct raft_entry *queued;
    size_t queued_count;
    size_t queued_capacity;
    struct env_task submit_task;

    struct unsynced *unsynced; /* a queue: from `unsynced_first` on, `unsynced_count` of them */
    size_t unsynced_first;
    size_t unsynced_count;
    size_t unsynced_capacity;
    uint64_t vote_lsn; /* of the last term or vote appended */

    uint64_t persisted_index;
    uint64_t applied_index;
    uint64_t configuration_index; /* of the last configuration applied */
    struct buffer configuration;

    bool is_leader;
    bool may_evaluate;
    uint64_t barrier_term; /* a barrier of this term has been submitted */
    uint64_t
        barrier_index; /* where that one stands: an earlier life may have led in this term too */
    bool is_applying;
    struct env_timer timer;
    struct env_task start_task;
};

static uint64_t now_ms(const struct group *group)
{
    return env_boot_us(group->options.env) / 1000;
}

static void address_print(uint64_t server_id, char address[ADDRESS_SIZE])
{
    snprintf(address, ADDRESS_SIZE, "%llu", (unsigned long long)server_id);
}

void group_bootstrap(struct log *log, struct log_group *log_group, uint64_t server_id)
{
    char address[ADDRESS_SIZE];
    address_print(server_id, address);
    struct raft_configuration configuration;
    raft_configuration_init(&configuration);
    CHECK(raft_configuration_add(&configuration, server_id, address, RAFT_VOTER) == 0);
    struct raft_buffer bytes;
    CHECK(raft_configuration_encode(&configuration, &bytes) == 0);

    log_append_vote(log, log_group, 1, 0);
    log_append_entry(log, log_group,
                     &(struct log_entry){
                         .index = 1,
                         .term = 1,
                         .type = LOG_ENTRY_CONFIGURATION,
                         .bytes = slice_of(bytes.base, bytes.len),
                     });
    raft_free(bytes.base);
    raft_configuration_close(&configuration);
}

static enum raft_entry_type raft_type_of(enum log_entry_type type)
{
    switch (type) {
    case LOG_ENTRY_COMMAND:
        return RAFT_COMMAND;
    case LOG_ENTRY_BARRIER:
        return RAFT_BARRIER;
    case LOG_ENTRY_CONFIGURATION:
        return RAFT_CHANGE;
    }
    check_failed("a known type of log entry", __FILE__, __LINE__);
}

static enum log_entry_type log_type_of(enum raft_entry_type type)
{
    switch (type) {
    case RAFT_COMMAND:
        return LOG_ENTRY_COMMAND;
    case RAFT_BARRIER:
        return LOG_ENTRY_BARRIER;
    case RAFT_CHANGE:
        return LOG_ENTRY_CONFIGURATION;
    }
    check_failed("a known type of Raft entry", __FILE__, __LINE__);
}

/* --- What is not durable yet ----------------------------------------------------------------- */

static void unsynced_push(struct group *group, uint64_t lsn, uint64_t index)
{
    if (group->unsynced_first > 0 && group->unsynced_count * 2 <= group->unsynced_first) {
        memmove(group->unsynced, group->unsynced + group->unsynced_first,
                group->unsynced_count * sizeof *group->unsynced);
        group->unsynced_first = 0;
    }
    if (group->unsynced_first + group->unsynced_count == group->unsynced_capacity) {
        group->unsynced_capacity = group->unsynced_capacity * 2 + 16;
        group->unsynced =
            memory_resize(group->unsynced, group->unsynced_capacity * sizeof *group->unsynced);
    }
    group->unsynced[group->unsynced_first + group->unsynced_count++] =
        (struct unsynced){.lsn = lsn, .index = index};
}

/* Entries from `index` on have been replaced: their syncs no longer count. */
static void unsynced_truncate(struct group *group, uint64_t index)
{
    while (group->unsynced_count > 0) {
        struct unsynced *last = &group->unsynced[group->unsynced_first + group->unsynced_count - 1];
        if (last->index < index)
            break;
        bool covers_earlier = index - 1 > group->persisted_index &&
                              (group->unsynced_count == 1 || last[-1].index < index - 1);
        if (covers_earlier) {
            last->index = index - 1;
            break;
        }
        group->unsynced_count--;
    }
    if (group->persisted_index >= index)
        group->persisted_index = index - 1;
}

/* --- Steps ----------------------------------------------------------------------------------- */

static void update_store(struct group *group, const struct raft_update *update)
{
    const struct group_options *options = &group->options;
    if (update->flags & (RAFT_UPDATE_CURRENT_TERM | RAFT_UPDATE_VOTED_FOR))
        group->vote_lsn =
            log_append_vote(options->log, options->log_group, raft_current_term(&group->raft),
                            raft_voted_for(&group->raft));
    if (!(update->flags & RAFT_UPDATE_ENTRIES))
        return;

    uint64_t first = update->entries.index, lsn = 0;
    CHECK(first > group->applied_index);
    if (first <= log_group_last_index(options->log_group))
        unsynced_truncate(group, first);
    for (unsigned i = 0; i < update->entries.n; i++) {
        const struct raft_entry *entry = &update->entries.batch[i];
        lsn = log_append_entry(options->log, options->log_group,
                               &(struct log_entry){
                                   .index = first + i,
                                   .term = entry->term,
                                   .type = log_type_of(entry->type),
                                   .bytes = slice_of(entry->buf.base, entry->buf.len),
                               });
    }
    unsynced_push(group, lsn, first + update->entries.n - 1);
}

static void timer_fire(void *context);

/* A leader without followers has nobody to send a heartbeat to, and sleeps. */
static void timer_arm(struct group *group)
{
    bool is_alone = group->raft.configuration.n == 1;
    if (is_alone && raft_state(&group->raft) == RAFT_LEADER) {
        env_timer_stop(group->options.env, &group->timer);
        return;
    }
    uint64_t due_ms = raft_timeout(&group->raft), now = now_ms(group);
    env_timer_start(group->options.env, &group->timer, due_ms > now ? (due_ms - now) * 1000 : 0,
                    timer_fire, group);
}

static void role_check(struct group *group)
{
    bool is_leader = raft_state(&group->raft) == RAFT_LEADER;
    bool has_lost =
        group->is_leader && (!is_leader || raft_current_term(&group->raft) != group->barrier_term);
    if (has_lost) {
        group->may_evaluate = false;
        group->queued_count = 0;
        buffer_clear(&group->queued_bytes);
        group->options.host->role_fn(group->options.context, false,
                                     raft_current_term(&group->raft));
    }
    group->is_leader = is_leader;
    /* libraft submits a barrier of its own only when entries of older terms are uncommitted. */
    if (is_leader && group->barrier_term != raft_current_term(&group->raft))
        env_defer(group->options.env, ENV_PHASE_GATHER, &group->submit_task);
}

static enum status step(struct group *group, struct raft_event *event)
{
    struct raft_update update;
    event->time = now_ms(group);
    event->capacity = 0;
    if (raft_step(&group->raft, event, &update) != 0)
        return STATUS_INVALID;
    update_store(group, &update);
    if (update.flags & RAFT_UPDATE_MESSAGES) {
        CHECK(group->options.host->send_fn != NULL);
        for (unsigned i = 0; i < update.messages.n; i++)
            group->options.host->send_fn(group->options.context, &update.messages.batch[i],
                                         group->vote_lsn);
    }
    if (update.flags & RAFT_UPDATE_STATE)
        role_check(group);
    timer_arm(group);
    return STATUS_OK;
}

static void configuration_apply(struct group *group, const struct log_entry *entry)
{
    struct raft_event event = {.type = RAFT_CONFIGURATION};
    struct raft_buffer bytes = {.base = (void *)entry->bytes.bytes, .len = entry->bytes.size};
    buffer_clear(&group->configuration);
    buffer_append(&group->configuration, entry->bytes);
    group->configuration_index = entry->index;
    /* The first one, of the bootstrap, is in force from the start. */
    if (entry->index == 1)
        return;
    event.configuration.index = entry->index;
    CHECK(raft_configuration_decode(&bytes, &event.configuration.conf) == 0);
    CHECK(step(group, &event) == STATUS_OK);
}

static void entry_apply(struct group *group, const struct log_entry *entry)
{
    switch (entry->type) {
    case LOG_ENTRY_COMMAND:
        group->options.host->apply_fn(group->options.context, entry);
        return;
    case LOG_ENTRY_CONFIGURATION:
        if (entry->index > group->configuration_index)
            configuration_apply(group, entry);
        return;
    case LOG_ENTRY_BARRIER:
        if (group->is_leader && entry->term == raft_current_term(&group->raft) &&
            entry->index == group->barrier_index) {
            group->may_evaluate = true;
            group->options.host->role_fn(group->options.context, true, entry->term);
        }
        return;
    }
}

/* A follower's commit index can run ahead of its own disk. */
static void committed_apply(struct group *group)
{
    if (group->is_applying)
        return;
    group->is_applying = true;
    struct log_group *log_group = group->options.log_group;
    for (;;) {
        uint64_t committed = raft_commit_index(&group->raft);
        uint64_t last = committed < group->persisted_index ? committed : group->persisted_index;
        if (group->applied_index >= last)
            break;
        struct log_entry entry;
        bool is_found = log_group_find_entry(log_group, group->applied_index + 1, &entry);
        CHECK(is_found);
        group->applied_index++;
        entry_apply(group, &entry);
        log_group_release(log_group, group->applied_index);
    }
    log_set_commit_hint(log_group, group->applied_index);
    group->is_applying = false;
}

static void timer_fire(void *context)
{
    struct group *group = context;
    struct raft_event event = {.type = RAFT_TIMEOUT};
    CHECK(step(group, &event) == STATUS_OK);
    committed_apply(group);
}

static void started(void *context)
{
    struct group *group = context;
    role_check(group);
    committed_apply(group);
}

/* --- Submitting ------------------------------------------------------------------------------ */

static enum status entries_submit(struct group *group, struct raft_entry *entries, size_t count)
{
    struct raft_event event = {.type = RAFT_SUBMIT};
    event.submit.entries = entries;
    event.submit.n = (unsigned)count;
    return step(group, &event);
}

static void barrier_submit(struct group *group)
{
    uint8_t zeros[BARRIER_SIZE] = {0};
    struct raft_entry barrier = {
        .term = raft_current_term(&group->raft),
        .type = RAFT_BARRIER,
        .buf = {.base = zeros, .len = sizeof zeros},
        .batch = zeros,
    };
    group->barrier_term = barrier.term;
    group->barrier_index = log_group_last_index(group->options.log_group) + 1;
    CHECK(entries_submit(group, &barrier, 1) == STATUS_OK);
}

static void queue_submit(void *context)
{
    struct group *group = context;
    if (!group->is_leader)
        return;
    if (group->barrier_term != raft_current_term(&group->raft)) {
        barrier_submit(group);
        return;
    }
    if (group->queued_count == 0)
        return;
    uint8_t *bytes = group->queued_bytes.bytes;
    for (size_t i = 0; i < group->queued_count; i++) {
        group->queued[i].buf.base = bytes;
        group->queued[i].batch = group->queued_bytes.bytes;
        bytes += group->queued[i].buf.len;
    }
    /* A leader's own log takes what it submits: only an event in the wrong state is refused. */
    CHECK(entries_submit(group, group->queued, group->queued_count) == STATUS_OK);
    group->queued_count = 0;
    buffer_clear(&group->queued_bytes);
}

enum status group_propose(struct group *group, struct slice command, uint64_t *out_index)
{
    CHECK(command.size <= GROUP_COMMAND_BYTES_MAX / 4);
    if (!group->may_evaluate)
        return STATUS_NOT_LEADER;
    uint64_t last = log_group_last_index(group->options.log_group);
    uint64_t under_way = last - group->applied_index + group->queued_count;
    if (under_way >= GROUP_COMMANDS_MAX ||
        group->queued_bytes.size + command.size > GROUP_COMMAND_BYTES_MAX)
        return STATUS_BUSY;
    if (group->queued_count == group->queued_capacity) {
        group->queued_capacity = group->queued_capacity * 2 + 16;
        group->queued =
            memory_resize(group->queued, group->queued_capacity * sizeof *group->queued);
    }
    buffer_append(&group->queued_bytes, command);
    group->queued[group->queued_count++] = (struct raft_entry){
        .term = raft_current_term(&group->raft),
        .type = RAFT_COMMAND,
        .buf = {.len = command.size},
    };
    env_defer(group->options.env, ENV_PHASE_GATHER, &group->submit_task);
    *out_index = last + group->queued_count;
    return STATUS_OK;
}

void group_synced(struct group *group, uint64_t lsn)
{
    uint64_t index = 0;
    while (group->unsynced_count > 0 && group->unsynced[group->unsynced_first].lsn <= lsn) {
        index = group->unsynced[group->unsynced_first].index;
        group->unsynced_first++;
        group->unsynced_count--;
    }
    if (index <= group->persisted_index)
        return;
    group->persisted_index = index;
    struct raft_event event = {.type = RAFT_PERSISTED_ENTRIES};
    event.persisted_entries.index = index;
    CHECK(step(group, &event) == STATUS_OK);
    committed_apply(group);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void raft_configure(struct group *group)
{
    CHECK(raft_init(&group->raft, NULL, NULL, group->options.server_id, group->address) == 0);
    /* Its default formats every step into one static buffer. */
    group->raft.tracer = NULL;
    raft_set_election_timeout(&group->raft, ELECTION_TIMEOUT_MS);
    raft_set_heartbeat_timeout(&group->raft, HEARTBEAT_MS);
    raft_set_pre_vote(&group->raft, true);
    raft_set_max_inflight_entries(&group->raft, GROUP_COMMANDS_MAX);
    raft_seed(&group->raft, (unsigned)env_random_u64(group->options.env));
}

/* Terms and types are all that libraft keeps of old entries; the bytes of configurations it reads.
 */
static enum status entries_load(const struct group *group, struct raft_entry *entries, size_t count)
{
    const struct log_group *log_group = group->options.log_group;
    uint64_t first = log_group_base(log_group).index + 1;
    for (size_t i = 0; i < count; i++) {
        struct log_entry entry;
        if (!log_group_find_entry(log_group, first + i, &entry))
            return STATUS_CORRUPT;
        entries[i] = (struct raft_entry){
            .term = entry.term,
            .type = raft_type_of(entry.type),
            .buf = {.base = (void *)entry.bytes.bytes, .len = entry.bytes.size},
            .batch = (void *)entry.bytes.bytes,
        };
    }
    return STATUS_OK;
}

static enum status raft_begin(struct group *group)
{
    const struct log_group *log_group = group->options.log_group;
    struct log_base base = log_group_base(log_group);
    struct raft_snapshot_metadata metadata = {.index = base.index, .term = base.term};
    struct raft_event event = {.type = RAFT_START};
    event.start.term = log_group_term(log_group);
    event.start.voted_for = log_group_vote(log_group);
    event.start.start_index = base.index + 1;
    if (base.index > 0) {
        struct raft_buffer bytes = {.base = (void *)base.configuration.bytes,
                                    .len = base.configuration.size};
        metadata.configuration_index = base.configuration_index;
        if (raft_configuration_decode(&bytes, &metadata.configuration) != 0)
            return STATUS_CORRUPT;
        event.start.metadata = &metadata;
    }
    size_t count = (size_t)(log_group_last_index(log_group) - base.index);
    struct raft_entry *entries = memory_alloc_zeroed((count + 1) * sizeof *entries);
    event.start.entries = entries;
    event.start.n_entries = (unsigned)count;
    enum status status = entries_load(group, entries, count);
    if (status == STATUS_OK)
        status = step(group, &event) == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
    memory_free(entries);
    return status;
}

enum status group_create(const struct group_options *options, struct group **out_group)
{
    OWNED(group) group = memory_alloc_zeroed(sizeof *group);
    group->options = *options;
    address_print(options->server_id, group->address);
    env_task_init(&group->submit_task, queue_submit, group);
    env_task_init(&group->start_task, started, group);
    struct log_base base = log_group_base(options->log_group);
    group->applied_index = base.index;
    group->configuration_index = base.configuration_index;
    buffer_append(&group->configuration, base.configuration);
    /* What was replayed is durable; what was appended in this turn, as a first entry, is not yet.
     */
    group->persisted_index = log_group_last_index(options->log_group);
    raft_configure(group);
    TRY(raft_begin(group));
    env_defer(options->env, ENV_PHASE_GATHER, &group->start_task);
    *out_group = GIVE(group);
    return STATUS_OK;
}

void group_destroy(struct group *group)
{
    if (group == NULL)
        return;
    env_task_cancel(&group->submit_task);
    env_task_cancel(&group->start_task);
    env_timer_stop(group->options.env, &group->timer);
    raft_close(&group->raft, NULL);
    memory_free(group->queued);
    memory_free(group->unsynced);
    buffer_deinit(&group->queued_bytes);
    buffer_deinit(&group->configuration);
    memory_free(group);
}

bool group_has_lease(const struct group *group)
{
    /* The only voter of a group cannot be deposed; with more, see the lease of a quorum. */
    return group->may_evaluate && group->raft.configuration.n == 1;
}

bool group_may_evaluate(const struct group *group)
{
    return group->may_evaluate;
}

uint32_t group_id(const struct group *group)
{
    return log_group_id(group->options.log_group);
}

uint64_t group_term(const struct group *group)
{
    return raft_current_term(&group->raft);
}

uint64_t group_applied_index(const struct group *group)
{
    return group->applied_index;
}

void group_checkpointed(struct group *group, uint64_t index)
{
    CHECK(index <= group->applied_index);
    struct log_group *log_group = group->options.log_group;
    if (index <= log_group_base(log_group).index)
        return;
    uint64_t term = 0;
    CHECK(log_group_find_term(log_group, index, &term));
    /* A configuration above `index` is still in the log, and found there again. */
    if (group->configuration_index > index)
        return;
    struct raft_event event = {.type = RAFT_SNAPSHOT};
    struct raft_buffer bytes = {.base = group->configuration.bytes,
                                .len = group->configuration.size};
    event.snapshot.metadata.index = index;
    event.snapshot.metadata.term = term;
    event.snapshot.metadata.configuration_index = group->configuration_index;
    CHECK(raft_configuration_decode(&bytes, &event.snapshot.metadata.configuration) == 0);
    CHECK(step(group, &event) == STATUS_OK);
    log_set_base(group->options.log, log_group,
                 &(struct log_base){
                     .index = index,
                     .term = term,
                     .configuration_index = group->configuration_index,
                     .configuration = buffer_slice(&group->configuration),
                 });
}
