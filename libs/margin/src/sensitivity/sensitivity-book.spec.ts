import type { Sensitivity } from '../portfolio';
import { netSensitivities } from './net-sensitivities';
import { buildSensitivityBook, netBook } from './sensitivity-book';
import type { SensitivitySource } from './sensitivity-source';

const row = (changes: Partial<Sensitivity>): Sensitivity => ({
  productClass: 'Equity',
  riskType: 'Risk_Equity',
  qualifier: 'A',
  bucket: '1',
  tenor: '',
  amountUsd: 1,
  ...changes,
});
const vega = { riskType: 'Risk_EquityVol' } as const;
const buckets = ['1', '2', 'Residual'];
const sources: readonly SensitivitySource[] = [
  { id: 'X', quantity: 1, sensitivities: [row({ amountUsd: 5 }), row({ ...vega, tenor: '1y', amountUsd: 2 })] },
  { id: 'Y', quantity: 1, sensitivities: [row({ amountUsd: -3 }), row({ ...vega, tenor: '1m', amountUsd: 7 })] },
  { id: 'Z', quantity: 1, sensitivities: [row({ bucket: 'Residual', qualifier: 'B' }), row({ productClass: 'Credit' })] },
]; // prettier-ignore

const rowsOf = (quantities: readonly number[]) =>
  sources.flatMap(({ sensitivities }, index) =>
    sensitivities.map((item) => ({ ...item, amountUsd: item.amountUsd * (quantities[index] as number) })),
  );

describe('netBook', () => {
  const book = buildSensitivityBook(sources, buckets);

  it.each([[[1, 1, 1]], [[2, -1, 3]], [[-0.5, 4, 1]]])(
    'agrees with netting the rows themselves at %j',
    (quantities) => {
      expect(netBook(book, quantities)).toEqual(netSensitivities(rowsOf(quantities), buckets));
    },
  );

  it('keeps names with nothing held at 0', () => {
    const net = netBook(book, [0, 0, 0]);
    expect(net.flatMap((own) => own.buckets.flatMap(({ names }) => names.map(({ delta }) => delta)))).toEqual([
      0, 0, 0,
    ]);
  });
});
