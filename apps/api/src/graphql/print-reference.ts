import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  lexicographicSortSchema,
} from 'graphql';

const builtIn = /^__|^(?:Boolean|Float|ID|Int|String)$/;

/**
 * Prints the reference page of a schema in Markdown: the operations first, then objects, inputs, enumerations and
 * scalars, each with every field, argument and value and what the schema says of it. The same schema gives the same page.
 */
export function printReference(unsorted: GraphQLSchema): string {
  const schema = lexicographicSortSchema(unsorted);
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
    (root) => root != null,
  );
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !builtIn.test(type.name) && !roots.some((root) => root.name === type.name),
  );
  const parts: readonly (readonly [string, readonly GraphQLNamedType[]])[] = [
    ['Objects', types.filter(isObjectType)],
    ['Inputs', types.filter(isInputObjectType)],
    ['Enumerations', types.filter(isEnumType)],
    ['Scalars', types.filter(isScalarType)],
  ];
  const operations = roots.map(
    (root) => `## ${root.name}\n\n${Object.values(root.getFields()).map(printOperation).join('\n\n')}`,
  );
  const sections = parts
    .filter(([, members]) => members.length > 0)
    .map(([title, members]) => `## ${title}\n\n${members.map(printType).join('\n\n')}`);
  return `${header}\n\n${[...operations, ...sections].join('\n\n')}\n`;
}

const header = `# API reference

Written by \`npm run schema:write\` from the schema; do not edit. How to ask is told in
[apps/api/README.md](../apps/api/README.md), and [examples](../examples/README.md) holds queries and clients that run.
\`!\` marks what is never null. Money, prices, quantities and strikes are exact decimals as strings; model values are floats.`;

function printOperation(field: GraphQLField<unknown, unknown>): string {
  return [
    `### ${field.name}`,
    `\`${field.name}${signature(field.args)}: ${String(field.type)}\``,
    said(field),
    ...(field.args.length > 0 ? [printArguments(field.args)] : []),
  ].join('\n\n');
}

function printArguments(args: readonly GraphQLArgument[]): string {
  return [
    '| argument | type | meaning |',
    '| --- | --- | --- |',
    ...args.map((arg) => row(arg, withDefault(arg))),
  ].join('\n');
}

function printType(type: GraphQLNamedType): string {
  return [`### ${type.name}`, said(type), ...printMembers(type)].join('\n\n');
}

function printMembers(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) {
    const rows = type.getValues().map((value) => `| \`${value.name}\` | ${cell(said(value))} |`);
    return [['| value | meaning |', '| --- | --- |', ...rows].join('\n')];
  }
  if (isInputObjectType(type)) {
    const rows = Object.values(type.getFields()).map((field) => row(field, withDefault(field)));
    return [['| field | type | meaning |', '| --- | --- | --- |', ...rows].join('\n')];
  }
  if (!isObjectType(type)) return [];
  const rows = Object.values(type.getFields()).flatMap((field) => [
    row(field, String(field.type)),
    ...field.args.map((arg) => `| \`${field.name}(${arg.name})\` | \`${withDefault(arg)}\` | ${cell(said(arg))} |`),
  ]);
  return [['| field | type | meaning |', '| --- | --- | --- |', ...rows].join('\n')];
}

function row(
  member: { readonly name: string; readonly description?: string | null | undefined },
  type: string,
): string {
  return `| \`${member.name}\` | \`${type}\` | ${cell(said(member))} |`;
}

function signature(args: readonly GraphQLArgument[]): string {
  return args.length === 0 ? '' : `(${args.map((arg) => `${arg.name}: ${withDefault(arg)}`).join(', ')})`;
}

function withDefault(member: GraphQLArgument | GraphQLInputField): string {
  return member.defaultValue === undefined
    ? String(member.type)
    : `${String(member.type)} = ${printValue(member.defaultValue)}`;
}

function printValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([name, member]) => `${name}: ${printValue(member)}`)
    .join(', ')} }`;
}

function said({
  description,
  deprecationReason,
}: {
  readonly description?: string | null | undefined;
  readonly deprecationReason?: string | null | undefined;
}): string {
  return `${description ?? ''}${deprecationReason == null ? '' : ` Deprecated: ${deprecationReason}`}`;
}

/** One line of a table: no line ends, no column marks. */
function cell(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/\|/g, '\\|');
}
