/*
 * Answer room: how many bytes answers take, from when what they are made of is gathered until they
 * have been sent. Who makes answers and the servers that send them share one.
 *
 * It only counts: small answers are always taken, and large ones are begun while there is room.
 *
 * Threads: the loop thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
    ANSWER_ROOM_BYTES_DEFAULT = 192 << 20,
};

struct answer_room {
    size_t bytes;
    size_t bytes_max;
    bool is_wanted; /* there was too little since a server last looked */
};

/* 0: the default. */
void answer_room_init(struct answer_room *room, size_t bytes_max);

/* Whether so many bytes more fit; if not, servers learn that room is wanted. */
bool answer_room_fits(struct answer_room *room, size_t size);

/* Takes room, even if there is none; and gives it back. */
void answer_room_take(struct answer_room *room, size_t size);
void answer_room_give(struct answer_room *room, size_t size);
