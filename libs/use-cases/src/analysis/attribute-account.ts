import type { ChangeAttribution } from '@ballast/buffer';
import { type Account, formatInstant, type Instant } from '@ballast/domain';
import type { MarginRun } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { RunStateReader } from './run-state-reader';
import { AnalysisThreads } from '../threads/analysis-threads';
import { UseCaseError } from '../caller/use-case-error';

export type {
  AttributionFactor,
  ChangeAttribution,
  FactorEffect,
  FigureEffect,
  UnderlyingEffect,
} from '@ballast/buffer';

/** Why an account changed between two of its runs. */
export interface AccountAttribution extends ChangeAttribution {
  readonly fromRun: MarginRun;
  readonly toRun: MarginRun;
}

/** Attributes the change of a stored account between the latest runs at two instants, on the inputs of those runs. */
@Injectable()
export class AttributeAccount {
  constructor(
    private readonly states: RunStateReader,
    private readonly threads: AnalysisThreads,
  ) {}

  /**
   * @throws UseCaseError 'FORBIDDEN'; 'BAD_USER_INPUT' when `to` is before `from`; 'NOT_FOUND' without a run
   * @throws DomainError as attributeChange
   */
  async execute(
    session: ReadSession,
    { account, from, to }: { readonly account: Account; readonly from: Instant; readonly to: Instant },
  ): Promise<AccountAttribution> {
    requirePermission(session.principal, 'read-accounts');
    if (to < from)
      throw new UseCaseError('BAD_USER_INPUT', `to: ${formatInstant(to)} is before ${formatInstant(from)}`, 'to');
    const earlier = await this.states.read(session, account, from);
    const later = await this.states.read(session, account, to);
    const bounds = { field: 'account', signal: session.signal };
    const attribution = await this.threads.analyse('attribution', earlier.source, { later: later.source }, bounds);
    return { ...attribution, fromRun: earlier.run, toRun: later.run };
  }
}
