import type { Client } from 'pg';
import type { Database } from './database';

/**
 * Advisory locks that say "the process working on this run is alive". All of a process's runs share one session; when the
 * process dies, however it dies, its connection closes and Postgres lets the locks go at once.
 */
export class RunLocks {
  private session: Promise<Client> | null = null;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Database) {}

  async take(runId: string): Promise<void> {
    await this.ask(`SELECT pg_advisory_lock(${runLockKey('$1')})`, runId);
  }

  async release(runId: string): Promise<void> {
    // A broken session has let go already.
    await this.ask(`SELECT pg_advisory_unlock(${runLockKey('$1')})`, runId).catch(() => undefined);
  }

  async close(): Promise<void> {
    const session = this.session;
    this.session = null;
    await this.queue.catch(() => undefined);
    await (await session?.catch(() => null))?.end().catch(() => undefined);
  }

  /** One statement at a time: a connection must not be asked while it is busy. */
  private ask(sql: string, runId: string): Promise<void> {
    const answer = this.queue.then(async () => {
      const session = await this.open();
      await session.query(sql, [runId]);
    });
    this.queue = answer.catch(() => undefined);
    return answer;
  }

  private open(): Promise<Client> {
    if (this.session !== null) return this.session;
    const session = this.database.openSession();
    this.session = session;
    const forget = (): void => {
      if (this.session === session) this.session = null;
    };
    session.then((client) => client.on('end', forget), forget);
    return session;
  }
}

/** SQL of the key of a run's lock. */
export function runLockKey(placeholder: string): string {
  return `hashtextextended(${placeholder}::text, 1)`;
}
