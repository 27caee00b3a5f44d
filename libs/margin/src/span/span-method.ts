import type { OptionInstrument, UnderlyingQuote } from '@ballast/domain';
import { indeterminateRequirement } from '../build-requirement';
import type { ModelChoice } from '../instrument-valuation';
import type { MarginInput, MarginMethod } from '../margin-method';
import type { MarginRequirement } from '../margin-requirement';
import { computeNetOptionValue } from '../net-option-value';
import { computePositionGreeks } from '../position-greeks';
import { groupByUnderlying, valuePositions } from '../value-positions';
import { buildSpanBook, parametersOf, type SpanHolding } from './build-span-book';
import { parseSpanParameters } from './parse-span-parameters';
import { computeSpanBookRequirement } from './span-book-requirement';
import type { SpanParameters } from './span-parameters';

/** The SPAN-style methodology: sixteen scenarios per combined commodity, spread charges, credits and minimum. */
export const spanMethod: MarginMethod<SpanParameters> = {
  methodology: 'SPAN',
  parseParameters: parseSpanParameters,
  computeRequirement: computeSpanRequirement,
};

/**
 * Computes a SPAN-style requirement (methodology §1): arrange → value once → risk arrays → scan → charges and credits →
 * minimum → requirement with its breakdown.
 *
 * `scenarios` holds sixteen rows per underlying, the loss of the position; the target of a scanning spread has its own
 * rows.
 */
export function computeSpanRequirement(input: MarginInput<SpanParameters>): MarginRequirement {
  const { portfolio, snapshot, parameters, shared } = input;
  const chooseModel = (instrument: OptionInstrument, underlying: UnderlyingQuote) =>
    chooseSpanModel(instrument, underlying, parameters);
  const valuation = valuePositions({ portfolio, snapshot, chooseModel, shared });
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
