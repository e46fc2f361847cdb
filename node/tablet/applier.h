/*
 * Applier: gathers what the tablets of a node apply, and hands it to the engine batch by batch.
 *
 * What is applied within a few milliseconds is one batch, together with the state of every tablet
 * that it touches; so the engine's state of a tablet always is that of one log index.
 *
 * Ownership: borrows the env and the engine.
 * Errors:    an engine that fails a write ends the process: replicas would part.
 */
#pragma once

#include "core/base/memory.h"
#include "core/base/slice.h"
#include "node/engine/engine.h"

#include <stddef.h>
#include <stdint.h>

struct applier;
struct env;
struct tablet;

struct applier *applier_create(struct env *env, struct engine *engine);

/* No callback is made any more; destroy the engine first. */
void applier_destroy(struct applier *applier);
DEFINE_CLEANUP(applier)

/* Adds to the batch being gathered. */
void applier_put(struct applier *applier, struct slice key, struct slice header,
                 struct slice value);
void applier_delete(struct applier *applier, struct slice key);

/* The tablet's state goes into the batch being gathered; tablet_written is called once the engine
 * has it.
 */
void applier_touch(struct applier *applier, struct tablet *tablet);

/* The tablet is going: forget it. */
void applier_forget(struct applier *applier, struct tablet *tablet);

/* What has been applied and is not in the engine yet. */
size_t applier_backlog_bytes(const struct applier *applier);
