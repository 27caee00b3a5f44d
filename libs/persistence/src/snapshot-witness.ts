import type { Socket } from 'node:net';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Client } from 'pg';
import { Database } from './database';
import { momentColumn, type RecordMoment } from './record-moment';

/** Longest wait for an answer of the server; a connection that is silent for longer is given up [ms]. */
const silenceMaximumMs = 1_000;
/** Pause after a connection could not be opened [ms]. */
const retryMs = 1_000;

const statement = {
  name: 'moment',
  text: `SELECT ${momentColumn}, pg_backend_pid()`,
  rowMode: 'array' as const,
};

/**
 * Tells whether the record has changed, with one statement for everybody who asks at the same time, over one connection
 * outside the pool. A number that never changes while the connection stands, `life`, marks what was read since it was
 * opened: a crash of the server or a change to another one ends it.
 */
@Injectable()
export class SnapshotWitness implements OnModuleDestroy {
  private client: Client | null = null;
  /** Process of the server behind the connection; another one means that something stands between. */
  private backend: unknown = null;
  private lives = 0;
  private opening = false;
  private retryAt = 0;
  private closed = false;
  private next: Promise<RecordMoment | null> | null = null;
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Database) {}

  /** Number of the connection that stands; 0 when there is none, and then one is opened. */
  get life(): number {
    if (this.client !== null) return this.lives;
    void this.connect();
    return 0;
  }

  /**
   * What the record shows, by a statement that begins after this call; null when nobody can tell at the moment. Never
   * rejects.
   */
  ask(): Promise<RecordMoment | null> {
    return (this.next ??= this.askNext());
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    const { client } = this;
    this.client = null;
    await client?.end().catch(() => undefined);
  }

  private async askNext(): Promise<RecordMoment | null> {
    await this.running;
    // Requests that have arrived by now are read before this turn ends.
    await new Promise((resolve) => setImmediate(resolve));
    this.next = null;
    const asked = this.send();
    this.running = asked;
    return asked;
  }

  private async send(): Promise<RecordMoment | null> {
    const { client, life } = this;
    if (client === null) return null;
    try {
      const [row] = (await client.query<[string | null, number]>(statement)).rows;
      if (row === undefined || this.client !== client) return null;
      const [text, backend] = row;
      if (backend !== this.backend) return this.lose(client);
      return text === null ? null : { life, text };
    } catch {
      return this.lose(client);
    }
  }

  private async connect(): Promise<void> {
    if (this.opening || this.closed || Date.now() < this.retryAt) return;
    this.opening = true;
    let client: Client | null = null;
    try {
      client = await this.database.openSession({ name: 'ballast witness', silenceMaximumMs });
      const opened = client;
      client.once('end', () => this.lose(opened));
      const [row] = (await client.query<[string | null, number]>(statement)).rows;
      if (this.closed) return void (await client.end());
      this.backend = row?.[1];
      this.client = client;
      this.lives += 1;
    } catch {
      if (client !== null) this.lose(client);
      this.retryAt = Date.now() + retryMs;
    } finally {
      this.opening = false;
    }
  }

  private lose(client: Client): null {
    if (this.client === client) this.client = null;
    void client.end().catch(() => undefined);
    // A server that is silent does not answer a farewell either.
    const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
    setTimeout(() => stream.destroy(), retryMs).unref();
    return null;
  }
}
