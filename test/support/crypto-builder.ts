// Coin-settled and linear contracts on one coin, for tests of the crypto methodologies.
import { Decimal, type Instrument, type UnderlyingQuote } from '@ballast/domain';
import { daysLater, option, underlyingQuote } from './portfolio-builder';

export function coinQuote(price = '60000', changes: Partial<UnderlyingQuote> = {}): UnderlyingQuote {
  return underlyingQuote('BTC', price, { kind: 'crypto', ...changes });
}

const inCoin = { underlying: 'BTC', multiplier: new Decimal(1), currency: 'BTC', settlement: 'inverse' } as const;
const inDollars = { underlying: 'BTC', multiplier: new Decimal(1), currency: 'USD', settlement: 'linear' } as const;

export function perpetual(id: string, settlement: 'inverse' | 'linear' = 'inverse'): Instrument {
  return { id, type: 'perpetual', ...(settlement === 'inverse' ? inCoin : inDollars) };
}

export function datedFuture(id: string, days: number, settlement: 'inverse' | 'linear' = 'inverse'): Instrument {
  return { id, type: 'future', expiry: daysLater(days), ...(settlement === 'inverse' ? inCoin : inDollars) };
}

export function coinOption(
  id: string,
  terms: { readonly right: 'call' | 'put'; readonly strike: number; readonly days: number },
  settlement: 'inverse' | 'linear' = 'inverse',
): Instrument {
  const { right, strike, days } = terms;
  return option(id, {
    right,
    strike: new Decimal(strike),
    expiry: daysLater(days),
    ...(settlement === 'inverse' ? inCoin : inDollars),
  });
}
