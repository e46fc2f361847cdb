#include "node/engine/leveldb_logless.h"

#include "node/engine/leveldb_env_handle_private.h"

#include <memory>
#include <string>

namespace
{

bool IsLog(const std::string &path)
{
    static const std::string ending = ".log";
    return path.size() >= ending.size() &&
           path.compare(path.size() - ending.size(), ending.size(), ending) == 0;
}

class EmptyFile : public leveldb::WritableFile
{
  public:
    leveldb::Status Append(const leveldb::Slice &) override
    {
        return leveldb::Status::OK();
    }

    leveldb::Status Close() override
    {
        return leveldb::Status::OK();
    }

    leveldb::Status Flush() override
    {
        return leveldb::Status::OK();
    }

    leveldb::Status Sync() override
    {
        return leveldb::Status::OK();
    }
};

class LoglessEnv : public leveldb::EnvWrapper
{
  public:
    explicit LoglessEnv(leveldb::Env *target) : EnvWrapper(target)
    {
    }

    leveldb::Status NewWritableFile(const std::string &path,
                                    leveldb::WritableFile **out_file) override
    {
        leveldb::WritableFile *file;
        leveldb::Status status = target()->NewWritableFile(path, &file);
        if (!status.ok())
            return status;
        *out_file = file;
        if (IsLog(path)) {
            delete file;
            *out_file = new EmptyFile;
        }
        return status;
    }
};

} // namespace

struct leveldb_logless {
    LoglessEnv env;
    leveldb_env_t *handle;

    explicit leveldb_logless(leveldb::Env *target) : env(target), handle(LevelDbHandleOf(&env))
    {
    }

    ~leveldb_logless()
    {
        if (handle != nullptr)
            leveldb_env_destroy(handle);
    }
};

enum status leveldb_logless_create(struct leveldb_env_t *target,
                                   struct leveldb_logless **out_logless)
{
    leveldb::Env *env = target == nullptr ? leveldb::Env::Default() : LevelDbEnvOf(target);
    auto logless = std::make_unique<leveldb_logless>(env);
    if (logless->handle == nullptr)
        return STATUS_UNSUPPORTED;
    *out_logless = logless.release();
    return STATUS_OK;
}

void leveldb_logless_destroy(struct leveldb_logless *logless)
{
    delete logless;
}

struct leveldb_env_t *leveldb_logless_env(struct leveldb_logless *logless)
{
    return logless->handle;
}
