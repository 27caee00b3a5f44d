import type { SnapshotWitness } from '@ballast/persistence';
import { isPermitted, type Principal } from '@ballast/use-cases';
import type { FastifyRequest } from 'fastify';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { requireAffordable } from '../graphql/query-cost';
import { cutAtAges, joinWithAges } from './answer-ages';
import { ageFields, keptLists, keptTypes, settledFields } from './hot-fields';
import { type AnswerName, KeptAnswers } from './kept-answers';
import { KeptTexts } from './kept-texts';
import { type HotField, makeQueryPlan, type QueryPlan } from './query-plan';
import type { SharedContext, SharedReads } from './shared-reads';

/** Operations remembered at most; the oldest go first. */
const plansMaximum = 500;
/** Longest text that is remembered; honest front ends send less. */
const textMaximum = 8_000;

/** What the body of a request says. */
export interface Asked {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
}

/** A plan and its number, which no other plan of the process has. */
interface NumberedPlan extends QueryPlan<SharedContext> {
  readonly number: number;
}

/** How requests of hot operations were answered. */
export interface HotWork {
  /** By an answer that was kept and proven current. */
  readonly kept: number;
  /** By reading the record. */
  readonly read: number;
  /** Handed back to the general way: refusals, and answers that were not plainly good. */
  readonly general: number;
  /** What kept answers weigh [bytes]. */
  readonly keptBytes: number;
}

/** What answers hot operations, once the application stands. */
export interface HotEngine {
  readonly fields: ReadonlyMap<string, HotField<SharedContext>>;
  readonly reads: SharedReads;
  readonly witness: Pick<SnapshotWitness, 'ask'>;
  /** [ms since 1970] */
  readonly now: () => number;
}

/** One request of a hot operation that passed all checks but that of the caller's rate. */
export interface HotRequest {
  readonly engine: HotEngine;
  readonly principal: Principal;
  readonly plan: NumberedPlan;
  /** Variables as they were sent; those of an answer that is kept were good. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly name: AnswerName;
}

/**
 * The short way for operations that are asked again and again. The first request of a text takes the general way, where it
 * is parsed, validated and executed as every other. From the second on its plan answers: the same checks of token, rate,
 * permission, cost and deadline, one shared transaction, and the answer written as text. An answer is kept, and given
 * again as long as the record says, after the request has arrived, that nothing has changed since.
 *
 * A plan gives good answers only. Whatever it does not know how to answer it hands back to the general way.
 */
export class HotPath {
  private readonly texts = new KeptTexts();
  private readonly kept = new KeptAnswers();
  private plansMade = 0;
  private readonly counts = { kept: 0, read: 0, general: 0 };
  private readonly plans = new Map<string, NumberedPlan>();
  /** Documents seen once. Mercurius keeps one per text, so the second time it is the same. */
  private readonly seen = new WeakSet<DocumentNode>();
  private resolved: ReadonlySet<string> = new Set();
  private schema: GraphQLSchema | null = null;
  private engine: HotEngine | null = null;

  /** Begins to take operations; until then all of them take the general way. */
  open(engine: HotEngine): void {
    this.engine = engine;
  }

  /** How requests of hot operations were answered so far, and what is kept. */
  get work(): HotWork {
    return { ...this.counts, keptBytes: this.kept.weight };
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
      ages: ageFields,
      resolved: this.resolved,
      kept: keptTypes,
      keptLists,
      settled: settledFields,
      texts: this.texts,
    });
    if (plan === null) return;
    const [oldest] = this.plans.keys();
    if (this.plans.size >= plansMaximum && oldest !== undefined) this.plans.delete(oldest);
    this.plansMade += 1;
    this.plans.set(query, { ...plan, number: this.plansMade });
    this.schema = schema;
  }

  /**
   * Finds the plan of a request that passed the gate.
   *
   * @returns null where the general way has to answer
   */
  find(principal: Principal, body: Asked): HotRequest | null {
    const { engine, schema } = this;
    if (engine === null || schema === null) return null;
    const found = this.findPlan(body);
    if (found === null) return null;
    const { plan, given } = found;
    if (!plan.permissions.every((permission) => isPermitted(principal, permission))) return null;
    if (!isAffordable(schema, plan, given)) return null;
    const key = `${engine.reads.keyOf(principal)} ${plan.number} ${JSON.stringify(given)}`;
    return { engine, principal, plan, given, name: { firmId: principal.firmId, key } };
  }

  /**
   * Answers a request that was found and charged.
   *
   * @param isGone  tells that nobody waits for the answer any more
   * @returns the answer as `joinWithAges` gives it, or null where the general way has to answer
   */
  async answer(asked: HotRequest, isGone: () => boolean): Promise<string | null> {
    const { engine, name } = asked;
    const moment = this.kept.has(name) ? await engine.witness.ask() : null;
    const known = moment === null ? null : this.kept.find(name, engine.now(), moment);
    if (known !== null) {
      this.counts.kept += 1;
      return known;
    }
    const anew = await this.answerAnew(asked, isGone);
    this.counts[anew === null ? 'general' : 'read'] += 1;
    return anew;
  }

  private answerAnew(
    { engine, principal, plan, given, name }: HotRequest,
    isGone: () => boolean,
  ): Promise<string | null> {
    const variables = plan.variablesOf(given);
    if (variables === null) return Promise.resolve(null);
    return new Promise((resolve) => {
      const write = async (context: SharedContext | null): Promise<void> => {
        const text = context === null ? null : await plan.write(context, variables);
        if (context === null || text === null) return resolve(null);
        const answer = cutAtAges(text);
        const { session, witnessLife: life, now: from } = context;
        const { moment, holdsUntil: until } = session;
        if (moment !== null && life > 0) this.kept.keep(name, answer, { moment: { life, text: moment }, from, until });
        resolve(joinWithAges(answer, from));
      };
      engine.reads.join(principal, write, isGone);
    });
  }

  private findPlan({
    query,
    variables,
    operationName,
  }: Asked): { readonly plan: NumberedPlan; readonly given: Record<string, unknown> } | null {
    const plan = typeof query === 'string' ? this.plans.get(query) : undefined;
    if (plan === undefined || (operationName != null && operationName !== plan.name)) return null;
    if (variables != null && (typeof variables !== 'object' || Array.isArray(variables))) return null;
    return { plan, given: (variables ?? {}) as Record<string, unknown> };
  }
}

function isAffordable(
  schema: GraphQLSchema,
  { document }: NumberedPlan,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  try {
    requireAffordable(schema, document, variables);
    return true;
  } catch {
    return false;
  }
}
