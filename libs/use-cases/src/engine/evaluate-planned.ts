import { type BufferPolicy, defaultBufferPolicy } from '@ballast/buffer';
import type { Account, MarketSnapshot, Methodology } from '@ballast/domain';
import type { AccountResult, MarginRun } from '@ballast/persistence';
import type { AccountGuard } from '../run/account-guard';
import { type AccountEvaluation, evaluateAccount, type MethodInEffect } from '../run/evaluate-account';
import { holdingsOf, type RunInputs } from '../run/run-inputs';

/** Everything the accounts of a run, or of one shard of it, are evaluated from. */
export interface EvaluationPlan {
  readonly run: Pick<MarginRun, 'asOf'>;
  readonly inputs: RunInputs;
  readonly snapshot: MarketSnapshot;
  readonly guards: ReadonlyMap<string, AccountGuard>;
  readonly methods: ReadonlyMap<Methodology, MethodInEffect>;
  /** Whether only figures are wanted, and explanations stay uncomputed; no when absent. */
  readonly unexplained?: boolean;
}

/** Evaluates one account of a plan; the plan of a shard gives the same bits as the plan of the whole run. */
export function evaluatePlanned(plan: EvaluationPlan, account: Account): AccountResult {
  return evaluateAccount(evaluationOf(plan, account));
}

/** What one account of a plan is evaluated from. */
export function evaluationOf(plan: EvaluationPlan, account: Account): AccountEvaluation {
  const { inputs, run } = plan;
  const inEffect = plan.methods.get(account.methodology);
  if (inEffect === undefined) throw new Error(`no parameters were prepared for ${account.methodology}`);
  return {
    account,
    holdings: holdingsOf(inputs, account.id),
    schedules: inputs.schedules,
    instruments: inputs.instruments,
    listedFutures: inputs.listedFutures,
    asOf: run.asOf,
    snapshot: plan.snapshot,
    inEffect,
    policy: inputs.policies.get(account.id) ?? defaultPolicyOf(run),
    previousStatus: inputs.previousStatuses.get(account.id),
    callOverdue: inputs.overdueAccounts.has(account.id),
    guard: plan.guards.get(account.id),
    unexplained: plan.unexplained,
  };
}

/** One object for all accounts of a run, so that what is derived from it is derived once. */
const defaultPolicies = new WeakMap<EvaluationPlan['run'], BufferPolicy>();

function defaultPolicyOf(run: EvaluationPlan['run']): BufferPolicy {
  const known = defaultPolicies.get(run) ?? defaultBufferPolicy(run.asOf);
  defaultPolicies.set(run, known);
  return known;
}
