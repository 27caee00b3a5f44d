import { Decimal, formatMoney, type Methodology } from '@ballast/domain';
import fc from 'fast-check';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { evaluateState, type PreparedState } from '../analysis/account-state';
import { applyTrades } from '../analysis/account-trade';
import { prepareTradeSpace } from '../analysis/trade-space';
import { computeWhatIf } from '../analysis/what-if';
import { listRestorationMoves } from './restoration-moves';
import { planRestoration, reachesTarget, type RestorationQuestion } from './restoration-plan';
import { modelSlack } from './restoration-target';
import { contractsOf, stepsOf } from './trade-search';

const [call, put, high, contract, other] = [
  option('C'),
  option('P', { right: 'put', strike: new Decimal(95) }),
  option('H', { strike: new Decimal(115) }),
  future('F', { multiplier: new Decimal(50) }),
  option('V', { underlying: 'V', right: 'put', strike: new Decimal(50) }),
];
const snapshot = snapshotOf({
  underlyings: [underlyingQuote('U', '100'), underlyingQuote('V', '50')],
  quotes: [
    { ...quote('C', { volatility: 0.25 }) },
    quote('P', { price: '2.9' }),
    quote('H', { volatility: 0.23 }),
    quote('F', { price: '100.2' }),
    quote('V', { volatility: 0.4 }),
  ],
});
const costs = { halfSpread: 0.02, feePerContract: new Decimal('1.5') };
const question: RestorationQuestion = { target: 'CALL', hedges: [{ instrument: contract, maximum: 3 }], costs };

describe('planRestoration', () => {
  const account = preparedAccount({
    portfolio: portfolioOf([position(future('G'), 4)], { methodology: 'TIMS', cash: [cashOf('5000')] }),
    snapshot: snapshotOf({ quotes: [quote('G', { price: '100' })] }),
  });

  it('closes 2 of 4 futures: each needs 1,800.00 at call level and costs 4.00 to close', () => {
    const { level, deposit, trades } = planRestoration(account, {
      target: 'CALL',
      hedges: [],
      costs: { halfSpread: 0, feePerContract: new Decimal(4) },
    });
    expect(formatMoney(level as never)).toBe('7200.00');
    expect(formatMoney(deposit as never)).toBe('2200.00');
    // 2 left: 3,600.00 ≤ 5,000 − 8; 3 left: 5,400.00 > 4,996
    expect(trades?.trades.map(({ instrument, quantity }) => `${quantity.toFixed()} ${instrument.id}`)).toEqual([
      '-2 G',
    ]);
    expect([trades?.optimal, formatMoney(trades?.cost as never)]).toEqual([true, '8.00']);
    expect(formatMoney(trades?.after.assessment.equity as never)).toBe('4992.00');
  });

  it('needs nothing where nothing is missing', () => {
    const plan = planRestoration(account, {
      ...question,
      target: 'MAINTENANCE',
      hedges: [],
      costs: { ...costs, halfSpread: 0 },
    });
    expect(formatMoney(plan.deposit as never)).toBe('1000.00');
    const rich = { ...account, portfolio: { ...account.portfolio, cash: [cashOf('9000')] } };
    expect(planRestoration(rich, { ...question, hedges: [] })).toMatchObject({ trades: { trades: [], optimal: true } });
  });

  it('knows that closing everything does not help an account in debt', () => {
    const poor = { ...account, portfolio: { ...account.portfolio, cash: [cashOf('-100')] } };
    expect(planRestoration(poor, { ...question, hedges: [] })).toMatchObject({ trades: null, searchComplete: true });
  });

  it('has no plan for an account that cannot be valued', () => {
    const unpriced = { ...account, portfolio: portfolioOf([position(option('X'), 1)], { methodology: 'TIMS' }) };
    expect(planRestoration(unpriced, question)).toMatchObject({ level: null, deposit: null, trades: null });
  });
});

const held = fc.integer({ min: -3, max: 3 });
const randomBook = fc.record({
  call: held,
  put: held,
  high: held,
  other: held,
  coverage: fc.double({ min: 0.2, max: 1.15, noNaN: true }),
});

/** A book in shortfall: cash is set so that equity covers a random share of what a call asks for. */
function accountOf(
  given: { call: number; put: number; high: number; other: number; coverage: number },
  methodology: Methodology,
) {
  const positions = [
    position(call, given.call),
    position(put, given.put),
    position(high, given.high),
    position(other, given.other),
  ];
  const without = preparedAccount({
    portfolio: portfolioOf(positions, { methodology, cash: [cashOf('0')] }),
    snapshot,
  });
  const { requirement, assessment } = evaluateState(without);
  const level = requirement.initialRequirement?.amount.times(1.2) ?? new Decimal(0);
  const cash = level
    .times(given.coverage)
    .minus(assessment.equity?.amount ?? 0)
    .toFixed(2);
  return preparedAccount({ portfolio: portfolioOf(positions, { methodology, cash: [cashOf(cash)] }), snapshot });
}

/** Least cost over every set of trades, by sums and, where they reach the target, by a full evaluation. */
function bruteForce(account: PreparedState, asked: RestorationQuestion): number {
  const moves = listRestorationMoves(account, asked);
  const space = prepareTradeSpace(account, moves);
  if (space === null) return NaN;
  let best = Infinity;
  const counts = moves.map(() => 0);
  const visit = (place: number, cost: number): void => {
    if (cost >= best - 1e-9) return;
    if (place < moves.length) {
      const move = moves[place] as (typeof moves)[number];
      for (let count = 0; count <= stepsOf(move); count += 1) {
        counts[place] = count;
        visit(place + 1, cost + contractsOf(move, count) * Math.max(0, -space.equityChange(place, move.sign)));
      }
      counts[place] = 0;
      return;
    }
    const quantities = moves.map((move, index) => move.sign * contractsOf(move, counts[index] as number));
    const figures = space.measure(quantities);
    if (figures === null || modelSlack(figures, asked.target, 1.2) < -1e-6) return;
    const trades = moves.flatMap((move, index) =>
      counts[index] === 0 ? [] : [{ ...move, quantity: new Decimal(quantities[index] as number) }],
    );
    if (reachesTarget(evaluateState(account, applyTrades(account, trades).portfolio), asked.target, 1.2)) best = cost;
  };
  visit(0, 0);
  return best;
}

describe.each([
  ['TIMS', 80],
  ['SPAN', 60],
  ['CRYPTO_PM', 60],
] as const)('planRestoration on %s, %i random books', (methodology, books) => {
  it('costs what trying every set of trades finds, and restores once applied by what-if', () => {
    let [hard, restored] = [0, 0];
    fc.assert(
      fc.property(randomBook, (given) => {
        const account = accountOf(given, methodology);
        const plan = planRestoration(account, question);
        const best = bruteForce(account, question);
        expect(plan.searchComplete).toBe(true);
        const { trades } = plan;
        if (trades === null) {
          expect(best).toBe(Infinity);
          return;
        }
        expect(trades.cost.amount.toNumber()).toBeGreaterThanOrEqual(best - 1e-6);
        expect(trades.cost.amount.toNumber()).toBeLessThanOrEqual(best + 0.01 + 1e-6);
        const { after } = computeWhatIf(account, { trades: trades.trades, cash: [], shift: {} });
        expect(reachesTarget(after, 'CALL', 1.2)).toBe(true);
        if (trades.trades.length > 1) hard += 1;
        if (trades.trades.length > 0) restored += 1;
        const deposited = computeWhatIf(account, {
          trades: [],
          cash: [{ currency: 'USD', amount: plan.deposit?.amount ?? new Decimal(0) }],
          shift: {},
        });
        expect(reachesTarget(deposited.after, 'CALL', 1.2)).toBe(true);
      }),
      { numRuns: books, seed: 23 },
    );
    expect(restored).toBeGreaterThan(books / 2);
    expect(hard).toBeGreaterThan(books / 10);
  });
});
