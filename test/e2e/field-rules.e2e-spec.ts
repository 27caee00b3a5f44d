// Every field of the schema that the server really has, asked by every role.
import { buildClientSchema, getIntrospectionQuery, type GraphQLSchema, isObjectType } from 'graphql';
import { isPermitted, type Role, roles } from '@ballast/use-cases';
import { type FieldRule, fieldRule, statedRules } from '../../apps/api/src/graphql/field-rules';
import { isEdge } from '../../apps/api/src/graphql/guard-schema';
import { type Answer, type ApiWorld, openApiWorld } from '../support/api-world';
import { countRowsOfCallers } from '../support/bad-inputs';
import { callOf, operationAlong, type Samples, type Step, waysToTypes, wholeSelection } from '../support/schema-walk';

let world: ApiWorld;
let schema: GraphQLSchema;
let samples: Samples;
const tokens = new Map<Role, string>();

beforeAll(async () => {
  world = await openApiWorld();
  for (const role of roles) tokens.set(role, await world.token({ roles: [role] }));
  schema = buildClientSchema((await world.ask(getIntrospectionQuery())).data);
  const { data } = await world.ask('{ marginRuns(first: 1) { edges { node { id } } } }');
  samples = {
    'Query.account(code)': '"A-01"',
    'Query.instrument(id)': '"XYZ"',
    'Query.marginRun(id)': JSON.stringify(data.marginRuns.edges[0].node.id),
    'Account.bufferHistory(from)': '"2026-01-01T00:00:00Z"',
    'Account.bufferHistory(to)': '"2026-12-01T00:00:00Z"',
    'Query.price(input)':
      '{ model: BLACK_SCHOLES, right: PUT, spot: "1", strike: "1", yearsToExpiry: 1, rate: 0, volatility: 1 }',
  };
}, 60_000);
afterAll(() => world?.close());

const holds = (role: Role, rule: FieldRule | null): boolean => {
  if (rule === null) return false;
  if (rule === 'with-parent' || typeof rule === 'object') return true;
  return isPermitted({ subject: '', firmId: '', roles: [role] }, rule);
};
const ruleOf = ({ typeName, field }: Step) => fieldRule(typeName, field.name, isEdge(field));
const isForbidden = ({ errors }: Answer) => errors.some(({ extensions }) => extensions.code === 'FORBIDDEN');

interface Question {
  readonly place: string;
  /** Steps whose rules decide. */
  readonly steps: readonly Step[];
  readonly operation: (key: string) => string;
}

/** One question per type for all it shows by itself, and one per edge that has a rule of its own. */
function questions(): Question[] {
  const ways = waysToTypes(schema);
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__') && name !== 'Subscription')
    .flatMap((type): Question[] => {
      const way = ways.get(type.name);
      if (way === undefined) return [];
      const isOpen = (field: Step['field']) =>
        ruleOf({ typeName: type.name, field }) === 'with-parent' ||
        (!isEdge(field) && ruleOf({ typeName: type.name, field }) !== null);
      const called = (key: string) =>
        Object.values(type.getFields())
          .filter((field) => isOpen(field) && field.args.length > 0)
          .map((field) => `${callOf({ typeName: type.name, field }, { samples, key })} { __typename }`)
          .join(' ');
      const plain = wholeSelection(type, (field) => isOpen(field) && field.args.length === 0);
      const own = Object.values(type.getFields())
        .map((field) => ({ typeName: type.name, field }))
        .filter((step) => !isOpen(step.field));
      return [
        {
          place: type.name,
          steps: way,
          operation: (key) => operationAlong(way, `${plain} ${called(key)}`, { samples, key }),
        },
        ...own.map((step) => ({
          place: `${type.name}.${step.field.name}`,
          steps: [...way, step],
          operation: (key: string) => operationAlong([...way, step], '__typename', { samples, key }),
        })),
      ];
    });
}

describe('every field, asked by every role', () => {
  it('is reached by the walk, except what only a subscription shows', () => {
    const reached = new Set(questions().map(({ place }) => place.split('.')[0]));
    const missed = [...statedRules.values, ...Object.keys(statedRules.entities)].filter((name) => !reached.has(name));
    expect(missed.filter((name) => !/^Subscription$|Progress$/.test(name))).toEqual([]);
  });

  it('answers those whom its rule names, and FORBIDDEN to the others, who write nothing', async () => {
    const wrong: unknown[] = [];
    let asked = 0;
    const all = questions();
    const denied = async (role: Role, { steps, place, operation }: Question) => {
      const allowed = steps.every((step) => holds(role, ruleOf(step)));
      const answer = await world.ask(operation(`${role} ${place}`), {}, tokens.get(role));
      asked += 1;
      const isRight = isForbidden(answer) === !allowed && answer.status < 500;
      if (!isRight || answer.text.includes('INTERNAL') || /VALIDATION|PARSE|COSTLY/.test(answer.text))
        wrong.push([role, place, allowed, answer.text.slice(0, 300)]);
    };
    const refused = (role: Role) => all.filter(({ steps }) => !steps.every((step) => holds(role, ruleOf(step))));
    const before = await countRowsOfCallers(world.database);
    for (const role of roles) await Promise.all(refused(role).map((question) => denied(role, question)));
    expect(await countRowsOfCallers(world.database)).toEqual(before);
    for (const role of roles) {
      const rest = all.filter((question) => !refused(role).includes(question));
      for (let from = 0; from < rest.length; from += 8)
        await Promise.all(rest.slice(from, from + 8).map((question) => denied(role, question)));
    }
    expect(wrong).toEqual([]);
    expect(asked).toBe(all.length * roles.length);
  }, 60_000);

  it('answers nobody without a role', async () => {
    const nobody = await world.token({ roles: [] });
    const roots = questions().filter(({ steps }) => steps.length === 1);
    for (const { operation, place } of roots)
      expect([place, isForbidden(await world.ask(operation(place), {}, nobody))]).toEqual([place, true]);
  });
});
