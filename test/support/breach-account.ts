// Random accounts on three underlyings that offset one another, on every methodology, for the breach probability.
import { prepareState, type PreparedState } from '@ballast/buffer';
import { Decimal, type Instrument, type Methodology, type UnderlyingQuote } from '@ballast/domain';
import { rulesOf } from './account-builder';
import { coinOption, perpetual } from './crypto-builder';
import {
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from './portfolio-builder';
import { normals } from './price-history';
import { sensitivityParameterFile } from './sensitivity-parameters';

/** A methodology with parameters under which underlyings offset one another. */
export interface BreachCase {
  readonly name: string;
  readonly methodology: Methodology;
  readonly exercise: 'european' | 'american';
  readonly parameters: unknown;
}

const names = ['AA', 'BB', 'CC'] as const;
const coinNames = ['BTC', 'ETH', 'SOL'] as const;
const productGroups = [{ id: 'g', members: [...names], offset: 0.9 }];
const leg = (underlying: string, side: 'A' | 'B') => ({ underlying, side, ratio: 1 });
const intercommodity = [
  { priority: 1, rate: 0.7, legs: [leg('AA', 'A'), leg('BB', 'B')] },
  { priority: 2, rate: 0.4, legs: [leg('BB', 'A'), leg('CC', 'A'), leg('AA', 'B')] },
];

export const breachCases: readonly BreachCase[] = [
  { name: 'TIMS', methodology: 'TIMS', exercise: 'european', parameters: { productGroups } },
  { name: 'SPAN', methodology: 'SPAN', exercise: 'european', parameters: { intercommodity } },
  { name: 'CRYPTO_PM', methodology: 'CRYPTO_PM', exercise: 'european', parameters: { pnlOffset: 0.8 } },
  { name: 'CRYPTO_PMRM', methodology: 'CRYPTO_PMRM', exercise: 'european', parameters: {} },
  { name: 'SENSITIVITY', methodology: 'SENSITIVITY', exercise: 'european', parameters: sensitivityParameterFile },
];

/** The same with binomial trees; slow, for benchmarks. */
export const americanBreachCase: BreachCase = {
  name: 'TIMS, American (binomial)',
  methodology: 'TIMS',
  exercise: 'american',
  parameters: { productGroups },
};

/**
 * Builds an account of some lines, long and short, whose buffer is a part of its requirement.
 *
 * @param cushion  buffer now ÷ maintenance requirement now
 */
export function breachAccount(
  kind: BreachCase,
  { lines, seed, cushion }: { readonly lines: number; readonly seed: number; readonly cushion: number },
): PreparedState {
  const crypto = kind.methodology.startsWith('CRYPTO');
  const draws = normals(4 * lines, seed);
  const drawn = (place: number) => draws[place] as number;
  const instruments = Array.from({ length: lines }, (_, line): Instrument => {
    const terms = { right: drawn(4 * line) > 0 ? 'call' : 'put', width: drawn(4 * line + 1) } as const;
    const days = 12 + 25 * (line % 5);
    return crypto ? coin(line, { ...terms, days }, kind.methodology) : equity(line, { ...terms, days }, kind.exercise);
  });
  const underlyings = crypto ? coinQuotes : equityQuotes;
  const quotes = instruments.map(({ id, type, underlying }, line) =>
    type === 'option'
      ? quote(id, { volatility: (crypto ? 0.6 : 0.25) + 0.03 * Math.abs(drawn(4 * line + 3)) })
      : quote(id, { price: String(underlyings.find(({ underlyingId }) => underlyingId === underlying)?.price) }),
  );
  const held = instruments.map((instrument, line) =>
    position(instrument, Math.round(4 * drawn(4 * line + 2)) || (line % 2 === 0 ? 1 : -1)),
  );
  const snapshot = snapshotOf({ underlyings, quotes });
  const portfolio = portfolioOf(held, { methodology: kind.methodology });
  const rules = rulesOf(portfolio, kind.parameters);
  const cash = cashFor(prepareState({ portfolio, snapshot }, rules), cushion);
  const funded = { ...portfolio, cash: [{ currency: 'USD', amount: cash }] };
  return prepareState({ portfolio: funded, snapshot }, rules);
}

const equityQuotes = names.map((id, place) =>
  underlyingQuote(id, String(80 + 15 * place), { rate: 0.03, dividendYield: 0.01, sensitivityBucket: '1' }),
);
const coinPrices = [60_000, 3_000, 150] as const;
const coinQuotes = coinPrices.map((price, place): UnderlyingQuote => {
  const change = { kind: 'crypto', rate: 0.02, perpetual: { price: new Decimal(price) } } as const;
  return underlyingQuote(coinNames[place] as string, String(price), change);
});

interface Terms {
  readonly right: 'call' | 'put';
  /** Standard normal: how far the strike lies from the money. */
  readonly width: number;
  readonly days: number;
}

function equity(line: number, { right, width, days }: Terms, exercise: 'european' | 'american'): Instrument {
  const place = line % names.length;
  const underlying = names[place] as string;
  const id = `${underlying}-${line}`;
  if (line % 7 === 3) return future(id, { underlying });
  const strike = new Decimal(Math.round((80 + 15 * place) * (1 + 0.08 * width)));
  return option(id, { underlying, right, strike, expiry: daysLater(days), exercise });
}

function coin(line: number, { right, width, days }: Terms, methodology: Methodology): Instrument {
  const place = line % coinNames.length;
  const underlying = coinNames[place] as string;
  const id = `${underlying}-${line}`;
  const settlement = methodology === 'CRYPTO_PMRM' ? 'linear' : 'inverse';
  const ofCoin = { underlying, ...(settlement === 'inverse' ? { currency: underlying } : {}) };
  if (line % 7 === 3) return { ...perpetual(id, settlement), ...ofCoin };
  const strike = (coinPrices[place] as number) * (1 + 0.12 * width);
  return { ...coinOption(id, { right, strike, days }, settlement), ...ofCoin };
}

/** Cash that leaves the wished cushion, from the requirement and the option value of the account without cash. */
function cashFor({ portfolio, snapshot, rules }: PreparedState, cushion: number): Decimal {
  const { model } = rules.analysis.computeRequirement({ portfolio, snapshot });
  if (model === null) throw new Error('the account has no requirement');
  return new Decimal(Math.round((1 + cushion) * model.maintenanceRequirement - model.netOptionValue));
}
