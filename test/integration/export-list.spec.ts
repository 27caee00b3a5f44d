// Lists that leave the record: whole, once, and from where they were stopped.
import { instantOf, parseInstant } from '@ballast/domain';
import { AccountStore, ExportStore, FirmStore, MarginRunStore, MarketSnapshotStore } from '@ballast/persistence';
import { ExportList, ExportReferences, type ExportRequest, type Principal } from '@ballast/use-cases';
import { fillFirm } from '../support/api-world';
import { fillBatchFirm } from '../support/batch-book';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';

const book = { accounts: 300, positionsPerAccount: 20, contracts: 500 };
const positionCount = book.accounts * book.positionsPerAccount;
const now = parseInstant('2026-11-19T00:00:00Z', 'now');

let db: TestDatabase;
let exports: ExportList;
let alpha: Principal;
let batch: Principal;

beforeAll(async () => {
  db = await openTestDatabase();
  const { database } = db;
  const references = new ExportReferences(
    new AccountStore(database),
    new MarginRunStore(database),
    new MarketSnapshotStore(database),
  );
  exports = new ExportList(new ExportStore(database), references);
  const back = { subject: 'ann', roles: ['back-office'] as const };
  alpha = { ...back, firmId: (await fillFirm(db, 'ALPHA', 3)).firmId };
  batch = { ...back, firmId: (await fillBatchFirm(database, db.superuserUrl, book)).firmId };
}, 60_000);

afterAll(() => db?.close());

interface Written {
  readonly text: string;
  readonly pieces: number;
  readonly rows: number;
  readonly cursor: string | null;
  readonly hasMore: boolean;
}

async function write(who: Principal, request: Partial<ExportRequest> & Pick<ExportRequest, 'list'>): Promise<Written> {
  const opened = await exports.open(who, { format: 'csv', ...request }, instantOf(Math.max(now, Date.now())));
  const written = { text: '', pieces: 0, rows: 0, cursor: null as string | null, hasMore: false };
  for await (const piece of exports.write(opened, { format: request.format ?? 'csv', limit: request.limit })) {
    const { rows, cursor, hasMore } = piece;
    Object.assign(written, { text: written.text + piece.text, pieces: written.pieces + 1, rows, cursor, hasMore });
  }
  return written;
}

const linesOf = ({ text }: Written): string[] => text.trimEnd().split('\n');

describe('exports', () => {
  it.each([
    ['accounts', 3, 'code,name,baseCurrency,methodology'],
    ['instruments', 7, 'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle,calendar,delivery,deliverable,settlementSession'], // prettier-ignore
    ['positions', 4, 'account,instrument,quantity,averagePrice,validFrom'],
    ['balances', 3, 'account,currency,amount,valueAt'],
    ['collateral', 0, 'account,asset,kind,assetClass,rating,maturity,schedule,quantity,price,currency,validFrom'],
    ['requirements', 3, /^account,runId,asOf,methodology,currency,initial,maintenance,/],
    ['buffers', 9, /^account,at,currency,equity,/],
    ['calls', 2, /^account,id,state,currency,amount,/],
    ['runs', 3, /^id,asOf,state,snapshotId,/],
    ['snapshots', 3, /^id,asOf,knownAt,source,/],
    ['quotes', 7, 'instrument,bid,ask,mark,impliedVolatility,timestamp,openInterest,volume,flags'],
    ['underlyings', 1, 'underlying,kind,currency,price,rate,dividendYield,timestamp,flags'],
    ['breaks', 0, /^reconciliationId,ordinal,account,kind,/],
  ] as const)('hold %s', async (list, rows, header) => {
    const written = await write(alpha, { list });
    const lines = linesOf(written);
    if (typeof header === 'string') expect(lines[0]).toBe(header);
    else expect(lines[0]).toMatch(header);
    expect(lines).toHaveLength(rows + 1);
    expect(new Set(lines).size).toBe(lines.length);
    const opened = await exports.open(alpha, { list, format: 'csv' }, instantOf(Date.now()));
    expect(await exports.count(opened)).toBe(rows);
  });

  it('give the figures of the record, decimals as texts and numbers as numbers', async () => {
    const { text } = await write(alpha, { list: 'requirements', format: 'ndjson' });
    const records = text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
    const stored = await withClient(db.superuserUrl, (client) =>
      client.query(
        `SELECT a.code AS account, trim_scale(r.equity::numeric)::text AS equity, trim_scale(r.initial_requirement::numeric)::text AS initial,
           encode(r.result_hash, 'hex') AS "resultHash", r.status::text, (r.worst_scenario ->> 'loss')::float8 AS "worstLoss"
         FROM requirements r JOIN accounts a USING (firm_id, account_id) WHERE r.as_of = '2026-11-18T21:00:00Z' ORDER BY r.account_id`,
      ),
    );
    expect(stored.rows).toHaveLength(3);
    expect(records).toEqual(stored.rows.map((row: object) => expect.objectContaining(row)));
    expect(records[0]).toMatchObject({ asOf: '2026-11-18T21:00:00.000Z', qualityReasons: [] });
  });

  it('narrow by account, run and time', async () => {
    const [first = ''] = linesOf(await write(alpha, { list: 'runs' })).slice(1);
    const runId = first.split(',')[0] as string;
    const requirements = await write(alpha, { list: 'requirements', runId, accountCode: 'A-02' });
    expect(linesOf(requirements).slice(1)).toEqual([expect.stringContaining(`A-02,${runId},2026-11-16T21:00:00.000Z`)]);
    const from = parseInstant('2026-11-17T00:00:00Z', 'from');
    const to = parseInstant('2026-11-18T21:00:00Z', 'to');
    expect((await write(alpha, { list: 'buffers', from, to })).rows).toBe(3);
    expect((await write(alpha, { list: 'positions', asOf: parseInstant('2026-10-01T00:00:00Z', 'asOf') })).rows).toBe(
      0,
    );
  });

  it('stop at a limit and go on behind it without a gap or a repetition, whatever is recorded meanwhile', async () => {
    const whole = await write(batch, { list: 'positions' });
    expect(whole).toMatchObject({ rows: positionCount, hasMore: false });
    const first = await write(batch, { list: 'positions', limit: 4_500 });
    expect(first).toMatchObject({ rows: 4_500, hasMore: true, pieces: 4 });
    const closed = await withClient(db.superuserUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      const sql = `UPDATE positions SET known = tstzrange(lower(known), current_instant()) WHERE quantity > 5 AND upper_inf(known)`;
      return (await client.query(sql)).rowCount ?? 0;
    });
    expect(closed).toBeGreaterThan(100);
    const rest = await write(batch, { list: 'positions', after: first.cursor ?? '' });
    expect(first.text + rest.text).toBe(whole.text);
    expect((await write(batch, { list: 'positions' })).rows).toBe(positionCount - closed);
  });

  it('show nobody the rows of another firm, and take no cursor of another list or firm', async () => {
    const { cursor } = await write(batch, { list: 'balances', limit: 1 });
    const refusal = { code: 'BAD_USER_INPUT', field: 'after' };
    await expect(write(batch, { list: 'positions', after: cursor ?? '' })).rejects.toMatchObject(refusal);
    await expect(write(alpha, { list: 'balances', after: cursor ?? '' })).rejects.toMatchObject(refusal);
    for (const text of ['x', `${cursor}x`, Buffer.from('["balances"]').toString('base64url')])
      await expect(write(batch, { list: 'balances', after: text })).rejects.toMatchObject(refusal);
    // Forged for one's own firm: still only rows that the firm may see.
    const content = JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString()) as unknown[];
    content[1] = alpha.firmId;
    const forged = Buffer.from(JSON.stringify(content)).toString('base64url');
    const { text } = await write(alpha, { list: 'balances', after: forged });
    expect(text).not.toContain('C0');
    const broker: Principal = { ...alpha, roles: ['broker'] };
    await expect(write(broker, { list: 'accounts' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(write(batch, { list: 'requirements' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('let no name begin a formula, and leave negative figures alone', async () => {
    const firm = await new FirmStore(db.database).create({ code: 'EVIL', name: 'Evil' });
    const name = '=HYPERLINK("http://x","y")';
    const account = { code: 'X1', name, baseCurrency: 'USD', methodology: 'SPAN' as const };
    await new AccountStore(db.database).upsertMany({ firmId: firm.id }, [account]);
    const evil = { ...alpha, firmId: firm.id };
    expect(linesOf(await write(evil, { list: 'accounts' }))[1]).toBe(`X1,"'=HYPERLINK(""http://x"",""y"")",USD,SPAN`);
    expect(JSON.parse((await write(evil, { list: 'accounts', format: 'ndjson' })).text)).toMatchObject({ name });
    expect((await write(alpha, { list: 'positions' })).text).toContain(',-5,,');
  });
});
