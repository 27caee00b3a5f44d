import { americanAlo, americanBaw, binomialCrr, blackScholes, type AmericanOption } from '@ballast/pricing';
import { describeGolden, readGoldenTable, type GoldenRow } from '../support/european-golden';

const rows = readGoldenTable('american-published.csv').filter((row) => row.quantity === 'price');

function optionOf(row: GoldenRow): AmericanOption {
  return {
    right: row.type as 'call' | 'put',
    spot: Number(row.S),
    strike: Number(row.K),
    yearsToExpiry: Number(row.T),
    rate: Number(row.r),
    dividendYield: Number(row.q),
    volatility: Number(row.sigma),
  };
}

function toleranceOf(row: GoldenRow): number {
  return Math.max(Number(row.abs_tol), Number(row.rel_tol) * Math.abs(Number(row.expected)));
}

function labelled(method: string | RegExp): [string, GoldenRow][] {
  return rows
    .filter((row) => (typeof method === 'string' ? row.method === method : method.test(row.method!)))
    .map((row) => [`${row.id} ${row.ref} ${row.note}`, row]);
}

/** Rows of the "exact American" list that QuantLib's QD+ approximation produced: they carry its error, up to 0.03. */
const QD_PLUS: ReadonlySet<string | undefined> = new Set([
  'standard put option',
  'call-put parity on standard option',
  'zero interest rate call',
  'extreme vol call',
  'extreme dividend yield call',
  'extreme maturity call',
]);
/** An expired option is worth its intrinsic value here; QuantLib drops it. */
const EXPIRED = 'put option at maturity';

// golden/american-published.csv: each number belongs to the method that printed it.
describeGolden('published American values', () => {
  it('gives every Barone-Adesi-Whaley price within its tolerance', () => {
    const cases = labelled('BAW');
    expect(cases.length).toBeGreaterThan(150);
    for (const [name, row] of cases) {
      const error = Math.abs(americanBaw(optionOf(row)).price - Number(row.expected));
      expect([name, error < toleranceOf(row)]).toEqual([name, true]);
    }
  });

  it('gives the five-step trees of the textbooks', () => {
    const cases = labelled('CRR lattice n=5');
    expect(cases).toHaveLength(2);
    for (const [, row] of cases) {
      const error = Math.abs(binomialCrr({ ...optionOf(row), steps: 5 }).price - Number(row.expected));
      expect(error).toBeLessThan(toleranceOf(row));
    }
  });

  it('gives the exact values among the edge cases', () => {
    const cases = labelled(/^exact American/).filter(([, row]) => !QD_PLUS.has(row.note) && row.note !== EXPIRED);
    expect(cases.length).toBeGreaterThan(20);
    for (const [name, row] of cases) {
      const error = Math.abs(americanAlo(optionOf(row)).price - Number(row.expected));
      expect([name, error <= Math.max(toleranceOf(row), 1e-13)]).toEqual([name, true]);
    }
  });

  it('lies within the error of QD+ where that approximation printed the number', () => {
    const cases = labelled(/^exact American/).filter(([, row]) => QD_PLUS.has(row.note));
    expect(cases.length).toBeGreaterThanOrEqual(5);
    for (const [name, row] of cases) {
      const error = Math.abs(americanAlo(optionOf(row)).price - Number(row.expected));
      expect([name, error < 3e-2]).toEqual([name, true]);
    }
  });

  it.each(labelled('American').filter(([, row]) => !row.ref!.includes('CRR')))(
    'gives the binomial value %s',
    (_, row) => {
      expect(Math.abs(americanAlo(optionOf(row)).price - Number(row.expected))).toBeLessThan(toleranceOf(row));
    },
  );

  // Approximations of the American value: each is known to lie within these distances of it on its own table.
  it.each([
    ['Ju quadratic (modified BAW)', 0.1],
    ['BS1993', 0.6],
    ['BS2002', 0.6],
  ])('lies near the approximation %s', (method, distance) => {
    const cases = labelled(method).filter(([, row]) => Number(row.sigma) < 2);
    expect(cases.length).toBeGreaterThan(5);
    for (const [name, row] of cases) {
      const error = Math.abs(americanAlo(optionOf(row)).price - Number(row.expected));
      expect([name, error < distance]).toEqual([name, true]);
    }
  });

  it('gives the premium of the standard example of Andersen, Lake and Offengenden', () => {
    for (const row of readGoldenTable('american-published.csv').filter(
      (each) => each.quantity === 'early_exercise_premium',
    )) {
      const option = optionOf(row);
      const european = blackScholes(option).price;
      expect(Math.abs(americanAlo(option).price - european - Number(row.expected))).toBeLessThan(5e-5);
    }
  });
});
