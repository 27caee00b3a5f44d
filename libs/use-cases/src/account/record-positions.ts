import type { Decimal, Instant } from '@ballast/domain';
import { findStatementDate, formatInstant } from '@ballast/domain';
import {
  describeLaterAction,
  IdempotencyStore,
  PositionFileStore,
  type StagedFault,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { InputRefusals, type InputRefusal } from '../caller/input-refusals';
import { type Principal, requirePermission } from '../caller/principal';
import { requireIdempotencyKey } from '../caller/required-text';
import { UseCaseError } from '../caller/use-case-error';

/** Positions of one account as a client states them. */
export interface RecordPositionsCommand {
  /** Chosen by the client, 1 to 128 characters. */
  readonly idempotencyKey: string;
  readonly accountCode: string;
  /** Contracts: long > 0, short < 0; 0 means none. */
  readonly positions: readonly { readonly instrumentId: string; readonly quantity: Decimal }[];
  /** Since when they hold; now when absent. */
  readonly asOf?: Instant | undefined;
  /** REPLACE: the whole book of the account. MERGE: only the named instruments change. */
  readonly mode: 'REPLACE' | 'MERGE';
  readonly now: Instant;
}

/** What a statement of positions changed. */
export interface RecordedPositions {
  /** Positions that changed, those a whole book ended included; ≥ 0. */
  readonly changed: number;
  /** Positions stated as they were held already; ≥ 0. */
  readonly unchanged: number;
  /** What a careful person should know: a time far ahead. Absent in answers of before. */
  readonly warnings?: readonly string[];
}

const operation = 'importPositions';
const positionsMaximum = 10_000;

/** Records what an account holds from an instant on, once per key, by the rules that hold for files. */
@Injectable()
export class RecordPositions {
  constructor(
    private readonly idempotency: IdempotencyStore,
    private readonly files: PositionFileStore,
  ) {}

  /**
   * @throws UseCaseError 'FORBIDDEN', 'BAD_USER_INPUT'; InputRefusals for an unknown account or instrument, an expired
   *         series, a fraction of a contract, an instrument named twice; PersistenceError 'CONFLICT' when the key was used
   *         for another request. Nothing is stored then
   */
  async execute(principal: Principal, command: RecordPositionsCommand): Promise<RecordedPositions> {
    requirePermission(principal, 'record-holdings');
    const { now, idempotencyKey, ...request } = command;
    requireIdempotencyKey(idempotencyKey);
    const count = command.positions.length;
    if (count > positionsMaximum || (count === 0 && command.mode === 'MERGE')) {
      const range = `${command.mode === 'MERGE' ? 1 : 0} to ${positionsMaximum}`;
      throw new UseCaseError('BAD_USER_INPUT', `positions: expected ${range}, got ${count}`, 'positions');
    }
    const { firmId, accountIds, subject } = principal;
    const context = { firmId, ...(accountIds === undefined ? {} : { accountIds }) };
    const asked = { ...request, asOf: request.asOf ?? null };
    const { response } = await this.idempotency.once(
      context,
      { operation, key: idempotencyKey, request: asked },
      (transaction) => this.record(transaction, { ...command, asOf: command.asOf ?? now }, subject),
    );
    return response;
  }

  private async record(
    transaction: TenantTransaction,
    command: RecordPositionsCommand & { readonly asOf: Instant },
    subject: string,
  ): Promise<RecordedPositions> {
    const { accountCode, asOf: validFrom, positions, mode, now } = command;
    const date = findStatementDate(validFrom, now);
    if (date?.verdict === 'REFUSED') {
      throw new InputRefusals([{ code: 'BAD_USER_INPUT', field: 'asOf', message: `asOf ${date.reason}` }]);
    }
    const staged = positions.map(({ instrumentId, quantity }, index) => {
      return { line: index, accountCode, instrumentId, quantity, averagePrice: null, validFrom };
    });
    await this.files.stage(transaction, oneBatch(staged));
    const { faults } = await this.files.findFaults(transaction, positionsMaximum);
    if (faults.length > 0) throw new InputRefusals(faults.map(refusalOf));
    const terms = { mode, source: `stated by ${subject}` };
    const { changed, rowsChanged, laterAction } = await this.files.record(transaction, terms);
    if (laterAction !== null) {
      const message = `the statement ${describeLaterAction(laterAction)}`;
      throw new InputRefusals([{ code: 'BAD_USER_INPUT', field: 'asOf', message }]);
    }
    const warnings = date === null ? [] : [`asOf ${date.reason}`];
    return { changed, unchanged: positions.length - rowsChanged, warnings };
  }
}

async function* oneBatch<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows;
}

function refusalOf(fault: StagedFault): InputRefusal {
  const { line, instrumentId, quantity, expiry, multiplier, firstLine } = fault;
  const at = `positions.${line}`;
  switch (fault.fault) {
    case 'ACCOUNT_UNKNOWN':
      return { code: 'NOT_FOUND', field: 'accountCode', message: `no such account: ${fault.accountCode}` };
    case 'INSTRUMENT_UNKNOWN':
      return { code: 'NOT_FOUND', field: `${at}.instrumentId`, message: `no such instrument: ${instrumentId}` };
    case 'SERIES_EXPIRED': {
      const when = expiry === null ? '' : ` at ${formatInstant(expiry)}`;
      return { code: 'BAD_USER_INPUT', field: `${at}.instrumentId`, message: `${instrumentId} expired${when}` };
    }
    case 'QUANTITY_FRACTIONAL': {
      const message = `${instrumentId}: contracts of ${multiplier?.toFixed() ?? ''} units trade whole, got ${quantity?.toFixed() ?? ''}`;
      return { code: 'BAD_USER_INPUT', field: `${at}.quantity`, message };
    }
    case 'ROW_REPEATED': {
      const message = `${instrumentId} is named before, at ${firstLine ?? 0}`;
      return { code: 'BAD_USER_INPUT', field: `${at}.instrumentId`, message };
    }
  }
}
