/* Preloaded into a child of the test in first_open.rs: the thread that initialises SQLite, known by what it asks the
   environment for, is slow to take every lock from there on. Whoever may overtake it, does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

static __thread int is_slow;

char *getenv(const char *name) {
  char *(*real)(const char *) = (char *(*)(const char *))dlsym(RTLD_NEXT, "getenv");
  if (strcmp(name, "SQLITE_TMPDIR") == 0) is_slow = 1;
  return real(name);
}

int pthread_mutex_lock(pthread_mutex_t *mutex) {
  static int (*real)(pthread_mutex_t *);
  if (!real) real = (int (*)(pthread_mutex_t *))dlsym(RTLD_NEXT, "pthread_mutex_lock");
  if (is_slow) usleep(5000);
  return real(mutex);
}
