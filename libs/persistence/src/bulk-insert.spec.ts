import {
  bulkFilled,
  bulkParameters,
  bulkSource,
  type BulkColumns,
  type BulkValue,
  type FilledColumn,
} from './bulk-insert';

const columns: BulkColumns = [
  ['id', 'uuid'],
  ['name', 'text'],
  ['reasons', 'words'],
  ['hash', 'bytea'],
];

const firm = '0a000000-0000-0000-0000-000000000001';

function filled(rows: readonly (readonly BulkValue[])[]): readonly FilledColumn[] {
  return columns.map(([name, type], column) => ({ name, type, values: rows.map((row) => row[column] ?? null) }));
}

describe('bulkSource', () => {
  it('takes texts and bytes as they come and casts the rest', () => {
    expect(bulkSource(columns, 2)).toEqual({
      names: 'id, name, reasons, hash',
      select:
        "r.id, r.name, CASE WHEN r.reasons = '[]' THEN '{}' ELSE ARRAY(SELECT json_array_elements_text(r.reasons::json)) END, r.hash",
      from: 'unnest($2::uuid[], $3::text[], $4::text[], $5::bytea[]) AS r (id, name, reasons, hash)',
    });
  });
});

describe('bulkParameters', () => {
  it('makes one array per column', () => {
    const parameters = bulkParameters(columns, [[firm, 'a', '[]', Uint8Array.of(1)]]);
    expect(parameters.map((array) => array.subarray(20).toString('hex'))).toEqual([
      '000000100a000000000000000000000000000001',
      '0000000161',
      '000000025b5d',
      '0000000101',
    ]);
  });
});

describe('bulkFilled', () => {
  it('sends once what all rows have in common, in the type of its column', () => {
    const hash = (byte: number): Uint8Array => Uint8Array.of(byte);
    const { names, select, from, parameters } = bulkFilled(
      filled([
        [firm, 'a', '[]', hash(1)],
        [firm, 'b', '[]', hash(1)],
      ]),
      2,
    );
    expect([names, select, from]).toEqual([
      'id, name, reasons, hash',
      "$2::uuid, r.name, CASE WHEN $4::text = '[]' THEN '{}' ELSE ARRAY(SELECT json_array_elements_text($4::text::json)) END, $5::bytea",
      'unnest($3::text[]) AS r (name)',
    ]);
    expect(parameters.map((one) => (one instanceof Uint8Array ? Buffer.from(one).toString('hex') : one))).toEqual([
      firm,
      `${'00000001'}${'00000000'}${'00000019'}${'00000002'}${'00000001'}${'0000000161'}${'0000000162'}`,
      '[]',
      '01',
    ]);
  });

  it('reads hexadecimal digits of a hash, shared or not', () => {
    const hashes = (...values: string[]): readonly FilledColumn[] => [{ name: 'hash', type: 'hash', values }];
    const { select, from, parameters } = bulkFilled(hashes('00ff', '01fe'), 1);
    expect([select, from]).toEqual(['r.hash', 'unnest($1::bytea[]) AS r (hash)']);
    expect((parameters[0] as Buffer).subarray(20).toString('hex')).toBe('0000000200ff0000000201fe');
    const shared = bulkFilled([...hashes('00ff', '00ff'), { name: 'id', type: 'text', values: ['a', 'b'] }], 1);
    expect([shared.select, shared.parameters[0]]).toEqual(['$1::bytea, r.id', Buffer.from('00ff', 'hex')]);
  });

  it('tells nothing shared of one row, and keeps a column of rows that are all alike', () => {
    const row = [firm, null, '[]', null] as const;
    expect(bulkFilled(filled([row]), 1).from).toBe(bulkSource(columns, 1).from);
    expect(bulkFilled(filled([row, row]), 1).from).toBe('unnest($1::uuid[]) AS r (id)');
    expect(bulkFilled(filled([row, row]), 1).parameters.slice(1)).toEqual([null, '[]', null]);
  });
});
