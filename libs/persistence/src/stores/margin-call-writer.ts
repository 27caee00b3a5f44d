import type { MarginCall, MarginCallEvent } from '@ballast/buffer';
import { PersistenceError } from '../persistence-error';
import { toNumeric, toNumericOrNull, toTimestamp, toTimestampOrNull } from '../row-values';
import type { TenantTransaction } from '../tenant';
import { changingColumns, identityColumns, toMarginCallRecord } from './margin-call-row';
import { writeNotifications } from './notification-writer';

/**
 * Writes events of margin calls: the calls as they are after the last one, every event, and what the outbox has to tell,
 * in a constant number of statements. Events of one call come in their order; the caller holds the calls' locks.
 *
 * @throws PersistenceError 'CONFLICT' when a call was closed meanwhile, or the account has another open one
 */
export async function writeMarginCallEvents(
  tx: TenantTransaction,
  events: readonly MarginCallEvent[],
  runId: string | null,
): Promise<void> {
  if (events.length === 0) return;
  const last = new Map(events.map(({ call }) => [call.id, call]));
  const raised = new Set(events.flatMap(({ before, call }) => (before === null ? [call.id] : [])));
  // Closings first: the account's next call takes the place of the one that is closed.
  await updateCalls(
    tx,
    [...last.values()].filter(({ id }) => !raised.has(id)),
  );
  await insertCalls(
    tx,
    [...last.values()].filter(({ id }) => raised.has(id)),
  );
  await insertEvents(tx, events, runId);
  await writeNotifications(tx, await notificationsOf(tx, events, runId));
}

async function updateCalls(tx: TenantTransaction, calls: readonly MarginCall[]): Promise<void> {
  if (calls.length === 0) return;
  const types = [...identityColumns.slice(0, 2), ...changingColumns].map(([name, type]) => `${name} ${type}`);
  const touched = await tx.execute(
    `UPDATE margin_calls c SET ${changingColumns.map(([name]) => `${name} = v.${name}`).join(', ')}
     FROM json_to_recordset($1::json) AS v (${types.join(', ')})
     WHERE c.account_id = v.account_id AND c.call_id = v.call_id AND c.state <> 'CLOSED'`,
    [JSON.stringify(calls.map(toMarginCallRecord))],
  );
  if (touched !== calls.length) throw new PersistenceError('CONFLICT', 'a margin call was closed meanwhile');
}

async function insertCalls(tx: TenantTransaction, calls: readonly MarginCall[]): Promise<void> {
  if (calls.length === 0) return;
  const columns = [...identityColumns, ...changingColumns];
  const names = columns.map(([name]) => name).join(', ');
  await tx.execute(
    `INSERT INTO margin_calls (firm_id, ${names})
     SELECT $1::uuid, ${names} FROM json_to_recordset($2::json) AS v (${columns.map(([name, type]) => `${name} ${type}`).join(', ')})`,
    [tx.firmId, JSON.stringify(calls.map(toMarginCallRecord))],
  );
}

async function insertEvents(
  tx: TenantTransaction,
  events: readonly MarginCallEvent[],
  runId: string | null,
): Promise<void> {
  const ordinals = new Map<string, number>();
  const rows = events.map((event) => {
    const { call, payment } = event;
    const ordinal = (ordinals.get(call.id) ?? 0) + 1;
    ordinals.set(call.id, ordinal);
    return {
      account_id: call.accountId,
      call_id: call.id,
      ordinal,
      kind: event.kind,
      at: toTimestamp(event.at),
      actor: event.actor,
      reason: event.reason,
      state_before: event.before,
      state_after: call.state,
      amount: toNumeric(call.amount, 'amount'),
      outstanding: toNumeric(call.outstanding, 'outstanding'),
      paid: toNumeric(call.paid, 'paid'),
      late_fee: toNumeric(call.lateFee, 'lateFee'),
      penalty: toNumeric(call.penalty, 'penalty'),
      payment_amount: toNumericOrNull(payment?.amount, 'payment.amount'),
      payment_currency: payment?.currency ?? null,
      payment_credited: toNumericOrNull(payment?.credited, 'payment.credited'),
      payment_received_at: toTimestampOrNull(payment?.receivedAt),
    };
  });
  await tx.execute(
    `INSERT INTO margin_call_events (firm_id, account_id, call_id, event_number, kind, at, actor, reason, run_id, state_before,
       state_after, amount, outstanding, paid, late_fee, penalty, payment_amount, payment_currency, payment_credited, payment_received_at)
     SELECT $1::uuid, v.account_id, v.call_id, v.ordinal + coalesce((SELECT max(e.event_number) FROM margin_call_events e
         WHERE e.account_id = v.account_id AND e.call_id = v.call_id), 0),
       v.kind, v.at, v.actor, v.reason, $3::uuid, v.state_before, v.state_after, v.amount, v.outstanding, v.paid, v.late_fee,
       v.penalty, v.payment_amount, v.payment_currency, v.payment_credited, v.payment_received_at
     FROM json_to_recordset($2::json) AS v (account_id uuid, call_id uuid, ordinal integer, kind text, at timestamptz, actor text,
       reason text, state_before text, state_after text, amount numeric, outstanding numeric, paid numeric, late_fee numeric,
       penalty numeric, payment_amount numeric, payment_currency text, payment_credited numeric, payment_received_at timestamptz)`,
    [tx.firmId, JSON.stringify(rows), runId],
  );
}

/** What a firm's systems are told of an event: figures as text, no figure of the account that the call does not state. */
async function notificationsOf(tx: TenantTransaction, events: readonly MarginCallEvent[], runId: string | null) {
  const accountIds = [...new Set(events.map(({ call }) => call.accountId))];
  const accounts = await tx.rows<{ account_id: string; code: string }>(
    'SELECT account_id, code FROM accounts WHERE account_id = ANY ($1::uuid[])',
    [accountIds],
  );
  const codes = new Map(accounts.map(({ account_id: id, code }) => [id, code]));
  return events.map(({ kind, at, actor, reason, before, payment, call }) => ({
    accountId: call.accountId,
    kind: `margin-call.${kind.toLowerCase().replaceAll('_', '-')}`,
    at,
    payload: {
      accountCode: codes.get(call.accountId) ?? null,
      actor,
      reason,
      runId,
      stateBefore: before,
      payment:
        payment === null
          ? null
          : {
              amount: payment.amount.toFixed(),
              currency: payment.currency,
              credited: payment.credited.toFixed(),
              receivedAt: toTimestamp(payment.receivedAt),
            },
      marginCall: {
        id: call.id,
        accountId: call.accountId,
        state: call.state,
        currency: call.currency,
        amount: call.amount.toFixed(),
        outstanding: call.outstanding.toFixed(),
        paid: call.paid.toFixed(),
        raisedAt: toTimestamp(call.raisedAt),
        dueAt: toTimestamp(call.dueAt),
        closeReason: call.closeReason,
      },
    },
  }));
}
