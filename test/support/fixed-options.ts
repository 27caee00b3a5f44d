/**
 * The functions that have no kernel, over rows of the fixed batch: American options in every model, implied volatility.
 * Their hashes prove that the same bits come out everywhere.
 */
import {
  americanAlo,
  americanBaw,
  binomialCrr,
  black76Price,
  bachelierPrice,
  exp,
  impliedVolatilityBatch,
  PricingInputError,
  valueAmericanScenarioGrid,
  type AmericanMode,
  type AmericanOption,
  type AmericanResult,
  type BlackScholesColumns,
  type ImpliedVolatilityModel,
} from '@ballast/pricing';
import { hashColumns } from './batch-hash';
import { sixteenScenarios } from './fixed-batch';
import { buildKernelCases } from './kernel-cases';

/** One hash per function. */
export type FixedOptionHashes = Readonly<Record<keyof typeof fixedOptionHashes, string>>;

/** Computes each hash. */
export const fixedOptionHashes = {
  americanFast: () => hashResults((option) => americanAlo({ ...option, mode: 'fast' })),
  americanAccurate: () => hashResults((option) => americanAlo({ ...option, mode: 'accurate' })),
  americanScenarioPricesFast: () => hashScenarios('fast'),
  americanScenarioPricesAccurate: () => hashScenarios('accurate'),
  americanBaw: () => hashResults(americanBaw),
  binomialCrr: () => hashResults((option) => binomialCrr({ ...option, steps: 51 })),
  impliedVolatilityBlack76: () => hashVolatilities('black76'),
  impliedVolatilityBachelier: () => hashVolatilities('bachelier'),
};

/** Computes all of them. */
export function hashFixedOptions(): FixedOptionHashes {
  const entries = Object.entries(fixedOptionHashes).map(([name, hash]) => [name, hash()]);
  return Object.fromEntries(entries) as FixedOptionHashes;
}

/** Price and every sensitivity of every row; a refused row gives NaN. */
function hashResults(price: (option: AmericanOption) => AmericanResult): string {
  const rows = fixedRows();
  const names = ['price', 'delta', 'gamma', 'vega', 'theta', 'rho'] as const;
  const columns = names.map(() => new Float64Array(ROWS).fill(NaN));
  for (let row = 0; row < ROWS; row++) {
    const result = resultOrNull(() => price(optionAt(rows, row)));
    if (result !== null) names.forEach((name, index) => (columns[index]![row] = result[name]));
  }
  return hashColumns(columns);
}

function hashScenarios(mode: AmericanMode): string {
  const rows = fixedRows();
  const part = (column: Float64Array) => column.subarray(0, SCENARIO_ROWS);
  const contracts = Object.fromEntries(Object.entries(rows).map(([name, column]) => [name, part(column)]));
  const outcomes = new Float64Array(SCENARIO_ROWS * sixteenScenarios.length);
  const input = { scenarios: sixteenScenarios, outcome: 'price', mode } as const;
  valueAmericanScenarioGrid({ ...input, contracts: contracts as unknown as BlackScholesColumns }, outcomes);
  return hashColumns([outcomes]);
}

/** Volatilities implied by the model's own prices; under Bachelier the volatility is that of the price itself. */
function hashVolatilities(model: ImpliedVolatilityModel): string {
  const rows = fixedRows();
  const price = new Float64Array(ROWS).fill(NaN);
  const discountFactor = rows.rate.map((rate, row) => exp(-rate * rows.yearsToExpiry[row]!));
  for (let row = 0; row < ROWS; row++) {
    const { spot: forward, volatility, ...others } = optionAt(rows, row);
    const value = resultOrNull(() =>
      model === 'black76'
        ? black76Price({ ...others, forward, volatility })
        : bachelierPrice({ ...others, forward, volatility: volatility * forward }),
    );
    if (value !== null) price[row] = value;
  }
  const { spot: forward, strike, yearsToExpiry, right } = rows;
  const answers = { volatility: new Float64Array(ROWS), status: new Uint8Array(ROWS) };
  impliedVolatilityBatch(model, { forward, strike, yearsToExpiry, discountFactor, price, right }, answers);
  return hashColumns([answers.volatility, Float64Array.from(answers.status)]);
}

function fixedRows(): BlackScholesColumns {
  return buildKernelCases(ROWS, FIXED_SEED);
}

function optionAt(rows: BlackScholesColumns, row: number): AmericanOption {
  const at = (name: keyof BlackScholesColumns) => rows[name][row]!;
  return {
    ...{ right: at('right') > 0 ? 'call' : 'put', spot: at('spot'), strike: at('strike'), rate: at('rate') },
    ...{ yearsToExpiry: at('yearsToExpiry'), dividendYield: at('dividendYield'), volatility: at('volatility') },
  };
}

function resultOrNull<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof PricingInputError) return null;
    throw error;
  }
}

const ROWS = 2000;
const SCENARIO_ROWS = 200;
const FIXED_SEED = 11;
