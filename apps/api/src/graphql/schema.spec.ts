import 'reflect-metadata';
import fs from 'node:fs';
import path from 'node:path';
import {
  buildSchema as parseSchema,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { buildSchema, printSorted } from './build-schema';

const file = path.resolve(__dirname, '../../schema.graphql');
let schema: GraphQLSchema;

beforeAll(async () => {
  schema = await buildSchema();
});

interface Documented {
  readonly place: string;
  readonly name: string;
  readonly description: string | null | undefined;
}

/** Everything of the schema that a reader may ask about. */
function documented(of: GraphQLSchema): Documented[] {
  const types = Object.values(of.getTypeMap()).filter(
    ({ name }) => !/^__|^(?:Boolean|Float|ID|Int|String)$/.test(name),
  );
  return types.flatMap((type): Documented[] => {
    const own = { place: type.name, name: type.name, description: type.description };
    if (isEnumType(type))
      return [
        own,
        ...type.getValues().map(({ name, description }) => ({ place: `${type.name}.${name}`, name, description })),
      ];
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      return [own, ...fields.map(({ name, description }) => ({ place: `${type.name}.${name}`, name, description }))];
    }
    if (!isObjectType(type)) return [own];
    return [
      own,
      ...Object.values(type.getFields()).flatMap(({ name, description, args }) => [
        { place: `${type.name}.${name}`, name, description },
        ...args.map((arg) => ({
          place: `${type.name}.${name}(${arg.name})`,
          name: arg.name,
          description: arg.description,
        })),
      ]),
    ].filter(({ place }) => !isRoot(place));
  });
}

const isRoot = (name: string): boolean => name === 'Query' || name === 'Mutation' || name === 'Subscription';

/** Words of a description beyond the name itself, articles and the like. */
function ownWords({ name, description }: Documented): string[] {
  const named = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_]+/);
  const filler = ['the', 'a', 'an', 'of', 'this', 'is', 'in', 'for', 'to', 'its', 'and', 'or'];
  const words = (description ?? '').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !filler.includes(word) && !named.some((part) => word.startsWith(part.slice(0, 5))));
}

describe('apps/api/schema.graphql', () => {
  it('is what the classes say; run `npm run schema:write` after a change', () => {
    const committed = fs.readFileSync(file, 'utf8');
    const before = parseSchema(committed);
    const changes = [...findBreakingChanges(before, schema), ...findDangerousChanges(before, schema)];
    expect(changes.map(({ type, description }) => `${type}: ${description}`)).toEqual([]);
    expect(printSorted(schema)).toBe(committed);
  });

  it('says of every type, field, argument and value what it means, not only how it is called', () => {
    const poor = documented(schema).filter((entry) => ownWords(entry).length < 2);
    expect(poor.map(({ place, description }) => `${place}: ${description ?? 'no description'}`)).toEqual([]);
  });

  it('bites on a missing description and on one that repeats the name', () => {
    const poor = documented(
      parseSchema(`"Reads what the firm holds." type Query { bufferRatio: Float "The buffer." buffer: Float
        "Equity minus requirement, negative for a shortfall." fine(x: Int): Float }`),
    ).filter((entry) => ownWords(entry).length < 2);
    expect(poor.map(({ place }) => place)).toEqual(['Query.bufferRatio', 'Query.buffer', 'Query.fine(x)']);
  });

  it('says of every amount which sign it has or that it cannot be negative', () => {
    const numbers = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .flatMap((type) =>
        Object.values(type.getFields()).map((field) => ({ place: `${type.name}.${field.name}`, field })),
      )
      .filter(({ place, field }) => /^(?:Money|Float)!?$/.test(String(field.type)) && !place.startsWith('__'));
    const silent = numbers.filter(
      ({ field }) => !/[<>≥≤−±]|negative|shortfall|owe|…|[∂²Γ]|Gamma|Delta|Change/.test(field.description ?? ''),
    );
    expect(silent.map(({ place }) => place)).toEqual([]);
  });
});

/** Fields as the contract writes them; an argument that it does not name and that may be left out is an extension. */
function linesOf(type: GraphQLObjectType, expected: readonly string[]): string[] {
  const namesOf = (field: string): ReadonlySet<string> => {
    const line = expected.find((one) => one.startsWith(`${field}(`)) ?? '';
    return new Set([...line.matchAll(/(\w+): /g)].flatMap(([, name]) => name ?? []));
  };
  return Object.values(type.getFields()).map(({ name, args, type: result }) => {
    const named = namesOf(name);
    const words = args
      .filter((arg) => named.has(arg.name) || isRequiredArgument(arg))
      .map((arg) => `${arg.name}: ${String(arg.type)}`)
      .sort();
    return `${name}(${words.join(', ')}): ${String(result)}`;
  });
}

describe('the names outside programs rely on', () => {
  const contract: Readonly<Record<string, readonly string[]>> = {
    Query: [
      'account(code: String, id: ID): Account',
      'accounts(after: String, filter: AccountFilter, first: Int, orderBy: AccountOrder): AccountConnection!',
      'instrument(id: ID!): Instrument',
      'instruments(after: String, filter: InstrumentFilter, first: Int): InstrumentConnection!',
      'marketSnapshot(id: ID): MarketSnapshot',
      'marginRun(id: ID!): MarginRun',
      'marginRuns(after: String, first: Int): MarginRunConnection!',
      'riskParameterSets(methodology: Methodology): [RiskParameterSet!]!',
      'price(input: PriceInput!): PriceResult!',
    ],
    Mutation: ['startMarginRun(input: StartMarginRunInput!): StartMarginRunPayload!'],
    Account: [
      'id(): ID!', 'code(): String!', 'name(): String!', 'baseCurrency(): String!', 'methodology(): Methodology!',
      'positions(after: String, asOf: DateTime, first: Int): PositionConnection!',
      'balances(): [Balance!]!',
      'greeks(by: GreeksGrouping): [GreeksGroup!]!',
      'requirement(asOf: DateTime): MarginRequirement',
      'bufferHistory(after: String, bucket: HistoryBucket, first: Int, from: DateTime!, to: DateTime!): BufferObservationConnection!',
      'bufferPolicy(): BufferPolicy!',
    ],
    MarginRequirement: [
      'id(): ID!', 'asOf(): DateTime!', 'ageMs(): Int!', 'quality(): DataQuality!', 'qualityReasons(): [String!]!',
      'methodology(): Methodology!', 'parameterSet(): RiskParameterSet!', 'run(): MarginRun',
      'initial(): Money', 'maintenance(): Money', 'netOptionValue(): Money', 'equity(): Money', 'collateralValue(): Money',
      'buffer(): Money', 'bufferRatio(): Decimal', 'excess(): Money', 'status(): BufferStatus!', 'worstScenario(): ScenarioLoss',
      'scenarios(underlying: ID): [ScenarioLoss!]!', 'breakdown(): [BreakdownNode!]!', 'contributions(): [PositionContribution!]!',
    ],
    ScenarioLoss: ['index(): Int!', 'group(): String!', 'label(): String!', 'loss(): Float!'],
    BreakdownNode: ['id(): ID!', 'parentId(): ID', 'kind(): String!', 'label(): String!', 'amount(): Money!', 'basis(): String!'],
    GreeksGroup: ['key(): String!', 'delta(): Float!', 'gamma(): Float!', 'vega(): Float!', 'theta(): Float!', 'rho(): Float!',
      'deltaCash(): Float!', 'gammaCash(): Float!'],
    BufferObservation: ['at(): DateTime!', 'equity(): Money', 'maintenance(): Money', 'initial(): Money', 'buffer(): Money',
      'bufferRatio(): Decimal', 'status(): BufferStatus!', 'quality(): DataQuality!', 'runId(): ID!'],
    Money: ['amount(): Decimal!', 'currency(): String!'],
  }; // prettier-ignore

  it.each(Object.entries(contract))('%s', (typeName, expected) => {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) throw new Error(`${typeName} is no object type`);
    expect(linesOf(type, expected)).toEqual(expect.arrayContaining([...expected]));
  });

  it.each([
    ['an argument beside them that may be left out', 'asOf: DateTime, knownAt: DateTime', true],
    ['an argument beside them that has a default', 'asOf: DateTime, knownAt: Int! = 5', true],
    ['an argument beside them that must be given', 'asOf: DateTime, knownAt: DateTime!', false],
    ['a missing argument', 'knownAt: DateTime', false],
    ['an argument of another type', 'asOf: String, knownAt: DateTime', false],
    ['an argument that must be given', 'asOf: DateTime!', false],
  ])('with %s: %s', (_, words, isKept) => {
    const type = parseSchema(`scalar DateTime type Query { requirement(${words}): Int }`).getQueryType();
    const expected = 'requirement(asOf: DateTime): Int';
    if (!isObjectType(type)) throw new Error('Query is no object type');
    expect(linesOf(type, [expected]).includes(expected)).toBe(isKept);
  });

  it('give the defaults of the contract', () => {
    const defaults = (typeName: string, field: string) => {
      const type = schema.getType(typeName);
      if (!isObjectType(type)) throw new Error(`${typeName} is no object type`);
      const args = type.getFields()[field]?.args ?? [];
      return Object.fromEntries(
        args.filter((arg) => arg.defaultValue !== undefined).map((arg) => [arg.name, arg.defaultValue]),
      );
    };
    expect(defaults('Query', 'accounts')).toEqual({ first: 50, orderBy: { field: 'BUFFER_RATIO', direction: 'ASC' } });
    expect(defaults('Query', 'marginRuns')).toEqual({ first: 20 });
    expect(defaults('Account', 'greeks')).toEqual({ by: 'UNDERLYING' });
    expect(defaults('Account', 'bufferHistory')).toEqual({ first: 500, bucket: 'RAW' });
    expect(defaults('Account', 'positions')).toEqual({ first: 50 });
  });

  it('take no tenant from the caller', () => {
    const named = documented(schema).filter(({ name }) => /firm|tenant/i.test(name));
    // What is answered about the caller's own firm.
    const answered = /^(?:Query\.firmRisk|FirmRisk|FirmScenario|FirmScenarioAccount)$/;
    expect(named.map(({ place }) => place).filter((place) => !answered.test(place))).toEqual([]);
  });
});
