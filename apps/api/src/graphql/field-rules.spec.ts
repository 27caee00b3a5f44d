import 'reflect-metadata';
import { isPermitted, type Permission, type Role, roles } from '@ballast/use-cases';
import {
  buildSchema as parseSchema,
  getNamedType,
  graphql,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { buildSchema } from './build-schema';
import { type FieldRule, fieldRule, statedRules } from './field-rules';
import { guardSchema, isEdge, ruledFields } from './guard-schema';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildSchema();
});

const fieldsWithoutRule = (of: GraphQLSchema): string[] =>
  ruledFields(of)
    .filter(({ rule }) => rule === null)
    .map(({ type, field }) => `${type.name}.${field.name}`);

const principalOf = (role: Role) => ({ subject: 'x', firmId: 'f', roles: [role] });
const holds = (role: Role, rule: FieldRule): boolean => {
  if (rule === 'with-parent') return true;
  return isPermitted(principalOf(role), typeof rule === 'object' ? rule.nullWithout : rule);
};

/** Types a role can get to when every edge that its permissions open is followed. */
function reachable(of: GraphQLSchema, role: Role): Set<string> {
  const open = [of.getQueryType(), of.getMutationType(), of.getSubscriptionType()].filter((type) => type != null);
  const seen = new Set<string>();
  for (let type: GraphQLObjectType | undefined = open.pop(); type !== undefined; type = open.pop()) {
    if (seen.has(type.name)) continue;
    seen.add(type.name);
    for (const field of Object.values(type.getFields())) {
      const rule = fieldRule(type.name, field.name, isEdge(field));
      const next = getNamedType(field.type);
      if (rule !== null && isObjectType(next) && holds(role, rule)) open.push(next);
    }
  }
  return seen;
}

describe('the rules of access', () => {
  it('name every field of every type; one without a rule is denied to everybody', () => {
    expect(fieldsWithoutRule(schema)).toEqual([]);
  });

  it('name nothing that the schema does not have', () => {
    const types = schema.getTypeMap();
    const stale = [
      ...[...statedRules.values].filter((name) => types[name] === undefined),
      ...Object.entries(statedRules.entities).flatMap(([name, { edges }]) => {
        const type = types[name];
        if (!isObjectType(type)) return [name];
        return Object.keys(edges).flatMap((edge) => (type.getFields()[edge] ? [] : [`${name}.${edge}`]));
      }),
    ];
    expect(stale).toEqual([]);
  });

  it('leave no root field to whoever asks', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const open = roots.flatMap((type) =>
      Object.values(type?.getFields() ?? {})
        .filter((field) => fieldRule(type?.name ?? '', field.name, true) === 'with-parent' || !isEdge(field))
        .map(({ name }) => name),
    );
    expect(open).toEqual([]);
  });

  it('let nobody reach a type through a side door', () => {
    for (const role of roles) {
      const types = reachable(schema, role);
      for (const [name, { values }] of Object.entries(statedRules.entities))
        if (types.has(name) && values !== null) expect([role, name, holds(role, values)]).toEqual([role, name, true]);
    }
  });

  it('keep arguments and values that are read on their own out of plain types', () => {
    const withArguments = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter(({ name }) => statedRules.values.has(name))
      .flatMap((type) => Object.values(type.getFields()).filter(({ args }) => args.length > 0));
    expect(withArguments.map(({ name }) => name)).toEqual([]);
  });
});

describe('a field that somebody adds', () => {
  const sdl = `type Query { account: Account  secrets: String  backdoor(id: ID): Secret }
    type Account { id: ID  diary: Diary  requirement(of: ID): String }
    type Diary { page: String }  type Secret { value: String }`;

  it('is found by the walker at a root, as an edge, with arguments, and as a type', () => {
    expect(fieldsWithoutRule(parseSchema(sdl))).toEqual([
      'Query.secrets', 'Query.backdoor', 'Account.diary', 'Diary.page', 'Secret.value',
    ]); // prettier-ignore
  });

  it('answers nobody until it has a rule, and after that its role only', async () => {
    const guarded = guardSchema(parseSchema(sdl));
    const ask = async (source: string, role: Role | null) => {
      const { data, errors } = await graphql({
        schema: guarded,
        source,
        rootValue: { account: { id: '1', diary: { page: 'x' } }, backdoor: { value: 'x' } },
        contextValue: role === null ? {} : { principal: principalOf(role) },
      });
      return [data?.['account'] ?? data?.['backdoor'] ?? null, (errors?.[0]?.originalError as { code?: string })?.code];
    };
    expect(await ask('{ backdoor(id: "1") { value } }', 'admin')).toEqual([null, 'FORBIDDEN']);
    expect(await ask('{ account { diary { page } } }', 'admin')).toEqual([{ diary: null }, 'FORBIDDEN']);
    expect(await ask('{ account { id } }', null)).toEqual([null, 'FORBIDDEN']);
    expect(await ask('{ account { id } }', 'broker')).toEqual([{ id: '1' }, undefined]);
  });

  it('that only some may read is null for the others', async () => {
    const rules: readonly (readonly [Role, Permission, boolean])[] = [
      ['broker', 'read-firm', false],
      ['risk', 'read-firm', true],
    ];
    const guarded = guardSchema(
      parseSchema(`type Query { riskParameterSets: RiskParameterSet }
      type RiskParameterSet { impact: ParameterImpact } type ParameterImpact { accountCount: Int }`),
    );
    for (const [role, , sees] of rules) {
      const { data, errors } = await graphql({
        schema: guarded,
        source: '{ riskParameterSets { impact { accountCount } } }',
        rootValue: { riskParameterSets: { impact: { accountCount: 3 } } },
        contextValue: { principal: principalOf(role) },
      });
      expect([errors, data?.['riskParameterSets']]).toEqual([undefined, { impact: sees ? { accountCount: 3 } : null }]);
    }
  });
});
