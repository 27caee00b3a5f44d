import type { MarketSnapshot } from '@ballast/domain';
import { currencyRate } from '../fx-to-base';
import type { ValuedContract, ValuedPosition } from '../instrument-valuation';
import type { OptionScenarioValues } from '../option-scenario-values';
import type { ValueScenarios } from '../option-terms';
import { linearPnl, valueOptionShocks } from '../scenario-values';
import { groupByUnderlying } from '../value-positions';
import type { SharedContracts } from '../shared-contracts';
import { timsMoves, timsTestMoves } from './tims-moves';
import type { TimsParameters } from './tims-parameters';

/** One contract of a class, valued once. */
export interface TimsContract {
  /** Place of the contract in the portfolio's canonical order. */
  readonly place: number;
  /** Loss of one contract long at each valuation point, then at each test move; loss > 0 [base currency]. */
  readonly losses: Float64Array;
  /** Minimum per contract [base currency]; 0 for holdings of the underlying. */
  readonly minimum: number;
}

/** All contracts on one underlying: they net in full. */
export interface TimsClass {
  readonly underlying: string;
  /** Moves of the valuation points, ascending. */
  readonly moves: readonly number[];
  readonly contracts: readonly TimsContract[];
}

/**
 * Values a portfolio once at all points and test moves, one class per underlying, classes in canonical order. The implied
 * volatility of a series stays what it is.
 */
export function buildTimsClasses(input: {
  readonly positions: readonly ValuedPosition[];
  readonly snapshot: MarketSnapshot;
  readonly baseCurrency: string;
  readonly parameters: TimsParameters;
  readonly valueScenarios: ValueScenarios;
  readonly shared?: Pick<SharedContracts, 'optionValues' | 'timsLosses'> | undefined;
}): readonly TimsClass[] {
  const { positions, snapshot, baseCurrency, parameters, valueScenarios } = input;
  const placeOf = new Map(positions.map(({ contract }, place) => [contract, place]));
  return [...groupByUnderlying(positions)].map(([underlying, members]) => {
    const contracts = members.map(({ contract }) => contract);
    const quote = (contracts[0] as ValuedContract).underlying;
    const moves = timsMoves(parameters.ranges[quote.kind], parameters.valuationPoints);
    const allMoves = [...moves, ...timsTestMoves(parameters)];
    const distinct = [...new Set(allMoves)];
    const places = allMoves.map((move) => distinct.indexOf(move));
    const known = input.shared?.timsLosses ?? new Map<ValuedContract, Float64Array>();
    const missing = contracts.filter((contract) => !known.has(contract));
    const options = missing.filter(({ option }) => option !== undefined);
    const values = valueOptionShocks(
      options.map((contract) => ({
        contract,
        shocks: () => distinct.map((move) => ({ priceFactor: 1 + move, volatility: contract.option?.volatility ?? 0 })),
      })),
      valueScenarios,
      input.shared,
    );
    const valuesOf = new Map(options.map((contract, index) => [contract, values[index] as OptionScenarioValues]));
    for (const contract of missing)
      known.set(contract, lossesOf(contract, allMoves, spreadOut(valuesOf.get(contract), places)));
    const minimumRate =
      parameters.minimumPerContract * currencyRate(snapshot, { from: quote.currency, to: baseCurrency });
    return {
      underlying,
      moves,
      contracts: contracts.map((contract) => ({
        place: placeOf.get(contract) as number,
        losses: known.get(contract) as Float64Array,
        minimum: contract.instrument.type === 'underlying' ? 0 : minimumRate * contract.multiplier,
      })),
    };
  });
}

/** Values of distinct moves laid out over all moves. */
function spreadOut(
  values: OptionScenarioValues | undefined,
  places: readonly number[],
): OptionScenarioValues | undefined {
  if (values === undefined) return undefined;
  return { base: values.base, shocked: Float64Array.from(places, (place) => values.shocked[place] as number) };
}

function lossesOf(
  { instrument, multiplier, fxToBase, mark }: ValuedContract,
  moves: readonly number[],
  values: OptionScenarioValues | undefined,
): Float64Array {
  const unit = multiplier * fxToBase;
  return Float64Array.from(moves, (move, index) =>
    values === undefined
      ? -unit * linearPnl({ settlement: instrument.settlement, price: mark }, move)
      : unit * (values.base - (values.shocked[index] as number)),
  );
}
