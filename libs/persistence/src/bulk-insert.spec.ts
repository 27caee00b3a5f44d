import { bulkParameters, bulkRows, bulkSource, type BulkColumns } from './bulk-insert';

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

describe('bulkRows', () => {
  it('sends once what all rows have in common, in the type of its column', () => {
    const hash = (byte: number): Uint8Array => Uint8Array.of(byte);
    const { names, select, from, parameters } = bulkRows(
      columns,
      [
        ['1', 'a', '[]', hash(1)],
        ['1', 'b', '[]', hash(1)],
      ],
      2,
    );
    expect([names, select, from]).toEqual([
      'id, name, reasons, hash',
      "$2::uuid, r.name, CASE WHEN $4::text = '[]' THEN '{}' ELSE ARRAY(SELECT json_array_elements_text($4::text::json)) END, $5::bytea",
      'unnest($3::text[]) AS r (name)',
    ]);
    expect(parameters.map((one) => (one instanceof Uint8Array ? Buffer.from(one).toString('hex') : one))).toEqual([
      '1',
      `${'00000001'}${'00000000'}${'00000019'}${'00000002'}${'00000001'}${'0000000161'}${'0000000162'}`,
      '[]',
      '01',
    ]);
  });

  it('tells nothing shared of one row, and keeps a column of rows that are all alike', () => {
    const row = ['1', null, '[]', null] as const;
    expect(bulkRows(columns, [row], 1).from).toBe(bulkSource(columns, 1).from);
    expect(bulkRows(columns, [row, row], 1).from).toBe('unnest($1::text[]) AS r (id)');
    expect(bulkRows(columns, [row, row], 1).parameters.slice(1)).toEqual([null, '[]', null]);
  });
});
