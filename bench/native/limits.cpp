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

__attribute__((target("avx2,fma"))) static void fused128(int) {
  __m128 a[12], x = _mm_set1_ps(.999f), y = _mm_set1_ps(1e-3f);
  for (auto& each : a) each = x;
  for (long i = 0; i < rounds; i++)
    for (auto& each : a) asm volatile("vfmadd213ps %2, %1, %0" : "+x"(each) : "x"(x), "x"(y));
  float sum = 0;
  for (auto& each : a) sum += _mm_cvtss_f32(each);
  sink = sum;
}

__attribute__((target("avx2,fma"))) static void apart128(int) {
  // By one: products must not sink below the smallest normal number, where processors slow down.
  __m128 a[6], b[6], x = _mm_set1_ps(1.f), y = _mm_set1_ps(1e-3f);
  for (auto& each : a) each = x;
  for (auto& each : b) each = x;
  for (long i = 0; i < rounds; i++)
    for (int k = 0; k < 6; k++) {
      asm volatile("vmulps %1, %0, %0" : "+x"(a[k]) : "x"(x));
      asm volatile("vaddps %1, %0, %0" : "+x"(b[k]) : "x"(y));
    }
  float sum = 0;
  for (int k = 0; k < 6; k++) sum += _mm_cvtss_f32(a[k]) + _mm_cvtss_f32(b[k]);
  sink = sum;
}

__attribute__((target("avx512f"))) static void fused512(int) {
  __m512 a[12], x = _mm512_set1_ps(.999f), y = _mm512_set1_ps(1e-3f);
  for (auto& each : a) each = x;
  for (long i = 0; i < rounds; i++)
    for (auto& each : a) asm volatile("vfmadd213ps %2, %1, %0" : "+v"(each) : "v"(x), "v"(y));
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
    const double narrow = fused(5), apart = flops * 4 / onThreads(threads, 5, apart128), full = fusedWide(5);
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
