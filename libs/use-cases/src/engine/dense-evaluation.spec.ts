import { defaultBufferPolicy } from '@ballast/buffer';
import { type Account, canonicalJson, Decimal, type Instrument, type Methodology } from '@ballast/domain';
import { prepareHouseMethod } from '@ballast/margin';
import { type AccountResult, PositionBooks, type RiskParameterSet } from '@ballast/persistence';
import fc from 'fast-check';
import {
  asOf,
  daysLater,
  future,
  option,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import type { MethodInEffect } from '../run/evaluate-account';
import { RunContracts } from '../run/run-contracts';
import { CentsEvaluation } from './cents-evaluation';
import { DenseEvaluation } from './dense-evaluation';
import { type EvaluationPlan, evaluatePlanned } from './evaluate-planned';
import { passingReading } from './passing-books';

const underlyings = ['ABC', 'ab', 'XYZ'];
const options = underlyings.flatMap((underlying, place) =>
  [70, 85, 100, 115, 130].flatMap((strike, index) =>
    (['call', 'put'] as const).map((right) =>
      option(`${underlying}-${strike}-${right}`, {
        ...{ underlying, right, strike: new Decimal(strike), expiry: daysLater(20 + 40 * index) },
        exercise: (place + index) % 2 === 0 ? 'european' : 'american',
        multiplier: new Decimal(index === 3 ? '12.5' : 100),
      }),
    ),
  ),
);
const listed = future('F-LISTED', { underlying: 'XYZ' });
const contracts: readonly Instrument[] = [
  ...options,
  ...underlyings.map((underlying) => share(`${underlying}-S`, { underlying })),
  option('EURO', { underlying: 'ABC', currency: 'EUR' }),
  option('VARIED', { underlying: 'ABC', premiumStyle: 'futures' }),
  option('UNPRICED', { underlying: 'XYZ', strike: new Decimal(500) }),
  option('EXPIRED', { underlying: 'XYZ', expiry: daysLater(-1) }),
  listed,
  future('F-UNLISTED', { underlying: 'XYZ' }),
];
const instruments = new RunContracts();
for (const one of contracts) instruments.set(one.id, one);
const snapshot = snapshotOf({
  underlyings: [
    underlyingQuote('ABC', '101.25', { rate: 0.04, dividendYield: 0.01 }),
    underlyingQuote('ab', '88.5'),
    underlyingQuote('XYZ', '104', { rate: 0.03 }),
  ],
  quotes: [
    ...options.map(({ id }, index) => {
      const volatility = 0.15 + (index % 9) / 20;
      return index % 7 === 0
        ? quote(id, { volatility })
        : quote(id, { volatility, price: `${1 + ((index * 37) % 2_900) / 100}` });
    }),
    quote('EURO', { price: '3.1', volatility: 0.2 }),
    quote('VARIED', { price: '2.75', volatility: 0.3 }),
    quote('F-LISTED', { price: '105' }),
    quote('F-UNLISTED', { price: '105.5' }),
  ],
  fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.0837') }],
});

const parameters = [
  {},
  { default: { shortOptionMinimum: { rate: 50, method: 'max' }, exposureRate: 0.02, initialToMaintenanceRatio: 1.1 } },
  { default: { aggregation: 'kdpw', arrayRounding: 'unit', extremeMultiplier: 3 }, ab: { coverFraction: 0.4 } },
  { default: { priceScanRange: { amount: 9 }, deliveryCharge: [] } },
];

function methodOf(set: unknown, methodology: Methodology = 'SPAN'): MethodInEffect {
  const parameterSet = { id: 'set', hash: 'a'.repeat(64), methodology, parameters: set } as RiskParameterSet;
  return { parameterSet, method: prepareHouseMethod({ methodology, parameters: set, asOf }) };
}

interface Book {
  readonly rows: readonly { readonly id: string; readonly quantity: string; readonly averagePrice: string | null }[];
  readonly cash: string;
  readonly previous: 'HEALTHY' | 'WATCH' | 'MARGIN_CALL' | undefined;
  readonly haircut: number;
  readonly trusted: boolean;
}

const account: Account = {
  ...{ id: '3b0e2c1e-0000-4000-8000-000000000001', code: 'C-1', name: 'One', baseCurrency: 'USD', methodology: 'SPAN' },
} as Account;

function pricesOf(priced: Book['rows']) {
  if (priced.length === 0) return { priced: null, average_prices: null };
  return {
    priced: priced.map(({ id }) => id).join('\t'),
    average_prices: priced.map(({ averagePrice }) => averagePrice).join('\t'),
  };
}

function planOf(book: Book, method: MethodInEffect): EvaluationPlan {
  const rows = [...book.rows].sort((left, right) => (left.id < right.id ? -1 : 1));
  const texts = {
    account_id: account.id,
    instruments: rows.map(({ id }) => id).join('\t'),
    quantities: rows.map(({ quantity }) => quantity).join('\t'),
    ...pricesOf(rows.filter(({ averagePrice }) => averagePrice !== null)),
  };
  const money = { amount: new Decimal(1_000), currency: 'USD' };
  const positions = new PositionBooks(rows.length === 0 ? [] : [texts]);
  const { numbers } = positions.numbersOf([account.id], instruments.names);
  const trusted = book.trusted ? { asOf, runId: account.id, initial: money, maintenance: money } : null;
  const controls = { releaseFraction: 0.25, releaseAmount: 10_000, releaseAmountByCurrency: {} } as never;
  return {
    run: { asOf },
    snapshot,
    methods: new Map([['SPAN', method]]),
    guards: new Map([[account.id, { trust: { findings: [], trusted, samePositions: false }, controls }]]),
    inputs: {
      positions,
      numbers,
      balances: new Map([[account.id, [{ currency: 'USD', amount: new Decimal(book.cash) }]]]),
      collateral: new Map(),
      schedules: new Map(),
      instruments,
      listedFutures: [listed],
      policies: new Map([[account.id, { ...defaultBufferPolicy(asOf), fxHaircuts: { EUR: book.haircut } }]]),
      previousStatuses: new Map(book.previous === undefined ? [] : [[account.id, book.previous]]),
      splits: [],
      forerunners: new Map(),
      overdueAccounts: new Set(book.previous === 'MARGIN_CALL' ? [account.id] : []),
    },
  };
}

/** Every member that the full evaluation has, read by name. */
const everything = (result: AccountResult, like: AccountResult): string => {
  const read = <Whole extends object>(whole: Whole, names: object) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, whole[name as keyof Whole]]));
  const requirement = read(result.requirement, like.requirement);
  const figures = Buffer.from(result.figures ?? []).toString('hex');
  return canonicalJson({ ...read(result, like), requirement, figures });
};

const quantity = fc.oneof(
  fc
    .integer({ min: -40, max: 40 })
    .filter((count) => count !== 0)
    .map(String),
  fc.constantFrom('2.5', '-0.125', '7.00'),
);
const bookOf = (ids: readonly string[], minLength: number) =>
  fc.record<Book>({
    rows: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom(...ids),
        quantity,
        averagePrice: fc.option(fc.constantFrom('101', '99.50'), { nil: null, freq: 3 }),
      }),
      { selector: ({ id }) => id, minLength, maxLength: 14 },
    ),
    cash: fc.integer({ min: -500_000, max: 90_000_000 }).map((cents) => (cents / 100).toFixed(2)),
    previous: fc.constantFrom(undefined, 'HEALTHY', 'WATCH', 'MARGIN_CALL'),
    haircut: fc.constantFrom(0, 0.08),
    trusted: fc.boolean(),
  });

describe('DenseEvaluation', () => {
  const sound = [...instruments.keys()].filter((id) => !['UNPRICED', 'EXPIRED', 'F-UNLISTED'].includes(id));

  it.each(parameters)('gives every bit of the full evaluation, explanation included, under %j', (set) => {
    const method = methodOf(set);
    const dense = new DenseEvaluation(new Map([['SPAN', method]]));
    fc.assert(
      fc.property(bookOf(sound, 1), (book) => {
        const plan = planOf(book, method);
        const result = dense.evaluate(plan, account);
        const full = evaluatePlanned(plan, account);
        expect(result === null ? null : everything(result, full)).toBe(everything(full, full));
      }),
      { numRuns: 60 },
    );
  });

  it.each(parameters)('gives them by whole cents where an account is plain, move after move, under %j', (set) => {
    const method = methodOf(set);
    const methods = new Map([['SPAN', method] as const]);
    // One pair keeps what it read between moves, the other looks at every book once.
    const evaluations = [0, 1].map(() => {
      const columns = new DenseEvaluation(methods);
      return [new CentsEvaluation(columns), new CentsEvaluation(columns, passingReading)] as const;
    });
    let told = 0;
    const priced = options.filter(({ id }) => snapshot.instruments.get(id)?.mark != null).map(({ id }) => id);
    const plain = bookOf(priced, 1).map((book) => {
      const rows = book.rows.map((row) => ({ ...row, quantity: String(Math.ceil(Number(row.quantity)) || 1) }));
      return { ...book, rows, trusted: false };
    });
    fc.assert(
      fc.property(fc.oneof(plain, bookOf(sound, 1)), fc.constantFrom('WATCH' as const, undefined), (book, before) => {
        const plan = planOf(book, method);
        const previousStatuses = new Map(before === undefined ? [] : [[account.id, before]]);
        const restated = { ...plan, inputs: { ...plan.inputs, previousStatuses } };
        const moves = [plan, restated, { ...restated, run: { asOf: daysLater(1 / 4) } }];
        for (const each of moves) {
          const [kept, passing] = evaluations[each.run === plan.run ? 0 : 1] ?? [];
          const result = kept?.evaluate(each, account) ?? null;
          const once = passing?.evaluate(each, account) ?? null;
          expect(once === null).toBe(result === null);
          if (result === null || once === null) continue;
          told += 1;
          const full = evaluatePlanned(each, account);
          expect(everything(result, full)).toBe(everything(full, full));
          expect(once.inputHash).toBe(full.inputHash);
          expect(once.resultHash).toBe(full.resultHash);
        }
      }),
      { numRuns: 50 },
    );
    expect(told).toBeGreaterThan(5);
  });

  it('leaves accounts to the full evaluation that hold what cannot be valued, held, or sized by all alike', () => {
    const method = methodOf({});
    const dense = new DenseEvaluation(new Map([['SPAN', method]]));
    const holding = (...ids: string[]): Book => {
      const rows = ids.map((id) => ({ id, quantity: '-3', averagePrice: null }));
      return { rows, cash: '1000', previous: undefined, haircut: 0, trusted: false };
    };
    for (const id of ['UNPRICED', 'EXPIRED', 'F-UNLISTED', 'UNKNOWN'])
      expect(dense.evaluate(planOf(holding(id, 'ABC-100-call'), method), account)).toBeNull();
    expect(dense.evaluate(planOf(holding(), method), account)).toBeNull();
    expect(dense.evaluate(planOf(holding('ABC-100-call'), method), account)).not.toBeNull();
  });

  it('leaves accounts to the full evaluation whose market was restated after the columns were begun', () => {
    const method = methodOf({});
    const dense = new DenseEvaluation(new Map([['SPAN', method]]));
    const rows = [{ id: 'ABC-100-call', quantity: '-3', averagePrice: null }];
    const plan = planOf({ rows, cash: '1000', previous: undefined, haircut: 0, trusted: false }, method);
    expect(dense.evaluate(plan, account)).not.toBeNull();
    expect(dense.evaluate({ ...plan, snapshot: { ...snapshot } }, account)).toBeNull();
  });

  it('leaves every account to the full evaluation where spreads, house rules or another methodology apply', () => {
    const rows = [{ id: 'ABC-100-call', quantity: '-3', averagePrice: null }];
    const book: Book = { rows, cash: '1000', previous: undefined, haircut: 0, trusted: false };
    const legs = [
      { underlying: 'ABC', side: 'A' },
      { underlying: 'XYZ', side: 'B' },
    ];
    const calendarSpreads = [
      {
        ...{ priority: 1, kind: 'tier', rate: 30 },
        legs: [
          { from: '2026-01', to: '2026-03', side: 'A' },
          { from: '2026-04', to: '2026-12', side: 'B' },
        ],
      },
    ];
    const rule = { id: 'H1', effectiveFrom: '2020-01-01', kind: 'multiplier', multiplier: 1.5 };
    for (const set of [{ intercommodity: [{ rate: 0.5, legs }] }, { ab: { calendarSpreads } }, { house: [rule] }]) {
      const method = methodOf(set);
      const evaluation = new DenseEvaluation(new Map([['SPAN', method]]));
      expect(evaluation.evaluate(planOf(book, method), account)).toBeNull();
    }
    const other = methodOf({}, 'TIMS');
    const evaluation = new DenseEvaluation(new Map([['TIMS', other]]));
    const plan = { ...planOf(book, other), methods: new Map([['TIMS' as const, other]]) };
    expect(evaluation.evaluate(plan, { ...account, methodology: 'TIMS' })).toBeNull();
  });
});
