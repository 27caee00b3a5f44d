import type { Permission } from '@ballast/use-cases';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { fieldRule } from '../graphql/field-rules';
import { isEdge } from '../graphql/guard-schema';
import { operationName } from '../telemetry/operation-name';
import { ageHole } from './answer-ages';
import type { KeptTexts } from './kept-texts';
import { isPromise, joinPieces, type Pieces, writeLater, type Writer, writerOf, type Writing } from './value-writer';

/** Reads one field that has a resolver, past the wrappers of the framework. */
export type HotField<Context> = (
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the object the field stands on, as its own resolver returned it
  source: any,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- arguments as the schema has checked them
  args: any,
  context: Context,
  info: GraphQLResolveInfo,
) => unknown;

/**
 * By root field, fields below it that need no reader when they are asked without arguments, because what the root field
 * returned settles them. They may throw for an object that is not settled; the plan then gives up.
 */
export type SettledFields = ReadonlyMap<string, ReadonlyMap<string, (source: unknown) => unknown>>;

/** What a plan is made of, by `Type.field`. */
export interface PlanParts<Context> {
  readonly hotFields: ReadonlyMap<string, HotField<Context>>;
  /** Fields that tell the age of an instant: the plan leaves a hole with that instant, see `ageHole`. */
  readonly ages: ReadonlyMap<string, (source: unknown) => number>;
  /** All fields that have a resolver of their own; the others are members of the object they stand on. */
  readonly resolved: ReadonlySet<string>;
  /** Types whose objects never change and outlive a request: their plain members are written once. */
  readonly kept: ReadonlySet<string>;
  /** Fields with a reader whose values are such objects, and hold nothing but members: each value is written once. */
  readonly keptLists: ReadonlySet<string>;
  readonly settled: SettledFields;
  readonly texts: KeptTexts;
}

/** An operation made ready to be answered many times. */
export interface QueryPlan<Context> {
  readonly document: DocumentNode;
  /** Name the document gives it; null when it has none. */
  readonly name: string | null;
  /** Name for metrics and logs. */
  readonly operation: string;
  /** What a caller must be permitted for this plan to answer: everything it touches. */
  readonly permissions: readonly Permission[];
  /** Values of the variables, or null when the schema refuses one of them. */
  readonly variablesOf: (given: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>> | null;
  /** Writes the answer, with holes for ages; null when anything of it is not plainly good, a refusal of the record for example. */
  readonly write: (context: Context, variables: Readonly<Record<string, unknown>>) => Promise<string | null>;
}

/** Thrown while a plan is made: the operation holds something only the general executor can do. */
class NotPlain extends Error {}

interface FieldPlan<Context> {
  /** Name in the answer, as JSON with its colon. */
  readonly prefix: string;
  /** Whether nothing but members of the object is read, however deep. */
  readonly isPlain: boolean;
  readonly read: (source: unknown, writing: Writing<Context>) => unknown;
  readonly write: Writer<Context>;
}

interface Making<Context> extends PlanParts<Context> {
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly permissions: Set<Permission>;
  /** What the root field settles; absent above its own fields. */
  readonly settledHere?: ReadonlyMap<string, (source: unknown) => unknown> | undefined;
}

/**
 * Makes the plan of a document that was validated: one query with one root field, made of plain values and of fields whose
 * readers are given. Who may see what is decided as `guardSchema` decides it, once per plan instead of once per row.
 *
 * The plan knows the good answer only. Whatever else happens (a refusal, a null where none may be, a failure) it gives up,
 * and the general executor answers the request anew, so errors have one form and one place.
 *
 * @returns null for every other document
 */
export function makeQueryPlan<Context>(
  schema: GraphQLSchema,
  document: DocumentNode,
  parts: PlanParts<Context>,
): QueryPlan<Context> | null {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  if (operation === undefined || operations.length > 1) return null;
  const root = schema.getQueryType();
  if (operation.operation !== OperationTypeNode.QUERY || root == null || hasDirectives(document)) return null;
  const permissions = new Set<Permission>();
  const fragments = Object.fromEntries(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  try {
    const fields = planFields(root, [operation.selectionSet], { ...parts, fragments, permissions });
    if (fields.length !== 1) return null;
    return {
      document,
      name: operation.name?.value ?? null,
      operation: operationName(document),
      permissions: [...permissions],
      variablesOf: (given) => variablesOf(schema, operation, given),
      write: (context, variables) => writeAnswer(fields, { context, variables, failed: false }),
    };
  } catch (reason) {
    if (reason instanceof NotPlain) return null;
    throw reason;
  }
}

function hasDirectives(document: DocumentNode): boolean {
  let found = false;
  visit(document, { Directive: () => void (found = true) });
  return found;
}

function variablesOf(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | null {
  return getVariableValues(schema, variableDefinitions, given, { maxErrors: 1 }).coerced ?? null;
}

async function writeAnswer<Context>(
  fields: readonly FieldPlan<Context>[],
  writing: Writing<Context>,
): Promise<string | null> {
  try {
    const data = await writeFields(fields, undefined, writing);
    return writing.failed ? null : `{"data":${data}}`;
  } catch {
    return null;
  }
}

function writeFields<Context>(
  fields: readonly FieldPlan<Context>[],
  source: unknown,
  writing: Writing<Context>,
): string | Promise<string> {
  let text = '{';
  let pieces: Pieces | null = null;
  for (const { prefix, read, write } of fields) {
    text += prefix;
    const value = read(source, writing);
    const piece = isPromise(value) ? writeLater(value, write, writing) : write(value, writing);
    if (typeof piece === 'string') text += piece;
    else {
      (pieces ??= []).push(text, piece);
      text = '';
    }
  }
  return joinPieces(pieces, `${text}}`);
}

function planFields<Context>(
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
  making: Making<Context>,
): FieldPlan<Context>[] {
  const nodes = new Map<string, FieldNode[]>();
  for (const set of sets) collectNodes(type, set, making, nodes);
  const fields = [...nodes].map(([key, alike], index) => {
    const plan = planField(type, alike, making);
    return { ...plan, prefix: `${index === 0 ? '' : ','}${JSON.stringify(key)}:` };
  });
  return making.kept.has(type.name) ? keepRuns(fields, making.texts) : fields;
}

/** Joins neighbouring plain fields to one that is written once per object. */
function keepRuns<Context>(fields: readonly FieldPlan<Context>[], texts: KeptTexts): FieldPlan<Context>[] {
  const joined: FieldPlan<Context>[] = [];
  let run: FieldPlan<Context>[] = [];
  const endRun = (): void => {
    if (run.length > 0) joined.push(keepRun(run, texts.place()));
    run = [];
  };
  for (const field of fields) {
    if (field.isPlain) run.push(field);
    else {
      endRun();
      joined.push(field);
    }
  }
  endRun();
  return joined;
}

function keepRun<Context>(
  run: readonly FieldPlan<Context>[],
  place: ReturnType<KeptTexts['place']>,
): FieldPlan<Context> {
  const write: Writer<Context> = (source, writing) =>
    run.map((field) => field.prefix + (field.write(field.read(source, writing), writing) as string)).join('');
  return { prefix: '', isPlain: true, read: (source) => source, write: keepText(write, place) };
}

function collectNodes<Context>(
  type: GraphQLObjectType,
  set: SelectionSetNode,
  making: Making<Context>,
  nodes: Map<string, FieldNode[]>,
): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      const alike = nodes.get(key);
      if (alike === undefined) nodes.set(key, [selection]);
      else alike.push(selection);
      continue;
    }
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : making.fragments[selection.name.value];
    if (inner === undefined) throw new NotPlain('unknown fragment');
    if (inner.typeCondition !== undefined && inner.typeCondition.name.value !== type.name)
      throw new NotPlain('a fragment on another type');
    collectNodes(type, inner.selectionSet, making, nodes);
  }
}

function planField<Context>(
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  making: Making<Context>,
): Omit<FieldPlan<Context>, 'prefix'> {
  const name = (nodes[0] as FieldNode).name.value;
  const place = `${type.name}.${name}`;
  if (name === '__typename') return { isPlain: true, read: () => type.name, write: () => JSON.stringify(type.name) };
  const field = type.getFields()[name];
  if (field === undefined || type.isTypeOf != null) throw new NotPlain(place);
  askPermission(type, field, making);
  const named = getNamedType(field.type);
  if (isAbstractType(named)) throw new NotPlain(`${named.name} has several forms`);
  const instantOf = making.ages.get(place);
  // A hole is the same text at all times.
  if (instantOf !== undefined) return { isPlain: true, read: instantOf, write: (asOf) => ageHole(asOf as number) };
  const isBare = nodes.every(({ arguments: given = [] }) => given.length === 0);
  const settled = isBare ? making.settledHere?.get(place) : undefined;
  const read = settled ?? readerOf(type, field, nodes, making);
  const isOwn = settled !== undefined || !making.hotFields.has(place);
  if (!isObjectType(named)) return { isPlain: isOwn, read, write: writerOf(field.type, null) };
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const fields = planFields(named, sets, { ...making, settledHere: making.settledHere ?? making.settled.get(place) });
  const writeObject: Writer<Context> = (value, writing) => {
    if (typeof value !== 'object' || value instanceof Error) throw new Error(`${place}: not an object`);
    return writeFields(fields, value, writing);
  };
  const hasPlain = fields.every((inner) => inner.isPlain);
  const write = writerOf(field.type, writeObject);
  const isKept = hasPlain && isBare && making.keptLists.has(place);
  return { isPlain: isOwn && hasPlain, read, write: isKept ? keepText(write, making.texts.place()) : write };
}

function keepText<Context>(write: Writer<Context>, place: ReturnType<KeptTexts['place']>): Writer<Context> {
  return (value, writing) => {
    if (typeof value !== 'object' || value === null) return write(value, writing);
    const known = place.get(value);
    if (known !== undefined) return known;
    const text = write(value, writing) as string;
    place.set(value, text);
    return text;
  };
}

/** The rules of `guardSchema`, gathered instead of asked at every object. */
function askPermission<Context>(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  { permissions }: Making<Context>,
): void {
  const rule = fieldRule(type.name, field.name, isEdge(field));
  if (rule === null || typeof rule === 'object') throw new NotPlain(`${type.name}.${field.name}: not for everybody`);
  if (rule !== 'with-parent') permissions.add(rule);
}

function readerOf<Context>(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
  { hotFields, resolved, fragments }: Making<Context>,
): FieldPlan<Context>['read'] {
  const place = `${type.name}.${field.name}`;
  const hot = hotFields.get(place);
  const { name } = field;
  if (hot === undefined) {
    if (resolved.has(place) || field.args.length > 0) throw new NotPlain(`${place} has a resolver`);
    return (source) => {
      const value = (source as Record<string, unknown>)[name];
      if (typeof value === 'function' || isPromise(value)) throw new Error(`${place}: not a plain value`);
      return value;
    };
  }
  const info = { fieldName: name, fieldNodes: nodes, fragments } as unknown as GraphQLResolveInfo;
  const node = nodes[0] as FieldNode;
  if (usesVariables(node))
    return (source, { context, variables }) => hot(source, getArgumentValues(field, node, variables), context, info);
  const args: unknown = Object.freeze(getArgumentValues(field, node));
  return (source, { context }) => hot(source, args, context, info);
}

function usesVariables({ arguments: given = [] }: FieldNode): boolean {
  let found = false;
  for (const argument of given) visit(argument, { Variable: () => void (found = true) });
  return found;
}
