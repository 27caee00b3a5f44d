import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PoolClient, QueryResult } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { EntityManager } from 'typeorm';
import { PersistenceError } from './persistence-error';

/** Whose data a piece of work may touch. Comes from a verified token or an operator's choice, never from an argument. */
export interface TenantContext {
  readonly firmId: string;
  /** When given, only these accounts of the firm are visible (account-limited broker tokens); empty means none. */
  readonly accountIds?: readonly string[];
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Says whether a text is a UUID; an id that is not cannot exist, so lookups answer "not found" without asking. */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && uuidPattern.test(text);
}

/** One open transaction in which row level security shows one firm. Made by Database.withTenant only. */
export class TenantTransaction implements TenantContext {
  readonly firmId: string;
  readonly accountIds?: readonly string[];
  private over = false;

  constructor(
    context: TenantContext,
    readonly manager: EntityManager,
    private readonly client: PoolClient,
    private readonly kind: {
      /** Whose plans named statements have; those of others would be planned under other settings. */
      readonly plans?: string | undefined;
      readonly moment?: string | null;
    } = {},
  ) {
    this.firmId = context.firmId;
    if (context.accountIds !== undefined) this.accountIds = context.accountIds;
  }

  /** `momentColumn` of everything that is read here; null unless the transaction only reads, at one moment. */
  get moment(): string | null {
    return this.kind.moment ?? null;
  }

  /**
   * Runs a statement and returns its rows.
   *
   * @param plan  name of a statement whose text never varies: Postgres parses and plans it once per connection
   */
  async rows<Row>(sql: string, parameters: readonly unknown[] = [], plan?: string): Promise<Row[]> {
    return (await this.run(sql, parameters, plan)).rows as Row[];
  }

  /** Runs a statement of the hot path and returns its rows as Postgres wrote them, a text or null per column. */
  async texts(sql: string, parameters: readonly unknown[], plan: string): Promise<(string | null)[][]> {
    this.requireOpen();
    const types = { getTypeParser: () => (value: string) => value };
    const statement = {
      text: sql,
      values: [...parameters],
      name: this.planName(plan),
      rowMode: 'array' as const,
      types,
    };
    return (await this.client.query(statement)).rows as (string | null)[][];
  }

  /** Runs a statement and returns how many rows it touched. */
  async execute(sql: string, parameters: readonly unknown[] = []): Promise<number> {
    return (await this.run(sql, parameters)).rowCount ?? 0;
  }

  /**
   * Streams lines of `COPY … FROM STDIN` in text form (see copy-line.ts) into a table of this session. Postgres refuses
   * that for tables under row level security, so the table is a temporary one. Holds one piece in memory at a time; an
   * error of the pieces ends the copy and is thrown unchanged.
   */
  async copyIn(sql: string, pieces: AsyncIterable<string>): Promise<void> {
    this.requireOpen();
    await pipeline(Readable.from(pieces, { objectMode: true, highWaterMark: 1 }), this.client.query(copyFrom(sql)));
  }

  private run(sql: string, parameters: readonly unknown[], plan?: string): Promise<QueryResult> {
    this.requireOpen();
    const statement = { text: sql, values: [...parameters] };
    return this.client.query(plan === undefined ? statement : { ...statement, name: this.planName(plan) });
  }

  private planName(plan: string): string {
    return this.kind.plans === undefined ? plan : `${plan} ${this.kind.plans}`;
  }

  /** Called at the end of the work: the connection will serve somebody else, so nothing more may be sent from here. */
  end(): void {
    this.over = true;
  }

  private requireOpen(): void {
    if (this.over || this.manager.queryRunner?.isReleased !== false)
      throw new PersistenceError('UNAVAILABLE', 'the connection was lost, or the transaction is over');
  }
}

/** Work takes either: a context opens a transaction of its own, a transaction is joined. */
export type TenantScope = TenantContext | TenantTransaction;

/** Texts of the settings that row level security reads. @throws PersistenceError 'VALUE_REFUSED' for an id that is no UUID */
export function tenantSettings(context: TenantContext): { readonly firmId: string; readonly accountIds: string } {
  const { firmId, accountIds } = context;
  if (!isUuid(firmId)) throw new PersistenceError('VALUE_REFUSED', 'the firm id is not a UUID');
  if (accountIds?.some((id) => !isUuid(id))) {
    throw new PersistenceError('VALUE_REFUSED', 'an account id of the token is not a UUID');
  }
  return { firmId, accountIds: accountIds === undefined ? '' : `{${accountIds.join(',')}}` };
}
