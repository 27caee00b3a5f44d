// Items 1–50 of the list of bad inputs over HTTP: values, identifiers and texts (docs/bad-inputs.md).
import {
  type ApiBadInput,
  apiTitleOf,
  type Counter,
  openCounter,
  proveApiBadInput,
  proveNothingLeaked,
} from '../../support/api-bad-inputs';

let counter: Counter;
beforeAll(async () => {
  counter = await openCounter();
}, 60_000);
afterAll(() => counter?.close());

const code = 'BAD_USER_INPUT';
const amount = (item: number, value: unknown, what = JSON.stringify(value)): ApiBadInput => ({
  item,
  what: `amount ${what}`,
  send: ({ pay }) => pay({ amount: value }),
  code,
});
const rawAmount = (item: number, json: string, what = json): ApiBadInput => ({
  item,
  what: `amount ${what} as JSON`,
  send: ({ payRaw }) => payRaw('amount', json),
  code,
});

const values: readonly ApiBadInput[] = [
  amount(1, 'NaN'),
  amount(2, 'Infinity'),
  amount(3, '-Infinity'),
  {
    item: 4,
    what: 'amount "-0"',
    send: ({ pay }) => pay({ amount: '-0' }),
    accepted: { recordBalance: { balance: { amount: '0.00' } } },
  },
  amount(5, ''),
  amount(6, ' 1'),
  amount(7, '1 '),
  amount(8, '1,000'),
  amount(9, '1_000'),
  amount(10, '0x10'),
  amount(11, '0b11'),
  amount(12, '0o17'),
  amount(13, '1e5'),
  amount(14, '1e400'),
  amount(15, '1e9000000000000000'),
  { ...amount(16, '1'.repeat(200_000), 'of 200 000 digits'), status: 413 },
  amount(16, '1'.repeat(90_000), 'of 90 000 digits'),
  { ...amount(17, `0.${'0'.repeat(200_000)}1`, 'of 200 000 zeros'), status: 413 },
  amount(17, `0.${'0'.repeat(90_000)}1`, 'of 90 000 zeros'),
  amount(18, '+5'),
  amount(19, '.5'),
  amount(20, '5.'),
  amount(21, '١٢٣'),
  amount(22, '１２３'),
  amount(23, '−5'),
  rawAmount(24, '0.1'),
  rawAmount(25, '1e400'),
  rawAmount(26, '9007199254740993'),
  rawAmount(27, 'true'),
  rawAmount(27, '[]'),
  rawAmount(27, '{}'),
  rawAmount(27, `${'['.repeat(30_000)}${']'.repeat(30_000)}`, '30 000 nested lists'),
  amount(28, '0.12345678901', 'of 11 decimals'),
  amount(29, '1234567890123456789', 'of 19 integer digits'),
  amount(30, null),
];

const unknownId = '0190d3f0-0000-7000-8000-000000000000';
const byId = 'query ($x: ID) { account(id: $x) { code } }';
const byCode = 'query ($x: String) { account(code: $x) { code } }';

/** A text as an identifier in a query, as a code in a query, and as a code in a mutation. */
const text = (item: number, x: string, what: string, codes: { id?: string; code?: string; refusal?: string } = {}) => {
  const rows: ApiBadInput[] = [
    {
      item,
      what: `${what} as identifier`,
      send: ({ ask }) => ask(byId, { x }),
      code: codes.id ?? 'NOT_FOUND',
      status: 200,
    },
    {
      item,
      what: `${what} as code`,
      send: ({ ask }) => ask(byCode, { x }),
      code: codes.code ?? 'NOT_FOUND',
      status: 200,
    },
    codes.refusal === 'BAD_USER_INPUT'
      ? { item, what: `${what} in a mutation`, send: ({ pay }) => pay({ accountCode: x }), code }
      : { item, what: `${what} in a mutation`, send: ({ pay }) => pay({ accountCode: x }), refusal: 'NOT_FOUND' },
  ];
  return rows;
};

const texts: readonly ApiBadInput[] = [
  {
    item: 31,
    what: 'the identifier of another firm’s account',
    send: ({ ask, world }) => ask(byId, { x: world.accounts.get('B-01') }),
    code: 'NOT_FOUND',
    status: 200,
  },
  {
    item: 31,
    what: 'another firm’s code in a mutation',
    send: ({ pay }) => pay({ accountCode: 'B-01' }),
    refusal: 'NOT_FOUND',
  },
  ...text(32, unknownId, 'an unknown identifier'),
  ...text(33, 'A-01\u0000', 'NUL', { code, refusal: code }),
  ...text(34, 'A-\u202e10', 'a bidi override'),
  ...text(35, 'A-\ud800', 'a lone surrogate'),
  ...text(36, 'A\u0301-01', 'a decomposed letter'),
  ...text(37, 'A\u201101', 'another hyphen'),
  {
    item: 38,
    what: 'a text of 10 MB',
    send: ({ ask }) => ask(byCode, { x: 'x'.repeat(10_000_000) }),
    code,
    status: 413,
  },
  ...["A-01' OR '1'='1", "'; DROP TABLE accounts; --", 'A-01"; --', "\\'; VALUES (1); --"].flatMap((sql) =>
    text(39, sql, `SQL ${sql}`),
  ),
  { item: 40, what: 'an operator object', send: ({ ask }) => ask(byCode, { x: { $gt: '' } }), code },
  {
    item: 41,
    what: 'a prototype among the variables',
    send: ({ post }) => post(`{"query": ${JSON.stringify(byCode)}, "variables": {"__proto__": {"x": "A-01"}}}`),
    code,
  },
  {
    item: 42,
    what: 'a JSON key twice: the last one counts',
    send: ({ post }) => post('{"query": "{ nope }", "query": "{ __typename }"}'),
    accepted: { __typename: 'Query' },
  },
  ...text(43, '../../etc/passwd', 'a path'),
  { item: 44, what: 'line breaks in a reason', send: ({ pay }) => pay({ reason: 'x\r\nadmin: yes' }), code },
  ...text(45, '<script>alert(1)</script>', 'markup'),
  ...text(46, '=HYPERLINK("http://x")', 'a formula'),
  ...text(47, 'A-🙂', 'an emoji'),
  ...text(48, 'A-01 ', 'a space behind'),
  ...text(49, 'a-01', 'another case'),
  { item: 50, what: 'no identifier', send: ({ ask }) => ask('{ account { code } }'), code, status: 200 },
  { item: 50, what: 'a variable left out', send: ({ ask }) => ask(byId), code, status: 200 },
  { item: 50, what: 'null', send: ({ ask }) => ask('{ account(id: null) { code } }'), code, status: 200 },
];

describe('values', () => {
  it.each(values.map((input) => [apiTitleOf(input), input] as const))('%s', (_title, input) =>
    proveApiBadInput(counter, input),
  );
});

describe('identifiers and texts', () => {
  it.each(texts.map((input) => [apiTitleOf(input), input] as const))('%s', (_title, input) =>
    proveApiBadInput(counter, input),
  );
});

describe('all of them', () => {
  it('cover 1 to 50', () => {
    const items = new Set([...values, ...texts].map(({ item }) => item));
    expect([...items].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });

  it('leave no word about the inside in any answer', () => proveNothingLeaked(counter));
});
