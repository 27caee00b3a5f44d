// Values made at random over HTTP: accepted exactly when the grammar says so, never a defect, never a row.
import fc from 'fast-check';
import { type Counter, openCounter, proveNothingLeaked } from '../../support/api-bad-inputs';
import { countRowsOfCallers } from '../../support/bad-inputs';

let counter: Counter;
beforeAll(async () => {
  counter = await openCounter();
}, 60_000);
afterAll(() => counter?.close());

const runs = { numRuns: 60, seed: 20_261_121 };
const codeOf = ({ errors }: { errors: readonly { extensions: { code: string } }[] }) => errors[0]?.extensions.code;

const price = `query ($x: Decimal!) { price(input: { model: BACHELIER, right: CALL, forward: $x, strike: "1",
  yearsToExpiry: 1, rate: 0, volatility: 10 }) { price } }`;
const digits = fc.stringMatching(/^-?\d{1,20}(?:\.\d{1,12})?$/);
const almostDecimal = fc.oneof(
  digits,
  fc.stringMatching(/^[-+ ]?[\d.,eExn_'٣−]{0,12}$/),
  fc.string({ unit: 'binary' }),
);

const requirement = 'query ($x: DateTime) { account(code: "A-01") { requirement(asOf: $x) { asOf } } }';
const two = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((value) => String(value).padStart(2, '0'));
const almostInstant = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 1990, max: 2090 }),
      two(0, 13),
      two(0, 32),
      two(0, 25),
      two(0, 61),
      two(0, 61),
      fc.constantFrom('Z', '', '+02:00', '-99:00', ' Z', 'z'),
    ) // prettier-ignore
    .map(
      ([year, month, day, hour, minute, second, zone]) => `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`,
    ),
  fc.string({ unit: 'grapheme' }),
);

/** Whether a text is an instant with a zone, by the calendar of the engine and not by our own parser. */
function isInstant(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null) return false;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const same = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  return same.join() === [year, month, day, hour, minute, second].join() && !/[+-](?:2[4-9]|[3-9]\d)/.test(match[7] ?? '');
} // prettier-ignore

describe('at random', () => {
  it('a Decimal is taken exactly when it is plain digits within the bounds', async () => {
    await fc.assert(
      fc.asyncProperty(almostDecimal, async (x) => {
        const answer = await counter.ask(price, { x });
        const isPlain = /^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,10})?$/.test(x);
        expect([x, codeOf(answer)]).toEqual([x, isPlain ? undefined : 'BAD_USER_INPUT']);
      }),
      runs,
    );
  });

  it('a DateTime is taken exactly when it is an instant that exists', async () => {
    await fc.assert(
      fc.asyncProperty(almostInstant, async (x) => {
        const answer = await counter.ask(requirement, { x });
        expect([x, codeOf(answer)]).toEqual([x, isInstant(x) ? undefined : 'BAD_USER_INPUT']);
      }),
      runs,
    );
  });

  it('identifiers, codes and cursors find nothing and break nothing', async () => {
    const before = await countRowsOfCallers(counter.world.database);
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.uuid(), fc.base64String(), fc.json());
    const questions = [
      'query ($x: ID) { account(id: $x) { id } }',
      'query ($x: String) { account(code: $x) { id } }',
      'query ($x: ID!) { instrument(id: $x) { id } }',
      'query ($x: ID!) { marginRun(id: $x) { id } }',
      'query ($x: ID) { marketSnapshot(id: $x) { id } }',
      'query ($x: String) { accounts(after: $x) { edges { cursor } } }',
      'query ($x: String) { marginRuns(after: $x) { edges { cursor } } }',
      'query ($x: String) { account(code: "A-01") { positions(after: $x) { edges { cursor } } } }',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...questions), text, async (query, x) => {
        expect([x, codeOf(await counter.ask(query, { x }))]).toEqual([
          x,
          expect.stringMatching(/^(?:NOT_FOUND|BAD_USER_INPUT)$/),
        ]);
      }),
      { ...runs, numRuns: 120 },
    );
    expect(await countRowsOfCallers(counter.world.database)).toEqual(before);
  });

  it('any JSON for variables is answered with a code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 6 }), async (json) => {
        const answer = await counter.post(`{"query": ${JSON.stringify(requirement)}, "variables": {"x": ${json}}}`);
        expect([200, 400]).toContain(answer.status);
      }),
      runs,
    );
  });

  it('nothing of it tells how the service is built', () => proveNothingLeaked(counter));
});
