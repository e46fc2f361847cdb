#include "tests/sim/sim_disk.h"

#include "core/base/check.h"
#include "core/base/random.h"
#include "tests/sim/sim_names.h"

#include <string.h>

struct sim_disk {
    struct random random;
    struct sim_disk_faults faults;
    struct sim_names *names;
    uint64_t used_bytes;
    struct list nodes; /* of struct counted_node */
};

/* A disk finds all its nodes at a power cut, those too that have a handle and no name. */
struct counted_node {
    struct sim_node node;
    struct list link;
};

struct sim_node *sim_node_create(struct sim_disk *disk, bool is_directory)
{
    struct counted_node *counted = memory_alloc_zeroed(sizeof *counted);
    counted->node.disk = disk;
    counted->node.reference_count = 1;
    counted->node.is_directory = is_directory;
    list_append(&disk->nodes, &counted->link);
    return &counted->node;
}

void sim_node_release(struct sim_node *node)
{
    CHECK(node->reference_count > 0);
    if (--node->reference_count > 0)
        return;
    struct counted_node *counted = (struct counted_node *)node;
    node->disk->used_bytes -= node->file.size;
    list_remove(&counted->link);
    sim_file_deinit(&node->file);
    memory_free(counted);
}

struct sim_disk *sim_disk_create(uint64_t seed)
{
    struct sim_disk *disk = memory_alloc_zeroed(sizeof *disk);
    disk->random = random_of_seed(seed);
    disk->names = sim_names_create();
    list_init(&disk->nodes);
    return disk;
}

void sim_disk_destroy(struct sim_disk *disk)
{
    if (disk == NULL)
        return;
    sim_names_destroy(disk->names);
    CHECK(list_is_empty(&disk->nodes)); /* or somebody forgot to close a file */
    memory_free(disk);
}

struct sim_disk_faults *sim_disk_faults(struct sim_disk *disk)
{
    return &disk->faults;
}

uint64_t sim_disk_used_bytes(const struct sim_disk *disk)
{
    return disk->used_bytes;
}

enum status sim_disk_corrupt(struct sim_disk *disk, const char *path, uint64_t offset)
{
    char name[SIM_PATH_SIZE];
    sim_names_path(path, name);
    struct sim_node *node = sim_names_get(disk->names, name);
    if (node == NULL || offset >= node->file.size)
        return STATUS_NOT_FOUND;
    sim_file_corrupt(&node->file, offset, (unsigned)random_below(&disk->random, 8));
    return STATUS_OK;
}

void sim_disk_cut_power(struct sim_disk *disk)
{
    LIST_FOR_EACH (link, &disk->nodes) {
        struct sim_node *node = &LIST_ELEMENT(link, struct counted_node, link)->node;
        disk->used_bytes -= node->file.size;
        sim_file_cut_power(&node->file, &disk->random);
        disk->used_bytes += node->file.size;
    }
    sim_names_cut_power(disk->names, &disk->random);
}

/* Shaped after measurements of small servers: syncs of preallocated files, and rare long ones. */
uint64_t sim_disk_latency_us(struct sim_disk *disk, enum sim_disk_operation operation,
                             uint64_t size)
{
    enum { RARE = 200, RARE_US = 20000, BYTES_PER_US = 500 };
    static const uint64_t least_us[] = {
        [SIM_DISK_READ] = 3, [SIM_DISK_WRITE] = 3, [SIM_DISK_SYNC] = 75, [SIM_DISK_NAME] = 20};
    uint64_t latency_us = least_us[operation] + random_below(&disk->random, least_us[operation]);
    latency_us += size / BYTES_PER_US;
    if (operation == SIM_DISK_SYNC && random_one_in(&disk->random, RARE))
        latency_us += random_below(&disk->random, RARE_US);
    return latency_us * (disk->faults.slowness > 0 ? disk->faults.slowness : 1);
}

static bool fails(struct sim_disk *disk, uint64_t one_in)
{
    return one_in > 0 && random_one_in(&disk->random, one_in);
}

enum status sim_disk_open(struct sim_disk *disk, const char *path, bool creates,
                          struct sim_node **out_file)
{
    char name[SIM_PATH_SIZE];
    sim_names_path(path, name);
    struct sim_node *node = sim_names_get(disk->names, name);
    if (node != NULL && node->is_directory)
        return STATUS_IO;
    if (node != NULL) {
        sim_node_keep(node);
        *out_file = node;
        return STATUS_OK;
    }
    if (!creates || !sim_names_has_parent(disk->names, name))
        return STATUS_NOT_FOUND;
    node = sim_node_create(disk, false);
    sim_names_link(disk->names, name, node);
    *out_file = node;
    return STATUS_OK;
}

void sim_disk_close(struct sim_node *file)
{
    sim_node_release(file);
}

static void grow(struct sim_node *file, uint64_t size)
{
    uint64_t before = file->file.size;
    sim_file_grow(&file->file, size);
    file->disk->used_bytes += file->file.size - before;
}

static bool has_room(const struct sim_node *file, uint64_t size)
{
    uint64_t capacity = file->disk->faults.capacity_bytes;
    uint64_t growth = size > file->file.size ? size - file->file.size : 0;
    return capacity == 0 || growth == 0 || file->disk->used_bytes + growth <= capacity;
}

/* What a failed write leaves behind: any first part of it that fits. */
static void write_in_part(struct sim_node *file, uint64_t offset, struct slice bytes)
{
    uint64_t part = random_below(&file->disk->random, bytes.size + 1);
    uint64_t room = file->file.size > offset ? file->file.size - offset : 0;
    bytes.size = (size_t)(part < room ? part : room);
    if (bytes.size > 0)
        sim_file_write(&file->file, offset, bytes);
}

enum status sim_disk_write(struct sim_node *file, uint64_t offset, struct slice bytes)
{
    bool has_failed = fails(file->disk, file->disk->faults.write_failure_one_in);
    if (has_failed || !has_room(file, offset + bytes.size)) {
        write_in_part(file, offset, bytes);
        return has_failed ? STATUS_IO : STATUS_DISK_FULL;
    }
    if (bytes.size == 0)
        return STATUS_OK;
    grow(file, offset + bytes.size);
    sim_file_write(&file->file, offset, bytes);
    return STATUS_OK;
}

enum status sim_disk_read(struct sim_node *file, uint64_t offset, void *out_bytes, size_t size,
                          size_t *out_size)
{
    if (fails(file->disk, file->disk->faults.read_failure_one_in))
        return STATUS_IO;
    *out_size = sim_file_read(&file->file, offset, out_bytes, size);
    return STATUS_OK;
}

uint64_t sim_disk_size(const struct sim_node *file)
{
    return file->file.size;
}

enum status sim_disk_sync(struct sim_node *file)
{
    if (fails(file->disk, file->disk->faults.sync_failure_one_in)) {
        sim_file_fail_sync(&file->file, &file->disk->random);
        return STATUS_IO;
    }
    sim_file_sync(&file->file);
    return STATUS_OK;
}

enum status sim_disk_preallocate(struct sim_node *file, uint64_t size)
{
    if (!has_room(file, size))
        return STATUS_DISK_FULL;
    grow(file, size);
    return sim_disk_sync(file);
}

enum status sim_disk_rename(struct sim_disk *disk, const char *from, const char *to)
{
    char from_name[SIM_PATH_SIZE];
    char to_name[SIM_PATH_SIZE];
    sim_names_path(from, from_name);
    sim_names_path(to, to_name);
    const struct sim_node *node = sim_names_get(disk->names, from_name);
    const struct sim_node *replaced = sim_names_get(disk->names, to_name);
    if (node == NULL || !sim_names_has_parent(disk->names, to_name))
        return STATUS_NOT_FOUND;
    if (node->is_directory || (replaced != NULL && replaced->is_directory))
        return STATUS_UNSUPPORTED;
    sim_names_rename(disk->names, from_name, to_name);
    return STATUS_OK;
}

enum status sim_disk_remove(struct sim_disk *disk, const char *path)
{
    char name[SIM_PATH_SIZE];
    sim_names_path(path, name);
    const struct sim_node *node = sim_names_get(disk->names, name);
    if (node == NULL)
        return STATUS_NOT_FOUND;
    if (node->is_directory)
        return STATUS_IO;
    sim_names_unlink(disk->names, name);
    return STATUS_OK;
}

/* A new directory's name is durable when it has been made. */
static void parent_sync(struct sim_disk *disk, const char *name)
{
    char parent[SIM_PATH_SIZE];
    const char *slash = strrchr(name, '/');
    size_t size = slash == NULL ? 0 : slash == name ? 1 : (size_t)(slash - name);
    memcpy(parent, name, size);
    parent[size] = '\0';
    sim_names_sync(disk->names, parent);
}

static enum status directory_create_one(struct sim_disk *disk, const char *name)
{
    const struct sim_node *old = sim_names_get(disk->names, name);
    if (sim_names_has_directory(disk->names, name))
        return STATUS_OK;
    if (old != NULL)
        return STATUS_IO;
    struct sim_node *node = sim_node_create(disk, true);
    sim_names_link(disk->names, name, node);
    sim_node_release(node);
    parent_sync(disk, name);
    return STATUS_OK;
}

enum status sim_disk_directory_create(struct sim_disk *disk, const char *path)
{
    char name[SIM_PATH_SIZE];
    sim_names_path(path, name);
    for (char *slash = strchr(name + (name[0] == '/'), '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        TRY(directory_create_one(disk, name));
        *slash = '/';
    }
    return directory_create_one(disk, name);
}

enum status sim_disk_directory_sync(struct sim_disk *disk, const char *path)
{
    char name[SIM_PATH_SIZE];
    sim_names_path(path, name);
    if (!sim_names_has_directory(disk->names, name))
        return STATUS_NOT_FOUND;
    if (fails(disk, disk->faults.sync_failure_one_in))
        return STATUS_IO;
    sim_names_sync(disk->names, name);
    return STATUS_OK;
}

enum status sim_disk_directory_list(struct sim_disk *disk, const char *path, env_name_fn name_fn,
                                    void *context)
{
    char name[SIM_PATH_SIZE];
    sim_names_path(path, name);
    if (!sim_names_has_directory(disk->names, name))
        return STATUS_NOT_FOUND;
    sim_names_list(disk->names, name, name_fn, context);
    return STATUS_OK;
}
