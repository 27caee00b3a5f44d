import type { ReconciliationTolerances } from '@ballast/buffer';
import { describeProblem, FileRefusal } from '@ballast/formats';
import { Database, IdempotencyStore, type Reconciliation, ReconciliationStore } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { hashFiles } from '../import/import-report';
import { InputRefusals } from '../caller/input-refusals';
import { type Principal, requirePermission } from '../caller/principal';
import { ReconcileStatement, type ReconciliationOutcome, type ReconciliationRequest } from './reconcile-statement';
import { requireIdempotencyKey, requireSentence } from '../caller/required-text';
import { UseCaseError } from '../caller/use-case-error';

/** A comparison as a client or an operator asks for it. */
export interface StartReconciliationCommand extends Omit<ReconciliationRequest, 'startedBy'> {
  /** Chosen by the client; absent on the command line, where file and run decide. */
  readonly idempotencyKey?: string;
}

/** Longest statement that may compare at once [ms]: tracing computes between two statements. */
const statementTimeoutMs = 60_000;

/** Compares a statement with a run on behalf of somebody who may. */
@Injectable()
export class StartReconciliation {
  constructor(
    private readonly database: Database,
    private readonly idempotency: IdempotencyStore,
    private readonly reconcile: ReconcileStatement,
    private readonly reconciliations: ReconciliationStore,
  ) {}

  /**
   * @throws UseCaseError 'FORBIDDEN', and as ReconcileStatement; InputRefusals for bad rows where a key is given; PersistenceError 'CONFLICT' when the key was used for
   *         another request
   */
  async execute(principal: Principal, command: StartReconciliationCommand): Promise<ReconciliationOutcome> {
    requirePermission(principal, 'reconcile');
    if (principal.accountIds !== undefined)
      throw new UseCaseError('FORBIDDEN', 'a token limited to accounts cannot reconcile the firm');
    const { idempotencyKey, ...request } = command;
    requireSentence(request.statement.name, 'statementName');
    const context = { firmId: principal.firmId };
    const asked = { ...request, startedBy: principal.subject };
    if (idempotencyKey === undefined)
      return this.database.withTenant(context, (tx) => this.reconcile.execute(tx, asked), { statementTimeoutMs });
    const key = requireIdempotencyKey(idempotencyKey);
    const { response, repeated } = await this.idempotency.once(
      context,
      { operation: 'startReconciliation', key, request: plainRequest(request) },
      async (tx) => {
        const outcome = await this.reconcile.execute(tx, asked).catch(refuseRows);
        return { id: outcome.reconciliation.id, repeated: outcome.repeated };
      },
    );
    const reconciliation = await this.found(context, response.id);
    return { reconciliation, repeated: repeated || response.repeated };
  }

  private async found(context: { readonly firmId: string }, id: string): Promise<Reconciliation> {
    const reconciliation = await this.reconciliations.findById(context, id);
    if (reconciliation === null) throw new UseCaseError('NOT_FOUND', 'no reconciliation has that id', 'id');
    return reconciliation;
  }
}

const refusalsMaximum = 100;

/** Every bad row of a statement is one refusal. */
function refuseRows(error: unknown): never {
  if (!(error instanceof FileRefusal)) throw error;
  const refusals = error.problems.slice(0, refusalsMaximum).map((problem) => {
    return { code: 'BAD_USER_INPUT', field: 'statement', message: describeProblem(problem) } as const;
  });
  throw new InputRefusals(refusals);
}

function plainRequest({
  runId,
  statement,
  tolerances,
  coversFirm,
}: Omit<StartReconciliationCommand, 'idempotencyKey'>) {
  const plain = (part: ReconciliationTolerances[keyof ReconciliationTolerances]) => [
    part.absolute?.toFixed() ?? null,
    part.relative.toFixed(),
  ];
  return {
    runId: runId ?? null,
    sha256: hashFiles([statement])[0]?.sha256 ?? '',
    tolerances: [plain(tolerances.quantity), plain(tolerances.price), plain(tolerances.amount)],
    coversFirm: coversFirm ?? null,
  };
}
