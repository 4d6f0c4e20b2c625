/* A disk that fails, or that forgets. Preloaded into child processes of tests; looks only at the database and its log.

   KONTOR_DISK_ARMED   a path; from the moment a file is there, reads, writes and flushes are counted
   KONTOR_DISK_FAILS   the number of the one that fails with EIO; <armed>.failed tells that it has
                       and <armed>.after that something was written all the same later
   KONTOR_DISK_FLUSHES_ONLY  if set, only flushes are counted
   KONTOR_DISK_FLUSHED a folder that keeps of each file what was flushed last: what a power cut leaves */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int counted, has_failed;

static const char *name_of(int fd, char path[4096]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, 4095);
  if (length < 0) return NULL;
  path[length] = 0;
  const char *name = strrchr(path, '/');
  if (!name || strncmp(name + 1, "kontor.db", 9) || strstr(name, "-shm")) return NULL;
  return name + 1;
}

static void tell(const char *armed, const char *what) {
  char path[4096];
  snprintf(path, sizeof path, "%s.%s", armed, what);
  close(open(path, O_CREAT | O_WRONLY, 0600));
}

enum kind { READ, WRITE, FLUSH };

/* Whether this one fails. */
static int fails(int fd, enum kind kind) {
  char path[4096];
  const char *armed = getenv("KONTOR_DISK_ARMED"), *which = getenv("KONTOR_DISK_FAILS");
  if (!armed || !which || !name_of(fd, path) || access(armed, F_OK)) return 0;
  if (has_failed && kind == WRITE) tell(armed, "after");
  if (kind != FLUSH && getenv("KONTOR_DISK_FLUSHES_ONLY")) return 0;
  if (__atomic_add_fetch(&counted, 1, __ATOMIC_SEQ_CST) != atoi(which)) return 0;
  has_failed = 1;
  tell(armed, "failed");
  errno = EIO;
  return 1;
}

static void keep(int fd) {
  char path[4096], copy[4096], bytes[65536];
  const char *folder = getenv("KONTOR_DISK_FLUSHED"), *name;
  if (!folder || !(name = name_of(fd, path))) return;
  snprintf(copy, sizeof copy, "%s/%s", folder, name);
  int to = open(copy, O_CREAT | O_TRUNC | O_WRONLY, 0600);
  off_t at = 0;
  for (ssize_t n; (n = REAL(pread64)(fd, bytes, sizeof bytes, at)) > 0; at += n)
    if (write(to, bytes, n) != n) abort();
  close(to);
}

ssize_t pread64(int fd, void *to, size_t count, off64_t at) {
  return fails(fd, READ) ? -1 : REAL(pread64)(fd, to, count, at);
}

ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) {
  return fails(fd, WRITE) ? -1 : REAL(pwrite64)(fd, from, count, at);
}

int ftruncate64(int fd, off64_t length) {
  return fails(fd, WRITE) ? -1 : REAL(ftruncate64)(fd, length);
}

int fsync(int fd) {
  int outcome = fails(fd, FLUSH) ? -1 : REAL(fsync)(fd);
  if (outcome == 0) keep(fd);
  return outcome;
}

int fdatasync(int fd) {
  int outcome = fails(fd, FLUSH) ? -1 : REAL(fdatasync)(fd);
  if (outcome == 0) keep(fd);
  return outcome;
}
