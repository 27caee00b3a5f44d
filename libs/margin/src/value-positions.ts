import type { Instrument, MarketSnapshot, OptionInstrument, UnderlyingQuote } from '@ballast/domain';
import { arrangePortfolio } from './arrange-portfolio';
import { type ContractValuation, type ModelChoice, type ValuedPosition, valueInstrument } from './instrument-valuation';
import type { Portfolio } from './portfolio';
import type { SharedContracts } from './shared-contracts';

/** The valued book, or every reason why it cannot be valued. */
export type PositionValuation =
  | { readonly status: 'valued'; readonly positions: readonly ValuedPosition[]; readonly warnings: readonly string[] }
  | { readonly status: 'indeterminate'; readonly reasons: readonly string[]; readonly warnings: readonly string[] };

/**
 * Arranges a portfolio and values each contract of it once: the first step of every scenario methodology.
 *
 * Positions come net and in canonical order. One contract that cannot be valued makes the whole book indeterminate,
 * because a requirement without it would be a smaller number.
 *
 * @param input.shared  valuations of earlier portfolios with the same `chooseModel`, read and added to
 * @throws DomainError as arrangePortfolio and valueInstrument
 */
export function valuePositions(input: {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
  readonly chooseModel: (instrument: OptionInstrument, underlying: UnderlyingQuote) => ModelChoice;
  readonly shared?: Pick<SharedContracts, 'valuations'> | undefined;
}): PositionValuation {
  const { portfolio, snapshot, chooseModel } = input;
  const { asOf, baseCurrency } = portfolio;
  const known = valuationsIn(baseCurrency, input.shared);
  const positions: ValuedPosition[] = [];
  const reasons: string[] = [];
  for (const { instrument, quantity } of arrangePortfolio(portfolio, snapshot)) {
    const valuation =
      known.get(instrument) ?? valueInstrument({ instrument, snapshot, asOf, baseCurrency, chooseModel });
    known.set(instrument, valuation);
    if (valuation.status === 'valued') positions.push({ contract: valuation.contract, quantity });
    else reasons.push(valuation.reason);
  }
  const warnings = positions.flatMap(({ contract }) => contract.warnings);
  if (reasons.length > 0) return { status: 'indeterminate', reasons, warnings };
  return { status: 'valued', positions, warnings };
}

function valuationsIn(
  baseCurrency: string,
  shared: Pick<SharedContracts, 'valuations'> | undefined,
): Map<Instrument, ContractValuation> {
  const known = shared?.valuations.get(baseCurrency) ?? new Map<Instrument, ContractValuation>();
  shared?.valuations.set(baseCurrency, known);
  return known;
}

/** Groups positions by underlying, groups and members in canonical order. */
export function groupByUnderlying(
  positions: readonly ValuedPosition[],
): ReadonlyMap<string, readonly ValuedPosition[]> {
  const groups = new Map<string, ValuedPosition[]>();
  const ids = [...new Set(positions.map(({ contract }) => contract.instrument.underlying))].sort();
  for (const id of ids) groups.set(id, []);
  for (const position of positions) groups.get(position.contract.instrument.underlying)?.push(position);
  return groups;
}
