import { Decimal } from '@ballast/domain';
import { coinOption, coinQuote, datedFuture, perpetual } from '../../../../test/support/crypto-builder';
import {
  asOf,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { valueScenariosPlainly } from '../option-value';
import type { PortfolioPosition } from '../portfolio';
import { valuePositions } from '../value-positions';
import { buildCryptoPmBooks } from './crypto-pm-book';
import { parseCryptoPmParameters } from './parse-crypto-pm-parameters';

const parameters = parseCryptoPmParameters({}, asOf);
const snapshot = snapshotOf({
  underlyings: [coinQuote(), underlyingQuote('ETH', '3000', { kind: 'crypto' })],
  quotes: [
    quote('PERP', { price: '60000' }),
    quote('FUT', { price: '61000' }),
    quote('LIN', { price: '60100' }),
    quote('C', { volatility: 0.5 }),
  ],
});
const booksOf = (positions: readonly PortfolioPosition[], baseCurrency: string) => {
  const portfolio = portfolioOf(positions, { baseCurrency });
  const valuation = valuePositions({ portfolio, snapshot, chooseModel: () => ({ model: 'black76' }) });
  if (valuation.status !== 'valued') throw new Error(valuation.reasons.join());
  const { positions: valued } = valuation;
  return buildCryptoPmBooks({ positions: valued, snapshot, baseCurrency, parameters, valueScenarios: valueScenariosPlainly }); // prettier-ignore
};

describe('buildCryptoPmBooks', () => {
  it('states coin contracts in coin, and converts at the unshocked index', () => {
    const positions = [position(perpetual('PERP'), 1)];
    const [inCoin] = booksOf(positions, 'BTC');
    const [inDollars] = booksOf(positions, 'USD');
    expect(inCoin?.contracts[0]?.pnls[0]).toBeCloseTo(1 - 1 / 0.84, 14);
    expect(inDollars?.contracts[0]?.pnls[0]).toBeCloseTo(60_000 * (1 - 1 / 0.84), 9);
    expect([inCoin?.basePerCoin, inCoin?.usdPerBase]).toEqual([1, 60_000]);
    expect([inDollars?.basePerCoin, inDollars?.usdPerBase]).toEqual([60_000, 1]);
  });

  it('moves linear contracts by their own price and options through the model', () => {
    const books = booksOf([position(perpetual('LIN', 'linear'), 1), position(coinOption('C', { right: 'call', strike: 60_000, days: 30 }), 1)], 'USD'); // prettier-ignore
    const [call, linear] = books[0]?.contracts ?? [];
    expect(linear).toMatchObject({ inverse: false, rollYears: 0, delta: 1 });
    expect(linear?.pnls[26]).toBeCloseTo(0.16 * 60_100, 9);
    expect(call?.pnls[13]).toBe(0);
    expect(call?.delta).toBeCloseTo(0.5286, 3);
    expect(call?.rollYears).toBeCloseTo(30 / 365, 14);
  });

  it('gives a coin in its own currency no result and no roll', () => {
    const coin = share('BTC', { underlying: 'BTC', multiplier: new Decimal(1) });
    expect(booksOf([position(coin, 2)], 'BTC')[0]?.contracts[0]).toMatchObject({ rollYears: null, delta: 0 });
    const [inDollars] = booksOf([position(coin, 2)], 'USD');
    expect(inDollars?.contracts[0]?.pnls[0]).toBeCloseTo(-0.16 * 60_000, 9);
    expect(inDollars?.contracts[0]?.delta).toBe(1);
  });

  it('keeps one book per underlying and the portfolio places of its contracts', () => {
    const ether = { ...perpetual('A-ETH'), underlying: 'ETH', currency: 'ETH' } as ReturnType<typeof perpetual>;
    const books = booksOf([position(datedFuture('FUT', 20), 1), position(ether, 3)], 'USD');
    expect(books.map(({ underlying, places }) => [underlying, places])).toEqual([
      ['BTC', [1]],
      ['ETH', [0]],
    ]);
  });
});
