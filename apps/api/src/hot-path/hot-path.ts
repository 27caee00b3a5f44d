import { isPermitted } from '@ballast/use-cases';
import type { FastifyRequest } from 'fastify';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { requireAffordable } from '../graphql/query-cost';
import { principalOf } from '../http/request-gate';
import { nameOperation } from '../telemetry/request-observer';
import { KeptTexts } from './kept-texts';
import { type HotField, makeQueryPlan, type QueryPlan } from './query-plan';
import type { SharedContext, SharedReads } from './shared-reads';

/** Operations remembered at most; the oldest go first. */
const plansMaximum = 500;
/** Longest text that is remembered; honest front ends send less. */
const textMaximum = 8_000;

/** `toMarginRequirement` shows one stored row by one object, as long as the row is kept. */
const keptTypes: ReadonlySet<string> = new Set(['MarginRequirement']);

interface Asked {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
}

/** What answers hot operations, once the application stands. */
export interface HotEngine {
  readonly fields: ReadonlyMap<string, HotField<SharedContext>>;
  readonly reads: SharedReads;
}

/**
 * The short way for operations that are asked again and again. The first request of a text takes the general way, where it
 * is parsed, validated and executed as every other. From the second on its plan answers: the same checks of token, rate,
 * permission, cost and deadline, one shared transaction, and the answer written as text.
 *
 * A plan gives good answers only. Whatever it does not know how to answer it hands back to the general way.
 */
export class HotPath {
  private readonly texts = new KeptTexts();
  private readonly plans = new Map<string, QueryPlan<SharedContext>>();
  /** Documents seen once. Mercurius keeps one per text, so the second time it is the same. */
  private readonly seen = new WeakSet<DocumentNode>();
  private resolved: ReadonlySet<string> = new Set();
  private schema: GraphQLSchema | null = null;
  private engine: HotEngine | null = null;

  /** Begins to take operations; until then all of them take the general way. */
  open(engine: HotEngine): void {
    this.engine = engine;
  }

  /** Told of all resolvers, by type and field, when the schema is made. */
  noteResolvers(resolvers: Readonly<Record<string, object>>): void {
    const places = Object.entries(resolvers).flatMap(([type, fields]) =>
      Object.keys(fields).map((field) => `${type}.${field}`),
    );
    this.resolved = new Set(places);
  }

  /** Told of every operation that passed all checks of the general way. */
  remember(schema: GraphQLSchema, document: DocumentNode, request: FastifyRequest): void {
    const { query } = (request.body ?? {}) as Asked;
    if (this.engine === null || typeof query !== 'string' || query.length > textMaximum) return;
    if (this.plans.has(query)) return;
    if (!this.seen.has(document)) {
      this.seen.add(document);
      return;
    }
    const plan = makeQueryPlan(schema, document, {
      hotFields: this.engine.fields,
      resolved: this.resolved,
      kept: keptTypes,
      texts: this.texts,
    });
    if (plan === null) return;
    const [oldest] = this.plans.keys();
    if (this.plans.size >= plansMaximum && oldest !== undefined) this.plans.delete(oldest);
    this.plans.set(query, plan);
    this.schema = schema;
  }

  /**
   * Answers a request that passed the gate and was charged.
   *
   * @param isGone  tells that nobody waits for the answer any more
   * @returns the answer as JSON, or null where the general way has to answer; at once null when nothing was begun
   */
  answer(request: FastifyRequest, isGone: () => boolean): Promise<string | null> | null {
    const { engine, schema } = this;
    const principal = principalOf(request);
    if (engine === null || schema === null || principal === undefined) return null;
    const asked = this.findPlan(request);
    if (asked === null) return null;
    const { plan, given } = asked;
    if (!plan.permissions.every((permission) => isPermitted(principal, permission))) return null;
    const variables = plan.variablesOf(given);
    if (variables === null || !isAffordable(schema, plan, given)) return null;
    nameOperation(request, plan.operation);
    return new Promise((resolve) => {
      const answer = async (context: SharedContext | null): Promise<void> =>
        resolve(context === null ? null : await plan.write(context, variables));
      engine.reads.join(principal, answer, isGone);
    });
  }

  private findPlan(
    request: FastifyRequest,
  ): { readonly plan: QueryPlan<SharedContext>; readonly given: Record<string, unknown> } | null {
    const { body } = request;
    if (request.validationError !== undefined || typeof body !== 'object' || body === null) return null;
    const { query, variables, operationName } = body as Asked;
    const plan = typeof query === 'string' ? this.plans.get(query) : undefined;
    if (plan === undefined || (operationName != null && operationName !== plan.name)) return null;
    if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) return null;
    return { plan, given: (variables ?? {}) as Record<string, unknown> };
  }
}

function isAffordable(
  schema: GraphQLSchema,
  { document }: QueryPlan<SharedContext>,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  try {
    requireAffordable(schema, document, variables);
    return true;
  } catch {
    return false;
  }
}
