// Aims at: atomics.
#include "check.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

enum { THREADS = 3, ROUNDS = 2000 };
static atomic_long counter;
static atomic_flag lock = ATOMIC_FLAG_INIT;
static long guarded, guarded_squares;          // under the lock
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long under_mutex;

static void *count(void *argument) {
  long step = *(long *)argument;
  for (int i = 0; i < ROUNDS; i++) {
    atomic_fetch_add_explicit(&counter, step, memory_order_relaxed);
    if (i % 16 == 0) {
      while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) sched_yield();
      guarded += step;
      guarded_squares += step * step;
      atomic_flag_clear_explicit(&lock, memory_order_release);
    }
    if (i % 50 == 0) {
      pthread_mutex_lock(&mutex);
      under_mutex++;
      pthread_mutex_unlock(&mutex);
    }
  }
  return (void *)(intptr_t)(step * 10);
}

// Publication: the data is plain, its flag is released and acquired.
static int data[4];
static atomic_int ready;
static void *publish(void *unused) {
  (void)unused;
  for (int round = 1; round <= 50; round++) {
    while (atomic_load_explicit(&ready, memory_order_acquire) != 0) sched_yield();
    for (int i = 0; i < 4; i++) data[i] = round * (i + 1);
    atomic_store_explicit(&ready, round, memory_order_release);
  }
  return 0;
}
NOINLINE static int consume(void) {
  int wrong = 0;
  for (int round = 1; round <= 50; round++) {
    // Must be re-read.
    while (atomic_load_explicit(&ready, memory_order_acquire) != round) sched_yield();
    for (int i = 0; i < 4; i++) wrong += data[i] != round * (i + 1);
    atomic_store_explicit(&ready, 0, memory_order_release);
  }
  return wrong;
}

// A lock-free stack of indexes; nothing is pushed twice, so no ABA problem.
static int next_of[THREADS * 100];
static atomic_int head = -1;
static void *push(void *argument) {
  int first = (int)*(long *)argument * 100;
  for (int i = first; i < first + 100; i++) {
    int old = atomic_load(&head);
    do next_of[i] = old; while (!atomic_compare_exchange_weak(&head, &old, i));
  }
  return 0;
}

int main(void) {
  pthread_t threads[THREADS], publisher;
  long steps[THREADS] = {1, 2, HIDE(3l)}, indexes[THREADS] = {0, 1, 2};
  for (int i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], 0, count, &steps[i])) return 1;
  long results = 0;
  for (int i = 0; i < THREADS; i++) {
    void *result;
    pthread_join(threads[i], &result);
    results += (long)(intptr_t)result;
  }
  CHECK_EQ(counter, 6 * ROUNDS);
  CHECK_EQ(guarded, 6 * ROUNDS / 16);
  CHECK_EQ(guarded_squares, 14 * ROUNDS / 16);
  CHECK_EQ(under_mutex, 3 * ROUNDS / 50);
  CHECK_EQ(results, 60);

  if (pthread_create(&publisher, 0, publish, 0)) return 1;
  CHECK_EQ(consume(), 0);
  pthread_join(publisher, 0);

  for (int i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], 0, push, &indexes[i])) return 1;
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], 0);
  int length = 0;
  long sum = 0;
  for (int at = head; at >= 0; at = next_of[at]) length++, sum += at;
  CHECK(length == 300 && sum == 299 * 300 / 2);
  printf("%ld %ld %d\n", atomic_load(&counter), guarded, length);
  return verdict();
}
