import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

type Field = GraphQLField<unknown, unknown>;

/** One field on the way to a type. */
export interface Step {
  readonly typeName: string;
  readonly field: Field;
}

/** How every type is reached from the roots: the shortest way, by queries where there is one. */
export function waysToTypes(schema: GraphQLSchema): Map<string, readonly Step[]> {
  const ways = new Map<string, readonly Step[]>();
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    if (root == null) continue;
    ways.set(root.name, []);
    const open: GraphQLObjectType[] = [root];
    for (let type = open.shift(); type !== undefined; type = open.shift()) {
      for (const field of Object.values(type.getFields())) {
        const next = getNamedType(field.type);
        if (!isObjectType(next) || ways.has(next.name)) continue;
        ways.set(next.name, [...(ways.get(type.name) ?? []), { typeName: type.name, field }]);
        open.push(next);
      }
    }
  }
  return ways;
}

/** Sample values that lead to something stored, by `Type.field(argument)`; everything else is made up from its type. */
export type Samples = Readonly<Record<string, string>>;

/**
 * Writes the operation that follows a way and selects fields at its end.
 *
 * @param key  unique part of idempotency keys
 */
export function operationAlong(
  way: readonly Step[],
  selection: string,
  { samples, key }: { readonly samples: Samples; readonly key: string },
): string {
  const [first] = way;
  const inner = [...way].reverse().reduce((text, step) => `${callOf(step, { samples, key })} { ${text} }`, selection);
  return `${first?.typeName === 'Mutation' ? 'mutation' : 'query'} { ${inner} }`;
}

/** A field with the arguments it needs, or those a sample is given for. */
export function callOf(
  { typeName, field }: Step,
  { samples, key }: { readonly samples: Samples; readonly key: string },
): string {
  const given = field.args.flatMap((argument) => {
    const sample = samples[`${typeName}.${field.name}(${argument.name})`];
    if (sample !== undefined) return [`${argument.name}: ${sample}`];
    return isNonNullType(argument.type) && argument.defaultValue === undefined
      ? [`${argument.name}: ${madeUp(argument.type, argument, key)}`]
      : [];
  });
  return given.length === 0 ? field.name : `${field.name}(${given.join(', ')})`;
}

/** Everything an object shows without a further rule: plain values, and objects that come with it. */
export function wholeSelection(type: GraphQLObjectType, isOpen: (field: Field) => boolean): string {
  const shown = Object.values(type.getFields())
    .filter(isOpen)
    .map((field) => (isLeafType(getNamedType(field.type)) ? field.name : `${field.name} { __typename }`));
  return ['__typename', ...shown].join(' ');
}

function madeUp(type: GraphQLInputType, { name }: Pick<GraphQLArgument, 'name'>, key: string): string {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return `[${madeUp(nullable.ofType as GraphQLInputType, { name }, key)}]`;
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name ?? 'null';
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields()).filter(
      (field) => isNonNullType(field.type) && field.defaultValue === undefined,
    );
    return `{ ${fields.map((field) => `${field.name}: ${madeUp(field.type, field, key)}`).join(', ')} }`;
  }
  if (name === 'idempotencyKey') return JSON.stringify(key);
  const scalars: Readonly<Record<string, string>> = {
    Boolean: 'true',
    DateTime: '"2026-11-18T21:00:00Z"',
    Decimal: '"1"',
    Float: '1.0',
    ID: '"0190d3f0-0000-7000-8000-000000000000"',
    Int: '1',
    LocalDate: '"2026-12-18"',
    String: '"x"',
  };
  return scalars[nullable.name] ?? 'null';
}
