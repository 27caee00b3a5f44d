import { toMoney } from '@ballast/domain';
import type { AccountOfRun } from './report-statements';
import { RunSums } from './run-sums';

const account = (code: string, currency: string, buffer: string): AccountOfRun =>
  ({
    account: { code },
    requirement: {
      ...{ status: 'WATCH', quality: 'OK', currency, collateralValue: null },
      ...{ equity: toMoney('0', currency), maintenanceRequirement: toMoney('0', currency) },
      ...{ initialRequirement: toMoney('0', currency), buffer: toMoney(buffer, currency) },
    },
  }) as never;
const sumsOf = (...accounts: readonly AccountOfRun[]): RunSums => {
  const sums = new RunSums();
  accounts.forEach((each) => sums.add(each));
  return sums;
};
const named = (sums: RunSums): readonly string[] => sums.deficits().map(({ account: { code } }) => code);

describe('RunSums', () => {
  it('compares deficits of one currency alone: a million yen hides no deficit in dollars', () => {
    const sums = sumsOf(
      account('A', 'USD', '-50.00'),
      account('B', 'JPY', '-1000000'),
      account('C', 'USD', '-70.00'),
      account('D', 'USD', '10.00'),
      ...Array.from({ length: 12 }, (_, index) => account(`J${10 + index}`, 'JPY', `-${2_000_000 + index}`)),
    );
    expect(named(sums)).toEqual(['J21', 'J20', 'J19', 'J18', 'J17', 'J16', 'J15', 'J14', 'J13', 'J12', 'C', 'A']);
    expect(sums.totals.get('USD')).toMatchObject({ accounts: 3, short: 2 });
    expect(sums.totals.get('USD')?.deficit.toFixed(2)).toBe('120.00');
    expect(sums.totals.get('JPY')?.deficit.toFixed()).toBe('25000066');
  });

  it('names equal deficits in order of account codes', () => {
    expect(
      named(sumsOf(account('A', 'USD', '-1.00'), account('B', 'USD', '-2.00'), account('C', 'USD', '-1.00'))),
    ).toEqual([...['B', 'A', 'C']]);
  });
});
