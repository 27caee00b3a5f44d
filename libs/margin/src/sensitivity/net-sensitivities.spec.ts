import type { Sensitivity } from '../portfolio';
import { netSensitivities } from './net-sensitivities';

const row = (changes: Partial<Sensitivity>): Sensitivity => ({
  productClass: 'Equity',
  riskType: 'Risk_Equity',
  qualifier: 'A',
  bucket: '1',
  tenor: '',
  amountUsd: 1,
  ...changes,
});

describe('netSensitivities', () => {
  it('nets per class, bucket, name and tenor', () => {
    const net = netSensitivities(
      [
        row({ amountUsd: 5 }),
        row({ amountUsd: -2 }),
        row({ qualifier: 'B', bucket: '2', riskType: 'Risk_EquityVol', tenor: '1y', amountUsd: 3 }),
        row({ qualifier: 'B', bucket: '2', riskType: 'Risk_EquityVol', tenor: '1M', amountUsd: 4 }),
        row({ productClass: 'Credit', amountUsd: 7 }),
      ],
      ['1', '2', 'Residual'],
    );
    expect(net.map(({ productClass }) => productClass)).toEqual(['Credit', 'Equity']);
    const [first, second] = net[1]?.buckets ?? [];
    expect(first?.names).toEqual([{ qualifier: 'A', delta: 3, vegas: [] }]);
    expect(second?.names[0]?.vegas.map(({ amount }) => amount)).toEqual([4, 3]);
  });

  it('does not depend on the order of the rows', () => {
    const rows = [0.1, 0.2, 0.3, -0.6, 1e17, -1e17].map((amountUsd) => row({ amountUsd }));
    const buckets = ['1'];
    expect(netSensitivities([...rows].reverse(), buckets)).toEqual(netSensitivities(rows, buckets));
  });

  it.each([
    [{ bucket: '9' }, 'sensitivities[0].bucket'],
    [{ amountUsd: NaN }, 'sensitivities[0].amountUSD'],
    [{ riskType: 'Risk_EquityVol' as const, tenor: 'soon' }, 'sensitivities[0].tenor'],
  ])('refuses %j by its field', (changes, field) => {
    expect(() => netSensitivities([row(changes)], ['1'])).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', field }),
    );
  });
});
