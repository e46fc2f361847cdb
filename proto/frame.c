#include "proto/frame.h"

#include "core/base/check.h"
#include "proto/rpc.h"

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

void frame_init_hello(Graticule__Wire__Hello *hello, const char *name, bool wants_answer)
{
    graticule__wire__hello__init(hello);
    hello->version_lowest = RPC_VERSION_LOWEST;
    hello->version_highest = RPC_VERSION_HIGHEST;
    hello->name = (char *)name;
    hello->wants_answer = wants_answer;
}

static bool is_understood(const Graticule__Wire__Hello *hello)
{
    return hello->version_lowest <= RPC_VERSION_HIGHEST &&
           hello->version_highest >= RPC_VERSION_LOWEST;
}

bool frame_read_hello(struct slice bytes, struct hello *out_hello)
{
    Graticule__Wire__Hello *hello = graticule__wire__hello__unpack(NULL, bytes.size, bytes.bytes);
    if (hello == NULL)
        return false;
    *out_hello = (struct hello){
        .is_understood = is_understood(hello),
        .wants_answer = hello->wants_answer,
    };
    graticule__wire__hello__free_unpacked(hello, NULL);
    return true;
}
