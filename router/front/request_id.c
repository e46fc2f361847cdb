#include "router/front/request_id.h"

enum { BITS_PER_CHARACTER = 5, CHARACTERS_PER_DRAW = 12 };

void request_id_make(struct random *random, char out_id[REQUEST_ID_SIZE + 1])
{
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    uint64_t drawn = 0;
    for (int at = 0; at < REQUEST_ID_SIZE; at++) {
        drawn = at % CHARACTERS_PER_DRAW == 0 ? random_next(random) : drawn >> BITS_PER_CHARACTER;
        out_id[at] = alphabet[drawn & 31];
    }
    out_id[REQUEST_ID_SIZE] = '\0';
}
