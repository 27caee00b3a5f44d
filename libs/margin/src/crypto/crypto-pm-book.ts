import type { MarketSnapshot, UnderlyingQuote } from '@ballast/domain';
import { currencyRate } from '../fx-to-base';
import type { ValuedContract, ValuedPosition } from '../instrument-valuation';
import type { OptionScenarioValues } from '../option-scenario-values';
import type { ValueScenarios } from '../option-terms';
import type { RawGreeks } from '../option-greeks';
import { contractGreeks } from '../position-greeks';
import { linearPnl, valueOptionShocks } from '../scenario-values';
import type { SharedContracts } from '../shared-contracts';
import { groupByUnderlying } from '../value-positions';
import type { CryptoPmContract } from './crypto-pm-contract';
import {
  parametersOfUnderlying,
  type CryptoPmParameters,
  type CryptoPmUnderlyingParameters,
} from './crypto-pm-parameters';
import { cryptoPmScenarios, type CryptoPmScenario } from './crypto-pm-scenario';
import { shockCryptoPmVolatility } from './crypto-pm-volatility';

/** All contracts on one underlying with the scenarios they were valued under. */
export interface CryptoPmBook {
  readonly underlying: string;
  /** Base currency per coin at the index. */
  readonly basePerCoin: number;
  /** USD per unit of base currency. */
  readonly usdPerBase: number;
  readonly parameters: CryptoPmUnderlyingParameters;
  readonly scenarios: readonly CryptoPmScenario[];
  readonly contracts: readonly CryptoPmContract[];
  /** Place of each contract in the portfolio's canonical order. */
  readonly places: readonly number[];
}

/** Values a portfolio once and cuts it into one book per underlying, underlyings and contracts in canonical order. */
export function buildCryptoPmBooks(input: {
  readonly positions: readonly ValuedPosition[];
  readonly snapshot: MarketSnapshot;
  readonly baseCurrency: string;
  readonly parameters: CryptoPmParameters;
  readonly valueScenarios: ValueScenarios;
  readonly shared?: SharedContracts | undefined;
}): readonly CryptoPmBook[] {
  const { positions, snapshot, baseCurrency, parameters, valueScenarios } = input;
  const known = input.shared?.cryptoPm ?? new Map<ValuedContract, CryptoPmContract>();
  const placeOf = new Map(positions.map((position, place) => [position, place]));
  return [...groupByUnderlying(positions)].map(([underlying, members]) => {
    const own = parametersOfUnderlying(parameters, underlying);
    const scenarios = cryptoPmScenarios(own);
    const missing = members.flatMap(({ contract }) => (known.has(contract) ? [] : [contract]));
    const options = missing.filter(({ option }) => option !== undefined);
    const requests = options.map((contract) => ({ contract, shocks: () => shocksOf(contract, scenarios, own) }));
    const values = valueOptionShocks(requests, valueScenarios);
    const valuesOf = new Map(options.map((contract, index) => [contract, values[index] as OptionScenarioValues]));
    for (const contract of missing) {
      const greeks = input.shared?.greeks.get(contract) ?? contractGreeks(contract);
      input.shared?.greeks.set(contract, greeks);
      known.set(contract, toContract(contract, { scenarios, baseCurrency, greeks, values: valuesOf.get(contract) }));
    }
    const contracts = members.map(({ contract }) => known.get(contract) as CryptoPmContract);
    const { underlying: quote } = (members[0] as ValuedPosition).contract;
    const basePerCoin = coinRate(members, quote, snapshot, baseCurrency);
    const usdPerCoin = (members[0] as ValuedPosition).contract.spot * usdPerQuote(quote, snapshot);
    const places = members.map((member) => placeOf.get(member) as number);
    return {
      underlying,
      basePerCoin,
      usdPerBase: usdPerCoin / basePerCoin,
      parameters: own,
      scenarios,
      contracts,
      places,
    };
  });
}

function shocksOf(
  { option, yearsToExpiry }: ValuedContract,
  scenarios: readonly CryptoPmScenario[],
  parameters: CryptoPmUnderlyingParameters,
) {
  const point = { volatility: option?.volatility ?? 0, daysToExpiry: yearsToExpiry * 365 };
  return scenarios.map(({ move, volatility }) => ({
    priceFactor: 1 + move,
    volatility: shockCryptoPmVolatility(point, volatility, parameters),
  }));
}

function toContract(
  contract: ValuedContract,
  context: {
    readonly scenarios: readonly CryptoPmScenario[];
    readonly baseCurrency: string;
    readonly greeks: RawGreeks;
    readonly values: OptionScenarioValues | undefined;
  },
): CryptoPmContract {
  const { instrument, multiplier, fxToBase, mark, yearsToExpiry } = contract;
  const { scenarios, baseCurrency, greeks, values } = context;
  const inverse = instrument.settlement === 'inverse';
  const settlesItself =
    instrument.type === 'underlying' && (inverse || [instrument.underlying, instrument.id].includes(baseCurrency));
  const unit = multiplier * fxToBase;
  const pnls = Float64Array.from(scenarios, ({ move }, index) =>
    values === undefined
      ? unit * (settlesItself ? 0 : linearPnl({ settlement: instrument.settlement, price: mark }, move))
      : unit * ((values.shocked[index] as number) - values.base),
  );
  return {
    instrumentId: instrument.id,
    inverse,
    rollYears: instrument.type === 'underlying' ? null : yearsToExpiry,
    delta: settlesItself ? 0 : greeks.delta * multiplier,
    pnls,
  };
}

/** Base currency per coin: what an inverse contract settles at, else the index in base currency. */
function coinRate(
  members: readonly ValuedPosition[],
  quote: UnderlyingQuote,
  snapshot: MarketSnapshot,
  baseCurrency: string,
): number {
  const inverse = members.find(({ contract }) => contract.instrument.settlement === 'inverse');
  if (inverse !== undefined) return inverse.contract.fxToBase;
  if (quote.underlyingId === baseCurrency) return 1;
  const { spot } = (members[0] as ValuedPosition).contract;
  return spot * currencyRate(snapshot, { from: quote.currency, to: baseCurrency });
}

/** Venues state their dollar amounts in dollar stablecoins too; any other quote currency needs its exchange rate. */
const dollars = ['USD', 'USDC', 'USDT'];

function usdPerQuote(quote: UnderlyingQuote, snapshot: MarketSnapshot): number {
  return dollars.includes(quote.currency) ? 1 : currencyRate(snapshot, { from: quote.currency, to: 'USD' });
}
