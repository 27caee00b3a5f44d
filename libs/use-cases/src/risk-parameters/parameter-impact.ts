import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Account, instantOf, type Instant, type MarketSnapshot, type Methodology } from '@ballast/domain';
import {
  AccountStore,
  type AccountResult,
  Database,
  MarketSnapshotStore,
  type NewParameterImpact,
  type ParameterProposal,
  type TenantContext,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { evaluationOf } from '../engine/evaluate-planned';
import { evaluateAccount, type MethodInEffect } from '../run/evaluate-account';
import { rankImpact, toImpactRow, totalImpact } from './impact-ranking';
import { ParameterSetsInEffect, prepareParameterSet } from './parameter-sets-in-effect';
import { inSharesAt } from '../market/split-reader';
import { RunInputReader, type RunInputs } from '../run/run-inputs';

/** Longest stretch of computing before other requests of the process get a turn [ms]. */
const turnLengthMs = 15;

interface ImpactBook {
  readonly accounts: readonly Account[];
  readonly inputs: RunInputs;
  readonly snapshot: MarketSnapshot;
  readonly methods: ReadonlyMap<Methodology, MethodInEffect>;
}

/** Computes what a parameter set would do to every account of a firm, on the latest market and what is held now. */
@Injectable()
export class ParameterImpactReport {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountStore,
    private readonly snapshots: MarketSnapshotStore,
    private readonly inputs: RunInputReader,
    private readonly parameterSets: ParameterSetsInEffect,
  ) {}

  /** Figures are taken as they are computed: neither ratchet nor release gate touches them. Without a market: no rows. */
  async compute(
    context: TenantContext,
    proposal: Pick<ParameterProposal, 'methodology' | 'parameters'>,
  ): Promise<NewParameterImpact> {
    const header = await this.snapshots.findLatest(context);
    const nothing = { snapshotId: null, asOf: null, positionsAt: null, replacedSetId: null, totals: [], rows: [] };
    if (header === null) return nothing;
    const { asOf } = header;
    const now = instantOf(Date.now());
    const positionsAt = instantOf(Math.max(now, asOf));
    const accounts = await this.accounts.findAll(context);
    const methodologies = [...accounts.map(({ methodology }) => methodology), proposal.methodology];
    const methods = await this.parameterSets.find(context, methodologies, asOf);
    const inputs = await this.database.withTenant(
      context,
      (transaction) => this.inputs.read(transaction, accounts, { asOf, positionsAt, knownAt: now }),
      { isolation: 'REPEATABLE READ' },
    );
    const stored = await this.snapshots.load(context, header.id);
    const replaced = methods.get(proposal.methodology)?.parameterSet;
    if (stored === null || replaced === undefined) return nothing;
    const proposed: MethodInEffect = { parameterSet: replaced, method: prepareParameterSet(proposal, asOf) };
    const { instruments } = inputs;
    const snapshot = inSharesAt(stored.snapshot, inputs, { instruments, positionsAt });
    const rows = await evaluateBoth({ accounts, inputs, snapshot, methods }, proposed, { asOf });
    const ranked = rankImpact(rows, snapshot);
    return {
      snapshotId: header.id,
      asOf,
      positionsAt,
      replacedSetId: replaced.id,
      totals: totalImpact(ranked),
      rows: ranked,
    };
  }
}

async function evaluateBoth(book: ImpactBook, proposed: MethodInEffect, { asOf }: { readonly asOf: Instant }) {
  const changed = proposed.parameterSet.methodology;
  const rows = [];
  let turnEnds = performance.now() + turnLengthMs;
  for (const account of book.accounts) {
    const current = book.methods.get(account.methodology);
    if (current === undefined) throw new Error(`no parameters were prepared for ${account.methodology}`);
    const before = evaluateWith(book, { account, inEffect: current, asOf });
    // Other methodologies keep their parameters, and so their figures.
    const after = account.methodology === changed ? evaluateWith(book, { account, inEffect: proposed, asOf }) : before;
    rows.push(toImpactRow({ before, after }));
    if (performance.now() < turnEnds) continue;
    await nextTurn();
    turnEnds = performance.now() + turnLengthMs;
  }
  return rows;
}

function evaluateWith(
  { inputs, snapshot, methods }: ImpactBook,
  { account, inEffect, asOf }: { readonly account: Account; readonly inEffect: MethodInEffect; readonly asOf: Instant },
): AccountResult {
  const plan = { run: { asOf }, inputs, snapshot, methods, guards: new Map() };
  return evaluateAccount({ ...evaluationOf(plan, account), inEffect, callOverdue: false });
}
