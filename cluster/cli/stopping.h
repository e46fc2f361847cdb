/*
 * Stopping: SIGTERM and SIGINT end a process's loop; a second one ends the process at once.
 */
#pragma once

struct env;

/* At the first signal, `fn` is called on the loop; it ends the loop in the end. */
void stopping_on_signals(struct env *env, void (*fn)(void *context), void *context);
