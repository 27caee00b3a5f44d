import { formatInstant, type Instant, type OptionInstrument, type UnderlyingQuote } from '@ballast/domain';
import { exp } from '@ballast/pricing';
import type { ValuedContract, ValuedPosition } from '../instrument-valuation';
import type { OptionScenarioValues } from '../option-scenario-values';
import type { ValueScenarios } from '../option-terms';
import { valueOptionShocks, type OptionShock } from '../scenario-values';
import type { SharedContracts } from '../shared-contracts';
import type { PmrmBook, PmrmExpiry, PmrmLinear, PmrmOffsettingCollateral, PmrmOption } from './crypto-pmrm-book';
import { forwardFactor } from './crypto-pmrm-discount';
import type { PmrmParameters } from './crypto-pmrm-parameters';
import { shockPmrmVolatility } from './crypto-pmrm-volatility';

/** What one book is built from. */
export interface PmrmBookInput {
  readonly asOf: Instant;
  /** Positions on the underlying, valued with discount rates not below 0. */
  readonly members: readonly ValuedPosition[];
  readonly placeOf: ReadonlyMap<ValuedPosition, number>;
  readonly collateral: readonly PmrmOffsettingCollateral[];
  readonly parameters: PmrmParameters;
  readonly valueScenarios: ValueScenarios;
  readonly shared?: Pick<SharedContracts, 'optionValues'> | undefined;
}

interface HeldOption {
  readonly contract: ValuedContract;
  readonly instrument: OptionInstrument;
  readonly place: number;
}

/** Values the options of one underlying under all scenarios and groups them by expiry. */
export function buildPmrmBook(quote: UnderlyingQuote, input: PmrmBookInput): PmrmBook {
  const { members, placeOf, parameters, valueScenarios } = input;
  const held = members.flatMap((position): readonly HeldOption[] => {
    const { contract } = position;
    const { instrument } = contract;
    return instrument.type === 'option' ? [{ contract, instrument, place: placeOf.get(position) as number }] : [];
  });
  const requests = held.map(({ contract }) => ({ contract, shocks: () => shocksOf(contract, parameters) }));
  const values = valueOptionShocks(requests, valueScenarios, input.shared);
  const expiries = [...new Set(held.map(({ instrument }) => instrument.expiry))].sort(
    (first, second) => first - second,
  );
  const linear = (type: 'perpetual' | 'underlying', price: number | undefined) =>
    members
      .filter(({ contract }) => contract.instrument.type === type)
      .map((position): PmrmLinear => ({
        place: placeOf.get(position) as number,
        multiplier: position.contract.multiplier,
        price: price ?? position.contract.mark,
      }));
  const perpetualPrice = quote.perpetual?.price.toNumber() ?? 0;
  return {
    underlying: quote.underlyingId,
    spot: quote.price?.toNumber() ?? NaN,
    spotConfidence: quote.confidence ?? 1,
    stablePrice: quote.stablePrice?.toNumber() ?? 1,
    expiries: expiries.map((expiry) =>
      toExpiry(
        quote,
        held.flatMap((option, index) =>
          option.instrument.expiry === expiry ? [toOption(option, values[index] as OptionScenarioValues)] : [],
        ),
        {
          expiry,
          yearsToExpiry: held.find((option) => option.instrument.expiry === expiry)?.contract.yearsToExpiry ?? 0,
        },
      ),
    ),
    perpetuals: linear('perpetual', perpetualPrice > 0 ? perpetualPrice : undefined),
    perpetualConfidence: quote.perpetual?.confidence ?? 1,
    perpetualUnrealised: unrealisedOf(quote),
    coins: linear('underlying', undefined),
    collateral: input.collateral,
  };
}

/** Unrealised profit and funding of an underlying's perpetual [quote currency]. */
export function unrealisedOf({ perpetual }: UnderlyingQuote): number {
  return (perpetual?.unrealisedPnl?.toNumber() ?? 0) + (perpetual?.unrealisedFunding?.toNumber() ?? 0);
}

/** Scenarios in their order, then the basis shocks up and down at unchanged volatility. */
function shocksOf(contract: ValuedContract, parameters: PmrmParameters): readonly OptionShock[] {
  const { option, spot, yearsToExpiry, carry } = contract;
  const secondsToExpiry = yearsToExpiry * 365 * 86_400;
  const volatility = option?.volatility ?? 0;
  const forward = spot * exp((carry.rate - carry.dividendYield) * yearsToExpiry);
  const point = { volatility, strike: option?.terms.strike ?? 0, forward, secondsToExpiry };
  const { shockUp, shockDown } = parameters.basisContingency;
  return [
    ...parameters.scenarios.map(({ spotShock, volatilityShock }) => ({
      priceFactor:
        volatilityShock === 'LINEAR' || volatilityShock === 'ABS' ? 1 : forwardFactor(secondsToExpiry, spotShock),
      volatility: shockPmrmVolatility(point, volatilityShock, parameters),
    })),
    { priceFactor: forwardFactor(secondsToExpiry, shockUp), volatility },
    { priceFactor: forwardFactor(secondsToExpiry, shockDown), volatility },
  ];
}

function toExpiry(
  quote: UnderlyingQuote,
  options: readonly PmrmOption[],
  { expiry, yearsToExpiry }: { readonly expiry: Instant; readonly yearsToExpiry: number },
): PmrmExpiry {
  const forward = quote.forwards.find((quoted) => quoted.expiry === expiry);
  const confidences = [forward?.confidence, forward?.rateConfidence, forward?.volatilityConfidence];
  return {
    label: formatInstant(expiry),
    secondsToExpiry: yearsToExpiry * 365 * 86_400,
    rate: forward?.rate ?? quote.rate,
    confidence: confidences.reduce<number>((least, confidence) => Math.min(least, confidence ?? 1), 1),
    options,
  };
}

function toOption({ contract, instrument, place }: HeldOption, values: OptionScenarioValues): PmrmOption {
  return {
    instrumentId: instrument.id,
    place,
    strike: instrument.strike.toNumber(),
    multiplier: contract.multiplier,
    baseValue: values.base,
    scenarioValues: values.shocked,
  };
}
