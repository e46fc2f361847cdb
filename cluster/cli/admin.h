/*
 * The commands of `graticule admin`. Each returns what the process exits with.
 */
#pragma once

/* Writes DIR/NAME.secret, readable by its owner alone, and adds NAME to DIR/known_keys. */
int admin_keygen(int argument_count, char **arguments);

/* Both ask the catalog and then every node, and wait at most a few seconds for each. */
int admin_status(int argument_count, char **arguments);
int admin_ring(int argument_count, char **arguments);
