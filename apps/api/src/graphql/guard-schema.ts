import { requirePermission, isPermitted, UseCaseError } from '@ballast/use-cases';
import {
  defaultFieldResolver,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isLeafType,
  isObjectType,
} from 'graphql';
import { type FieldRule, fieldRule } from './field-rules';
import type { SubscriptionContext } from '../subscription/subscription-context';
import type { RequestContext } from './request-context';

type Field = GraphQLField<unknown, Partial<RequestContext>>;

/** Whether a field leads to an object or takes arguments, so that it needs a rule of its own. */
export function isEdge({ args, type }: Pick<Field, 'args' | 'type'>): boolean {
  return args.length > 0 || !isLeafType(getNamedType(type));
}

/** Fields of a schema with their rules; null where none is stated. Introspection has a policy of its own. */
export function ruledFields(
  schema: GraphQLSchema,
): readonly { readonly type: GraphQLObjectType; readonly field: Field; readonly rule: FieldRule | null }[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields()).map((field) => ({
        type,
        field,
        rule: fieldRule(type.name, field.name, isEdge(field)),
      })),
    );
}

/**
 * Puts the rules in front of the resolvers, denied by default: a field without a rule answers nobody. The use cases check
 * again and row level security below them decides which rows exist; this is the outermost of three.
 */
export function guardSchema(schema: GraphQLSchema): GraphQLSchema {
  for (const { type, field, rule } of ruledFields(schema)) {
    if (rule === 'with-parent') continue;
    // Plain values of an object are as readable as the object, whose edge is guarded.
    if (rule !== null && !isEdge(field)) continue;
    guardField(field, `${type.name}.${field.name}`, rule);
  }
  return schema;
}

function guardField(field: Field, place: string, rule: Exclude<FieldRule, 'with-parent'> | null): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args, context, info) =>
    passes(rule, place, context) ? resolve(source, args, context, info) : null;
  const { subscribe } = field;
  if (subscribe === undefined) return;
  field.subscribe = (source, args, context, info) => {
    try {
      passes(rule, place, context);
    } catch (failure) {
      // The driver sends the words of what a subscription throws, past the error formatter.
      throw 'toClientError' in context ? (context as SubscriptionContext).toClientError(failure) : failure;
    }
    return subscribe(source, args, context, info);
  };
}

function passes(
  rule: Exclude<FieldRule, 'with-parent'> | null,
  place: string,
  { principal }: Partial<RequestContext>,
): boolean {
  if (rule === null) throw new UseCaseError('FORBIDDEN', `not permitted: nobody may ask for ${place}`);
  if (principal === undefined) throw new UseCaseError('FORBIDDEN', 'not permitted without a verified token');
  if (typeof rule === 'object') return isPermitted(principal, rule.nullWithout);
  requirePermission(principal, rule);
  return true;
}
