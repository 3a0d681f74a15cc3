// The machine's own limits, as a program with full control of it reaches them, on the number of threads named.
//
//   limits THREADS            one line of JSON, the best of five
//   limits THREADS rounds     for each line on standard input, measures everything once and answers "milliseconds fused128 fused512 read" (GFLOPS, GFLOPS or 0 where there is no AVX-512, GB/s)
//
// Multiply-adds: twelve independent accumulators, so that latency hides behind throughput; read bandwidth: sums over 512 MiB a thread.
#include <immintrin.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

using Clock = std::chrono::steady_clock;
static volatile float sink;

static double seconds(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

template <class Body>
static double onThreads(int threads, int times, Body body) {
  double best = 1e9;
  for (int round = 0; round < times; round++) {
    const auto began = Clock::now();
    std::vector<std::thread> others;
    for (int t = 1; t < threads; t++) others.emplace_back(body, t);
    body(0);
    for (auto& other : others) other.join();
    best = std::min(best, seconds(began));
  }
  return best;
}

static const long rounds = 20'000'000;

// Twelve chains, all in one statement: compilers keep them in registers then, where in a loop over them they store each one in every round, which costs more than the sums.
#define TWELVE(ONE) ONE(0) ONE(1) ONE(2) ONE(3) ONE(4) ONE(5) ONE(6) ONE(7) ONE(8) ONE(9) ONE(10) ONE(11)
#define CHAINS "+v"(a[0]), "+v"(a[1]), "+v"(a[2]), "+v"(a[3]), "+v"(a[4]), "+v"(a[5]), "+v"(a[6]), "+v"(a[7]), "+v"(a[8]), "+v"(a[9]), "+v"(a[10]), "+v"(a[11])
#define FUSED(chain) "vfmadd213ps %13, %12, %" #chain "\n\t"
#define APART(chain) "vmulps %12, %" #chain ", %" #chain "\n\tvaddps %13, %" #chain ", %" #chain "\n\t"

__attribute__((target("avx2,fma"))) static void fused128(int) {
  __m128 a[12], x = _mm_set1_ps(.999f), y = _mm_set1_ps(1e-3f);
  for (auto& each : a) each = x;
  for (long i = 0; i < rounds; i++) asm volatile(TWELVE(FUSED) : CHAINS : "v"(x), "v"(y));
  float sum = 0;
  for (auto& each : a) sum += _mm_cvtss_f32(each);
  sink = sum;
}

__attribute__((target("avx2,fma"))) static void apart128(int) {
  // Times .999: the sums stay near one, as products that sink below the smallest normal number slow processors down.
  __m128 a[12], x = _mm_set1_ps(.999f), y = _mm_set1_ps(1e-3f);
  for (auto& each : a) each = x;
  for (long i = 0; i < rounds; i++) asm volatile(TWELVE(APART) : CHAINS : "v"(x), "v"(y));
  float sum = 0;
  for (auto& each : a) sum += _mm_cvtss_f32(each);
  sink = sum;
}

__attribute__((target("avx512f"))) static void fused512(int) {
  __m512 a[12], x = _mm512_set1_ps(.999f), y = _mm512_set1_ps(1e-3f);
  for (auto& each : a) each = x;
  for (long i = 0; i < rounds; i++) asm volatile(TWELVE(FUSED) : CHAINS : "v"(x), "v"(y));
  float sum = 0;
  for (auto& each : a) sum += _mm512_cvtss_f32(each);
  sink = sum;
}

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  const bool answers = argc > 2 && std::string(argv[2]) == "rounds";
  __builtin_cpu_init();
  const bool wide = __builtin_cpu_supports("avx512f");
  const double flops = double(rounds) * 12 * threads / 1e9;
  const size_t words = size_t(512) << 20 >> 3;
  std::vector<unsigned long*> memory(threads);
  for (auto& part : memory) {
    part = static_cast<unsigned long*>(std::aligned_alloc(4096, words * 8));
    for (size_t i = 0; i < words; i++) part[i] = i;
  }
  auto reading = [&](int t) {
    const unsigned long* data = memory[t];
    unsigned long s[8] = {};
    for (size_t i = 0; i < words; i += 8) for (int k = 0; k < 8; k++) s[k] += data[i + k];
    sink = float(s[0] + s[1] + s[2] + s[3] + s[4] + s[5] + s[6] + s[7]);
  };
  auto fused = [&](int times) { return flops * 8 / onThreads(threads, times, fused128); };
  auto fusedWide = [&](int times) { return wide ? flops * 32 / onThreads(threads, times, fused512) : 0; };
  auto read = [&](int times) { return double(words) * 8 * threads / 1e9 / onThreads(threads, times, reading); };

  if (!answers) {
    const double narrow = fused(5), apart = flops * 8 / onThreads(threads, 5, apart128), full = fusedWide(5);
    std::printf("{\"threads\":%d,\"fused128\":%.2f,\"multiplyAdd128\":%.2f,\"fused512\":%s,\"readGBperSecond\":%.2f}\n", threads, narrow, apart, wide ? std::to_string(full).c_str() : "null", read(5));
    return 0;
  }
  for (std::string line; std::getline(std::cin, line);) {
    const auto began = Clock::now();
    // The one that shares are taken of comes last, next to what runs after it.
    const double bandwidth = read(1), full = fusedWide(1), narrow = fused(1);
    std::printf("%.6f %.10g %.10g %.10g\n", 1000 * seconds(began), narrow, full, bandwidth);
    std::fflush(stdout);
  }
}
