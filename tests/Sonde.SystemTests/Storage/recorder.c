/* Loaded into a process by LD_PRELOAD: writes down, in their order, the changes that the process makes to the files of one
   directory, and when it has them synced, so that a test can play what a power cut would have left.
   SONDE_RECORD_DIR: the directory. SONDE_RECORD_TO: the file to write to.
   A record: operation (1 byte), length of the path (2), length of the content (4), offset (8), path, content. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 'w', TRUNCATE = 't', SYNC = 's', UNLINK = 'u', RENAME = 'r' };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -1;
static const char *directory;
static size_t directory_length;

static ssize_t (*real_write)(int, const void *, size_t);

__attribute__((constructor)) static void begin(void)
{
    const char *to = getenv("SONDE_RECORD_TO");
    directory = getenv("SONDE_RECORD_DIR");
    real_write = dlsym(RTLD_NEXT, "write");
    if (to && directory) {
        directory_length = strlen(directory);
        log_file = open(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
}

static int is_ours(const char *path)
{
    return log_file >= 0 && strncmp(path, directory, directory_length) == 0 &&
           (path[directory_length] == '/' || path[directory_length] == 0);
}

static int path_of(int fd, char *path, size_t size)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_ours(path);
}

static void record(char operation, const char *path, const void *content, uint32_t length, int64_t offset)
{
    uint16_t path_length = (uint16_t)strlen(path);
    char head[15];
    head[0] = operation;
    memcpy(head + 1, &path_length, 2);
    memcpy(head + 3, &length, 4);
    memcpy(head + 7, &offset, 8);
    struct iovec parts[3] = {{head, sizeof head}, {(void *)path, path_length}, {(void *)content, length}};
    if (writev(log_file, parts, 3) < 0) abort();
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)

/* The lock spans call and record, so that the order of the records is the order of the calls. */
#define RECORDED(fd, call, ok, ...) do { \
        char path[4096]; \
        if (!path_of(fd, path, sizeof path)) return call; \
        pthread_mutex_lock(&gate); \
        __typeof__(call) result = call; \
        if (ok) { __VA_ARGS__; } \
        pthread_mutex_unlock(&gate); \
        return result; \
    } while (0)

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at)
{ REAL(pwrite); RECORDED(fd, real(fd, bytes, count, at), result > 0, record(WRITE, path, bytes, (uint32_t)result, at)); }

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at)
{ REAL(pwrite64); RECORDED(fd, real(fd, bytes, count, at), result > 0, record(WRITE, path, bytes, (uint32_t)result, at)); }

ssize_t write(int fd, const void *bytes, size_t count)
{ RECORDED(fd, real_write(fd, bytes, count), result > 0,
           record(WRITE, path, bytes, (uint32_t)result, lseek(fd, 0, SEEK_CUR) - result)); }

int ftruncate(int fd, off_t length)
{ REAL(ftruncate); RECORDED(fd, real(fd, length), result == 0, record(TRUNCATE, path, "", 0, length)); }

int ftruncate64(int fd, off64_t length)
{ REAL(ftruncate64); RECORDED(fd, real(fd, length), result == 0, record(TRUNCATE, path, "", 0, length)); }

int fsync(int fd)
{ REAL(fsync); RECORDED(fd, real(fd), result == 0, record(SYNC, path, "", 0, 0)); }

int fdatasync(int fd)
{ REAL(fdatasync); RECORDED(fd, real(fd), result == 0, record(SYNC, path, "", 0, 0)); }

int unlink(const char *path)
{
    REAL(unlink);
    if (!is_ours(path)) return real(path);
    pthread_mutex_lock(&gate);
    int result = real(path);
    if (result == 0) record(UNLINK, path, "", 0, 0);
    pthread_mutex_unlock(&gate);
    return result;
}

int rename(const char *from, const char *to)
{
    REAL(rename);
    if (!is_ours(from)) return real(from, to);
    pthread_mutex_lock(&gate);
    int result = real(from, to);
    if (result == 0) record(RENAME, from, to, (uint32_t)strlen(to), 0);
    pthread_mutex_unlock(&gate);
    return result;
}
