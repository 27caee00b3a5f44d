import { americanAlo, americanBaw, binomialCrr, type AmericanMode, type AmericanOption } from '@ballast/pricing';
import { describeGolden, readGoldenTable, type GoldenRow } from '../support/european-golden';

const rows = readGoldenTable('american-reference.csv');

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

/** Absolute errors per 100 of strike beyond the uncertainty of the reference itself. */
function errorsPerHundred(mode: AmericanMode): number[] {
  return rows.map((row) => {
    const option = optionOf(row);
    const error = Math.abs(americanAlo({ ...option, mode }).price - Number(row.american_ref));
    return (error * 100) / option.strike;
  });
}

function statistics(errors: readonly number[]) {
  const sorted = [...errors].sort((a, b) => a - b);
  const squares = errors.reduce((sum, error) => sum + error * error, 0);
  return {
    worst: sorted[sorted.length - 1]!,
    median: sorted[sorted.length >> 1]!,
    rms: Math.sqrt(squares / errors.length),
  };
}

// golden/american-reference.csv: Andersen-Lake-Offengenden in high precision, uncertainty up to 1e-5.
describeGolden('American reference table', () => {
  it('is met by the accurate mode far within 1e-4 and rms 5e-6 per 100 of strike', () => {
    const { worst, rms } = statistics(errorsPerHundred('accurate'));
    expect(worst).toBeLessThan(2e-6);
    expect(rms).toBeLessThan(5e-7);
  });

  it('is met by the fast mode far within 1.5e-3 and a median of 1e-6', () => {
    const { worst, median } = statistics(errorsPerHundred('fast'));
    expect(worst).toBeLessThan(5e-5);
    expect(median).toBeLessThan(1e-7);
  });

  // The reference Greeks are differences; the worst of them is uncertain to about these bars.
  it.each([
    ['delta', 1e-6],
    ['gamma', 1e-6],
    ['vega', 2e-4],
    ['theta', 1e-5],
    ['rho', 1e-3],
  ] as const)('gives the reference %s within %p', (greek, bar) => {
    let seen = 0;
    for (const row of rows) {
      const result = americanAlo(optionOf(row));
      if (row[greek] === '' || result.exerciseNow !== (row.early_exercise_now === '1')) continue;
      seen += 1;
      expect(Math.abs(result[greek] - Number(row[greek]))).toBeLessThan(bar);
    }
    expect(seen).toBeGreaterThan(40);
  });

  it('reports exercise now where the reference does, but for a time value below its uncertainty', () => {
    for (const row of rows) {
      const option = optionOf(row);
      const intrinsic = (option.right === 'call' ? 1 : -1) * (option.spot - option.strike);
      const undecided = Math.abs(Number(row.american_ref) - intrinsic) < Number(row.ref_uncertainty);
      if (undecided) continue;
      expect([row.id, americanAlo(option).exerciseNow]).toEqual([row.id, row.early_exercise_now === '1']);
    }
  });

  it('agrees with the quadratic approximation of the table', () => {
    // The table's critical prices are solved to 1e-6 of the strike only.
    for (const row of rows) {
      if (row.baw === '') continue;
      expect(Math.abs(americanBaw(optionOf(row)).price - Number(row.baw))).toBeLessThan(3e-5);
    }
  });

  it('is approached by the binomial tree of 801 steps', () => {
    for (const row of rows.filter((_, i) => i % 4 === 0)) {
      const option = optionOf(row);
      const scale = option.spot * option.volatility * Math.sqrt(option.yearsToExpiry);
      expect(Math.abs(binomialCrr(option).price - Number(row.american_ref))).toBeLessThan(1e-3 * scale + 1e-9);
    }
  });
});
