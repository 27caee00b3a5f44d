/**
 * The inputs of the benchmark: ordinary option markets from a fixed generator, the same for every contestant.
 */
import { black76Price, exp, log, type BlackScholesColumns, type MarketScenario } from '@ballast/pricing';
import { sixteenScenarios } from '../support/fixed-batch';
import { createColumns, createGenerator } from '../support/kernel-cases';

export interface Workload {
  readonly rows: BlackScholesColumns;
  readonly scenarios: readonly MarketScenario[];
  readonly quotes: QuoteColumns;
}

/** Quotes whose volatility is to be implied. */
export interface QuoteColumns {
  readonly forward: Float64Array;
  readonly strike: Float64Array;
  readonly yearsToExpiry: Float64Array;
  readonly discountFactor: Float64Array;
  readonly price: Float64Array;
  readonly right: Float64Array;
}

/**
 * Builds the inputs: spots 50 … 150, strikes within ±2 standard deviations, a week to three years, volatilities 10 … 80 %,
 * rates 0 … 6 %, dividend yields 0.5 … 4 %, calls and puts in random order.
 */
export function buildWorkload(count: number): Workload {
  const rows = createColumns(count);
  const random = createGenerator(42);
  const uniform = (low: number, high: number) => low + (high - low) * random();
  for (let row = 0; row < count; row++) {
    const spot = uniform(50, 150);
    const years = exp(uniform(log(7 / 365), log(3)));
    const volatility = uniform(0.1, 0.8);
    rows.spot[row] = spot;
    rows.strike[row] = spot * exp(uniform(-2, 2) * volatility * Math.sqrt(years));
    rows.yearsToExpiry[row] = years;
    rows.rate[row] = uniform(0.0001, 0.06);
    rows.dividendYield[row] = uniform(0.005, 0.04);
    rows.volatility[row] = volatility;
    rows.right[row] = random() < 0.5 ? 1 : -1;
  }
  return { rows, scenarios: sixteenScenarios, quotes: buildQuotes(rows) };
}

/** Out-of-the-money quotes, as volatilities are implied from in practice. */
function buildQuotes(rows: BlackScholesColumns): QuoteColumns {
  const count = rows.spot.length;
  const column = () => new Float64Array(count);
  const quotes = {
    ...{ forward: column(), strike: rows.strike, yearsToExpiry: rows.yearsToExpiry },
    ...{ discountFactor: column(), price: column(), right: column() },
  };
  for (let row = 0; row < count; row++) {
    const at = (name: keyof BlackScholesColumns) => rows[name][row] as number;
    const forward = at('spot') * exp((at('rate') - at('dividendYield')) * at('yearsToExpiry'));
    const right = at('strike') >= forward ? 'call' : 'put';
    quotes.forward[row] = forward;
    quotes.discountFactor[row] = exp(-at('rate') * at('yearsToExpiry'));
    quotes.right[row] = right === 'call' ? 1 : -1;
    quotes.price[row] = black76Price({
      ...{ forward, strike: at('strike'), yearsToExpiry: at('yearsToExpiry'), rate: at('rate') },
      ...{ volatility: at('volatility'), right },
    });
  }
  return quotes;
}

/** The inputs as the native contestants read them: two counts, seven columns, factor pairs; little-endian doubles. */
export function encodeWorkload({ rows, scenarios }: Workload): Uint8Array {
  const pairs = scenarios.map(({ spotShock, volatilityShift }) => [1 + spotShock, 1 + volatilityShift.amount]);
  const { spot, strike, yearsToExpiry, rate, dividendYield, volatility, right } = rows;
  const columns = [spot, strike, yearsToExpiry, rate, dividendYield, volatility, right];
  const numbers = [[spot.length, scenarios.length], ...columns, ...pairs].flatMap((part) => Array.from(part));
  return new Uint8Array(Float64Array.from(numbers).buffer);
}
