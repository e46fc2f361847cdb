/*
 * The C interface's handle of an Env of our own, for the C++ files of this folder.
 *
 * The C interface can open a database on an Env of our own, but has no way to make its handle of
 * one: what `leveldb_env_t` holds is private to LevelDB. So we take the handle of the default Env,
 * make sure that it begins with the pointer to that Env, and put ours in its place. LevelDB still
 * makes and frees the handle, and takes it for the default one, which it never deletes.
 */
#pragma once

#include <cstring>
#include <leveldb/c.h>
#include <leveldb/env.h>

/* For leveldb_env_destroy, which leaves `env` alone. NULL: this LevelDB's handles are different. */
inline leveldb_env_t *LevelDbHandleOf(leveldb::Env *env)
{
    leveldb_env_t *handle = leveldb_create_default_env();
    leveldb::Env *in_handle = nullptr;
    std::memcpy(&in_handle, handle, sizeof in_handle);
    if (in_handle != leveldb::Env::Default()) {
        leveldb_env_destroy(handle);
        return nullptr;
    }
    std::memcpy(handle, &env, sizeof env);
    return handle;
}

/* The Env behind a handle that LevelDbHandleOf, or the C interface, has made. */
inline leveldb::Env *LevelDbEnvOf(const leveldb_env_t *handle)
{
    leveldb::Env *env = nullptr;
    std::memcpy(&env, handle, sizeof env);
    return env;
}
