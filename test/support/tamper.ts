import type { Client } from 'pg';

/** What somebody with every right of the database could do to history. */
export const tamperKinds = ['change', 'delete', 'insert', 'duplicate', 'reorder', 'truncate'] as const;
export type TamperKind = (typeof tamperKinds)[number];

const chainTables = ['history_links', 'history_batches'];
/** Proven by what is chained, without a batch of their own: by the last version, and by the content hash of the snapshot. */
const provenTables = ['accounts', 'instrument_quotes'];

/** What tells the order of rows apart, where that is no batch: exchanged between two rows. */
const orderColumns = new Map([
  ['accounts', 'methodology'],
  ['instrument_quotes', 'quoted_at'],
]);

/** Changes history behind the application's back, as a superuser whose triggers are off, and undoes it again. */
export class Tamperer {
  private readonly touched = new Set<string>();

  private constructor(
    private readonly client: Client,
    private readonly tables: readonly string[],
    /** A number in [0, 1), from a seed. */
    private readonly random: () => number,
    private readonly firmId: string,
  ) {}

  /** Keeps a copy of everything first. */
  static async start(client: Client, random: () => number, firmId: string): Promise<Tamperer> {
    await client.query(`SET session_replication_role = replica; SET timezone = 'UTC'`);
    const { rows } = await client.query<{ name: string }>('SELECT table_name AS name FROM history_tables ORDER BY 1');
    const tables = [...rows.map(({ name }) => name), ...provenTables];
    for (const table of [...tables, ...chainTables]) await client.query(`CREATE TABLE kept_${table} AS TABLE ${table}`);
    return new Tamperer(client, tables, random, firmId);
  }

  /**
   * Tampers once.
   *
   * @param among  tables to choose from; all when absent
   * @returns the table and what was done, for the message of a failing test
   */
  async tamper(kind: TamperKind, among: readonly string[] = this.tables): Promise<string> {
    for (let attempt = 0; attempt < 500; attempt += 1) {
      try {
        const done = await this.attempt(kind, among);
        if (done !== null) return done;
      } catch (failure) {
        // A check or a key of the table refuses this very change: try another one.
        if (!/^2[23]/.test(String((failure as { code?: unknown }).code))) throw failure;
      }
    }
    throw new Error(`no way was found to ${kind}`);
  }

  /** Says that a table was changed by somebody else than `tamper`, so that `undo` restores it. */
  touch(table: string): void {
    this.touched.add(table);
  }

  async undo(): Promise<void> {
    const firm = `firm_id = '${this.firmId}'`;
    const statements = [...this.touched].map(
      (table) => `DELETE FROM ${table} WHERE ${firm}; INSERT INTO ${table} SELECT * FROM kept_${table} WHERE ${firm}`,
    );
    await this.client.query(statements.join(';'));
    this.touched.clear();
  }

  private async attempt(kind: TamperKind, among: readonly string[]): Promise<string | null> {
    if (kind === 'truncate') return this.truncateTail();
    if (kind === 'reorder' && this.random() < 0.5) return this.swapLinks();
    const table = this.pick(among);
    this.touched.add(table);
    const { rows } = await this.client.query<{ place: string; batch: string }>(
      `SELECT tableoid::regclass || ' ' || ctid AS place, to_jsonb(t) ->> $2 AS batch FROM ${table} t WHERE firm_id = $1 ORDER BY 1`,
      [this.firmId, orderColumns.get(table) ?? 'batch'],
    );
    if (rows.length === 0) return null;
    const { place, batch } = this.pick(rows);
    const [part = '', ctid = ''] = place.split(' ');
    if (kind === 'change') return this.flipBit(table, part, ctid);
    if (kind === 'delete') {
      await this.client.query(`DELETE FROM ${part} WHERE ctid = '${ctid}'`);
      return `deleted ${table} ${place}`;
    }
    if (kind === 'reorder') {
      const other = this.pick(rows.filter((row) => row.batch !== batch));
      if (other === undefined) return null;
      const [otherPart = '', otherCtid = ''] = other.place.split(' ');
      const column = orderColumns.get(table) ?? 'batch';
      await this.client.query(`UPDATE ${part} SET ${column} = '${other.batch}' WHERE ctid = '${ctid}';
        UPDATE ${otherPart} SET ${column} = '${batch}' WHERE ctid = '${otherCtid}'`);
      return `exchanged ${table}.${column} of ${place} and ${other.place}`;
    }
    return this.copyRow(table, part, ctid, kind);
  }

  private async columnsOf(table: string): Promise<{ name: string; type: string; key: boolean }[]> {
    const { rows } = await this.client.query<{ name: string; type: string; key: boolean }>(
      `SELECT attname AS name, format_type(atttypid, NULL) AS type,
         EXISTS (SELECT FROM pg_index WHERE indrelid = attrelid AND indisprimary AND attnum = ANY (indkey)) AS key
       FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
      [table],
    );
    return rows;
  }

  private async flipBit(table: string, part: string, ctid: string): Promise<string | null> {
    const { name, type } = this.pick(await this.columnsOf(table));
    const { rows } = await this.client.query<{ text: string | null }>(
      `SELECT ${name}::text AS text FROM ${part} WHERE ctid = '${ctid}'`,
    );
    const text = rows[0]?.text ?? '';
    if (text === '') return null;
    const bytes = Buffer.from(text, 'utf8');
    const place = Math.floor(this.random() * bytes.length);
    bytes[place] = (bytes[place] as number) ^ 1;
    const { rowCount } = await this.client.query(
      `UPDATE ${part} SET ${name} = $1::text::${type} WHERE ctid = '${ctid}' AND ($1::text::${type})::text <> ${name}::text`,
      [bytes.toString('utf8')],
    );
    return rowCount === 1 ? `flipped a bit of ${table}.${name}: ${text.slice(0, 60)} at byte ${place}` : null;
  }

  /** A duplicate has all of the row but its key; an insert is a row of its own batch, with another content. */
  private async copyRow(table: string, part: string, ctid: string, kind: TamperKind): Promise<string> {
    const columns = await this.columnsOf(table);
    const key = columns.find((column) => column.key && column.type === 'uuid' && column.name !== 'firm_id');
    const values = columns.map(({ name }) => {
      if (name === key?.name || name === 'version_id') return 'gen_random_uuid()';
      if (name === 'content_hash' && table === 'market_snapshots') return 'sha256(uuid_send(gen_random_uuid()))';
      if (name === 'version') return 'version + 1000';
      if (name === 'valid') return `tstzrange('2200-01-01', '2200-01-02')`;
      if (name === 'batch' && kind === 'insert') return `nextval('history_batch_number')`;
      return name;
    });
    const names = columns.map(({ name }) => name).join(', ');
    await this.client.query(
      `INSERT INTO ${table} (${names}) SELECT ${values.join(', ')} FROM ${part} WHERE ctid = '${ctid}'`,
    );
    return `${kind} into ${table}`;
  }

  private async swapLinks(): Promise<string> {
    this.touched.add('history_links');
    const { rows } = await this.client.query<{ sequence: string }>(
      'SELECT sequence FROM history_links WHERE firm_id = $1 ORDER BY sequence',
      [this.firmId],
    );
    const own = `firm_id = '${this.firmId}'`;
    const left = this.pick(rows).sequence;
    const right = this.pick(rows.filter(({ sequence }) => sequence !== left)).sequence;
    await this.client.query(`UPDATE history_links SET sequence = -1 WHERE ${own} AND sequence = ${left};
      UPDATE history_links SET sequence = ${left} WHERE ${own} AND sequence = ${right};
      UPDATE history_links SET sequence = ${right} WHERE ${own} AND sequence = -1`);
    return `exchanged links ${left} and ${right}`;
  }

  /** Takes the last links away with everything they vouch for, as if it had never been. */
  private async truncateTail(): Promise<string> {
    for (const table of [...this.tables, ...chainTables]) this.touched.add(table);
    const { rows } = await this.client.query<{ sequence: string }>(
      'SELECT sequence FROM history_links WHERE firm_id = $1 ORDER BY sequence',
      [this.firmId],
    );
    const own = `l.firm_id = '${this.firmId}' AND l.sequence >= ${this.pick(rows).sequence}`;
    await this.client
      .query(`DELETE FROM accounts a WHERE a.firm_id = '${this.firmId}' AND EXISTS (SELECT FROM account_versions v
      JOIN history_links l ON l.table_name = 'account_versions' AND l.batch = v.batch
      WHERE ${own} AND v.account_id = a.account_id AND v.firm_id = a.firm_id);
      DELETE FROM instrument_quotes q WHERE q.firm_id = '${this.firmId}' AND EXISTS (SELECT FROM market_snapshots s
      JOIN history_links l ON l.table_name = 'market_snapshots' AND l.batch = s.batch
      WHERE ${own} AND s.snapshot_id = q.snapshot_id AND s.firm_id = q.firm_id)`);
    for (const table of this.tables.filter((name) => !provenTables.includes(name))) {
      await this.client.query(`DELETE FROM ${table} WHERE firm_id = '${this.firmId}' AND batch IN
        (SELECT batch FROM history_links l WHERE ${own} AND table_name = '${table}' AND part = 'INSERT')`);
    }
    await this.client.query(`DELETE FROM history_batches b USING history_links l WHERE ${own} AND b.firm_id = l.firm_id
      AND (b.table_name, b.part, b.batch, b.month) = (l.table_name, l.part, l.batch, l.month);
      DELETE FROM history_links l WHERE ${own}`);
    return `cut the chain where ${own}`;
  }

  private pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)] as T;
  }
}

/** A small generator of numbers in [0, 1), so that a failure can be repeated. */
export function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
