#include "tests/sim/sim_file.h"

#include "core/base/check.h"
#include "core/base/memory.h"

#include <stdbool.h>
#include <string.h>

enum { PAGE_SECTORS = 8, PAGE_SIZE = PAGE_SECTORS * SIM_SECTOR_SIZE };

#define FILE_SIZE_MAX ((uint64_t)1 << 36)

/* `dirty` is a part of `differs`: a failed sync leaves sectors that differ and are not dirty. */
struct sim_page {
    uint8_t dirty;    /* sectors that the next sync stores */
    uint8_t differs;  /* sectors whose durable content is another */
    bool is_listed;   /* among the changed ones */
    uint8_t *durable; /* holds for sectors that differ; NULL when none does */
    uint8_t bytes[PAGE_SIZE];
};

void sim_file_deinit(struct sim_file *file)
{
    for (size_t i = 0; i < file->page_count; i++) {
        if (file->pages[i] == NULL)
            continue;
        memory_free(file->pages[i]->durable);
        memory_free(file->pages[i]);
    }
    memory_free(file->pages);
    memory_free(file->changed);
    *file = (struct sim_file){0};
}

void sim_file_grow(struct sim_file *file, uint64_t size)
{
    if (size <= file->size)
        return;
    CHECK(size <= FILE_SIZE_MAX);
    file->size = size;
    size_t count = (size_t)((size + PAGE_SIZE - 1) / PAGE_SIZE);
    if (count <= file->page_count)
        return;
    /* Doubling keeps appends cheap; one large step, as of a preallocation, takes what it asks. */
    count = count > file->page_count * 2 ? count : file->page_count * 2;
    struct sim_page **pages = memory_alloc_zeroed(count * sizeof(struct sim_page *));
    if (file->page_count > 0)
        memcpy(pages, file->pages, file->page_count * sizeof(struct sim_page *));
    memory_free(file->pages);
    file->pages = pages;
    file->page_count = count;
}

static struct sim_page *page_get(struct sim_file *file, size_t number)
{
    CHECK(number < file->page_count);
    if (file->pages[number] == NULL)
        file->pages[number] = memory_alloc_zeroed(sizeof(struct sim_page));
    return file->pages[number];
}

static void page_list(struct sim_file *file, struct sim_page *page, size_t number)
{
    if (page->is_listed)
        return;
    if (file->changed_count == file->changed_capacity) {
        file->changed_capacity = file->changed_capacity == 0 ? 16 : file->changed_capacity * 2;
        file->changed = memory_resize(file->changed, file->changed_capacity * sizeof(uint32_t));
    }
    file->changed[file->changed_count++] = (uint32_t)number;
    page->is_listed = true;
}

/* Marks the sectors that a write of these bytes touches, and keeps their durable content. */
static void page_dirty(struct sim_page *page, size_t offset, size_t size)
{
    size_t last = (offset + size - 1) / SIM_SECTOR_SIZE;
    for (size_t sector = offset / SIM_SECTOR_SIZE; sector <= last; sector++) {
        uint8_t mask = (uint8_t)(1u << sector);
        page->dirty |= mask;
        if ((page->differs & mask) != 0)
            continue;
        if (page->durable == NULL)
            page->durable = memory_alloc(PAGE_SIZE);
        memcpy(page->durable + sector * SIM_SECTOR_SIZE, page->bytes + sector * SIM_SECTOR_SIZE,
               SIM_SECTOR_SIZE);
        page->differs |= mask;
    }
}

void sim_file_write(struct sim_file *file, uint64_t offset, struct slice bytes)
{
    sim_file_grow(file, offset + bytes.size);
    while (bytes.size > 0) {
        size_t number = (size_t)(offset / PAGE_SIZE);
        size_t at = (size_t)(offset % PAGE_SIZE);
        size_t part = bytes.size < PAGE_SIZE - at ? bytes.size : PAGE_SIZE - at;
        struct sim_page *page = page_get(file, number);
        page_dirty(page, at, part);
        page_list(file, page, number);
        memcpy(page->bytes + at, bytes.bytes, part);
        bytes = slice_skip(bytes, part);
        offset += part;
    }
}

size_t sim_file_read(const struct sim_file *file, uint64_t offset, void *out_bytes, size_t size)
{
    if (offset >= file->size)
        return 0;
    if (size > file->size - offset)
        size = (size_t)(file->size - offset);
    uint8_t *out = out_bytes;
    for (size_t done = 0; done < size;) {
        const struct sim_page *page = file->pages[(offset + done) / PAGE_SIZE];
        size_t at = (size_t)((offset + done) % PAGE_SIZE);
        size_t part = size - done < PAGE_SIZE - at ? size - done : PAGE_SIZE - at;
        if (page == NULL)
            memset(out + done, 0, part);
        else
            memcpy(out + done, page->bytes + at, part);
        done += part;
    }
    return size;
}

/* Once every sector is decided: what no longer differs needs no second content. */
static void changed_prune(struct sim_file *file)
{
    size_t kept = 0;
    for (size_t i = 0; i < file->changed_count; i++) {
        struct sim_page *page = file->pages[file->changed[i]];
        if (page->differs != 0) {
            file->changed[kept++] = file->changed[i];
            continue;
        }
        page->is_listed = false;
        memory_free(page->durable);
        page->durable = NULL;
    }
    file->changed_count = kept;
}

void sim_file_sync(struct sim_file *file)
{
    for (size_t i = 0; i < file->changed_count; i++) {
        struct sim_page *page = file->pages[file->changed[i]];
        page->differs &= (uint8_t)~page->dirty;
        page->dirty = 0;
    }
    changed_prune(file);
    file->durable_size = file->size;
}

enum outcome { OUTCOME_OLD, OUTCOME_NEW, OUTCOME_TORN, OUTCOME_COUNT };

/* Lets a dirty sector reach the medium, not at all or in part. */
static void sector_settle(struct sim_page *page, unsigned sector, enum outcome outcome,
                          struct random *random)
{
    size_t at = (size_t)sector * SIM_SECTOR_SIZE;
    switch (outcome) {
    case OUTCOME_OLD:
        break;
    case OUTCOME_TORN:
        memcpy(page->durable + at, page->bytes + at, 1 + random_below(random, SIM_SECTOR_SIZE - 1));
        break;
    case OUTCOME_NEW:
        page->differs &= (uint8_t) ~(1u << sector);
        break;
    case OUTCOME_COUNT:
        CHECK(outcome < OUTCOME_COUNT);
    }
    page->dirty &= (uint8_t) ~(1u << sector);
}

/* Whole files survive or vanish often enough for both ends to be met, not only mixtures. */
static void dirty_settle(struct sim_file *file, struct random *random)
{
    enum { MODE_ALL_OLD = 0, MODE_ALL_NEW = 1, MODE_COUNT = 4 };
    uint64_t mode = random_below(random, MODE_COUNT);
    for (size_t i = 0; i < file->changed_count; i++) {
        struct sim_page *page = file->pages[file->changed[i]];
        for (unsigned sector = 0; page->dirty != 0; sector++) {
            if ((page->dirty & 1u << sector) == 0)
                continue;
            enum outcome outcome = (enum outcome)random_below(random, OUTCOME_COUNT);
            if (mode == MODE_ALL_OLD || mode == MODE_ALL_NEW)
                outcome = mode == MODE_ALL_OLD ? OUTCOME_OLD : OUTCOME_NEW;
            sector_settle(page, sector, outcome, random);
        }
    }
}

/* The page cache forgets what it held: reads show the medium. */
static void cache_drop(struct sim_file *file)
{
    for (size_t i = 0; i < file->changed_count; i++) {
        struct sim_page *page = file->pages[file->changed[i]];
        for (unsigned sector = 0; sector < PAGE_SECTORS; sector++) {
            if ((page->differs & 1u << sector) == 0)
                continue;
            size_t at = (size_t)sector * SIM_SECTOR_SIZE;
            memcpy(page->bytes + at, page->durable + at, SIM_SECTOR_SIZE);
        }
        page->differs = 0;
    }
    changed_prune(file);
}

void sim_file_fail_sync(struct sim_file *file, struct random *random)
{
    dirty_settle(file, random);
    if (random_one_in(random, 2))
        cache_drop(file);
    else
        changed_prune(file);
    if (random_one_in(random, 2))
        file->durable_size = file->size;
}

/* Shrinks to a size between the durable and the present one, and clears what lies beyond. */
static void size_settle(struct sim_file *file, struct random *random)
{
    enum { MODE_OLD = 0, MODE_NEW = 1, MODE_COUNT = 3 };
    uint64_t mode = random_below(random, MODE_COUNT);
    uint64_t size = mode == MODE_NEW ? file->size : file->durable_size;
    if (mode > MODE_NEW && file->size > file->durable_size)
        size += random_below(random, file->size - file->durable_size);
    for (uint64_t at = size; at < file->size;) {
        struct sim_page *page = file->pages[at / PAGE_SIZE];
        uint64_t page_end = (at / PAGE_SIZE + 1) * PAGE_SIZE;
        if (page != NULL)
            memset(page->bytes + at % PAGE_SIZE, 0, (size_t)(page_end - at));
        at = page_end;
    }
    file->size = size;
    file->durable_size = size;
}

void sim_file_cut_power(struct sim_file *file, struct random *random)
{
    dirty_settle(file, random);
    cache_drop(file);
    size_settle(file, random);
}

void sim_file_corrupt(struct sim_file *file, uint64_t offset, unsigned bit)
{
    CHECK(offset < file->size);
    struct sim_page *page = page_get(file, (size_t)(offset / PAGE_SIZE));
    uint8_t mask = (uint8_t)(1u << (bit & 7));
    page->bytes[offset % PAGE_SIZE] ^= mask;
    if (page->durable != NULL)
        page->durable[offset % PAGE_SIZE] ^= mask;
}
