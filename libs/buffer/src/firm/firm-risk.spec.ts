import { Decimal } from '@ballast/domain';
import fc from 'fast-check';
import { cashOf, rulesOf } from '../../../../test/support/account-builder';
import {
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { type AccountRules, evaluateState, prepareState } from '../analysis/account-state';
import { finish } from '../risk/steps';
import { stressAccount } from '../stress/stress-account';
import { findStressScenarios, stressLibrary } from '../stress/stress-library';
import { type FirmAccount, type FirmRiskQuestion, sumFirmRisk } from './firm-risk';

const [stock, other] = [share('S'), share('T', { underlying: 'T' })];
const [call, put] = [option('C'), option('P', { right: 'put', underlying: 'T' })];
const snapshot = snapshotOf({
  underlyings: [underlyingQuote('U', '100'), underlyingQuote('T', '50')],
  quotes: [
    quote('S', { price: '100' }),
    quote('T', { price: '50' }),
    quote('C', { volatility: 0.25 }),
    quote('P', { volatility: 0.3 }),
  ],
});
const rules: AccountRules = rulesOf(portfolioOf([], { methodology: 'TIMS' }));
const accountOf = (code: string, positions: Parameters<typeof portfolioOf>[0], cash: string) => {
  const portfolio = portfolioOf(positions, { methodology: 'TIMS', cash: [cashOf(cash)] });
  const prepared = prepareState({ portfolio, snapshot }, rules);
  return { id: `id-${code}`, code, name: `Account ${code}`, prepared, prepare: () => prepared };
};
const question: FirmRiskQuestion = { by: 'UNDERLYING', scenarios: stressLibrary, currency: 'USD', top: 3 };
const risk = (accounts: readonly FirmAccount[], asked: Partial<FirmRiskQuestion> = {}) => {
  const sum = sumFirmRisk(snapshot, { ...question, ...asked });
  accounts.forEach((account) => finish(sum.add(account)));
  return sum.conclude();
};
const digits = (found: object) =>
  Object.fromEntries(
    Object.entries(found).map(([key, value]) => [
      key,
      value?.amount instanceof Decimal ? value.amount.toFixed(2) : value,
    ]),
  );

describe('sumFirmRisk', () => {
  // 100 → 79.53 in 1987; 15 % of the value of shares is required (TIMS, equity).
  const accounts = [
    accountOf('A', [position(stock, 100)], '-5000'),
    accountOf('B', [position(stock, -50)], '10000'),
    accountOf('C', [position(stock, 100)], '-9000'),
    accountOf('D', [position(stock, 100)], '-7500'),
  ];
  const found = risk(accounts, { scenarios: findStressScenarios(['1987-10-19']), top: 2 });

  it('adds equity 5,000 + 5,000 + 1,000 + 2,500 and requirements 1,500 + 750 + 1,500 + 1,500', () => {
    expect(digits(found)).toMatchObject({
      ...{ accounts: 4, accountsValued: 4, accountsExcluded: 0, breaches: 1, worstScenario: '1987-10-19' },
      ...{ equity: '13500.00', collateralValue: '0.00', initial: '5250.00', maintenance: '5250.00' },
    });
  });

  it('of 1987: A, C and D lose 2,047 each, B gains 1,023.50; C owes 1,047; D falls below its requirement', () => {
    const [scenario] = found.scenarios;
    expect(digits(scenario ?? {})).toMatchObject({
      ...{ accounts: 4, accountsRefused: 0, breaches: 2, newBreaches: 1, deficits: 1 },
      ...{ loss: '5117.50', grossLoss: '6141.00', stressedEquity: '8382.50', lossOverCollateral: '1047.00' },
      lossOverRequirement: '1641.00',
    });
    expect(scenario?.topAccounts.map(digits)).toEqual([
      {
        ...{ id: 'id-A', code: 'A', name: 'Account A', status: 'HEALTHY', loss: '2047.00', equity: '5000.00' },
        ...{ stressedEquity: '2953.00', stressedBuffer: '1760.05', lossOverCollateral: '0.00' },
      },
      {
        ...{ id: 'id-C', code: 'C', name: 'Account C', status: 'LIQUIDATION', loss: '2047.00', equity: '1000.00' },
        ...{ stressedEquity: '-1047.00', stressedBuffer: '-2239.95', lossOverCollateral: '1047.00' },
      },
    ]);
  });

  it('nets 100 − 50 + 100 + 100 shares, and weighs requirements (3 · 1,500² + 750²) / 5,250²', () => {
    expect(found.greeks).toEqual([
      { key: 'U', underlying: 'U', expiry: null, delta: 250, gamma: 0, vega: 0, theta: 0, rho: 0, deltaCash: 25000, gammaCash: 0 },
    ]); // prettier-ignore
    expect(found.byUnderlying.underlyings.map(digits)).toEqual([
      { underlyingId: 'U', net: new Decimal(25000), gross: new Decimal(35000), share: 1 },
    ]);
    expect(found.byAccount.herfindahl).toBeCloseTo(7_312_500 / 27_562_500, 14);
    expect(found.byAccount.largest.map(({ name }) => name)).toEqual(['A', 'C']);
  });

  const books = fc.array(
    fc.record({
      lines: fc.uniqueArray(
        fc.record({ contract: fc.constantFrom(stock, other, call, put), quantity: fc.integer({ min: -9, max: 9 }) }),
        { selector: ({ contract }) => contract.id, minLength: 1 },
      ),
      cash: fc.integer({ min: -500, max: 3000 }),
    }),
    { minLength: 1, maxLength: 6 },
  );
  const accountsOf = (drawn: typeof books extends fc.Arbitrary<infer Book> ? Book : never) =>
    drawn.map(({ lines, cash }, index) =>
      accountOf(
        `N${index}`,
        lines.map(({ contract, quantity }) => position(contract, quantity)),
        String(cash),
      ),
    );

  it('is the sum of what each account alone gives in every scenario, to the cent', () => {
    fc.assert(
      fc.property(books, (drawn) => {
        const all = accountsOf(drawn);
        const firm = risk(all);
        const alone = all.map(({ prepared }) => finish(stressAccount(prepared, { scenarios: stressLibrary })));
        for (const [index, scenario] of firm.scenarios.entries()) {
          const outcomes = alone.map(({ outcomes: rows }) => rows[index]);
          const sum = (amountOf: (row: (typeof outcomes)[number]) => Decimal | undefined) =>
            outcomes.reduce((total, row) => total.plus(amountOf(row) ?? 0), new Decimal(0)).toFixed();
          expect(scenario.accounts).toBe(outcomes.filter((row) => row?.state === 'VALUED').length);
          expect(scenario.loss.amount.negated().toFixed()).toBe(sum((row) => row?.profit?.amount));
          expect(scenario.lossOverCollateral.amount.toFixed()).toBe(sum((row) => row?.uncoveredLoss?.amount));
          const short = outcomes.filter((row) => row?.figures?.assessment.buffer?.amount.isNegative() === true);
          expect(scenario.breaches).toBe(short.length);
        }
        const equities = all.map(({ prepared }) => evaluateState(prepared).assessment.equity?.amount ?? 0);
        expect(firm.equity.amount.toFixed()).toBe(Decimal.sum(0, ...equities).toFixed());
      }),
      { numRuns: 25 },
    );
  });

  it('does not depend on the order of the accounts', () => {
    fc.assert(
      fc.property(books, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (drawn, keys) => {
        const all = accountsOf(drawn);
        const shuffled = all.map((account) => ({ account, key: keys.next().value as number }));
        shuffled.sort((left, right) => left.key - right.key);
        expect(risk(shuffled.map(({ account }) => account))).toEqual(risk(all));
      }),
      { numRuns: 15 },
    );
  });

  it('leaves out an account that cannot be valued or converted, and names it', () => {
    const unpriced = accountOf('U', [position(option('X'), 1)], '0');
    const euros = accountOf('E', [], '1');
    const portfolio = { ...euros.prepared.portfolio, baseCurrency: 'EUR', cash: [cashOf('1', 'EUR')] };
    const foreign: FirmAccount = { ...euros, prepare: () => ({ ...euros.prepared, portfolio }) };
    const { accounts: looked, accountsValued, excluded } = risk([unpriced, foreign, ...accounts]);
    expect([looked, accountsValued]).toEqual([6, 4]);
    expect(excluded.map(({ code }) => code)).toEqual(['E', 'U']);
    expect(excluded[0]?.reason).toMatch(/EUR/);
    expect(excluded[1]?.reason).toMatch(/X/);
  });
});
