import fs from 'node:fs';
import path from 'node:path';
import { Database, entities, listSchema, runMigrations } from '@ballast/persistence';
import { migrations } from '@ballast/migrations';
import { Client } from 'pg';
import { getMetadataArgsStorage } from 'typeorm';
import { openEmptyDatabase, openTestDatabase, type TestDatabase, withClient } from '../support/postgres';

const names = migrations.map((migration) => migration.name);

let db: TestDatabase;
let owner: Client;

async function rows<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
  return (await owner.query(sql, parameters)).rows as Row[];
}

beforeAll(async () => {
  db = await openTestDatabase();
  owner = new Client({ connectionString: db.ownerUrl });
  await owner.connect();
});

afterAll(async () => {
  await owner?.end();
  await db?.close();
});

describe('migrating', () => {
  it('an empty database runs every migration once, also when two processes start together', async () => {
    const empty = await openEmptyDatabase();
    try {
      const outcomes = await Promise.all([runMigrations(empty.ownerUrl), runMigrations(empty.ownerUrl)]);
      expect(outcomes.map(({ applied }) => applied.length).sort()).toEqual([0, names.length]);
      expect(await runMigrations(empty.ownerUrl)).toEqual({ applied: [] });
      const listing = await withClient(empty.ownerUrl, listSchema);
      expect(listing).toBe(await listSchema(owner));
    } finally {
      await empty.close();
    }
  });

  it('gives the tables that migrations/schema.sql lists', async () => {
    const committed = fs.readFileSync(path.resolve(__dirname, '../../migrations/schema.sql'), 'utf8');
    expect(await listSchema(owner)).toBe(committed);
  });

  it('that stops in the middle leaves nothing of the broken migration, and runs again', async () => {
    const empty = await openEmptyDatabase();
    try {
      // A table of the third migration is in the way, so that one fails after it has begun.
      await withClient(empty.ownerUrl, (client) => client.query('CREATE TABLE fx_rates (i integer)'));
      await expect(runMigrations(empty.ownerUrl)).rejects.toThrow(/fx_rates/);
      const left = await withClient(empty.ownerUrl, async (client) => {
        await client.query('DROP TABLE fx_rates');
        return (await client.query(`SELECT to_regclass('market_snapshots') AS name`)).rows[0] as {
          name: string | null;
        };
      });
      expect(left.name).toBeNull();
      expect((await runMigrations(empty.ownerUrl)).applied).toEqual(names.slice(2));
    } finally {
      await empty.close();
    }
  });

  it('is refused on a database that a newer version migrated', async () => {
    await owner.query(`INSERT INTO schema_migrations (timestamp, name) VALUES (1, 'FromTheFuture1')`);
    try {
      await expect(runMigrations(db.ownerUrl)).rejects.toMatchObject({
        code: 'SCHEMA_MISMATCH',
        message: /FromTheFuture1/,
      });
    } finally {
      await owner.query(`DELETE FROM schema_migrations WHERE name = 'FromTheFuture1'`);
    }
  });

  it('is asked for, by name, when the application finds an old schema and may not migrate', async () => {
    const empty = await openEmptyDatabase();
    const database = new Database(() => ({ ...db.options, databaseUrl: empty.appUrl }));
    try {
      await expect(database.connect()).rejects.toMatchObject({
        code: 'SCHEMA_MISMATCH',
        message: new RegExp(names[0] as string),
      });
    } finally {
      await database.close();
      await empty.close();
    }
  });
});

describe('the schema', () => {
  it('is what the entities say', async () => {
    for (const entity of entities) {
      const storage = getMetadataArgsStorage();
      const table = storage.tables.find(({ target }) => target === entity)?.name as string;
      const lineage = [entity, Object.getPrototypeOf(entity) as unknown];
      const mapped = storage.columns.filter(({ target }) => lineage.includes(target));
      // The hash chain's triggers write batch and closing_batch; no entity knows them.
      const actual = await rows<{ name: string; nullable: boolean; type: string }>(
        `SELECT a.attname AS name, NOT a.attnotnull AS nullable, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), -1) AS type
         FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = $1::regclass AND a.attnum > 0
           AND a.attname NOT IN ('batch', 'closing_batch') ORDER BY 1`,
        [table],
      );
      const stated = mapped.map(({ propertyName, options }) => ({
        name: options.name ?? propertyName,
        nullable: options.nullable ?? false,
        type: `${String(options.type).replace('timestamptz', 'timestamp with time zone')}${options.array === true ? '[]' : ''}`,
      }));
      expect([table, stated.sort((left, right) => (left.name < right.name ? -1 : 1))]).toEqual([table, actual]);
    }
  });

  it('has a table behind every entity and an entity for every table', async () => {
    const tables = await rows<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
       AND NOT relispartition AND relname <> 'schema_migrations' AND relname NOT LIKE 'history%' AND relname NOT LIKE 'buffer_rollup%' ORDER BY 1`,
    );
    const mapped = getMetadataArgsStorage().tables.map(({ name }) => name);
    expect(tables.map(({ name }) => name)).toEqual([...new Set(mapped)].sort());
  });

  it('carries the firm in every primary, unique, exclusion and foreign key, and names each', async () => {
    const keys = await rows<{ tableName: string; name: string; columns: string[] }>(
      `SELECT c.conrelid::regclass::text AS "tableName", c.conname AS name,
         ARRAY(SELECT attname::text FROM unnest(c.conkey) k JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k) AS columns
       FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
       WHERE c.contype IN ('p', 'u', 'f', 'x') AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition
         AND t.relname <> 'schema_migrations' ORDER BY 1, 2`,
    );
    expect(keys.length).toBeGreaterThan(40);
    const withoutFirm = keys.filter(({ columns }) => !columns.includes('firm_id')).map(({ name }) => name);
    // The code of a firm is an operator's word for a tenant; no tenant can ask for it.
    // The list of chained tables says nothing of a tenant.
    expect(withoutFirm).toEqual(['firms_code_unique', 'history_tables_pk']);
    expect(keys.filter(({ name }) => /_(pkey|key|fkey|excl)$/.test(name))).toEqual([]);
  });

  it('has a primary key on every table, and account before time in the keys of what grows', async () => {
    const without = await rows(
      `SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p')`,
    );
    expect(without).toEqual([]);
    const listing = await listSchema(owner);
    expect(listing).toContain('requirements_pk PRIMARY KEY (firm_id, account_id, as_of, run_id)');
    expect(listing).toContain('buffer_observations_pk PRIMARY KEY (firm_id, account_id, at, run_id)');
    expect(listing).toContain(') PARTITION BY RANGE (as_of);');
  });
});

describe('numbers', () => {
  const finite = `SELECT a.attrelid::regclass::text AS "table", a.attname AS "column", t.typname AS type
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = '' AND coalesce(nullif(t.typbasetype, 0), t.oid) IN ('numeric'::regtype, 'float8'::regtype, 'float4'::regtype, 'money'::regtype)
    ORDER BY 1, 2`;
  type NumberColumn = { readonly table: string; readonly column: string; readonly type: string };

  it('are finite in every column of every table and partition: NaN and infinities are refused', async () => {
    const columns = await rows<NumberColumn>(finite);
    expect(columns.length).toBeGreaterThan(60);
    expect(columns.filter(({ type }) => !['finite_numeric', 'finite_double'].includes(type))).toEqual([]);
    for (const { table, column, type } of columns) {
      for (const value of ['NaN', 'Infinity', '-Infinity']) {
        const attempt = owner.query(`INSERT INTO ${table} (${column}) VALUES ('${value}')`);
        await expect(attempt).rejects.toMatchObject({ code: '23514', constraint: `${type}_is_finite` });
      }
    }
  });

  it('of 26 integer and 20 fraction digits survive; more are refused, not rounded', async () => {
    const widest = `${'9'.repeat(26)}.${'1'.repeat(20)}`;
    expect(await rows(`SELECT $1::finite_numeric::text AS value`, [widest])).toEqual([{ value: widest }]);
    for (const text of [`1${'0'.repeat(26)}`, `0.${'1'.repeat(21)}`]) {
      await expect(rows('SELECT $1::finite_numeric', [text])).rejects.toMatchObject({
        constraint: 'finite_numeric_of_bounded_digits',
      });
    }
  });
});

describe('monthly partitions', () => {
  it('are made ahead by the application role, once, with the guards of their table', async () => {
    await withClient(db.appUrl, async (app) => {
      const make = async (): Promise<number> => {
        const sql = `SELECT ensure_month_partitions('2024-01-31T23:59:59Z', '2024-03-01T00:00:00Z') AS made`;
        return ((await app.query(sql)).rows[0] as { made: number }).made;
      };
      expect([await make(), await make()]).toEqual([9, 0]);
      const tooMany = app.query(`SELECT ensure_month_partitions('0001-01-01', '2024-01-01')`);
      await expect(tooMany).rejects.toMatchObject({ code: '23514' });
    });
    const partitions = await rows<{
      name: string;
      bound: string;
      isolated: boolean;
      policies: number;
      triggers: number;
    }>(
      `SELECT relname AS name, pg_get_expr(relpartbound, oid) AS bound, relrowsecurity AND relforcerowsecurity AS isolated,
         (SELECT count(*)::integer FROM pg_policy WHERE polrelid = c.oid) AS policies,
         (SELECT count(*)::integer FROM pg_trigger WHERE tgrelid = c.oid AND tgname = 'forbid_rewrite') AS triggers
       FROM pg_class c WHERE relname ~ '_y2024m02$' ORDER BY 1`,
    );
    const bound = `FOR VALUES FROM ('2024-02-01 00:00:00+00') TO ('2024-03-01 00:00:00+00')`;
    expect(partitions).toEqual([
      { name: 'buffer_observations_y2024m02', bound, isolated: true, policies: 2, triggers: 1 },
      { name: 'instrument_quotes_y2024m02', bound, isolated: true, policies: 1, triggers: 1 },
      { name: 'requirements_y2024m02', bound, isolated: true, policies: 2, triggers: 1 },
    ]);
  });

  it('have statistics of the columns that those of their table are kept of', async () => {
    const sampled = (table: string) =>
      rows<{ column: string }>(
        `SELECT attname AS column FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0
           AND attstattarget IS DISTINCT FROM 0 ORDER BY 1`,
      );
    const kept = (await sampled('requirements')).map(({ column }) => column);
    expect(kept).toEqual(expect.arrayContaining(['account_id', 'as_of', 'quality', 'run_id', 'status']));
    expect(kept).not.toContain('figures');
    expect((await sampled('requirements_y2024m02')).map(({ column }) => column)).toEqual(kept);
  });

  it('of this month and the next two are there before anybody asks', async () => {
    const [row] = await rows<{ ready: number }>(
      `SELECT count(*)::integer AS ready FROM generate_series(date_trunc('month', now(), 'UTC'), now() + interval '2 months', '1 month') m
       WHERE to_regclass('requirements_y' || to_char(m AT TIME ZONE 'UTC', 'YYYY"m"MM')) IS NOT NULL`,
    );
    expect(row?.ready).toBe(3);
  });
});
