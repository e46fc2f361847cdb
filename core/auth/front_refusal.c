#include "core/auth/front_state_private.h"

/* A client can send any byte, but an answer must be text: what is not printable is not repeated. */
static struct slice copy_printable(struct arena *arena, struct slice text)
{
    uint8_t *copy = arena_alloc(arena, text.size);
    for (size_t at = 0; at < text.size; at++) {
        uint8_t byte = text.bytes[at];
        bool is_printable = (byte >= ' ' && byte < 0x7f) || byte == '\n' || byte == '\t';
        copy[at] = is_printable ? byte : '?';
    }
    return slice_of(copy, text.size);
}

enum status front_refuse(struct front_state *state, enum front_outcome outcome,
                         struct slice message)
{
    state->verdict.outcome = outcome;
    state->verdict.message = copy_printable(state->arena, message);
    return STATUS_INVALID;
}

enum status front_refuse_text(struct front_state *state, enum front_outcome outcome,
                              const char *message)
{
    return front_refuse(state, outcome, slice_of_text(message));
}

void front_append_quoted(struct buffer *message, struct slice text)
{
    buffer_append_u8(message, '\'');
    buffer_append(message, text);
    buffer_append_u8(message, '\'');
}
