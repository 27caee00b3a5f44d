// QuantLib on the same inputs.
// usage: quantlib calculator|engine|american-fast|american-accurate|baw INPUT MILLISECONDS  ->  "units cpu-seconds checksum"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <vector>
#include <ql/exercise.hpp>
#include <ql/instruments/payoffs.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/pricingengines/blackcalculator.hpp>
#include <ql/pricingengines/vanilla/analyticeuropeanengine.hpp>
#include <ql/pricingengines/vanilla/baroneadesiwhaleyengine.hpp>
#include <ql/pricingengines/vanilla/qdfpamericanengine.hpp>
#include <ql/processes/blackscholesprocess.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

using namespace QuantLib;
using Column = std::vector<double>;

struct Rows {
  std::size_t count;
  Column spot, strike, years, rate, yield, volatility, sign;
};

static Column readColumn(std::FILE *file, std::size_t count) {
  Column column(count);
  if (std::fread(column.data(), sizeof(double), count, file) != count) std::exit(2);
  return column;
}

static double calculator(const Rows &in, std::size_t i) {
  const double T = in.years[i], discount = std::exp(-in.rate[i] * T);
  const double forward = in.spot[i] * std::exp((in.rate[i] - in.yield[i]) * T);
  const auto type = in.sign[i] > 0 ? Option::Call : Option::Put;
  const BlackCalculator black(ext::make_shared<PlainVanillaPayoff>(type, in.strike[i]), forward, in.volatility[i] * std::sqrt(T), discount);
  return black.value() + black.delta(in.spot[i]) + black.gamma(in.spot[i]) + black.vega(T) + black.theta(in.spot[i], T);
}

struct Market {
  ext::shared_ptr<SimpleQuote> spot = ext::make_shared<SimpleQuote>(100), rate = ext::make_shared<SimpleQuote>(0.05),
                               yield = ext::make_shared<SimpleQuote>(0.02), volatility = ext::make_shared<SimpleQuote>(0.25);
  ext::shared_ptr<BlackScholesMertonProcess> process;
  Date today;
  Market() : today(15, June, 2026) {
    Settings::instance().evaluationDate() = today;
    const DayCounter days = Actual365Fixed();
    process = ext::make_shared<BlackScholesMertonProcess>(
        Handle<Quote>(spot), Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, Handle<Quote>(yield), days)),
        Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, Handle<Quote>(rate), days)),
        Handle<BlackVolTermStructure>(ext::make_shared<BlackConstantVol>(today, NullCalendar(), Handle<Quote>(volatility), days)));
  }
};

static double sumOfEngine(Market &market, const Rows &in, std::size_t i) {
  market.spot->setValue(in.spot[i]);
  market.rate->setValue(in.rate[i]);
  market.yield->setValue(in.yield[i]);
  market.volatility->setValue(in.volatility[i]);
  const Date expiry = market.today + static_cast<Integer>(std::max(1.0, std::floor(in.years[i] * 365 + 0.5)));
  VanillaOption option(ext::make_shared<PlainVanillaPayoff>(in.sign[i] > 0 ? Option::Call : Option::Put, in.strike[i]),
                       ext::make_shared<EuropeanExercise>(expiry));
  option.setPricingEngine(ext::make_shared<AnalyticEuropeanEngine>(market.process));
  return option.NPV() + option.delta() + option.gamma() + option.vega() + option.theta();
}

// The array of sixteen scenarios of one put, strike 100, half a year: seven moves on two volatilities, two extremes.
static double americanArray(Market &market, const ext::shared_ptr<PricingEngine> &engine, const Date &expiry) {
  VanillaOption option(ext::make_shared<PlainVanillaPayoff>(Option::Put, 100), ext::make_shared<AmericanExercise>(market.today, expiry));
  option.setPricingEngine(engine);
  double total = 0;
  const auto add = [&](double factor, double volatility) {
    market.spot->setValue(100 * factor);
    market.volatility->setValue(volatility);
    total += option.NPV();
  };
  for (int thirds : {0, 1, -1, 2, -2, 3, -3})
    for (double change : {1.25, 0.75}) add(1 + 0.15 * thirds / 3, 0.25 * change);
  add(1.3, 0.25);
  add(0.7, 0.25);
  return total;
}

static void measure(double milliseconds, double unitsPerPass, const std::function<double()> &work) {
  double checksum = work(), units = 0, seconds = 0;
  const std::clock_t start = std::clock();
  do {
    checksum = work();
    units += unitsPerPass;
    seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  } while (seconds * 1000 < milliseconds);
  std::printf("%.17g %.17g %.17g\n", units, seconds, checksum);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  std::FILE *file = std::fopen(argv[2], "rb");
  if (!file) return 2;
  const Column head = readColumn(file, 2);
  Rows in;
  in.count = static_cast<std::size_t>(head[0]);
  for (Column *column : {&in.spot, &in.strike, &in.years, &in.rate, &in.yield, &in.volatility, &in.sign}) *column = readColumn(file, in.count);
  std::fclose(file);
  const double milliseconds = std::atof(argv[3]);
  Market market;
  if (!std::strcmp(argv[1], "calculator") || !std::strcmp(argv[1], "engine")) {
    const bool isEngine = !std::strcmp(argv[1], "engine");
    const std::size_t count = isEngine ? std::min<std::size_t>(in.count, 1024) : in.count;
    measure(milliseconds, count, [&] {
      double total = 0;
      for (std::size_t i = 0; i < count; i++) total += isEngine ? sumOfEngine(market, in, i) : calculator(in, i);
      return total;
    });
    return 0;
  }
  // 182.5 days do not exist as a date: 182 days here and in the rows of our own code.
  const Date expiry = market.today + 182;
  ext::shared_ptr<PricingEngine> engine;
  if (!std::strcmp(argv[1], "baw")) engine = ext::make_shared<BaroneAdesiWhaleyApproximationEngine>(market.process);
  else if (!std::strcmp(argv[1], "american-fast"))
    engine = ext::make_shared<QdFpAmericanEngine>(market.process, QdFpAmericanEngine::fastScheme());
  else engine = ext::make_shared<QdFpAmericanEngine>(market.process, QdFpAmericanEngine::accurateScheme());
  measure(milliseconds, 1, [&] { return americanArray(market, engine, expiry); });
}
