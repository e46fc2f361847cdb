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
    CATALOG_TABLE_PROTECTED = 8,

    /* What is against a change of a table (core/catalog/table_change.h). */
    CATALOG_UNITS_UNCHANGED = 9,
    CATALOG_UNITS_MISPLACED = 10,  /* a table on demand has none, and every other has some */
    CATALOG_BOUNDS_MISPLACED = 11, /* only a table on demand has any */
    CATALOG_LOWERING_LIMIT = 12,   /* units have been lowered too often */
    CATALOG_TAG_LIMIT = 13,
    CATALOG_EXPIRY_UNCHANGED = 14,
    CATALOG_EXPIRY_ELSEWHERE = 15, /* it is enabled on another attribute */
};

/* AWS's default quota of tables per region. */
enum { CATALOG_TABLES_MAX = 2500 };
