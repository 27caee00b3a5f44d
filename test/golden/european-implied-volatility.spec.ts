import {
  impliedVolatility,
  impliedVolatilityBatch,
  IMPLIED_VOLATILITY_STATUS,
  type OptionRight,
} from '@ballast/pricing';
import { impliedVolatilityBar } from '../support/european-bars';
import { describeGolden, errorAgainst, readGoldenTable, WorstMultiples } from '../support/european-golden';

/** The statuses of implied-volatility-reference.csv in our words. */
const STATUS = {
  ok: 'ok',
  at_or_below_intrinsic: 'below-intrinsic',
  at_or_above_maximum: 'above-maximum',
} as const;

describeGolden('implied volatility against 60-digit references', () => {
  const rows = readGoldenTable('implied-volatility-reference.csv');
  const cases = rows.map((row) => ({
    id: row['id']!,
    input: {
      right: row['type'] as OptionRight,
      forward: Number(row['F']),
      strike: Number(row['K']),
      yearsToExpiry: Number(row['T']),
      discountFactor: Number(row['df']),
      price: Number(row['price']),
    },
    status: STATUS[row['status'] as keyof typeof STATUS],
    reference: row['sigma_ref']!,
    condition: Number(row['cond']),
  }));

  it('reads the table', () => {
    expect(cases.length).toBeGreaterThanOrEqual(100);
    expect(new Set(cases.map(({ status }) => status)).size).toBe(3);
  });

  it('answers every possible price within 8ε·max(1, cond)', () => {
    const worst = new WorstMultiples();
    for (const { id, input, status, reference, condition } of cases) {
      if (status !== 'ok') continue;
      const answer = impliedVolatility(input);
      const volatility = answer.status === 'ok' ? answer.volatility : NaN;
      const relative = errorAgainst(volatility, reference) / Number(reference);
      worst.note('volatility', relative / impliedVolatilityBar(condition), `row ${id}`);
    }
    worst.expectWithin(['volatility']);
  });

  it('names every impossible price, equality in double included', () => {
    const wrong = cases.filter(({ input, status }) => impliedVolatility(input).status !== status);
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  it('answers in a batch bit for bit as alone', () => {
    const column = (pick: (one: (typeof cases)[number]) => number) => Float64Array.from(cases, pick);
    const answers = { volatility: new Float64Array(cases.length), status: new Uint8Array(cases.length) };
    const report = impliedVolatilityBatch(
      'black76',
      {
        forward: column(({ input }) => input.forward),
        strike: column(({ input }) => input.strike),
        yearsToExpiry: column(({ input }) => input.yearsToExpiry),
        discountFactor: column(({ input }) => input.discountFactor),
        price: column(({ input }) => input.price),
        right: column(({ input }) => (input.right === 'call' ? 1 : -1)),
      },
      answers,
    );
    expect(report).toEqual({ badCount: 0, badRows: [] });
    cases.forEach(({ input }, row) => {
      const alone = impliedVolatility(input);
      expect(answers.volatility[row]).toBe(alone.status === 'ok' ? alone.volatility : NaN);
      expect(answers.status[row] === IMPLIED_VOLATILITY_STATUS.ok).toBe(alone.status === 'ok');
    });
  });
});
