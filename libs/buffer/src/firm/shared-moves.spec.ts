import { Decimal, type MarketSnapshot } from '@ballast/domain';
import type { Portfolio } from '@ballast/margin';
import fc from 'fast-check';
import { cashOf, rulesOf } from '../../../../test/support/account-builder';
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
} from '../../../../test/support/portfolio-builder';
import { evaluateState, type PreparedState, prepareState } from '../analysis/account-state';
import type { MarketShift } from '../analysis/market-shift';
import { shiftState } from '../analysis/shift-state';
import { shareMoves } from './shared-moves';

const expiry = daysLater(73);
const coin = { underlying: 'BTC', currency: 'BTC', settlement: 'inverse', multiplier: new Decimal(1) } as const;
const coinCall = option('BC', { ...coin, strike: new Decimal(65_000) });
const contracts = [
  share('S'),
  option('C'),
  option('P', { right: 'put' }),
  option('FC', { premiumStyle: 'futures' }),
  future('F'),
  coinCall,
];
const snapshot: MarketSnapshot = snapshotOf({
  underlyings: [
    underlyingQuote('U', '100'),
    underlyingQuote('BTC', '64000', { kind: 'crypto', forwards: [{ expiry, price: new Decimal(64500) }] }),
  ],
  quotes: [
    quote('S', { price: '100' }),
    quote('C', { volatility: 0.25 }),
    // Its price is not that of its volatility, so it keeps a price of its own.
    quote('P', { volatility: 0.3, price: '7' }),
    quote('FC', { volatility: 0.25 }),
    quote('F', { price: '101' }),
    quote('BC', { volatility: 0.6 }),
  ],
  fx: [{ from: 'BTC', to: 'USD', rate: new Decimal(64_000), asOf: null } as never],
});
const parameters = {
  default: { priceScanRange: { fraction: 0.12 }, volatilityScanRange: 0.25, model: 'black-scholes' },
};
const rules = rulesOf(portfolioOf([]), parameters);
const stateOf = (portfolio: Portfolio): PreparedState => prepareState({ portfolio, snapshot }, rules);

const accounts = fc.record({
  lines: fc.uniqueArray(
    fc.record({ contract: fc.constantFrom(...contracts), quantity: fc.integer({ min: -5, max: 5 }) }),
    { selector: ({ contract }) => contract.id },
  ),
  coins: fc.constantFrom(0, 0, 0.5),
  pledged: fc.constantFrom(0, 0, 2),
});
const moves = fc.constantFrom<MarketShift>(
  { byUnderlying: { U: { spot: -0.2, volatility: 0.5 }, BTC: { spot: -0.4 } } },
  { byUnderlying: { U: { spot: 0.2, volatility: 0.5 }, BTC: { spot: -0.4 } } },
  { byUnderlying: { U: { spot: -0.2, volatility: 0.5 } } },
  { byUnderlying: { BTC: { spot: 0.3, volatility: 0.1 } } },
  { spot: -0.1, volatility: 0.2, rate: 0.01 },
  { spot: -0.1, days: 10 },
  {},
);

/** What an account comes to: every figure a reader sees. */
function figuresOf(state: PreparedState, move: ReturnType<typeof shareMoves>, shift: MarketShift) {
  const { state: moved } = move(state, shift);
  const { requirement, assessment } = evaluateState(prepareState(moved, rules));
  return { model: requirement.model, greeks: requirement.greeks, scenarios: requirement.scenarios, ...assessment };
}

describe('shareMoves', () => {
  it('gives every account the figures of its own moved market, bit for bit, whoever came before', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ account: accounts, shift: moves }), { maxLength: 8 }), (asked) => {
        const move = shareMoves(snapshot);
        for (const { account, shift } of asked) {
          const state = stateOf(
            portfolioOf(
              account.lines.map(({ contract, quantity }) => position(contract, quantity)),
              {
                cash: [cashOf('1000'), cashOf(String(account.coins), 'BTC')],
                collateral:
                  account.pledged === 0
                    ? []
                    : [
                        {
                          asset: 'BTC',
                          quantity: new Decimal(account.pledged),
                          price: new Decimal(64_000),
                          haircut: 0.1,
                        },
                      ],
                listedInstruments: [future('F')],
              },
            ),
          );
          expect(figuresOf(state, move, shift)).toEqual(figuresOf(state, shiftState, shift));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('uses one market for accounts that move alike, and another where an underlying moves otherwise', () => {
    const move = shareMoves(snapshot);
    const [first, second] = [
      stateOf(portfolioOf([position(share('S'), 1)])),
      stateOf(portfolioOf([position(coinCall, 1)])),
    ];
    const down: MarketShift = { byUnderlying: { U: { spot: -0.2 } } };
    const market = move(first, down).state.snapshot;
    expect(move(second, { byUnderlying: { BTC: { spot: 0.1 } } }).state.snapshot).toBe(market);
    expect(move(first, down).state.snapshot).toBe(market);
    expect(move(first, { byUnderlying: { U: { spot: 0.2 } } }).state.snapshot).not.toBe(market);
  });

  it('refuses an impossible move as shiftState does', () => {
    const state = stateOf(portfolioOf([position(share('S'), 1)]));
    expect(() => shareMoves(snapshot)(state, { spot: -1.5 })).toThrow('below −100 %');
  });
});
