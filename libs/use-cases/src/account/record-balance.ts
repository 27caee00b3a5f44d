import { Decimal, findStatementDate, type Instant, parseCurrency } from '@ballast/domain';
import { AccountStore, BalanceStore, IdempotencyStore } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { InputRefusals } from '../caller/input-refusals';
import { type Principal, requirePermission } from '../caller/principal';
import { requireIdempotencyKey, requireSentence } from '../caller/required-text';

/** A cash balance as a client states it. */
export interface RecordBalanceCommand {
  /** Chosen by the client, 1 to 128 characters. */
  readonly idempotencyKey: string;
  readonly accountCode: string;
  readonly currency: string;
  /** The balance itself, not a movement: credit > 0, debit < 0. */
  readonly amount: Decimal;
  /** Since when it holds; now when absent. */
  readonly valueAt?: Instant | undefined;
  /** Why, in one line: it stays in the record. */
  readonly reason: string;
  readonly now: Instant;
}

/** What became of it. */
export interface RecordedBalance {
  readonly currency: string;
  /** Plain digits. */
  readonly amount: string;
  /** False when the account held just that already. */
  readonly changed: boolean;
  /** What a careful person should know: a value time far ahead. Absent in answers of before. */
  readonly warnings?: readonly string[];
}

const operation = 'recordBalance';

/** Records the cash an account holds in one currency from an instant on, once per key. */
@Injectable()
export class RecordBalance {
  constructor(
    private readonly idempotency: IdempotencyStore,
    private readonly accounts: AccountStore,
    private readonly balances: BalanceStore,
  ) {}

  /**
   * @throws UseCaseError 'FORBIDDEN', 'BAD_USER_INPUT'; DomainError 'INVALID_CURRENCY'; InputRefusals for an unknown
   *         account; PersistenceError 'CONFLICT' when the key was used for another request
   */
  async execute(principal: Principal, command: RecordBalanceCommand): Promise<RecordedBalance> {
    requirePermission(principal, 'record-holdings');
    const { now, idempotencyKey, accountCode, amount } = command;
    requireIdempotencyKey(idempotencyKey);
    const currency = parseCurrency(command.currency, 'currency');
    const reason = requireSentence(command.reason, 'reason');
    const { firmId, accountIds, subject: recordedBy } = principal;
    const context = { firmId, ...(accountIds === undefined ? {} : { accountIds }) };
    const request = { accountCode, currency, amount: amount.toFixed(), valueAt: command.valueAt ?? null, reason };
    const valueAt = command.valueAt ?? now;
    const { response } = await this.idempotency.once(
      context,
      { operation, key: idempotencyKey, request },
      async (tx) => {
        const date = findStatementDate(valueAt, now);
        if (date?.verdict === 'REFUSED') {
          throw new InputRefusals([{ code: 'BAD_USER_INPUT', field: 'valueAt', message: `valueAt ${date.reason}` }]);
        }
        const account = await this.accounts.findByCode(tx, accountCode);
        if (account === null) {
          const message = `no such account: ${accountCode}`;
          throw new InputRefusals([{ code: 'NOT_FOUND', field: 'accountCode', message }]);
        }
        const statement = { accountId: account.id, currency, amount, valueAt, reason, recordedBy };
        const { changed } = await this.balances.record(tx, statement);
        const warnings = date === null ? [] : [`valueAt ${date.reason}`];
        return { currency, amount: amount.toFixed(), changed, warnings };
      },
    );
    return response;
  }
}
