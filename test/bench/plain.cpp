// Plain C++ as a careful programmer writes it with the standard library: std::exp, std::log, std::erfc, no intrinsics.
// usage: plain price|scenarios|scenarios-hoisted INPUT MILLISECONDS  ->  prints "units cpu-seconds checksum"
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

using Column = std::vector<double>;

static inline double normalCdf(double x) { return 0.5 * std::erfc(-x * 0.70710678118654752440); }

struct Rows {
  std::size_t count;
  Column spot, strike, years, rate, yield, volatility, sign;
};

struct Scenario {
  double factor, volatilityFactor;
};

struct Results {
  Column price, delta, gamma, vega, theta;
};

__attribute__((noinline)) static void priceRows(const Rows &in, Results &out) {
  for (std::size_t i = 0; i < in.count; i++) {
    const double w = in.sign[i], T = in.years[i], volatility = in.volatility[i];
    const double root = std::sqrt(T), s = volatility * root;
    const double d1 = (std::log(in.spot[i] / in.strike[i]) + (in.rate[i] - in.yield[i] + 0.5 * volatility * volatility) * T) / s;
    const double d2 = d1 - s;
    const double growth = std::exp(-in.yield[i] * T), discount = std::exp(-in.rate[i] * T);
    const double n1 = normalCdf(w * d1), n2 = normalCdf(w * d2);
    const double density = 0.39894228040143267794 * std::exp(-0.5 * d1 * d1);
    const double spotNow = in.spot[i] * growth, strikeNow = in.strike[i] * discount;
    out.price[i] = w * (spotNow * n1 - strikeNow * n2);
    out.delta[i] = w * growth * n1;
    out.gamma[i] = growth * density / (in.spot[i] * s);
    out.vega[i] = spotNow * density * root;
    out.theta[i] = -spotNow * density * volatility / (2 * root) + w * (in.yield[i] * spotNow * n1 - in.rate[i] * strikeNow * n2);
  }
}

// Discounting and the root are done once per contract; a scenario costs a logarithm and two complementary error functions.
__attribute__((noinline)) static void scenarioGrid(const Rows &in, const std::vector<Scenario> &scenarios, Column &out) {
  for (std::size_t i = 0; i < in.count; i++) {
    const double w = in.sign[i], T = in.years[i], root = std::sqrt(T);
    const double growth = std::exp(-in.yield[i] * T), strikeNow = in.strike[i] * std::exp(-in.rate[i] * T);
    for (std::size_t j = 0; j < scenarios.size(); j++) {
      const double spot = in.spot[i] * scenarios[j].factor, volatility = in.volatility[i] * scenarios[j].volatilityFactor;
      const double s = volatility * root;
      const double d1 = (std::log(spot / in.strike[i]) + (in.rate[i] - in.yield[i] + 0.5 * volatility * volatility) * T) / s;
      out[i * scenarios.size() + j] = w * (spot * growth * normalCdf(w * d1) - strikeNow * normalCdf(w * (d1 - s)));
    }
  }
}

// The same with the kernel's idea of what to share: ln(forward/strike) once per contract and ln(factor) once per scenario.
__attribute__((noinline)) static void scenarioGridHoisted(const Rows &in, const std::vector<Scenario> &scenarios, Column &out) {
  std::vector<double> logFactor;
  for (const Scenario &scenario : scenarios) logFactor.push_back(std::log(scenario.factor));
  for (std::size_t i = 0; i < in.count; i++) {
    const double w = in.sign[i], T = in.years[i], root = std::sqrt(T);
    const double spotNow = in.spot[i] * std::exp(-in.yield[i] * T), strikeNow = in.strike[i] * std::exp(-in.rate[i] * T);
    const double x = std::log(in.spot[i] / in.strike[i]) + (in.rate[i] - in.yield[i]) * T;
    for (std::size_t j = 0; j < scenarios.size(); j++) {
      const double s = in.volatility[i] * scenarios[j].volatilityFactor * root;
      const double d1 = (x + logFactor[j]) / s + 0.5 * s;
      out[i * scenarios.size() + j] = w * (spotNow * scenarios[j].factor * normalCdf(w * d1) - strikeNow * normalCdf(w * (d1 - s)));
    }
  }
}

static Column readColumn(std::FILE *file, std::size_t count) {
  Column column(count);
  if (std::fread(column.data(), sizeof(double), count, file) != count) std::exit(2);
  return column;
}

template <typename Work> static void measure(double milliseconds, double unitsPerPass, Work work) {
  work();
  double units = 0, seconds = 0;
  const std::clock_t start = std::clock();
  do {
    work();
    units += unitsPerPass;
    seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  } while (seconds * 1000 < milliseconds);
  std::printf("%.17g %.17g ", units, seconds);
}

static double sum(const Column &column) {
  double total = 0;
  for (double value : column) total += value;
  return total;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  std::FILE *file = std::fopen(argv[2], "rb");
  if (!file) return 2;
  const Column head = readColumn(file, 2);
  Rows in;
  in.count = static_cast<std::size_t>(head[0]);
  for (Column *column : {&in.spot, &in.strike, &in.years, &in.rate, &in.yield, &in.volatility, &in.sign}) *column = readColumn(file, in.count);
  std::vector<Scenario> scenarios;
  for (double j = 0; j < head[1]; j++) {
    const Column pair = readColumn(file, 2);
    scenarios.push_back({pair[0], pair[1]});
  }
  std::fclose(file);
  const double milliseconds = std::atof(argv[3]);
  if (!std::strcmp(argv[1], "price")) {
    Results out;
    for (Column *column : {&out.price, &out.delta, &out.gamma, &out.vega, &out.theta}) column->resize(in.count);
    measure(milliseconds, in.count, [&] { priceRows(in, out); });
    std::printf("%.17g\n", sum(out.price) + sum(out.delta) + sum(out.gamma) + sum(out.vega) + sum(out.theta));
    return 0;
  }
  Column out(in.count * scenarios.size());
  const bool hoisted = !std::strcmp(argv[1], "scenarios-hoisted");
  measure(milliseconds, out.size(), [&] {
    if (hoisted) scenarioGridHoisted(in, scenarios, out);
    else scenarioGrid(in, scenarios, out);
  });
  std::printf("%.17g\n", sum(out));
}
