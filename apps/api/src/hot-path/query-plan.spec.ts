import fc from 'fast-check';
import { execute, getNamedType, type GraphQLObjectType, type GraphQLSchema, isObjectType, parse } from 'graphql';
import { buildSchema } from '../graphql/build-schema';
import { cutAtAges, joinWithAges } from './answer-ages';
import { KeptTexts } from './kept-texts';
import { type HotField, makeQueryPlan } from './query-plan';

const amount = (digits: string) => ({ amount: digits, currency: 'USD' });

const requirement = {
  id: 'run.account',
  asOf: Date.parse('2026-11-18T21:00:00Z'),
  quality: 'OK',
  qualityReasons: ['a "quoted" \\ reason', 'and one\nof two lines: ✓ 𝛼 \ud800'],
  warnings: [],
  methodology: 'SPAN',
  initial: amount('10.00'),
  maintenance: amount('-0.50'),
  netOptionValue: null,
  equity: amount('123456789012345678.00000001'),
  collateralValue: null,
  buffer: amount('0.00'),
  bufferRatio: '0.25',
  excess: null,
  status: 'HEALTHY',
  computedStatus: 'WATCH',
  leverage: null,
  worstScenario: { index: 3, group: 'XYZ', label: 'down', loss: 1e-7 },
};
const account = { id: '7', code: 'A-1', name: 'Ann “A” Ö', baseCurrency: 'USD', methodology: 'SPAN' };
/** Types with more fields than those of the values here. */
const members: Readonly<Record<string, object>> = { Account: account, MarginRequirement: requirement };
const scenarios = [1, -0, 2.5e300, 0.1].map((loss, index) => ({ index, group: 'XYZ', label: `${index}`, loss }));

const pageOf = (places: readonly number[]) => ({
  edges: places.map((place) => ({ cursor: `c${place}`, node: { ...account, code: `A-${place}` } })),
  pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: 'c1', endCursor: 'c3' },
});
/** What the list shows: as long as it is the same object it says the same. */
let page = pageOf([1, 2, 3]);

const newestOf = ({ code }: { readonly code: string }) => (code === 'A-2' ? null : requirement);
const hotFields = new Map<string, HotField<null>>([
  ['Query.account', async () => account],
  ['Query.accounts', () => page],
  ['Account.requirement', async (row, { asOf }) => (asOf === 0 ? null : newestOf(row as { readonly code: string }))],
  ['MarginRequirement.scenarios', async (_parent, { underlying }) => (underlying === 'none' ? [] : scenarios)],
]);
const settled = new Map([
  ['Query.accounts', new Map([['Account.requirement', (row: unknown) => newestOf(row as never)]])],
]);
const keptLists = new Set(['MarginRequirement.scenarios']);

const now = requirement.asOf + 42;
const ages = new Map([['MarginRequirement.ageMs', (source: unknown) => (source as typeof requirement).asOf]]);

let schema: GraphQLSchema;
const resolved = new Set<string>();
const kept = new Set(['AccountConnection', 'Account', 'MarginRequirement']);
const texts = new KeptTexts(2_000);
beforeAll(async () => {
  schema = await buildSchema();
  // Fields that this test has no reader for stand for those with resolvers that only the general way knows.
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType))
    for (const field of Object.values(type.getFields())) {
      const place = `${type.name}.${field.name}`;
      const hot = hotFields.get(place) ?? (ages.has(place) ? () => 42 : undefined);
      if (hot !== undefined) {
        field.resolve = (source, args, context, info) => hot(source, args, context as null, info);
        resolved.add(place);
      } else if (field.args.length > 0 || (type.name in members && !(field.name in (members[type.name] as object)))) {
        resolved.add(place);
      }
    }
});

const parts = { hotFields, ages, resolved, kept, keptLists, settled, texts };
const planOf = (text: string) => makeQueryPlan(schema, parse(text), parts);

async function writeByPlan(text: string, variables: Record<string, unknown> = {}): Promise<string | null> {
  const plan = planOf(text);
  if (plan === null) throw new Error(`no plan for ${text}`);
  const coerced = plan.variablesOf(variables);
  return coerced === null ? null : given(await plan.write(null, coerced));
}

const given = (text: string | null | undefined): string | null =>
  text == null ? null : Buffer.from(joinWithAges(cutAtAges(text), now), 'latin1').toString();

async function executeGenerally(text: string, variableValues: Record<string, unknown> = {}): Promise<string> {
  const { data, errors } = await execute({ schema, document: parse(text), contextValue: null, variableValues });
  expect(errors).toBeUndefined();
  return JSON.stringify({ data });
}

/** Fields below a type that a plan can answer, as selections: some of them, some under other names, some twice. */
function selectionOf(type: GraphQLObjectType, depth: number): fc.Arbitrary<string> {
  const fields = Object.values(type.getFields()).filter(({ name }) => {
    const place = `${type.name}.${name}`;
    return hotFields.has(place) || ages.has(place) || !resolved.has(place);
  });
  const choices = fields.flatMap(({ name, type: output }) => {
    const named = getNamedType(output);
    if (!isObjectType(named)) return [fc.constantFrom(name, `other: ${name}`, `... on ${type.name} { ${name} }`)];
    return depth === 0 ? [] : [selectionOf(named, depth - 1).map((inner) => `${name} ${inner}`)];
  });
  return fc
    .array(fc.oneof(fc.constant('__typename'), ...choices), { minLength: 1, maxLength: 8 })
    .map((chosen) => `{ ${chosen.filter((each, at) => isFirstOf(each, at, chosen)).join(' ')} }`);
}

/** Two fields under one name do not go together. */
function isFirstOf(selection: string, at: number, all: readonly string[]): boolean {
  return !selection.startsWith('other:') || all.findIndex((each) => each.startsWith('other:')) === at;
}

describe('makeQueryPlan', () => {
  it('answers byte for byte what the general executor answers, whatever is selected', async () => {
    const account = selectionOf(schema.getType('Account') as GraphQLObjectType, 4);
    const list = selectionOf(schema.getType('AccountConnection') as GraphQLObjectType, 5);
    const text = fc.oneof(
      account.map((inner) => `{ account(code: "A-1") ${inner} }`),
      list.map((inner) => `{ accounts(first: 3) ${inner} }`),
    );
    await fc.assert(
      fc.asyncProperty(text, async (query) => {
        const plan = planOf(query);
        const general = await executeGenerally(query);
        expect(given(await plan?.write(null, {}))).toBe(general);
        // The second time, what never changes is taken from the texts kept.
        expect(given(await plan?.write(null, {}))).toBe(general);
      }),
      { numRuns: 300 },
    );
  });

  it('writes a page anew when it is another one, and never asks a reader for what the page settles', async () => {
    const asked: string[] = [];
    const reader = hotFields.get('Account.requirement') as HotField<null>;
    const counted: HotField<null> = (row, args, ...rest) => {
      asked.push((row as { readonly code: string }).code);
      return reader(row, args, ...rest) as unknown;
    };
    const own = { ...parts, hotFields: new Map([...hotFields, ['Account.requirement', counted]]) };
    const query = (named: string) =>
      `{ accounts { edges { node { code requirement${named} { ageMs equity { amount } } } } pageInfo { endCursor } } }`;
    const plan = makeQueryPlan(schema, parse(query('')), own);
    for (const places of [[1, 2, 3], [1, 2, 3], [3, 1], []]) {
      page = pageOf(places);
      const general = await executeGenerally(query(''));
      for (let time = 0; time < 2; time += 1) expect(given(await plan?.write(null, {}))).toBe(general);
    }
    expect(asked).toEqual([]);
    page = pageOf([1, 2]);
    const past = '(asOf: "2026-11-18T21:00:00Z")';
    const other = makeQueryPlan(schema, parse(query(past)), own);
    for (let time = 0; time < 2; time += 1)
      expect(given(await other?.write(null, {}))).toBe(await executeGenerally(query(past)));
    expect(asked).toEqual(['A-1', 'A-2', 'A-1', 'A-2']);
  });

  it('gives up on a page whose rows are not settled', async () => {
    const unknown = () => JSON.parse('{');
    const own = { ...parts, settled: new Map([['Query.accounts', new Map([['Account.requirement', unknown]])]]) };
    const plan = makeQueryPlan(schema, parse('{ accounts { edges { node { requirement { id } } } } }'), own);
    expect(await plan?.write(null, {})).toBeNull();
  });

  it('hands arguments over as the schema takes them: literals, variables, defaults', async () => {
    const text = `query Q($asOf: DateTime, $u: ID) { account(code: "A-1") {
      a: requirement(asOf: "1970-01-01T00:00:00Z") { id } b: requirement(asOf: $asOf) { scenarios(underlying: $u) { loss } } } }`;
    for (const variables of [{}, { asOf: '1970-01-01T00:00:00Z' }, { u: 'none' }, { asOf: null, u: null }])
      expect(await writeByPlan(text, variables)).toBe(await executeGenerally(text, variables));
    expect(await writeByPlan(text, { asOf: 'yesterday' })).toBeNull();
  });

  it('keeps fragments, and the order in which names first appear', async () => {
    const text = `query { accounts { pageInfo { endCursor } ...E edges { cursor node { name } } } }
      fragment E on AccountConnection { edges { node { code requirement { buffer { amount } } } } }`;
    expect(await writeByPlan(text)).toBe(await executeGenerally(text));
  });

  it('gathers what a caller must be permitted', () => {
    expect(planOf('{ account(code: "A") { code requirement { status } } }')?.permissions).toEqual(['read-accounts']);
  });

  it.each([
    ['a mutation', 'mutation { recordBalance(input: {}) { userErrors { code } } }'],
    ['two root fields', '{ account(code: "A") { id } accounts { edges { cursor } } }'],
    ['a directive', '{ account(code: "A") { id name @skip(if: false) } }'],
    ['a field with a resolver of its own', '{ account(code: "A") { bufferPolicy { watchMultiple } } }'],
    ['a root field that is not hot', '{ marketSnapshot { id } }'],
    ['the schema itself', '{ __schema { queryType { name } } }'],
    ['two operations', 'query A { account(code: "A") { id } } query B { account(code: "B") { id } }'],
  ])('leaves %s to the general way', (_what, text) => {
    expect(planOf(text)).toBeNull();
  });

  it.each([
    ['a refusal', async () => Promise.reject(new Error('no such account'))],
    ['a null where none may be', async () => ({ ...account, code: null })],
    ['a value of another type', async () => ({ ...account, methodology: 'ASTROLOGY' })],
    ['a value that is not finite', async () => ({ ...account, requirement: 1, name: Number.NaN })],
    ['a getter that throws', () => Object.defineProperty({ ...account }, 'name', { get: () => JSON.parse('{') })],
  ])('gives up on %s, and no rejection is left behind', async (_what, root) => {
    const own = new Map([...hotFields, ['Query.account', root as HotField<null>]]);
    const plan = makeQueryPlan(schema, parse('{ account(code: "A") { code name methodology requirement { id } } }'), {
      ...parts,
      hotFields: own,
    });
    expect(await plan?.write(null, {})).toBeNull();
  });
});
