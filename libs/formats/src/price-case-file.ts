// Input rows and output columns of `ballast price`.
import type { OptionRight } from '@ballast/domain';
import { CaseHeader, CaseRefusal } from './case-header';
import { choiceCell, numberCell, numberOrInfinityCell, positiveIntegerCell } from './cell';
import type { DelimitedRecord } from './delimited-text';
import type { ColumnRule } from './table-header';

export const spotModels = ['black-scholes', 'american-alo', 'american-baw', 'binomial-crr'] as const;
export const forwardModels = ['black76', 'bachelier'] as const;
export const priceModels = [
  'black-scholes',
  'black76',
  'bachelier',
  'american-alo',
  'american-baw',
  'binomial-crr',
] as const;
export type SpotModel = (typeof spotModels)[number];
export type ForwardModel = (typeof forwardModels)[number];

interface CaseTerms {
  readonly right: OptionRight;
  readonly strike: number;
  readonly yearsToExpiry: number;
  readonly rate: number;
  /** Lognormal volatility, or price units per √year for bachelier. */
  readonly volatility: number;
}

/** One contract to price. Ranges are checked by the model, the cells only by form. */
export type PriceCase =
  | (CaseTerms & {
      readonly model: SpotModel;
      readonly spot: number;
      readonly dividendYield: number;
      /** Steps of the binomial tree. */
      readonly steps: number;
      readonly mode: 'fast' | 'accurate';
    })
  | (CaseTerms & { readonly model: ForwardModel; readonly forward: number });

/** Columns of the input; at least one of spot and forward must be there. */
export const priceCaseColumns: readonly ColumnRule[] = [
  { name: 'id', optional: true },
  { name: 'model' },
  { name: 'right' },
  { name: 'spot', optional: true },
  { name: 'forward', optional: true },
  { name: 'strike' },
  { name: 'yearsToExpiry' },
  { name: 'rate' },
  { name: 'dividendYield', optional: true },
  { name: 'volatility' },
  { name: 'steps', optional: true },
  { name: 'mode', optional: true },
];

/** Columns the output adds to those of the input, in this order. */
export const priceResultColumns = [
  'price', 'delta', 'gamma', 'vega', 'theta', 'rho', 'dividendRho', 'vanna', 'volga', 'charm', 'veta', 'speed', 'zomma',
  'color', 'dualDelta', 'dualGamma',
] as const; // prettier-ignore
export type PriceResultColumn = (typeof priceResultColumns)[number];

/** Figures of one priced contract; what a model does not define is absent. */
export type PriceFigures = Readonly<Partial<Record<PriceResultColumn, number>>>;

const defaultSteps = 801;
const modelCell = choiceCell(priceModels);
const rightCell = choiceCell(['call', 'put']);
const modeCell = choiceCell(['fast', 'accurate']);

/** @throws FileRefusal naming the unknown, missing or repeated columns */
export function priceCaseHeader(record: DelimitedRecord, file: string): CaseHeader {
  const present = record.cells;
  const rules = present.includes('spot') || present.includes('forward') ? priceCaseColumns : priceCaseColumnsWithSpot;
  return new CaseHeader(record, rules, file);
}

/**
 * Reads one row. Spot models take `spot` and `dividendYield`, forward models take `forward`; both or the wrong one is
 * refused. Columns that the model does not use (`steps`, `mode`, a forward model's `dividendYield`) are not read.
 *
 * @throws CaseRefusal
 */
export function readPriceCase(header: CaseHeader, cells: readonly string[]): PriceCase {
  header.requireWidth(cells);
  const model = header.required(cells, 'model', modelCell);
  const isForwardModel = model === 'black76' || model === 'bachelier';
  const wrong = isForwardModel ? 'spot' : 'forward';
  if (header.text(cells, wrong) !== '') {
    throw new CaseRefusal(`${wrong}: ${model} takes ${isForwardModel ? 'forward' : 'spot'}, so ${wrong} must be empty`);
  }
  const terms = {
    right: header.required(cells, 'right', rightCell),
    strike: header.required(cells, 'strike', numberCell),
    yearsToExpiry: header.required(cells, 'yearsToExpiry', numberCell),
    rate: header.required(cells, 'rate', numberCell),
    volatility: header.required(cells, 'volatility', numberOrInfinityCell),
  };
  if (isForwardModel) return { model, ...terms, forward: header.required(cells, 'forward', numberCell) };
  return {
    model,
    ...terms,
    spot: header.required(cells, 'spot', numberCell),
    dividendYield: header.required(cells, 'dividendYield', numberCell),
    steps:
      (model === 'binomial-crr' ? header.optional(cells, 'steps', positiveIntegerCell) : undefined) ?? defaultSteps,
    mode: (model === 'american-alo' ? header.optional(cells, 'mode', modeCell) : undefined) ?? 'accurate',
  };
}

/** Used only to report that neither spot nor forward is there. */
const priceCaseColumnsWithSpot = priceCaseColumns.map((rule) => (rule.name === 'spot' ? { name: 'spot' } : rule));
