/*
 * Group: one replica of a Raft group at work. libraft's raft_step() decides; we store, send, apply.
 *
 * Commands proposed in one turn of the loop are submitted together at its end. A leader may
 * evaluate only once a barrier entry of its own term has been applied (Ongaro, "Consensus", 2014,
 * section 6.4); `role_fn` says so. Entries are handed to `apply_fn` in order, once they are
 * committed and durable here.
 *
 * Ownership: the group borrows its env, log and host, which outlive it.
 * Threads:   the loop thread.
 * Order:     callbacks are made from group_synced, group_receive and timers, and on creation from a
 *            task; never from inside group_propose.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "core/base/status.h"
#include "replication/log/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct env;
struct group;
struct raft_message;

/* What may wait in one group: reaching it is STATUS_BUSY. */
enum { GROUP_COMMANDS_MAX = 4096, GROUP_COMMAND_BYTES_MAX = 16 << 20 };

/* What a group needs of its host. */
struct group_host {
    /* A command is committed. It cannot fail. */
    void (*apply_fn)(void *context, const struct log_entry *entry);

    /*
     * The replica has begun (`may_evaluate`) or ceased to lead. When it ceases, the outcome of
     * every command proposed and not yet applied is unknown.
     */
    void (*role_fn)(void *context, bool may_evaluate, uint64_t term);

    /*
     * Sends a message to another replica, once the log is synced up to `after_lsn`. The message is
     * only borrowed. NULL for groups of one voter.
     */
    void (*send_fn)(void *context, const struct raft_message *message, uint64_t after_lsn);
};

struct group_options {
    struct env *env;
    struct log *log;
    struct log_group *log_group;
    uint64_t server_id; /* this replica's, above 0, never reused */
    const struct group_host *host;
    void *context;
};

/*
 * Gives a new replica's log its first entry: a group whose only voter it is. The others are added
 * by configuration changes.
 */
void group_bootstrap(struct log *log, struct log_group *log_group, uint64_t server_id);

/* Starts from what the log holds. STATUS_CORRUPT when libraft refuses it. */
MUST_USE enum status group_create(const struct group_options *options, struct group **out_group);
void group_destroy(struct group *group);
DEFINE_CLEANUP(group)

/*
 * Proposes a command; it gets the next index, at which it will be applied unless leadership is
 * lost. STATUS_NOT_LEADER unless the group may evaluate, STATUS_BUSY at a bound. Copies the bytes.
 */
MUST_USE enum status group_propose(struct group *group, struct slice command, uint64_t *out_index);

/* The log is durable up to `lsn`. */
void group_synced(struct group *group, uint64_t lsn);

/* This replica leads, and no other can have been elected since: read the clock afresh each time. */
bool group_has_lease(const struct group *group);

bool group_may_evaluate(const struct group *group);
uint32_t group_id(const struct group *group);
uint64_t group_term(const struct group *group);
uint64_t group_applied_index(const struct group *group);

/*
 * The engine's checkpoint holds everything up to `index`, which has been applied: the log may drop
 * what is up to there.
 */
void group_checkpointed(struct group *group, uint64_t index);
