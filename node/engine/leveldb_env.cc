#include "node/engine/leveldb_env.h"

#include "node/engine/leveldb_env_handle_private.h"

extern "C" {
#include "core/base/random.h"
}

#include <filesystem>
#include <fstream>
#include <iterator>
#include <leveldb/c.h>
#include <leveldb/env.h>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace
{

constexpr size_t kPageSize = 4096;

enum class OperationKind { kCreate, kAppend, kSync, kSyncDirectory, kRename, kRemove };

struct Operation {
    OperationKind kind;
    std::string name; /* of kAppend and kSync: the name that the file was created under */
    size_t file;      /* kCreate, kAppend, kSync */
    std::string bytes;
    std::string new_name; /* kRename */
};

struct File {
    std::string name;
    std::string bytes;
    size_t synced_size = 0;
};

using Directory = std::map<std::string, size_t>; /* name to file */

std::string BaseName(const std::string &path)
{
    return path.substr(path.rfind('/') + 1);
}

bool StartsWith(const std::string &text, const std::string &start)
{
    return text.compare(0, start.size(), start) == 0;
}

bool EndsWith(const std::string &text, const std::string &end)
{
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool ReadFile(const std::filesystem::path &path, std::string *out_bytes)
{
    std::ifstream stream(path, std::ios::binary);
    out_bytes->assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    return !stream.bad() && stream.is_open();
}

bool WriteFile(const std::filesystem::path &path, const std::string &bytes)
{
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    return stream.good();
}

/* From 0 to `size`, both ends often. */
size_t SomeOf(struct random *random, size_t size)
{
    if (random_one_in(random, 4))
        return size;
    if (random_one_in(random, 4))
        return 0;
    return random_below(random, size + 1);
}

/* --- What was done --------------------------------------------------------------------------- */

class History
{
  public:
    bool Load(const std::string &directory)
    {
        std::error_code error;
        for (const auto &entry : std::filesystem::directory_iterator(directory, error)) {
            File file;
            file.name = entry.path().filename().string();
            if (!ReadFile(entry.path(), &file.bytes))
                return false;
            file.synced_size = file.bytes.size();
            first_directory_[file.name] = first_files_.size();
            first_files_.push_back(file);
        }
        file_count_ = first_files_.size();
        return !error;
    }

    size_t Create(const std::string &name)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        operations_.push_back({OperationKind::kCreate, name, file_count_, "", ""});
        return file_count_++;
    }

    void Add(const Operation &operation)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        operations_.push_back(operation);
    }

    size_t Position()
    {
        std::lock_guard<std::mutex> guard(mutex_);
        return operations_.size();
    }

    bool Cut(size_t position, struct random random, const std::string &path)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        std::vector<File> files = first_files_;
        Directory directory = first_directory_;
        std::vector<const Operation *> unsynced;
        for (size_t i = 0; i < position && i < operations_.size(); i++)
            Replay(operations_[i], &files, &directory, &unsynced);
        unsynced.resize(SomeOf(&random, unsynced.size()));
        for (const Operation *operation : unsynced)
            ChangeDirectory(*operation, &directory);

        std::error_code error;
        std::filesystem::create_directories(path, error);
        bool is_written = !error;
        for (const auto &[name, file] : directory)
            is_written = is_written && WriteFile(path + "/" + name, Survivor(files[file], &random));
        return is_written;
    }

  private:
    static void Replay(const Operation &operation, std::vector<File> *files, Directory *directory,
                       std::vector<const Operation *> *unsynced)
    {
        switch (operation.kind) {
        case OperationKind::kCreate:
            files->resize(operation.file + 1);
            files->back().name = operation.name;
            unsynced->push_back(&operation);
            break;
        case OperationKind::kAppend:
            (*files)[operation.file].bytes += operation.bytes;
            break;
        case OperationKind::kSync:
            (*files)[operation.file].synced_size = (*files)[operation.file].bytes.size();
            SyncDirectory(CountUpToCreation(*unsynced, operation.file), directory, unsynced);
            break;
        case OperationKind::kSyncDirectory:
            SyncDirectory(unsynced->size(), directory, unsynced);
            break;
        case OperationKind::kRename:
        case OperationKind::kRemove:
            unsynced->push_back(&operation);
            break;
        }
    }

    /* How many operations end with the creation of the file; 0 when it is none of them. */
    static size_t CountUpToCreation(const std::vector<const Operation *> &operations, size_t file)
    {
        size_t count = operations.size();
        while (count > 0 && !(operations[count - 1]->kind == OperationKind::kCreate &&
                              operations[count - 1]->file == file))
            count--;
        return count;
    }

    /* The first `count` of the operations can be lost no more. */
    static void SyncDirectory(size_t count, Directory *directory,
                              std::vector<const Operation *> *unsynced)
    {
        for (size_t i = 0; i < count; i++)
            ChangeDirectory(*(*unsynced)[i], directory);
        unsynced->erase(unsynced->begin(), unsynced->begin() + static_cast<long>(count));
    }

    static void ChangeDirectory(const Operation &operation, Directory *directory)
    {
        switch (operation.kind) {
        case OperationKind::kCreate:
            (*directory)[operation.name] = operation.file;
            break;
        case OperationKind::kRename:
            (*directory)[operation.new_name] = directory->at(operation.name);
            directory->erase(operation.name);
            break;
        case OperationKind::kRemove:
            directory->erase(operation.name);
            break;
        case OperationKind::kAppend:
        case OperationKind::kSync:
        case OperationKind::kSyncDirectory:
            break;
        }
    }

    static std::string Survivor(const File &file, struct random *random)
    {
        size_t unsynced_size = file.bytes.size() - file.synced_size;
        std::string bytes = file.bytes.substr(0, file.synced_size + SomeOf(random, unsynced_size));
        if (!EndsWith(file.name, ".log") || !random_one_in(random, 2))
            return bytes;
        size_t page = file.synced_size + kPageSize - 1;
        for (page -= page % kPageSize; page + kPageSize <= bytes.size(); page += kPageSize) {
            if (random_one_in(random, 4))
                bytes.replace(page, kPageSize, kPageSize, '\0');
        }
        return bytes;
    }

    std::mutex mutex_;
    std::vector<Operation> operations_;
    std::vector<File> first_files_;
    Directory first_directory_;
    size_t file_count_ = 0;
};

/* --- The Env --------------------------------------------------------------------------------- */

/* Which operations fail. */
class Faults
{
  public:
    void Set(enum leveldb_fault fault)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        fault_ = fault;
    }

    leveldb::Status Check(enum leveldb_fault fault)
    {
        std::lock_guard<std::mutex> guard(mutex_);
        return fault_ == fault ? leveldb::Status::IOError("No space left on device")
                               : leveldb::Status::OK();
    }

  private:
    std::mutex mutex_;
    enum leveldb_fault fault_ = LEVELDB_FAULT_NONE;
};

class RecordingFile : public leveldb::WritableFile
{
  public:
    RecordingFile(leveldb::WritableFile *target, History *history, Faults *faults,
                  const std::string &name)
        : target_(target), history_(history), faults_(faults), name_(name),
          file_(history->Create(name))
    {
    }

    leveldb::Status Append(const leveldb::Slice &bytes) override
    {
        leveldb::Status status = faults_->Check(LEVELDB_FAULT_APPEND);
        if (!status.ok())
            return status;
        history_->Add({OperationKind::kAppend, name_, file_, bytes.ToString(), ""});
        return target_->Append(bytes);
    }

    leveldb::Status Close() override
    {
        return target_->Close();
    }

    leveldb::Status Flush() override
    {
        return target_->Flush();
    }

    leveldb::Status Sync() override
    {
        leveldb::Status status = faults_->Check(LEVELDB_FAULT_SYNC);
        if (status.ok())
            status = target_->Flush();
        if (!status.ok())
            return status;
        if (StartsWith(name_, "MANIFEST"))
            history_->Add({OperationKind::kSyncDirectory, "", 0, "", ""});
        history_->Add({OperationKind::kSync, name_, file_, "", ""});
        return status;
    }

  private:
    std::unique_ptr<leveldb::WritableFile> target_;
    History *history_;
    Faults *faults_;
    std::string name_;
    size_t file_;
};

class RecordingEnv : public leveldb::EnvWrapper
{
  public:
    RecordingEnv(History *history, Faults *faults)
        : EnvWrapper(leveldb::Env::Default()), history_(history), faults_(faults)
    {
    }

    leveldb::Status NewWritableFile(const std::string &path,
                                    leveldb::WritableFile **out_file) override
    {
        leveldb::WritableFile *file;
        leveldb::Status status = faults_->Check(LEVELDB_FAULT_CREATE);
        if (status.ok())
            status = target()->NewWritableFile(path, &file);
        if (status.ok())
            *out_file = new RecordingFile(file, history_, faults_, BaseName(path));
        return status;
    }

    /* LevelDB appends only with an option that we do not set. */
    leveldb::Status NewAppendableFile(const std::string &path, leveldb::WritableFile **) override
    {
        return leveldb::Status::NotSupported(path);
    }

    /* LevelDB then goes without its text log. */
    leveldb::Status NewLogger(const std::string &path, leveldb::Logger **) override
    {
        return leveldb::Status::NotSupported(path);
    }

    leveldb::Status RemoveFile(const std::string &path) override
    {
        leveldb::Status status = target()->RemoveFile(path);
        if (status.ok())
            history_->Add({OperationKind::kRemove, BaseName(path), 0, "", ""});
        return status;
    }

    leveldb::Status RenameFile(const std::string &from, const std::string &to) override
    {
        leveldb::Status status = target()->RenameFile(from, to);
        if (status.ok())
            history_->Add({OperationKind::kRename, BaseName(from), 0, "", BaseName(to)});
        return status;
    }

  private:
    History *history_;
    Faults *faults_;
};

} // namespace

/* --- The C interface ------------------------------------------------------------------------- */

struct leveldb_recording {
    History history;
    Faults faults;
    RecordingEnv env{&history, &faults};
    leveldb_env_t *handle = LevelDbHandleOf(&env);

    ~leveldb_recording()
    {
        if (handle != nullptr)
            leveldb_env_destroy(handle);
    }
};

enum status leveldb_recording_create(const char *directory,
                                     struct leveldb_recording **out_recording)
{
    auto recording = std::make_unique<leveldb_recording>();
    if (recording->handle == nullptr)
        return STATUS_UNSUPPORTED;
    if (!recording->history.Load(directory))
        return STATUS_IO;
    *out_recording = recording.release();
    return STATUS_OK;
}

void leveldb_recording_destroy(struct leveldb_recording *recording)
{
    delete recording;
}

struct leveldb_env_t *leveldb_recording_env(struct leveldb_recording *recording)
{
    return recording->handle;
}

size_t leveldb_recording_position(struct leveldb_recording *recording)
{
    return recording->history.Position();
}

enum status leveldb_recording_cut(struct leveldb_recording *recording, size_t position,
                                  uint64_t seed, const char *directory)
{
    struct random random = random_of_seed(seed);
    return recording->history.Cut(position, random, directory) ? STATUS_OK : STATUS_IO;
}

void leveldb_recording_set_fault(struct leveldb_recording *recording, enum leveldb_fault fault)
{
    recording->faults.Set(fault);
}
