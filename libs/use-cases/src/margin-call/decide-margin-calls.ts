import {
  defaultBufferPolicy,
  evaluateMarginCall,
  type MarginCallDeadlines,
  marginCallCalendar,
  marginCallDeadlines,
  type MarginCallTerms,
  parseFirmControls,
} from '@ballast/buffer';
import {
  Decimal,
  DomainError,
  type ExchangeCalendar,
  type Instant,
  instantOf,
  type Methodology,
} from '@ballast/domain';
import {
  type AccountResult,
  BufferPolicyStore,
  CalendarStore,
  FirmControlsStore,
  type LockedMarginCall,
  MarginCallStore,
  type MarginRun,
  newId,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { toBufferPolicy } from '../run/run-inputs';

/** The run that results belong to, as far as calls depend on it. */
export interface MarginCallRun extends Pick<MarginRun, 'id' | 'asOf' | 'positionsAt' | 'knownAt'> {
  /** When results that waited for a person were confirmed: nobody can meet a call before it is made. */
  readonly confirmedAt?: Instant;
}

/** What of a result decides about a call. */
export interface MarginCallSource extends Pick<AccountResult, 'accountId' | 'status' | 'quality' | 'equity'> {
  readonly requirement: Pick<
    AccountResult['requirement'],
    'methodology' | 'initialRequirement' | 'maintenanceRequirement'
  >;
}

/** What calls are decided by besides the figures. */
interface Rules {
  readonly terms: MarginCallTerms;
  readonly calendars: ReadonlyMap<string, ExchangeCalendar>;
}

const zero = new Decimal(0);

/**
 * Raises, updates and closes margin calls by the results of a run, in the transaction that writes them and after they are
 * written: results and the calls they cause are seen together or not at all. A run that is not the account's newest
 * changes nothing, and two runs at once take turns, because each holds the rows of the newest buffers it wrote.
 */
@Injectable()
export class DecideMarginCalls {
  constructor(
    private readonly calls: MarginCallStore,
    private readonly policies: BufferPolicyStore,
    private readonly controls: FirmControlsStore,
    private readonly calendars: CalendarStore,
  ) {}

  /**
   * @param results  a batch of accounts of the run, in any order; written already by the same transaction
   * @returns how many events were written
   * @throws DomainError 'CALENDAR_UNKNOWN' when the firm's terms name a calendar that does not exist
   */
  async execute(tx: TenantTransaction, run: MarginCallRun, results: readonly MarginCallSource[]): Promise<number> {
    const good = results.filter(({ quality, equity }) => quality === 'OK' && equity !== null);
    if (good.length === 0) return 0;
    const open = await this.calls.lockOpen(
      tx,
      good.map(({ accountId }) => accountId),
      run,
    );
    const possible = good.filter(({ accountId, status }) => open.has(accountId) || isCalled(status));
    if (possible.length === 0) return 0;
    const newest = await this.calls.findNewestOf(
      tx,
      run.id,
      possible.map(({ accountId }) => accountId),
    );
    const concerned = possible
      .filter(({ accountId }) => newest.has(accountId))
      .sort((left, right) => (left.accountId < right.accountId ? -1 : 1));
    if (concerned.length === 0) return 0;
    const stored = await this.policies.findInEffect(
      tx,
      concerned.map(({ accountId }) => accountId),
      run.asOf,
      run.knownAt,
    );
    const rules = await this.rulesAt(tx, run.asOf);
    const events = concerned.flatMap((result) => {
      const policy = stored.get(result.accountId);
      return decide({
        run,
        result,
        rules,
        open: open.get(result.accountId),
        policy: policy === undefined ? defaultBufferPolicy(run.asOf) : toBufferPolicy(policy, run.asOf),
      });
    });
    await this.calls.append(tx, events, run.id);
    return events.length;
  }

  private async rulesAt(tx: TenantTransaction, asOf: Instant): Promise<Rules> {
    const stored = await this.controls.findInEffect(tx, { asOf });
    const { marginCalls } = parseFirmControls(stored?.controls ?? {}, asOf);
    return { terms: marginCalls, calendars: await this.calendars.findLatest(tx) };
  }
}

function isCalled(status: AccountResult['status']): boolean {
  return status === 'MARGIN_CALL' || status === 'LIQUIDATION';
}

function decide(input: {
  readonly run: MarginCallRun;
  readonly result: MarginCallSource;
  readonly rules: Rules;
  readonly open: LockedMarginCall | undefined;
  readonly policy: ReturnType<typeof toBufferPolicy>;
}) {
  const { run, result, rules, open, policy } = input;
  const { accountId, status, quality, equity, requirement } = result;
  return evaluateMarginCall({
    call: open?.call ?? null,
    result: {
      accountId,
      runId: run.id,
      asOf: run.asOf,
      status,
      quality,
      equity,
      initial: requirement.initialRequirement,
      maintenance: requirement.maintenanceRequirement,
    },
    policy,
    terms: rules.terms,
    deadlines: () => deadlinesOf(rules, callableSince(run), requirement.methodology),
    unreflected: open?.unreflected ?? zero,
    newCallId: newId,
  });
}

/** From when the time to meet a call counts. */
function callableSince({ asOf, confirmedAt = asOf }: MarginCallRun): Instant {
  return instantOf(Math.max(asOf, confirmedAt));
}

function deadlinesOf({ terms, calendars }: Rules, raisedAt: Instant, methodology: Methodology): MarginCallDeadlines {
  const name = marginCallCalendar(terms, methodology);
  const calendar = calendars.get(name);
  if (calendar === undefined)
    throw new DomainError('CALENDAR_UNKNOWN', `controls.marginCalls: no calendar ${name}`, 'controls.marginCalls');
  return marginCallDeadlines(calendar, terms, { raisedAt, methodology });
}
