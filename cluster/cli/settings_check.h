/*
 * Settings check: mistakes in a settings file that are no matter of type. Each is told as
 * "file:line: what is wrong", and all of them at once.
 */
#pragma once

#include "core/env/config.h"

/* Each appends what is wrong to `mistakes`. */
void settings_check_seeds(const struct config *config, struct buffer *mistakes);
void settings_check_node(const struct config *config, struct buffer *mistakes);
void settings_check_router(const struct config *config, struct buffer *mistakes);
