import { parseInstant } from '@ballast/domain';
import { readMarketStream, readStreamLine } from './market-stream-line';

const place = { file: 'feed', line: 7 };
const time = '2026-01-05T15:00:00Z';
const at = parseInstant(time, 'time');
const read = (members: object) => readStreamLine(JSON.stringify(members), place);

describe('readStreamLine', () => {
  it('reads a quote; numbers keep their digits', () => {
    const line = readStreamLine(
      `{"instrument":"A","bid":0.1234567890,"ask":"2","mark":null,"timestamp":"${time}","sequence":3}`,
      place,
    );
    expect(line).toMatchObject({ ...place, sequence: 3, at, statement: { kind: 'quote' } });
    if ('problem' in line || line.statement.kind !== 'quote') throw new Error('no quote');
    const { bid, ask, mark, impliedVolatility, quotedAt } = line.statement.value;
    expect([bid?.toFixed(), ask?.toFixed(), mark, impliedVolatility, quotedAt]).toEqual([
      '0.123456789',
      '2',
      null,
      null,
      at,
    ]);
  });

  it.each([
    [
      { underlying: 'X', price: '1' },
      { kind: 'underlying', value: { underlyingId: 'X' } },
    ],
    [
      { underlying: 'X', price: null, timestamp: time },
      { kind: 'underlying', value: { price: null } },
    ],
    [
      { underlying: 'X', expiry: time, price: '5', rate: 0.01 },
      { kind: 'forward', value: { underlyingId: 'X', expiry: at, rate: 0.01 } },
    ],
    [
      { from: 'EUR', to: 'USD', rate: '1.1' },
      { kind: 'fx', value: { from: 'EUR', to: 'USD' } },
    ],
    [{ heartbeat: true, sequence: '12' }, { kind: 'heartbeat' }],
  ])('tells the kind of %j by its members', (members, statement) => {
    expect(read(members)).toMatchObject({ statement });
  });

  it.each([
    ['', undefined, 'too early'],
    ['{"instrument":"A"', 'character 18', 'too early'],
    ['[1]', undefined, 'expected a JSON object'],
    ['{"a":1}', undefined, 'unknown message'],
    ['{"instrument":"A","instrument":"B"}', 'character 31', 'twice'],
    [`{"instrument":"A","timestamp":"${time}","last":1}`, 'last', 'unknown member of a quote'],
    ['{"instrument":"A","bid":"1"}', 'timestamp', 'missing'],
    ['{"instrument":"A","timestamp":1767625200000}', 'timestamp', ''],
    [`{"instrument":"A","timestamp":"${time}","bid":"NaN"}`, 'bid', 'not a finite number'],
    [`{"instrument":"A","timestamp":"${time}","bid":"1e5"}`, 'bid', 'plain digits'],
    [`{"instrument":"A","timestamp":"${time}","bid":true}`, 'bid', 'got boolean'],
    [`{"instrument":"A","timestamp":"${time}","impliedVolatility":-0.2}`, 'impliedVolatility', 'negative'],
    [`{"instrument":"A","timestamp":"${time}","sequence":-1}`, 'sequence', 'whole number'],
    [`{"instrument":"A","timestamp":"${time}","sequence":9007199254740993}`, 'sequence', 'whole number'],
    ['{"underlying":"X","price":"0","kind":"equity"}', 'price', 'greater than 0'],
    ['{"underlying":"X","price":"1","rate":5}', 'rate', 'write 5 % as 0.05'],
    ['{"from":"EUR","to":"EUR","rate":"1"}', 'to', 'equal to from'],
    ['{"__proto__":{},"instrument":"A"}', 'character 13', '__proto__'],
  ])('refuses %s', (text, column, reason) => {
    const line = readStreamLine(text, place);
    if (!('problem' in line)) throw new Error('it was taken');
    expect(line.problem).toMatchObject({ ...place, reason: expect.stringContaining(reason) });
    if (column !== undefined) expect(line.problem.column).toBe(column);
  });
});

describe('readMarketStream', () => {
  it('counts lines and goes on after a bad one', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"heartbeat":1}\n\n'),
      Buffer.from([0xff, 0x0a]),
      Buffer.from('{"heartbeat":2}'),
    ]);
    const lines = [];
    for await (const batch of readMarketStream({ name: 'feed', chunks: (async function* () { yield bytes; })() })) lines.push(...batch); // prettier-ignore
    expect(lines).toMatchObject([
      { line: 1 },
      { problem: { file: 'feed', line: 3, reason: 'not UTF-8' } },
      { line: 4 },
    ]);
  });
});
