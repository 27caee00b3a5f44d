import {
  type Page,
  type PageRequest,
  type Reconciliation,
  ReconciliationStore,
  type StoredBreak,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { UseCaseError } from '../caller/use-case-error';

export type { BreakResolution, BreakState, Reconciliation, ResolutionAction, StoredBreak } from '@ballast/persistence';
export type { BreakCause, BreakKind, CauseComponent, CauseStep, ReconciliationTolerances } from '@ballast/buffer';

/** Reads reconciliations; they show accounts of the whole firm. */
@Injectable()
export class ReadReconciliations {
  constructor(private readonly reconciliations: ReconciliationStore) {}

  /** Null where there is none. @throws UseCaseError 'FORBIDDEN' */
  async find(session: ReadSession, id: string): Promise<Reconciliation | null> {
    requireFirm(session);
    return session.read((tx) => this.reconciliations.findById(tx, id));
  }

  /** One page of breaks, in order of the account. @throws UseCaseError 'FORBIDDEN' */
  async breaks(
    session: ReadSession,
    request: PageRequest & { readonly reconciliationId: string; readonly open: boolean },
  ): Promise<Page<StoredBreak>> {
    requireFirm(session);
    return session.read((tx) => this.reconciliations.findBreaks(tx, request));
  }
}

function requireFirm({ principal }: ReadSession): void {
  requirePermission(principal, 'read-firm');
  if (principal.accountIds !== undefined)
    throw new UseCaseError('FORBIDDEN', 'a token limited to accounts cannot read reconciliations of the firm');
}
