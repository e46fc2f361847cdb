#include "router/http/answer_room.h"

#include "core/base/check.h"

void answer_room_init(struct answer_room *room, size_t bytes_max)
{
    *room = (struct answer_room){
        .bytes_max = bytes_max != 0 ? bytes_max : ANSWER_ROOM_BYTES_DEFAULT,
    };
}

bool answer_room_fits(struct answer_room *room, size_t size)
{
    bool fits = room->bytes <= room->bytes_max && size <= room->bytes_max - room->bytes;
    room->is_wanted |= !fits;
    return fits;
}

void answer_room_take(struct answer_room *room, size_t size)
{
    room->bytes += size;
}

void answer_room_give(struct answer_room *room, size_t size)
{
    CHECK(size <= room->bytes);
    room->bytes -= size;
}
