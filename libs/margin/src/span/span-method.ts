import type { OptionInstrument, UnderlyingQuote } from '@ballast/domain';
import { indeterminateRequirement } from '../build-requirement';
import type { ModelChoice } from '../instrument-valuation';
import type { BookPreparation } from '../margin-book';
import type { MarginInput, MarginMethod } from '../margin-method';
import type { MarginRequirement } from '../margin-requirement';
import { computeNetOptionValue } from '../net-option-value';
import { computePositionGreeks } from '../position-greeks';
import { groupByUnderlying, valuePositions } from '../value-positions';
import { buildSpanBook, parametersOf, type SpanHolding } from './build-span-book';
import { parseSpanParameters } from './parse-span-parameters';
import type { SpanBook, SpanCommodity } from './span-book';
import { computeSpanBookRequirement } from './span-book-requirement';
import { computeSpanFigures } from './span-figures';
import type { SpanParameters } from './span-parameters';
import { takeSpanApart } from './span-parts';

/** The SPAN-style methodology: sixteen scenarios per combined commodity, spread charges, credits and minimum. */
export const spanMethod: MarginMethod<SpanParameters> = {
  methodology: 'SPAN',
  parseParameters: parseSpanParameters,
  computeRequirement: computeSpanRequirement,
  prepareBook: prepareSpanBook,
};

/**
 * Computes a SPAN-style requirement (methodology §1): arrange → value once → risk arrays → scan → charges and credits →
 * minimum → requirement with its breakdown.
 *
 * `scenarios` holds sixteen rows per underlying, the loss of the position; the target of a scanning spread has its own
 * rows.
 */
export function computeSpanRequirement(input: MarginInput<SpanParameters>): MarginRequirement {
  const { portfolio, shared } = input;
  const valuation = valueSpanPositions(input);
  if (valuation.status === 'indeterminate') {
    const { reasons, warnings } = valuation;
    return indeterminateRequirement({ methodology: 'SPAN', reasons, warnings });
  }
  const holding = buildSpanBook(input, valuation.positions);
  return computeSpanBookRequirement({
    ...holding,
    currency: portfolio.baseCurrency,
    netOptionValues: netOptionValues(holding),
    greeks: computePositionGreeks(valuation.positions, shared),
    warnings: valuation.warnings,
  });
}

function prepareSpanBook(input: MarginInput<SpanParameters>): BookPreparation {
  const valuation = valueSpanPositions(input);
  if (valuation.status === 'indeterminate') return valuation;
  const { book, positions, quantities: held } = buildSpanBook(input, valuation.positions);
  const figuresOf = (quantities: Float64Array) => {
    const { initial, maintenance } = computeSpanFigures(book, quantities);
    return { initialRequirement: initial, maintenanceRequirement: maintenance };
  };
  const takeApart = () => takeSpanApart(book, held);
  return { status: 'valued', book: { positions, subadditive: isScannedOnly(book), figuresOf, takeApart } };
}

/** Scan risk, short option minimum and exposure are subadditive; charges and credits of spreads are not. */
export function isScannedOnly({
  commodities,
  intercommodity,
}: {
  readonly commodities: readonly Pick<SpanCommodity, 'parameters'>[];
  readonly intercommodity: SpanBook['intercommodity'];
}): boolean {
  return (
    intercommodity.length === 0 &&
    commodities.every(
      ({ parameters }) => parameters.calendarSpreads.length === 0 && parameters.deliveryCharge.length === 0,
    )
  );
}

/** Values the positions of a portfolio by the models that SPAN prescribes for them. */
export function valueSpanPositions({ portfolio, snapshot, parameters, shared }: MarginInput<SpanParameters>) {
  const chooseModel = (instrument: OptionInstrument, underlying: UnderlyingQuote) =>
    chooseSpanModel(instrument, underlying, parameters);
  return valuePositions({ portfolio, snapshot, chooseModel, shared });
}

/** Model of an option: the commodity's own, else American baw and European black-scholes (black76 on a future). */
export function chooseSpanModel(
  instrument: OptionInstrument,
  underlying: UnderlyingQuote,
  parameters: SpanParameters,
): ModelChoice {
  const chosen = parametersOf(parameters, instrument.underlying).model;
  if (chosen !== null) return { model: chosen };
  if (instrument.exercise === 'american') return { model: 'american-baw' };
  return { model: underlying.kind === 'future' ? 'black76' : 'black-scholes' };
}

function netOptionValues(holding: SpanHolding): ReadonlyMap<string, number> {
  const groups = groupByUnderlying(holding.positions);
  return new Map([...groups].map(([id, members]) => [id, computeNetOptionValue(members)]));
}
