import { type Instant, instantOf } from '@ballast/domain';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Client } from 'pg';
import { Database } from './database';
import { isUuid, type TenantTransaction } from './tenant';

/** A run whose row changed, somewhere, or of which a person confirmed held figures. */
export type RunChange =
  | {
      readonly firmId: string;
      readonly runId: string;
      readonly state: 'RUNNING' | 'COMPLETED' | 'FAILED' | 'PARTIAL';
    }
  | {
      readonly firmId: string;
      readonly runId: string;
      readonly state: 'RELEASED';
      /** When the figures were confirmed, as recorded with the confirmations. */
      readonly releasedAt: Instant;
    };

/** What a listener is told: a change, or that changes may have been missed while the connection was away. */
export type RunMessage = RunChange | 'gap';

/** First and longest pause before a lost connection is tried again [ms]. */
const retryFirstMs = 250;
const retryLongestMs = 10_000;

/**
 * Hears of run changes of every process on the database, over one connection outside the pool, opened when somebody first
 * listens. A lost connection is opened again with growing pauses, and every listener is told of the gap.
 */
@Injectable()
export class RunListener implements OnModuleDestroy {
  private readonly listeners = new Set<(message: RunMessage) => void>();
  private client: Client | null = null;
  private retry: NodeJS.Timeout | null = null;
  private opening: Promise<void> | null = null;
  private closed = false;

  constructor(private readonly database: Database) {}

  /** Calls `listener` for every change from now on; it must not throw. @returns ends the listening */
  async listen(listener: (message: RunMessage) => void): Promise<() => void> {
    this.listeners.add(listener);
    try {
      await this.open();
    } catch (failure) {
      this.listeners.delete(listener);
      throw failure;
    }
    return () => void this.listeners.delete(listener);
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    if (this.retry !== null) clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
    this.client = null;
  }

  private open(): Promise<void> {
    if (this.client !== null) return Promise.resolve();
    this.opening ??= this.connect().finally(() => (this.opening = null));
    return this.opening;
  }

  private async connect(): Promise<void> {
    const client = await this.database.openSession();
    client.on('notification', ({ payload }) => this.tell(parseChange(payload)));
    client.once('end', () => this.lose(client));
    await client.query('LISTEN ballast_runs');
    this.client = client;
  }

  private lose(client: Client): void {
    if (this.closed || this.client !== client) return;
    this.client = null;
    this.reconnect(retryFirstMs);
  }

  private reconnect(pauseMs: number): void {
    this.retry = setTimeout(() => {
      this.open().then(
        () => this.tell('gap'),
        () => this.closed || this.reconnect(Math.min(2 * pauseMs, retryLongestMs)),
      );
    }, pauseMs);
    this.retry.unref();
  }

  private tell(message: RunMessage | null): void {
    if (message === null) return;
    for (const listener of this.listeners) listener(message);
  }
}

/** Tells every listener, when the transaction is committed, that held figures of a run were confirmed. */
export async function announceRelease(
  tx: TenantTransaction,
  { runId, releasedAt }: { readonly runId: string; readonly releasedAt: Instant },
): Promise<void> {
  const change: RunChange = { firmId: tx.firmId, runId, state: 'RELEASED', releasedAt };
  await tx.rows(`SELECT pg_notify('ballast_runs', $1)`, [JSON.stringify(change)]);
}

const states: readonly unknown[] = ['RUNNING', 'COMPLETED', 'FAILED', 'PARTIAL'];

/** Takes nothing on trust: any role that may connect can send on a channel. */
function parseChange(payload: string | undefined): RunChange | null {
  try {
    const { firmId, runId, state, releasedAt } = JSON.parse(payload ?? '') as Record<string, unknown>;
    if (!isUuid(firmId) || !isUuid(runId)) return null;
    if (state === 'RELEASED') return { firmId, runId, state, releasedAt: instantOf(releasedAt as number) };
    return states.includes(state) ? ({ firmId, runId, state } as RunChange) : null;
  } catch {
    return null;
  }
}
