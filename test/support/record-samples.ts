import {
  Decimal,
  type Account,
  type Instant,
  type Instrument,
  type MarketSnapshot,
  type Money,
  parseInstant,
} from '@ballast/domain';
import type { MarginRequirement } from '@ballast/margin';
import type { AccountResult, NewMarginRun } from '@ballast/persistence';

/** An instant from its RFC 3339 text. */
export function at(text: string): Instant {
  return parseInstant(text, 'at');
}

export function usd(amount: string): Money {
  return { amount: new Decimal(amount), currency: 'USD' };
}

export const hashOf = (digit: string): string => digit.repeat(64);

/** An option on `XYZ` with a strike; the identifier tells the terms. */
export function option(strike: number, right: 'call' | 'put' = 'call'): Instrument {
  return {
    id: `XYZ-${strike}-${right === 'call' ? 'C' : 'P'}`,
    underlying: 'XYZ',
    type: 'option',
    right,
    strike: new Decimal(strike),
    expiry: at('2026-12-18T21:00:00Z'),
    exercise: 'american',
    multiplier: new Decimal(100),
    currency: 'USD',
    settlement: 'linear',
    premiumStyle: 'equity',
  };
}

export function account(code: string): Omit<Account, 'id'> {
  return { code, name: `Account ${code}`, baseCurrency: 'USD', methodology: 'SPAN' };
}

/** A snapshot of `XYZ` with one quote per given contract. */
export function snapshot(asOf: Instant, instruments: readonly Instrument[], price = '100.25'): MarketSnapshot {
  return {
    asOf,
    underlyings: new Map([
      [
        'XYZ',
        {
          underlyingId: 'XYZ',
          kind: 'equity',
          currency: 'USD',
          price: new Decimal(price),
          rate: 0.043,
          dividendYield: 0.1 + 0.2,
          forwards: [{ expiry: at('2026-12-18T21:00:00Z'), price: new Decimal('100.75'), confidence: 0.9 }],
          quotedAt: asOf,
          historicalVolatility: 0.21,
        },
      ],
    ]),
    instruments: new Map(
      instruments.map((instrument, index) => [
        instrument.id,
        {
          instrumentId: instrument.id,
          bid: index % 2 === 0 ? new Decimal('1.05') : null,
          ask: new Decimal('1.15'),
          mark: new Decimal('1.1'),
          impliedVolatility: 0.2 + index / 1_000,
          quotedAt: asOf,
          flags: index % 2 === 0 ? [] : (['Q_ONE_SIDED', 'Q_WIDE'] as const),
        },
      ]),
    ),
    fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.0832') }],
  };
}

/** A result with figures; `buffer` decides status and ratio. */
export function result(accountId: string, parameterSetId: string, buffer = '500.00'): AccountResult {
  const maintenance = usd('1000.00');
  const requirement: MarginRequirement = {
    methodology: 'SPAN',
    quality: 'OK',
    qualityReasons: [],
    initialRequirement: usd('1200.00'),
    maintenanceRequirement: maintenance,
    netOptionValue: usd('-110.00'),
    model: { initialRequirement: 1199.9987, maintenanceRequirement: 999.99912345678, netOptionValue: -110 },
    worstScenario: { index: 13, group: 'XYZ', label: 'underlying −100 %', loss: 999.99912345678 },
    scenarios: Array.from({ length: 16 }, (_, index) => ({
      index: index + 1,
      group: 'XYZ',
      label: `scenario ${index + 1}`,
      loss: 0.1 * (index + 1),
    })),
    breakdown: [
      { id: '1', parentId: null, kind: 'requirement', label: 'Requirement', amount: maintenance, basis: 'worst of 16' },
    ],
    contributions: [{ instrumentId: 'XYZ-100-C', euler: 999.99912345678, increment: 1000 }],
    greeks: [{ underlying: 'XYZ', delta: -12.5, gamma: 0.1, vega: 3, theta: -4, rho: 5 }],
    warnings: ['one warning, with a comma and "quotes"'],
  };
  const amount = new Decimal(buffer);
  return {
    accountId,
    baseCurrency: 'USD',
    requirement,
    equity: { amount: amount.plus(1000), currency: 'USD' },
    collateralValue: usd('0.00'),
    buffer: { amount, currency: 'USD' },
    bufferRatio: amount.div(3000).times(3),
    excess: { amount: amount.minus(200), currency: 'USD' },
    status: amount.isNegative() ? 'MARGIN_CALL' : 'HEALTHY',
    computedStatus: amount.isNegative() ? 'MARGIN_CALL' : 'HEALTHY',
    leverage: new Decimal('1.25'),
    equityComponents: [
      {
        kind: 'cash',
        currency: 'USD',
        grossAmount: { amount: amount.plus(1000), currency: 'USD' },
        fxRate: 1,
        fxHaircut: 0,
        amount: { amount: amount.plus(1000), currency: 'USD' },
      },
    ],
    collateral: [],
    quality: 'OK',
    qualityReasons: [],
    parameterSetId,
    parameterHash: hashOf('a'),
    inputHash: hashOf('b'),
    resultHash: hashOf('c'),
  };
}

/** An account for which no figure can be given. */
export function indeterminateResult(accountId: string, parameterSetId: string): AccountResult {
  const sound = result(accountId, parameterSetId);
  return {
    ...sound,
    requirement: {
      ...sound.requirement,
      quality: 'INDETERMINATE',
      initialRequirement: null,
      maintenanceRequirement: null,
      netOptionValue: null,
      model: null,
      worstScenario: null,
      scenarios: [],
      breakdown: [],
      contributions: [],
      greeks: [],
    },
    equity: null,
    collateralValue: null,
    buffer: null,
    bufferRatio: null,
    excess: null,
    status: 'INDETERMINATE',
    computedStatus: 'INDETERMINATE',
    leverage: null,
    equityComponents: [],
    quality: 'INDETERMINATE',
    qualityReasons: ['PRICE_MISSING XYZ-100-C'],
  };
}

export function newRun(
  input: Pick<NewMarginRun, 'asOf' | 'snapshotId' | 'accountCount'> & Partial<NewMarginRun>,
): NewMarginRun {
  return {
    positionsAt: input.asOf,
    knownAt: input.asOf,
    engineVersion: '0.1.0',
    requestedBy: 'test',
    parameterSets: [],
    ...input,
  };
}
