// The loss-and-gradient pass and the curvature product as one would write them by hand, for vectors of 512 bits, what the WASM kernels are held against, and for vectors of 128 bits, which is all that WASM has.
// Reads a problem written by bench/problem.ts from the folder named; then, for each line on standard input, runs once and answers "milliseconds checksum...".
//
//   passes FOLDER THREADS      lines: "gradient 512", "gradient 128", "curvature 512", "curvature 128"; "widths" answers "0 width..." with those this machine has
//
// Rows lie in blocks of 128, which stay in the second-level cache while all heads pass over them; eight known rows share each load of the weights, then four, and one to three
// that end a run have loops of their own. Rows, weights and sums are padded with zeros to whole steps, and by a cache line where they would lie a power of two apart and push each other out of the first-level cache.
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

/** Four float32 numbers at a time: two loads of the weights to a step, as with sixteen. */
struct Narrow {
  using Vector = __m128;
  typedef double Doubles __attribute__((vector_size(16)));
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
  typedef double Doubles __attribute__((vector_size(32)));
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

/** Of as many cells as Doubles has lanes: exp(x) for x <= 0, to about one unit in the last place. x = k ln 2 + r, exp(r) by its series to r^13, k added to the exponent; below -708 it is exp(-708). */
template <class Doubles>
static inline Doubles exponentialOfNegative(Doubles x) {
  typedef decltype(x < x) Whole;
  const Doubles zero = {};
  const Doubles shifter = zero + 6755399441055744., lowest = zero - 708.;
  const Doubles bounded = x > lowest ? x : lowest;
  const Doubles shifted = bounded * 1.4426950408889634 + shifter, k = shifted - shifter;
  const Doubles r = (bounded - k * 0.6931471803691238) - k * 1.9082149292705877e-10;
  Doubles sum = zero + 1. / 6227020800;
  for (double one : {1. / 479001600, 1. / 39916800, 1. / 3628800, 1. / 362880, 1. / 40320, 1. / 5040, 1. / 720, 1. / 120, 1. / 24, 1. / 6, .5, 1., 1.}) sum = sum * r + one;
  return (Doubles)((Whole)sum + ((Whole)shifted << 52));
}

/** log(1 + e) for 0 <= e <= 1: 2 (z + z^3/3 + ... + z^23/23) with z = f / (2 + f), f = e, or from sqrt(2) - 1 on (e - 1) / 2 and ln 2 apart. */
template <class Doubles>
static inline Doubles logarithmOfOnePlus(Doubles e) {
  const Doubles zero = {};
  const auto large = e >= zero + 0.41421356237309503;
  const Doubles f = large ? (e - 1) * .5 : e, z = f / (2 + f), square = z * z;
  Doubles sum = zero + 1. / 23;
  for (double one : {1. / 21, 1. / 19, 1. / 17, 1. / 15, 1. / 13, 1. / 11, 1. / 9, 1. / 7, 1. / 5, 1. / 3}) sum = sum * square + one;
  return 2 * z + 2 * z * square * sum + (large ? zero + 0.6931471805599453 : zero);
}

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

/** What a pass works on. Rows, weights and sums lie `stride` floats apart. */
struct Problem {
  size_t columns, stride;
  const float* x;
  const float* w;
  const uint32_t* row;
  const float* target;
  const double* intercepts;
  float* curvature;
};

/** Padded rows of zeros that `columns` numbers each fit into. */
static float* padded(size_t rows, size_t stride) {
  float* data = static_cast<float*>(std::aligned_alloc(4096, (rows * stride * 4 + 4095) / 4096 * 4096));
  std::fill(data, data + rows * stride, 0.f);
  return data;
}

struct Sums { double loss, slope; };

/** What the rows of `count` cells are multiplied by; the losses of several at once. */
template <class V>
static inline void factorsOf(const Problem& problem, uint32_t cell, uint32_t count, const float* dots, double intercept, bool curved, float* f, Sums& sums) {
  if (curved) {
    for (uint32_t k = 0; k < count; k++) {
      f[k] = static_cast<float>(problem.curvature[cell + k] * (dots[k] + intercept));
      sums.slope += f[k];
    }
    return;
  }
  using Doubles = typename V::Doubles;
  constexpr uint32_t lanes = sizeof(Doubles) / 8;
  for (uint32_t first = 0; first < count; first += lanes) {
    Doubles s, y;
    for (uint32_t k = 0; k < lanes; k++) {
      const bool there = first + k < count;
      s[k] = there ? dots[first + k] + intercept : 0;
      y[k] = there ? problem.target[cell + first + k] : 0;
    }
    const Doubles zero = {}, e = exponentialOfNegative<Doubles>(s < zero ? s : -s), inverse = 1 / (1 + e), small = e * inverse;
    const Doubles loss = (s > zero ? s : zero) - y * s + logarithmOfOnePlus<Doubles>(e), slope = (s >= zero ? inverse : small) - y, curvature = small * inverse;
    for (uint32_t k = 0; k < lanes && first + k < count; k++) {
      problem.curvature[cell + first + k] = static_cast<float>(curvature[k]);
      f[first + k] = static_cast<float>(slope[k]);
      sums.loss += loss[k];
      sums.slope += slope[k];
    }
  }
}

/** `count` cells of one head: their dots, what follows from them, and their rows added to the head's sum. */
template <class V, uint32_t count>
static inline void group(const Problem& problem, uint32_t cell, uint32_t head, float* g, bool curved, Sums& sums) {
  constexpr size_t width = V::width;
  const size_t D = problem.columns;
  const float* v = problem.w + head * problem.stride;
  const float* r[count];
  for (uint32_t k = 0; k < count; k++) r[k] = problem.x + size_t(problem.row[cell + k]) * problem.stride;
  typename V::Vector s[count], t[count];
  for (uint32_t k = 0; k < count; k++) s[k] = t[k] = V::zero();
  for (size_t j = 0; j < D; j += 2 * width) {
    const auto a = V::load(v + j), c = V::load(v + j + width);
#pragma GCC unroll 8
    for (uint32_t k = 0; k < count; k++) s[k] = V::fused(a, V::load(r[k] + j), s[k]);
#pragma GCC unroll 8
    for (uint32_t k = 0; k < count; k++) t[k] = V::fused(c, V::load(r[k] + j + width), t[k]);
  }
  float dots[count], f[count];
  for (uint32_t k = 0; k < count; k++) dots[k] = V::total(s[k], t[k]);
  factorsOf<V>(problem, cell, count, dots, problem.intercepts[head], curved, f, sums);
  typename V::Vector p[count];
  for (uint32_t k = 0; k < count; k++) p[k] = V::all(f[k]);
  for (size_t j = 0; j < D; j += 2 * width) {
    auto low = V::load(g + j), high = V::load(g + j + width);
#pragma GCC unroll 8
    for (uint32_t k = 0; k < count; k++) {
      low = V::fused(p[k], V::load(r[k] + j), low);
      high = V::fused(p[k], V::load(r[k] + j + width), high);
    }
    V::store(g + j, low);
    V::store(g + j + width, high);
  }
}

int main(int argc, char** argv) {
  const std::string folder = std::string(argv[1]) + "/";
  const int threads = std::atoi(argv[2]);
  size_t count, heads, cells;
  const float* features = load<float>(folder + "features.f32", count);
  const uint32_t* start = load<uint32_t>(folder + "head-start.u32", heads);
  heads -= 1;
  const uint32_t* row = load<uint32_t>(folder + "row.u32", cells);
  const float* target = load<float>(folder + "target.f32", cells);
  size_t size;
  const double* wide = load<double>(folder + "weights.f64", size);
  const double* intercepts = load<double>(folder + "intercepts.f64", heads);
  const size_t D = size / heads, N = count / D;
  // Whole steps of the wider vectors, which are whole steps of the narrower ones too.
  const size_t columns = (D + 31) / 32 * 32, stride = columns % 256 == 0 ? columns + 16 : columns;
  float* x = padded(N, stride);
  for (size_t i = 0; i < N; i++) std::copy(features + i * D, features + (i + 1) * D, x + i * stride);
  float* w = padded(heads, stride);
  for (size_t h = 0; h < heads; h++) for (size_t j = 0; j < D; j++) w[h * stride + j] = static_cast<float>(wide[h * D + j]);

  std::vector<std::vector<Run>> blocks((N + blockRows - 1) / blockRows);
  for (uint32_t head = 0; head < heads; head++)
    for (uint32_t first = start[head], last; first < start[head + 1]; first = last) {
      const uint32_t block = row[first] / blockRows;
      for (last = first + 1; last < start[head + 1] && row[last] / blockRows == block;) last++;
      blocks[block].push_back({first, last, head});
    }
  std::vector<float> curvature(cells);
  const Problem problem = {columns, stride, x, w, row, target, intercepts, curvature.data()};
  std::vector<float*> totals(threads);
  for (auto& total : totals) total = padded(heads, stride);
  std::vector<std::vector<Sums>> sums(threads, std::vector<Sums>(heads));

  auto work = [&](auto vectors, int thread, bool curved) {
    using V = decltype(vectors);
    float* total = totals[thread];
    std::fill(total, total + heads * stride, 0.f);
    std::fill(sums[thread].begin(), sums[thread].end(), Sums{0, 0});
    const size_t from = blocks.size() * thread / threads, to = blocks.size() * (thread + 1) / threads;
    for (size_t b = from; b < to; b++)
      for (const Run& run : blocks[b]) {
        float* g = total + run.head * stride;
        Sums& own = sums[thread][run.head];
        uint32_t cell = run.first;
        for (; cell + 8 <= run.end; cell += 8) group<V, 8>(problem, cell, run.head, g, curved, own);
        for (; cell + 4 <= run.end; cell += 4) group<V, 4>(problem, cell, run.head, g, curved, own);
        switch (run.end - cell) {
          case 3: group<V, 3>(problem, cell, run.head, g, curved, own); break;
          case 2: group<V, 2>(problem, cell, run.head, g, curved, own); break;
          case 1: group<V, 1>(problem, cell, run.head, g, curved, own); break;
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
    for (size_t h = 0; h < heads; h++)
      for (size_t j = 0; j < D; j++) {
        double sum = 0;
        for (int t = 0; t < threads; t++) sum += totals[t][h * stride + j];
        gradient[h * D + j] = sum;
      }
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
    double loss = 0, slope = 0, square = 0;
    for (int t = 0; t < threads; t++) for (size_t h = 0; h < heads; h++) { loss += sums[t][h].loss; slope += sums[t][h].slope; }
    for (double g : gradient) square += g * g;
    std::printf("%.6f %.10g %.10g %.10g\n", ms, curved ? 0. : loss, slope, square);
    std::fflush(stdout);
  }
}
