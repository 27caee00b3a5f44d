import { bulkParameters, bulkSource, type BulkColumns } from './bulk-insert';

const columns: BulkColumns = [
  ['id', 'uuid'],
  ['name', 'text'],
  ['reasons', 'words'],
  ['hash', 'bytea'],
];

describe('bulkSource', () => {
  it('takes texts and bytes as they come and casts the rest', () => {
    expect(bulkSource(columns, 2)).toEqual({
      names: 'id, name, reasons, hash',
      select:
        "r.id::uuid, r.name, CASE WHEN r.reasons = '[]' THEN '{}' ELSE ARRAY(SELECT json_array_elements_text(r.reasons::json)) END, r.hash",
      from: 'unnest($2::text[], $3::text[], $4::text[], $5::bytea[]) AS r (id, name, reasons, hash)',
    });
  });
});

describe('bulkParameters', () => {
  it('makes one array per column', () => {
    const parameters = bulkParameters(columns, [['1', 'a', '[]', Uint8Array.of(1)]]);
    expect(parameters.map((array) => array.subarray(20).toString('hex'))).toEqual([
      '0000000131',
      '0000000161',
      '000000025b5d',
      '0000000101',
    ]);
  });
});
