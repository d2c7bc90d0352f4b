/*
 * Moves the wall clock of a process, and of every process that it starts, by CLOCK_SHIFT seconds. Loaded with LD_PRELOAD.
 *
 * Replacing libc's functions, as libfaketime does, does not reach the embedded engine: its library brings a clock_gettime
 * of its own that asks the kernel's vDSO. So the vDSO's functions are replaced, in this process's copy of that page: all
 * that reads the clock, libc included, arrives there. What counts from boot or measures CPU time stays as it is.
 *
 * The kernel does not know of the shift. Calls that hand it a moment of the wall clock to wait for are corrected below.
 * The times of files stay the kernel's.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static time_t shift;

/* A system call without libc, which must not be asked from below it. Returns the negative error number of a failure. */
static long kernel(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

static int is_wall_clock(clockid_t clock) {
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_REALTIME_ALARM || clock == CLOCK_TAI;
}

static int shifted_clock_gettime(clockid_t clock, struct timespec *now) {
  const long result = kernel(SYS_clock_gettime, clock, (long)now, 0, 0, 0, 0);
  if (result == 0 && is_wall_clock(clock)) now->tv_sec += shift;
  return (int)result;
}

static int shifted_gettimeofday(struct timeval *now, void *zone) {
  const long result = kernel(SYS_gettimeofday, (long)now, (long)zone, 0, 0, 0, 0);
  if (result == 0 && now) now->tv_sec += shift;
  return (int)result;
}

static time_t shifted_time(time_t *now) {
  const time_t seconds = kernel(SYS_time, 0, 0, 0, 0, 0, 0) + shift;
  if (now) *now = seconds;
  return seconds;
}

/* Overwrites a function's first bytes with a jump. */
static void redirect(unsigned char *function, const void *target) {
  unsigned char jump[12] = {0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xe0}; /* mov rax, target; jmp rax */
  memcpy(jump + 2, &target, sizeof target);
  memcpy(function, jump, sizeof jump);
}

/* Replaces the functions of the vDSO that read the wall clock. Returns how many there were. */
static int redirect_vdso(unsigned char *base) {
  const Elf64_Phdr *segment = (const void *)(base + ((const Elf64_Ehdr *)base)->e_phoff);
  const Elf64_Phdr *end = segment + ((const Elf64_Ehdr *)base)->e_phnum;
  const Elf64_Dyn *dynamic = NULL;
  const Elf64_Sym *symbol = NULL;
  const char *names = NULL;
  size_t size = 0;
  for (; segment < end; segment++) {
    if (segment->p_type == PT_DYNAMIC) dynamic = (const void *)(base + segment->p_vaddr);
    if (segment->p_type == PT_LOAD) size = segment->p_vaddr + segment->p_memsz;
  }
  for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
    if (dynamic->d_tag == DT_SYMTAB) symbol = (const void *)(base + dynamic->d_un.d_ptr);
    if (dynamic->d_tag == DT_STRTAB) names = (const char *)(base + dynamic->d_un.d_ptr);
  }
  if (!symbol || !names || mprotect(base, size, PROT_READ | PROT_WRITE | PROT_EXEC) != 0) return 0;
  int replaced = 0;
  /* The table of names begins where that of symbols ends: there is no hash table to count them by on new kernels. */
  for (; (const char *)symbol < names; symbol++) {
    const char *name = names + symbol->st_name;
    const void *target = strcmp(name, "__vdso_clock_gettime") == 0  ? (const void *)shifted_clock_gettime
                         : strcmp(name, "__vdso_gettimeofday") == 0 ? (const void *)shifted_gettimeofday
                         : strcmp(name, "__vdso_time") == 0         ? (const void *)shifted_time
                                                                    : NULL;
    if (target) redirect(base + symbol->st_value, target), replaced++;
  }
  mprotect(base, size, PROT_READ | PROT_EXEC);
  return replaced;
}

__attribute__((constructor)) static void begin(void) {
  const char *wanted = getenv("CLOCK_SHIFT");
  unsigned char *vdso = (unsigned char *)getauxval(AT_SYSINFO_EHDR);
  shift = wanted ? atol(wanted) : 0;
  if (shift == 0) return;
  if (vdso && redirect_vdso(vdso) == 3) return;
  fputs("shifted-clock: the vDSO of this kernel cannot be replaced\n", stderr);
  _exit(70);
}

/*
 * The moment as the kernel counts. A number of seconds that is far beyond any time since boot is of the wall clock: a
 * condition variable does not say which clock it was made for.
 */
static const struct timespec *unshifted(const struct timespec *moment, struct timespec *copy) {
  if (shift == 0 || !moment || moment->tv_sec < 1000000000) return moment;
  copy->tv_sec = moment->tv_sec - shift;
  copy->tv_nsec = moment->tv_nsec;
  return copy;
}

/* The default version first: without one, an older libc gives its oldest. */
static void *original(const char *name, const char *version) {
  void *found = dlvsym(RTLD_NEXT, name, version);
  return found ? found : dlsym(RTLD_NEXT, name);
}
#define ORIGINAL(name, version) \
  static __typeof__(name) *call; \
  if (!call) call = (__typeof__(name) *)original(#name, version)

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
  ORIGINAL(pthread_cond_timedwait, "GLIBC_2.3.2");
  struct timespec copy;
  return call(condition, mutex, unshifted(until, &copy));
}

int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until) {
  ORIGINAL(pthread_cond_clockwait, "GLIBC_2.34");
  struct timespec copy;
  return call(condition, mutex, clock, unshifted(until, &copy));
}

int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *until) {
  ORIGINAL(pthread_mutex_timedlock, "GLIBC_2.34");
  struct timespec copy;
  return call(mutex, unshifted(until, &copy));
}

int sem_timedwait(sem_t *semaphore, const struct timespec *until) {
  ORIGINAL(sem_timedwait, "GLIBC_2.34");
  struct timespec copy;
  return call(semaphore, unshifted(until, &copy));
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *rest) {
  ORIGINAL(clock_nanosleep, "GLIBC_2.17");
  struct timespec copy;
  return call(clock, flags, flags & TIMER_ABSTIME ? unshifted(until, &copy) : until, rest);
}

int timerfd_settime(int timer, int flags, const struct itimerspec *next, struct itimerspec *last) {
  ORIGINAL(timerfd_settime, "GLIBC_2.8");
  struct itimerspec copy = *next;
  if (flags & TFD_TIMER_ABSTIME) copy.it_value = *unshifted(&next->it_value, &copy.it_value);
  return call(timer, flags, &copy, last);
}

/* Libraries with locks of their own wait on a futex. */
long syscall(long number, ...) {
  long argument[6];
  va_list list;
  va_start(list, number);
  for (int i = 0; i < 6; i++) argument[i] = va_arg(list, long);
  va_end(list);
  struct timespec copy;
  if (number == SYS_futex && argument[1] & FUTEX_CLOCK_REALTIME) {
    argument[3] = (long)unshifted((const struct timespec *)argument[3], &copy);
  }
  const long result = kernel(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
  if (result >= 0 || result < -4095) return result;
  errno = (int)-result;
  return -1;
}
