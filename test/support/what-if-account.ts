// Accounts of fifty lines on every methodology and questions about them, for the latency of what-if and its correctness.
import {
  type AccountRules,
  type AccountTrade,
  evaluateState,
  type PreparedState,
  prepareState,
  valueContracts,
} from '@ballast/buffer';
import { Decimal, type Instrument, type MarketSnapshot, type Methodology, type UnderlyingQuote } from '@ballast/domain';
import { type Portfolio } from '@ballast/margin';
import { rulesOf } from './account-builder';
import { coinOption, perpetual } from './crypto-builder';
import {
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from './portfolio-builder';
import { sensitivityParameterFile } from './sensitivity-parameters';

/** One kind of account whose what-if is measured. */
export interface WhatIfCase {
  readonly name: string;
  readonly methodology: Methodology;
  readonly exercise: 'european' | 'american';
  readonly parameters?: unknown;
}

export const whatIfCases: readonly WhatIfCase[] = [
  { name: 'SPAN', methodology: 'SPAN', exercise: 'american' },
  { name: 'TIMS, European', methodology: 'TIMS', exercise: 'european' },
  { name: 'TIMS, American (binomial)', methodology: 'TIMS', exercise: 'american' },
  { name: 'CRYPTO_PM', methodology: 'CRYPTO_PM', exercise: 'european' },
  { name: 'CRYPTO_PMRM', methodology: 'CRYPTO_PMRM', exercise: 'european' },
  { name: 'SENSITIVITY', methodology: 'SENSITIVITY', exercise: 'american', parameters: sensitivityParameterFile },
];

/** An account, its market and its rules, none of it valued yet: every call gives new objects. */
export interface WhatIfAccount {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
  readonly rules: AccountRules;
  /** Contracts that are listed: the held ones and one more for each of them. */
  readonly listed: readonly Instrument[];
}

/** Builds an account of some lines; half the listed contracts are held, long and short in turn. */
export function whatIfAccount(kind: WhatIfCase, lines = 50): WhatIfAccount {
  const { methodology, exercise } = kind;
  const isCrypto = methodology.startsWith('CRYPTO');
  const { instruments, underlyings } = isCrypto ? coins(lines, methodology) : equities(lines, exercise);
  const held = instruments.slice(0, lines);
  const portfolio = portfolioOf(
    held.map((instrument, index) => position(instrument, quantityAt(index))),
    { methodology, cash: [{ currency: 'USD', amount: new Decimal(isCrypto ? 4_000_000 : 900_000) }] },
  );
  const quotes = instruments.map(({ id, type, underlying }, index) =>
    type === 'option'
      ? quote(id, { volatility: 0.3 + 0.002 * (index % 23) })
      : quote(id, { price: String(underlyings.find(({ underlyingId }) => underlyingId === underlying)?.price ?? 100) }),
  );
  const snapshot = snapshotOf({ underlyings, quotes });
  return { portfolio, snapshot, rules: rulesOf(portfolio, kind.parameters ?? {}), listed: instruments };
}

/** Prepares an account as one that is held in memory: its contracts and those that may be traded are valued. */
export function heldState({ portfolio, snapshot, rules, listed }: WhatIfAccount): PreparedState {
  const prepared = prepareState({ portfolio, snapshot }, rules);
  valueContracts(prepared, listed);
  evaluateState(prepared);
  return prepared;
}

/** A question: some contracts of one of the listed ones, bought or sold. */
export function whatIfTrade({ listed }: Pick<WhatIfAccount, 'listed'>, turn: number): AccountTrade {
  const instrument = listed[(turn * 37) % listed.length] as Instrument;
  return { instrument, quantity: new Decimal(turn % 2 === 0 ? 1 + (turn % 5) : -1 - (turn % 4)) };
}

function quantityAt(index: number): number {
  return (index % 2 === 0 ? -1 : 1) * (1 + ((index * 7) % 9));
}

function equities(lines: number, exercise: 'european' | 'american') {
  const names = ['AA', 'BB', 'CC', 'DD', 'EE'];
  const underlyings = names.map((id, place) =>
    underlyingQuote(id, String(80 + 15 * place), { rate: 0.03, dividendYield: 0.01, sensitivityBucket: '1' }),
  );
  const instruments = Array.from({ length: 2 * lines }, (_, index): Instrument => {
    const underlying = names[index % names.length] as string;
    const id = `${underlying}-${index}`;
    if (index % 25 === 3) return share(id, { underlying });
    if (index % 25 === 8) return future(id, { underlying });
    const strike = new Decimal(70 + ((index * 13) % 90));
    const [right, expiry] = [index % 3 === 0 ? 'put' : 'call', daysLater(20 + 17 * (index % 6))] as const;
    return option(id, { underlying, right, strike, expiry, exercise });
  });
  return { instruments, underlyings };
}

function coins(lines: number, methodology: Methodology) {
  const names = ['BTC', 'ETH'];
  const underlyings = [60_000, 3_000].map((price, place): UnderlyingQuote => {
    const id = names[place] as string;
    return underlyingQuote(id, String(price), { kind: 'crypto', rate: 0.02, perpetual: { price: new Decimal(price) } });
  });
  const settlement = methodology === 'CRYPTO_PMRM' ? 'linear' : 'inverse';
  const instruments = Array.from({ length: 2 * lines }, (_, index): Instrument => {
    const place = index % names.length;
    const underlying = names[place] as string;
    const id = `${underlying}-${index}`;
    const ofCoin = { underlying, ...(settlement === 'inverse' ? { currency: underlying } : {}) };
    if (index % 25 === 3) return { ...perpetual(id, settlement), ...ofCoin };
    const strike = [60_000, 3_000][place]! * (0.6 + 0.02 * ((index * 13) % 45)); // prettier-ignore
    const [right, days] = [index % 3 === 0 ? 'put' : 'call', 10 + 21 * (index % 6)] as const;
    return { ...coinOption(id, { right, strike, days }, settlement), ...ofCoin };
  });
  return { instruments, underlyings };
}
