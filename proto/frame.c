#include "proto/frame.h"

#include "core/base/check.h"
#include "core/base/limits.h"
#include "proto/rpc.h"

/* Room for the fullest frame that we send, several times over. */
enum { FRAME_MEMORY_MAX = 4 * LIMIT_FRAME_SIZE };

static void *allocate(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void release(void *arena, void *pointer)
{
    (void)arena;
    (void)pointer;
}

ProtobufCAllocator frame_allocator(struct arena *arena)
{
    return (ProtobufCAllocator){.alloc = allocate, .free = release, .allocator_data = arena};
}

void frame_pack(const ProtobufCMessage *message, struct buffer *buffer)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    size_t packed_size = protobuf_c_message_pack(message, buffer_reserve(buffer, size));
    CHECK(packed_size == size);
    buffer->size += size;
}

/* A frame of millions of empty requests would take far more memory than bytes. */
struct budget {
    struct arena *arena;
    size_t left;
};

static void *allocate_within(void *context, size_t size)
{
    struct budget *budget = context;
    if (size > budget->left)
        return NULL;
    budget->left -= size;
    return arena_alloc(budget->arena, size);
}

Graticule__Wire__Frame *frame_unpack(struct slice bytes, struct arena *arena)
{
    if (bytes.size > LIMIT_FRAME_SIZE)
        return NULL;
    struct budget budget = {.arena = arena, .left = FRAME_MEMORY_MAX};
    ProtobufCAllocator allocator = {
        .alloc = allocate_within, .free = release, .allocator_data = &budget};
    Graticule__Wire__Frame *frame =
        graticule__wire__frame__unpack(&allocator, bytes.size, bytes.bytes);
    if (frame == NULL || frame->version != FRAME_VERSION)
        return NULL;
    return frame;
}

void frame_init_hello(Graticule__Wire__Hello *hello, const char *name, bool wants_answer)
{
    graticule__wire__hello__init(hello);
    hello->version_lowest = RPC_VERSION_LOWEST;
    hello->version_highest = RPC_VERSION_HIGHEST;
    hello->name = (char *)name;
    hello->wants_answer = wants_answer;
}

bool frame_hello_is_understood(const Graticule__Wire__Hello *hello)
{
    return hello->version_lowest <= RPC_VERSION_HIGHEST &&
           hello->version_highest >= RPC_VERSION_LOWEST;
}
