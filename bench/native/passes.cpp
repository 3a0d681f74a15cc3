// The loss-and-gradient pass and the curvature product as one would write them by hand, for vectors of 512 bits, what the WASM kernels are held against, and for vectors of 128 bits, which is all that WASM has.
// Reads a problem written by bench/problem.ts from the folder named; then, for each line on standard input, runs once and answers "milliseconds checksum...".
//
//   passes FOLDER THREADS      lines: "gradient 512", "gradient 128", "curvature 512", "curvature 128"; "widths" answers "0 width..." with those this machine has
//
// Rows lie in blocks of 128, which stay in the second-level cache while all heads pass over them; four known rows share each load of the weights.
#include <immintrin.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

/** Four float32 numbers at a time: two loads of the weights to a step, as with sixteen, and four rows to a load. */
struct Narrow {
  using Vector = __m128;
  static constexpr size_t width = 4;
  static Vector zero() { return _mm_setzero_ps(); }
  static Vector all(float value) { return _mm_set1_ps(value); }
  static Vector load(const float* at) { return _mm_loadu_ps(at); }
  static void store(float* at, Vector value) { _mm_storeu_ps(at, value); }
  static Vector fused(Vector a, Vector b, Vector sum) { return _mm_fmadd_ps(a, b, sum); }
  static float total(Vector a, Vector b) {
    const Vector sum = _mm_add_ps(a, b), pairs = _mm_add_ps(sum, _mm_movehl_ps(sum, sum));
    return _mm_cvtss_f32(_mm_add_ss(pairs, _mm_shuffle_ps(pairs, pairs, 1)));
  }
};

#ifdef __AVX512F__
struct Wide {
  using Vector = __m512;
  static constexpr size_t width = 16;
  static Vector zero() { return _mm512_setzero_ps(); }
  static Vector all(float value) { return _mm512_set1_ps(value); }
  static Vector load(const float* at) { return _mm512_loadu_ps(at); }
  static void store(float* at, Vector value) { _mm512_storeu_ps(at, value); }
  static Vector fused(Vector a, Vector b, Vector sum) { return _mm512_fmadd_ps(a, b, sum); }
  static float total(Vector a, Vector b) { return _mm512_reduce_add_ps(_mm512_add_ps(a, b)); }
};
static const char* const widths = "128 512";
#else
using Wide = Narrow;
static const char* const widths = "128";
#endif

template <class T>
static T* load(const std::string& path, size_t& count) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) { std::fprintf(stderr, "cannot read %s\n", path.c_str()); std::exit(2); }
  const size_t bytes = in.tellg();
  in.seekg(0);
  T* data = static_cast<T*>(std::aligned_alloc(4096, (bytes + 4095) / 4096 * 4096));
  in.read(reinterpret_cast<char*>(data), bytes);
  count = bytes / sizeof(T);
  return data;
}

struct Run { uint32_t first, end, head; };

static const uint32_t blockRows = 128;

int main(int argc, char** argv) {
  const std::string folder = std::string(argv[1]) + "/";
  const int threads = std::atoi(argv[2]);
  size_t count, heads, cells;
  const float* x = load<float>(folder + "features.f32", count);
  const uint32_t* start = load<uint32_t>(folder + "head-start.u32", heads);
  heads -= 1;
  const uint32_t* row = load<uint32_t>(folder + "row.u32", cells);
  const float* target = load<float>(folder + "target.f32", cells);
  size_t size;
  const double* wide = load<double>(folder + "weights.f64", size);
  const double* intercepts = load<double>(folder + "intercepts.f64", heads);
  const size_t D = size / heads, N = count / D;
  float* w = static_cast<float*>(std::aligned_alloc(64, size * 4));
  for (size_t i = 0; i < size; i++) w[i] = static_cast<float>(wide[i]);

  std::vector<std::vector<Run>> blocks((N + blockRows - 1) / blockRows);
  for (uint32_t head = 0; head < heads; head++)
    for (uint32_t first = start[head], last; first < start[head + 1]; first = last) {
      const uint32_t block = row[first] / blockRows;
      for (last = first + 1; last < start[head + 1] && row[last] / blockRows == block;) last++;
      blocks[block].push_back({first, last, head});
    }
  std::vector<float> curvature(cells);
  std::vector<float*> sums(threads);
  for (auto& sum : sums) sum = static_cast<float*>(std::aligned_alloc(64, size * 4));
  std::vector<std::vector<double>> losses(threads, std::vector<double>(heads)), slopes(threads, std::vector<double>(heads));

  auto work = [&](auto vectors, int thread, bool curved) {
    using V = decltype(vectors);
    constexpr size_t width = V::width;
    float* total = sums[thread];
    std::fill(total, total + size, 0.f);
    std::fill(losses[thread].begin(), losses[thread].end(), 0.);
    std::fill(slopes[thread].begin(), slopes[thread].end(), 0.);
    const size_t from = blocks.size() * thread / threads, to = blocks.size() * (thread + 1) / threads;
    for (size_t b = from; b < to; b++)
      for (const Run& run : blocks[b]) {
        const float* v = w + run.head * D;
        float* g = total + run.head * D;
        for (uint32_t cell = run.first; cell < run.end; cell += 4) {
          const float* r[4];
          for (uint32_t k = 0; k < 4; k++) r[k] = x + size_t(row[std::min(cell + k, run.end - 1)]) * D;
          auto s0 = V::zero(), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
          size_t j = 0;
          for (; j + 2 * width <= D; j += 2 * width) {
            const auto a = V::load(v + j), c = V::load(v + j + width);
            s0 = V::fused(a, V::load(r[0] + j), s0);
            s1 = V::fused(a, V::load(r[1] + j), s1);
            s2 = V::fused(a, V::load(r[2] + j), s2);
            s3 = V::fused(a, V::load(r[3] + j), s3);
            t0 = V::fused(c, V::load(r[0] + j + width), t0);
            t1 = V::fused(c, V::load(r[1] + j + width), t1);
            t2 = V::fused(c, V::load(r[2] + j + width), t2);
            t3 = V::fused(c, V::load(r[3] + j + width), t3);
          }
          float dots[4] = {V::total(s0, t0), V::total(s1, t1), V::total(s2, t2), V::total(s3, t3)};
          for (; j < D; j++) for (int k = 0; k < 4; k++) dots[k] += v[j] * r[k][j];
          float f[4] = {0, 0, 0, 0};
          for (uint32_t k = 0; k < 4 && cell + k < run.end; k++) {
            const double s = dots[k] + intercepts[run.head];
            if (curved) {
              f[k] = static_cast<float>(curvature[cell + k] * s);
            } else {
              const double e = std::exp(-std::fabs(s)), p = s >= 0 ? 1 / (1 + e) : e / (1 + e), y = target[cell + k];
              losses[thread][run.head] += std::max(s, 0.) - y * s + std::log1p(e);
              curvature[cell + k] = static_cast<float>(e / ((1 + e) * (1 + e)));
              f[k] = static_cast<float>(p - y);
            }
            slopes[thread][run.head] += f[k];
          }
          const auto p = V::all(f[0]), q = V::all(f[1]), u = V::all(f[2]), z = V::all(f[3]);
          for (j = 0; j + width <= D; j += width) {
            auto sum = V::load(g + j);
            sum = V::fused(p, V::load(r[0] + j), sum);
            sum = V::fused(q, V::load(r[1] + j), sum);
            sum = V::fused(u, V::load(r[2] + j), sum);
            sum = V::fused(z, V::load(r[3] + j), sum);
            V::store(g + j, sum);
          }
          for (; j < D; j++) g[j] += f[0] * r[0][j] + f[1] * r[1][j] + f[2] * r[2][j] + f[3] * r[3][j];
        }
      }
  };

  std::vector<double> gradient(size);
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "widths") {
      std::printf("0 %s\n", widths);
      std::fflush(stdout);
      continue;
    }
    const bool curved = line.rfind("curvature", 0) == 0, narrow = line.find(" 128") != std::string::npos;
    auto share = [&](int t) { if (narrow) work(Narrow{}, t, curved); else work(Wide{}, t, curved); };
    const auto began = std::chrono::steady_clock::now();
    std::vector<std::thread> others;
    for (int t = 1; t < threads; t++) others.emplace_back(share, t);
    share(0);
    for (auto& other : others) other.join();
    for (size_t i = 0; i < size; i++) {
      double sum = 0;
      for (int t = 0; t < threads; t++) sum += sums[t][i];
      gradient[i] = sum;
    }
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
    double loss = 0, slope = 0, square = 0;
    for (int t = 0; t < threads; t++) for (size_t h = 0; h < heads; h++) { loss += losses[t][h]; slope += slopes[t][h]; }
    for (double g : gradient) square += g * g;
    std::printf("%.6f %.10g %.10g %.10g\n", ms, curved ? 0. : loss, slope, square);
    std::fflush(stdout);
  }
}
