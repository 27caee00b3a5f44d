import { PersistenceError } from './persistence-error';
import { momentColumn } from './record-moment';
import { type TenantContext, tenantSettings } from './tenant';

/** After so long without a statement Postgres ends a transaction, so that a process that hangs does not hold its locks. */
export const usualIdleTimeoutMs = 60_000;

/** How a transaction differs from the usual one. */
export interface TransactionSettings {
  /** Longest single statement [ms]. */
  readonly statementTimeoutMs?: number;
  /** Longest time between two statements [ms], for work that computes or writes elsewhere between them; a minute when absent. */
  readonly idleTimeoutMs?: number;
  /** `REPEATABLE READ` when several reads have to show one moment. */
  readonly isolation?: 'READ COMMITTED' | 'REPEATABLE READ';
  /**
   * `by-index` for work made of few named statements that are sent all day and find their rows by index: each is planned
   * once per connection, apart from the same statement in other work.
   */
  readonly plans?: 'by-index';
  /** Nothing is written, and the transaction tells its moment. `REPEATABLE READ` only. */
  readonly readOnly?: true;
}

/**
 * Opens the transaction and sets firm, accounts and statement timeout in one round trip. Several statements in one text
 * take no parameters; what goes in are UUIDs and a whole number, checked here.
 */
export function beginStatement(
  context: TenantContext,
  settings: TransactionSettings,
  fallbackTimeoutMs: number,
): string {
  const { firmId, accountIds } = tenantSettings(context);
  const timeout = wholeMilliseconds(settings.statementTimeoutMs ?? fallbackTimeoutMs, 'statementTimeoutMs');
  const idle = wholeMilliseconds(settings.idleTimeoutMs ?? usualIdleTimeoutMs, 'idleTimeoutMs');
  const ofIdle =
    idle === usualIdleTimeoutMs ? '' : `, set_config('idle_in_transaction_session_timeout', '${idle}', true)`;
  const { isolation = 'READ COMMITTED', readOnly = false } = settings;
  if (readOnly && isolation !== 'REPEATABLE READ') throw new Error('only one moment can be told');
  return `BEGIN ISOLATION LEVEL ${isolation}${readOnly ? ' READ ONLY' : ''};
    SELECT set_config('app.firm_id', '${firmId}', true), set_config('app.account_ids', '${accountIds}', true),
      set_config('statement_timeout', '${timeout}', true)${ofIdle}${settings.plans === 'by-index' ? plansByIndex : ''}
      ${readOnly ? `, ${momentColumn} AS moment` : ''}`;
}

function wholeMilliseconds(value: number, name: string): number {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole) && whole >= 0) return whole;
  throw new PersistenceError('VALUE_REFUSED', `${name}: expected milliseconds, got ${whole}`);
}

/** The planner takes the policies for more selective than they are, and would rather read and sort a whole table. */
const plansByIndex = `, set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
      set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)`;
