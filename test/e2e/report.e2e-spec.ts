// Margin statements and summaries of a run: every cent explained, in several forms, signed.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Account, Decimal, type Instant } from '@ballast/domain';
import {
  AccountStore,
  type Firm,
  FirmStore,
  HeldRequirementStore,
  InstrumentStore,
  LifecycleStore,
  MarginCallStore,
  type MarginRun,
  MarginRunStore,
  MarketSnapshotStore,
  PositionStore,
  RequirementStore,
} from '@ballast/persistence';
import {
  type Principal,
  type ReportDocument,
  ReportFigures,
  ReportHoldings,
  type ReportLine,
  ReportStatements,
  ReportSummary,
  SplitReader,
} from '@ballast/use-cases';
import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { reportCsvHeader, reportCsvRows } from '../../apps/cli/src/report/report-csv';
import { reportHtmlArticle, reportHtmlHead } from '../../apps/cli/src/report/report-html';
import { findForgery, findSigningKey, sealReport } from '../../apps/cli/src/report/report-seal';
import { reportText } from '../../apps/cli/src/report/report-text';
import { openReportWriter } from '../../apps/cli/src/report/report-writer';
import { closes, fillFirm } from '../support/api-world';
import { runBallast } from '../support/ballast-process';
import { openLifecycleDesk } from '../support/lifecycle-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { openExplanations, openRunEngine } from '../support/run-engine';

const folder = mkdtempSync(path.join(tmpdir(), 'ballast-report-'));

let db: TestDatabase;
let firm: Firm;
let principal: Principal;
let statements: ReportStatements;
let summary: ReportSummary;

async function readStatements(...accountCodes: readonly string[]): Promise<readonly ReportDocument[]> {
  return readStatementsOf(undefined, accountCodes);
}

async function readStatementsOf(
  runId: string | undefined,
  accountCodes: readonly string[] = [],
  stepSize = 250,
): Promise<readonly ReportDocument[]> {
  const reports: ReportDocument[] = [];
  const request = { firm, runId, stepSize, ...(accountCodes.length === 0 ? {} : { accountCodes }) };
  await statements.execute(principal, request, async (report) => void reports.push(report));
  return reports;
}

const sum = (lines: readonly ReportLine[]): string =>
  lines.reduce((total, { amount }) => total.plus(amount ?? 0), new Decimal(0)).toFixed(2);
const amountOf = (lines: readonly ReportLine[], item: string): string | null | undefined =>
  lines.find((line) => line.section === 'summary' && line.item === item)?.amount;

beforeAll(async () => {
  db = await openTestDatabase();
  const { database } = db;
  openSigningKey(folder);
  await fillFirm(db, 'ALPHA', 3);
  firm = (await new FirmStore(database).findByCode('ALPHA')) as Firm;
  principal = { subject: 'ann', firmId: firm.id, roles: ['back-office'] };
  const name = '<script>alert(1)</script> & "Söhne"';
  const account = { code: 'A-01', name, baseCurrency: 'USD', methodology: 'SPAN' as const };
  await new AccountStore(database).upsertMany({ firmId: firm.id }, [account]);
  const snapshots = new MarketSnapshotStore(database);
  const figures = new ReportFigures(
    new AccountStore(database),
    new MarginRunStore(database),
    new RequirementStore(database),
    new HeldRequirementStore(database),
    new MarginCallStore(database),
  );
  const holdings = new ReportHoldings(new PositionStore(database), new InstrumentStore(database), snapshots, new SplitReader(new LifecycleStore(database), new InstrumentStore(database))); // prettier-ignore
  statements = new ReportStatements(database, figures, holdings, openExplanations(database));
  summary = new ReportSummary(database, figures, snapshots);
}, 60_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await db?.close();
});

describe('margin statements', () => {
  it('say what the record says, and explain it to the cent', async () => {
    const reports = await readStatements();
    expect(reports.map(({ account }) => account?.code)).toEqual(['A-01', 'A-02', 'A-03']);
    const scope = { firmId: firm.id };
    const accounts = await new AccountStore(db.database).findByCodes(scope, ['A-01', 'A-02', 'A-03']);
    const ids = [...accounts.values()].map(({ id }) => id);
    const stored = await new RequirementStore(db.database).findLatest(scope, ids);
    for (const report of reports) {
      const requirement = stored.get(accounts.get(report.account?.code ?? '')?.id ?? '');
      const { lines } = report;
      expect(report).toMatchObject({ asOf: '2026-11-18T21:00:00.000Z', run: requirement?.runId, marketAgeSeconds: 0 });
      expect(report.accountResultHash).toBe(requirement?.resultHash);
      expect(amountOf(lines, 'maintenance')).toBe(requirement?.maintenanceRequirement?.amount.toFixed(2));
      expect(amountOf(lines, 'equity')).toBe(requirement?.equity?.amount.toFixed(2));
      expect(amountOf(lines, 'buffer')).toBe(requirement?.buffer?.amount.toFixed(2));
      expect(sum(lines.filter(({ section }) => section === 'equity'))).toBe(amountOf(lines, 'equity'));
      const tree = lines.filter(({ section }) => section === 'requirement');
      const [root] = tree;
      expect(root?.amount).toBe(amountOf(lines, 'initial'));
      const children = tree.filter(({ depth }, index) => depth === 1 && index < nextRoot(tree));
      expect(sum(children)).toBe(root?.amount);
    }
    const short = reports.find(({ account }) => account?.code === 'A-01')?.lines ?? [];
    const held = short.filter(({ section }) => section === 'position');
    expect(held.map(({ item, quantity }) => [item, quantity])).toEqual([
      ['XYZ-2612-110-C', '-5'],
      ['XYZ-2612-90-P', '-5'],
    ]);
    expect(short.filter(({ section }) => section === 'call')).toHaveLength(1);
  });

  it('explain a run that kept figures alone in the same words', async () => {
    const whole = await readStatements();
    const engine = openRunEngine(db.database);
    const run = await engine.runMargin.execute({ firmId: firm.id, asOf: closes[2], requestedBy: 'test', shardSize: 2 });
    await engine.close();
    expect(run).toMatchObject({ state: 'COMPLETED', shardCount: 2 });
    const linesOf = (reports: readonly ReportDocument[]) =>
      reports.map(({ lines }) => lines.filter(({ section }) => section !== 'call'));
    const sharded = linesOf(await readStatementsOf(run.id));
    expect(sharded).toEqual(linesOf(whole));
    expect(sharded.flat().some(({ section }) => section === 'requirement')).toBe(true);
    for (const stepSize of [1, 2]) expect(linesOf(await readStatementsOf(run.id, [], stepSize))).toEqual(sharded);
  }, 60_000);

  it('are signed, and a changed one is found out', async () => {
    const [report] = (await readStatements('A-01')) as [ReportDocument];
    const key = findSigningKey(folder);
    const seal = sealReport(report, key);
    expect(findForgery(JSON.parse(JSON.stringify(report)) as ReportDocument, seal, key)).toBeNull();
    const lines = report.lines.map((line) => (line.item === 'buffer' ? { ...line, amount: '0.01' } : line));
    const forged = { ...report, lines };
    expect(findForgery(forged, seal, key)).toContain('the content has the hash');
    expect(findForgery(forged, { ...sealReport(forged, null), ...{ key: seal.key, signature: seal.signature } }, key)).toContain('signature'); // prettier-ignore
    expect(findForgery(report, sealReport(report, null), key)).toBe('it is not signed');
    const other = mkdtempSync(path.join(folder, 'other-'));
    openSigningKey(other);
    expect(findForgery(report, sealReport(report, findSigningKey(other)), key)).toContain('signed with the key');
    expect(findSigningKey(path.join(folder, 'none'))).toBeNull();
  });

  it('in HTML load nothing, run nothing and show names as text', async () => {
    const [report] = (await readStatements('A-01')) as [ReportDocument];
    const seal = sealReport(report, findSigningKey(folder));
    const html = reportHtmlHead('x') + reportHtmlArticle(report, seal, '2026-11-19T00:00:00Z');
    expect(html).not.toMatch(/<script|<link|<img|src=|url\(|https?:/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Söhne&quot;');
    expect(html).toContain('@page { size: A4');
    for (const told of [seal.sha256, seal.signature, report.resultHash, report.run, 'XYZ put 90 2026-12-18'])
      expect(html).toContain(told);
    const buffer = amountOf(report.lines, 'buffer') ?? '';
    expect(buffer).toMatch(/^-\d{4}\.\d\d$/);
    expect(html).toContain(`−${buffer[1]},${buffer.slice(2)} USD`);
    expect(html.split('</tr>')).toHaveLength(report.lines.length + 1 + (html.match(/<thead>/g) ?? []).length);
  });

  it('in CSV hold one row per figure and no formula', async () => {
    const [report] = (await readStatements('A-02')) as [ReportDocument];
    expect(reportCsvHeader()).toBe(
      'firm,account,asOf,run,section,item,description,quantity,price,amount,currency,basis\n',
    );
    const rows = reportCsvRows(report).trimEnd().split('\n');
    expect(rows).toHaveLength(report.lines.length);
    expect(rows.every((row) => row.startsWith(`ALPHA,A-02,2026-11-18T21:00:00.000Z,${report.run},`))).toBe(true);
    const [line] = report.lines as [ReportLine];
    const evil = { ...report, lines: [{ ...line, description: '=1+1', amount: '-5.00' }] };
    expect(reportCsvRows(evil)).toContain(",'=1+1,,,-5.00,");
  });

  it('are of accounts that the run has, and for those who may read the firm', async () => {
    await expect(readStatements('NOBODY')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const broker: Principal = { ...principal, roles: ['broker'] };
    await expect(statements.execute(broker, { firm }, async () => undefined)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    const unknown = { firm, runId: '00000000-0000-7000-8000-000000000000' };
    await expect(summary.execute(principal, unknown)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the summary', () => {
  it('counts every account once and adds up what the statements say', async () => {
    const from = closes[0] as Instant;
    const report = await summary.execute(principal, { firm, from });
    const { lines, account, quality } = report;
    expect([account, quality]).toEqual([null, 'OK']);
    const counts = lines.filter(({ section }) => section === 'status');
    expect(counts.reduce((total, { quantity }) => total + Number(quantity), 0)).toBe(3);
    const told = (await readStatements()).map((statement) => statement.lines);
    for (const item of ['equity', 'maintenance', 'initial']) {
      const total = told.reduce((sum, each) => sum.plus(amountOf(each, item) ?? 0), new Decimal(0)).toFixed(2);
      const line = lines.find(({ section, item: word }) => section === 'coverage' && word === item);
      expect([item, line?.amount]).toEqual([item, total]);
    }
    const buffers = told.map((each) => new Decimal(amountOf(each, 'buffer') ?? 0));
    const short = buffers.filter((buffer) => buffer.isNegative());
    expect(short.length).toBeGreaterThan(0);
    const deficit = short.reduce((total, buffer) => total.minus(buffer), new Decimal(0)).toFixed(2);
    expect(lines.find(({ item }) => item === 'deficit')?.amount).toBe(deficit);
    expect(lines.filter(({ section }) => section === 'deficit')).toHaveLength(short.length);
    const calls = (section: string): number =>
      lines.filter((line) => line.section === section).reduce((total, { quantity }) => total + Number(quantity), 0);
    expect([calls('open-call'), calls('period')]).toEqual([2, 2]);
    expect(reportText(report)).toContain('Largest deficits');
  });
});

describe('ballast report', () => {
  it('writes a file once and refuses options of another report', async () => {
    const environment = { ...db.environment, DATA_DIR: folder };
    const file = path.join(folder, 'statements.html');
    const words = ['report', 'statement', '--format', 'html', '--account', 'A-03', '--out', file];
    expect(await runBallast(words, environment)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
    const refused = await runBallast(['report', 'statement', '--date', '2026-11-18', '--out', `${file}2`], environment);
    expect([refused.exitCode, existsSync(`${file}2`)]).toEqual([2, false]);
  }, 60_000);
});

/** Where the first tree of a breakdown ends: what follows are other views of the same figures. */
function nextRoot(tree: readonly ReportLine[]): number {
  const next = tree.findIndex(({ depth }, index) => index > 0 && depth === 0);
  return next === -1 ? tree.length : next;
}

describe('statements between a split and the next price', () => {
  it('state prices and values in the shares of the run', async () => {
    const [heldAt, splitAt] = [closes[2] + 1, closes[2] + 1_000] as [Instant, Instant];
    const scope = { firmId: firm.id };
    const accountId = (await new AccountStore(db.database).findByCode(scope, 'A-01'))?.id ?? '';
    const positions = [{ instrumentId: 'XYZ', quantity: new Decimal(100) }];
    const held = { accountId, validFrom: heldAt, mode: 'MERGE', positions, source: 'test' } as const;
    await new PositionStore(db.database).record(scope, held);
    const { runMargin, close } = openRunEngine(db.database);
    const lineAt = async (asOf: number): Promise<ReportLine | undefined> => {
      await runMargin.execute({ firmId: firm.id, requestedBy: 'ann', asOf: asOf as Instant });
      const [report] = await readStatements('A-01');
      return report?.lines.find(({ section, item }) => section === 'position' && item === 'XYZ');
    };
    const before = await lineAt(heldAt);
    const terms = { kind: 'split', numerator: 8, denominator: 1 } as const;
    const event = { id: 'eight', type: 'split', effectiveAt: splitAt, underlying: 'XYZ', action: terms } as const;
    await openLifecycleDesk(db).events.execute({ ...scope, recordedBy: 'ann', source: 'test', events: [event] });
    const after = await lineAt(splitAt + 1);
    await close();
    expect(Number(before?.amount)).toBeGreaterThan(100);
    expect(after).toMatchObject({ quantity: '800', amount: before?.amount });
    expect(after?.price).toBe(new Decimal(before?.price ?? 0).div(8).toFixed());
  });
});

describe('statements of accounts that were opened in another order', () => {
  const codes = ['A-00', 'A-01', 'A-02', 'A-025', 'A-03'];
  let run: MarginRun;

  beforeAll(async () => {
    const scope = { firmId: firm.id };
    const opened = ['A-025', 'A-00'].map((code) => ({ code, name: code, baseCurrency: 'USD', methodology: 'SPAN' }) as const); // prettier-ignore
    for (const account of opened) await new AccountStore(db.database).upsertMany(scope, [account]);
    const engine = openRunEngine(db.database);
    run = await engine.runMargin.execute({ firmId: firm.id, requestedBy: 'ann', shardSize: 2 });
    await engine.close();
    const byId = await new RequirementStore(db.database).findByRun(scope, run.id);
    const named = await new AccountStore(db.database).findByIds(scope, byId.map(({ accountId }) => accountId)); // prettier-ignore
    expect(byId.map(({ accountId }) => named.get(accountId)?.code)).not.toEqual(codes);
  }, 60_000);

  it.each([1, 2, 250])('come in order of the codes, %i at a time', async (stepSize) => {
    const all = await readStatementsOf(run.id, [], stepSize);
    expect(all.map(({ account }) => account?.code)).toEqual(codes);
    const some = await readStatementsOf(run.id, ['A-03', 'A-00', 'A-025'], stepSize);
    expect(some.map(({ account }) => account?.code)).toEqual(['A-00', 'A-025', 'A-03']);
    expect(some).toEqual([all[0], all[3], all[4]]);
  });

  it('are found stretch by stretch, and none of another run', async () => {
    const store = new AccountStore(db.database);
    const found: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const stretch: readonly Account[] = await store.findEvaluated({ firmId: firm.id }, run, { first: 2, after });
      found.push(...stretch.map(({ code }) => code));
      after = found.at(-1) ?? null;
      more = stretch.length === 2;
    }
    expect(found).toEqual(codes);
    const other = { id: '00000000-0000-7000-8000-000000000000', asOf: run.asOf };
    expect(await store.findEvaluated({ firmId: firm.id }, other, { first: 2, after: null })).toEqual([]);
  });

  it.each([
    ['csv', /^ALPHA,(A-\d+),[^,]*,[^,]*,summary,status,/gm],
    ['json', /"account":\{"code":"(A-\d+)"/g],
    ['html', /Account <strong>(A-\d+)</g],
  ] as const)('are written so as %s', async (format, accountOf) => {
    const out = path.join(folder, `all.${format}`);
    const writer = await openReportWriter({ format, out, force: false, title: 'x', writtenAt: '2026-11-19T00:00:00Z' });
    for (const statement of await readStatementsOf(run.id)) await writer.take(statement);
    await writer.commit();
    expect([...readFileSync(out, 'utf8').matchAll(accountOf)].map(([, code]) => code)).toEqual(codes);
  });
});
