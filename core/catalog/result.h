/*
 * Result: how an operation on tables ended, between the catalog and the routers.
 */
#pragma once

/* On the wire: never renumber. */
enum catalog_result {
    CATALOG_DONE = 1,
    CATALOG_TABLE_EXISTS = 2, /* a table of that name is there, in whatever state */
    CATALOG_TABLE_NOT_FOUND = 3,
    CATALOG_TABLE_BUSY = 4,  /* it is being created or deleted */
    CATALOG_TABLE_LIMIT = 5, /* CATALOG_TABLES_MAX are there */
    CATALOG_NOT_SERVING = 6, /* the region's tablets are not all made yet */
    CATALOG_FULL = 7,        /* with its record a snapshot would not fit a frame */
};

/* AWS's default quota of tables per region. */
enum { CATALOG_TABLES_MAX = 2500 };
