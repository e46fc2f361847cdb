/*
 * Bounds that must fit together. Sizes are bytes.
 */
#pragma once

enum {
    /* DynamoDB's own. */
    LIMIT_ITEM_SIZE = 409600,
    LIMIT_ITEM_DEPTH = 32,
    LIMIT_PARTITION_KEY_SIZE = 2048,
    LIMIT_SORT_KEY_SIZE = 1024,
    LIMIT_ATTRIBUTE_NAME_SIZE = 65535,
    LIMIT_TABLE_NAME_SIZE = 255,
    LIMIT_REQUEST_SIZE = 16 << 20,

    /* Ours. The codec of items spends about a second byte on what DynamoDB counts as one; an item
       of hundreds of thousands of nearly empty sets takes more, and is refused as too large. */
    LIMIT_ITEM_BYTES = 2 * LIMIT_ITEM_SIZE + (64 << 10),

    /* The trees of a request as they travel beside an item: DynamoDB's bound of what the
       placeholders of a request may stand for. */
    LIMIT_EXPRESSION_BYTES = 2 << 20,

    /* A log entry carries an item and, for followers, the image before it. */
    LIMIT_LOG_ENTRY_SIZE = 2 << 20,

    /* A frame is closed when it reaches FRAME_TARGET; only one large message makes it larger. */
    LIMIT_FRAME_TARGET = 1 << 20,
    LIMIT_FRAME_SIZE = 4 << 20,
};

_Static_assert((int)LIMIT_LOG_ENTRY_SIZE > 2 * (int)LIMIT_ITEM_BYTES, "an entry holds two images");
_Static_assert((int)LIMIT_FRAME_SIZE > (int)LIMIT_FRAME_TARGET + (int)LIMIT_LOG_ENTRY_SIZE,
               "a frame holds an entry after whatever did not close it");
