/**
 * The bench of a followed market: a firm with many contracts, 50 per underlying, and a stream in which one underlying after the
 * other states its price and all of its quotes. Tells how long a change takes from its lines to the committed snapshot and, where
 * accounts hold it, to their committed buffers, and how many bytes the database grew by.
 *
 *   npm run bench:follow -- [--contracts 50000] [--holders 1000] [--changes 200] [--data-dir DIR]
 *
 * Every tenth change is one of the underlying that the accounts hold.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Decimal, type Instant, instantOf, type InstrumentQuote, parseInstant } from '@ballast/domain';
import { readMarketStream } from '@ballast/formats';
import { liveQuoteLimits } from '@ballast/market-data';
import { Database, EmbeddedPostgres, MarketSnapshotStore, persistenceOptionsFromEnv } from '@ballast/persistence';
import { exp } from '@ballast/pricing';
import type { FollowEvent, StreamBatch } from '@ballast/use-cases';
import { fileOf, newFirm, openImportDesk } from '../support/import-desk';
import { openMarketFollower } from '../support/market-follower';
import { withClient } from '../support/postgres';
import { openRunEngine } from '../support/run-engine';
import { processorTime, serverTime } from './bench-processes';
import { describeMachine } from './machine';

const start = parseInstant('2026-11-02T15:00:00Z', 'start');
const years = [46, 74, 137, 228, 410].map((days) => days / 365);
const strikes = [80, 90, 100, 110, 120];
const perUnderlying = years.length * strikes.length * 2;
const firstUnderlying = 'U0000';
const firmFile = 'firm';

const underlyingOf = (index: number): string => `U${String(index).padStart(4, '0')}`;
const expiryOf = (place: number): string => new Date(start + (years[place] ?? 0) * 365 * 86_400_000).toISOString();

interface Contract {
  readonly id: string;
  readonly right: 'call' | 'put';
  readonly strike: number;
  readonly place: number;
}

function contractsOf(underlying: string): readonly Contract[] {
  return years.flatMap((_, place) =>
    strikes.flatMap((strike) =>
      (['call', 'put'] as const).map((right) => ({ id: `${underlying}-${place}-${strike}-${right}`, right, strike, place })),
    ),
  ); // prettier-ignore
}

/** A price that keeps parity and lies above every bound: two above the intrinsic value of the forward. */
function middleOf({ right, strike, place }: Contract, spot: number): number {
  const intrinsic = spot - strike * exp(-0.04 * (years[place] ?? 0));
  return 2 + Math.max(0, right === 'call' ? intrinsic : -intrinsic);
}

/** Contracts, a market and accounts that hold 20 contracts of the first underlying each, by the imports. */
async function fill(
  database: Database,
  book: { readonly contracts: number; readonly holders: number },
): Promise<string> {
  const desk = openImportDesk({ database } as Parameters<typeof openImportDesk>[0]);
  const context = await newFirm(desk);
  const names = Array.from({ length: Math.ceil(book.contracts / perUnderlying) }, (_, index) => underlyingOf(index));
  const time = new Date(start).toISOString();
  const underlyings = fileOf(
    'underlyings.csv',
    ['underlying,kind,currency,price,rate,dividendYield,timestamp', ...names.map((name) => `${name},equity,USD,100,0.04,0,${time}`)].join('\n'),
  ); // prettier-ignore
  const terms = ['id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle'];
  const quotes = new Map<string, InstrumentQuote>();
  for (const name of names)
    for (const contract of contractsOf(name)) {
      const { id, right, strike, place } = contract;
      terms.push(`${id},option,${name},${right},${strike},${expiryOf(place)},european,100,USD,linear,equity`);
      const middle = middleOf(contract, 100);
      const prices = { bid: new Decimal((middle - 0.05).toFixed(2)), ask: new Decimal((middle + 0.05).toFixed(2)) };
      quotes.set(id, { ...prices, instrumentId: id, mark: null, impliedVolatility: 0.3, quotedAt: start, flags: [] });
    }
  await desk.importInstruments.execute(context, [fileOf('instruments.csv', terms.join('\n')), underlyings]);
  // Stored as it would be after an import: to find 50,000 volatilities and 1,000 surfaces is not what is measured.
  const state = {
    kind: 'equity',
    currency: 'USD',
    rate: 0.04,
    dividendYield: 0,
    forwards: [],
    quotedAt: start,
  } as const;
  const snapshot = {
    ...{ asOf: start, fx: [], instruments: new Map([...quotes].sort(([left], [right]) => (left < right ? -1 : 1))) },
    underlyings: new Map(names.map((id) => [id, { ...state, underlyingId: id, price: new Decimal(100) }])),
  };
  const scope = { firmId: context.firmId };
  await desk.snapshots.insert(scope, { snapshot, source: 'bench', quality: 'OK' });
  const codes = Array.from({ length: book.holders }, (_, index) => `C${String(index).padStart(5, '0')}`);
  const accounts = ['code,name,baseCurrency,methodology', ...codes.map((code) => `${code},${code},USD,SPAN`)];
  await desk.importAccounts.execute(context, fileOf('accounts.csv', accounts.join('\n')));
  const held = contractsOf(firstUnderlying);
  const positions = codes.flatMap((code, account) =>
    Array.from({ length: 20 }, (_, index) => `${code},${held[(account + 7 * index) % held.length]?.id},${(index % 3) - 5}`),
  ); // prettier-ignore
  const validFrom = parseInstant('2026-01-01T00:00:00Z', 'validFrom');
  const textOf = (name: string, lines: readonly string[]) => ({ name, chunks: chunksOf(lines.join('\n')) });
  await desk.importPositions.execute(
    { ...context, mode: 'REPLACE', validFrom },
    textOf('positions.csv', ['account,instrument,quantity', ...positions]),
  );
  await desk.importBalances.execute(
    { ...context, valueAt: validFrom },
    textOf('balances.csv', ['account,currency,amount', ...codes.map((code) => `${code},USD,100000`)]),
  );
  return context.firmId;
}

/** The instant after which the stream goes on: the database may have been followed before. */
async function newestOf(database: Database, firmId: string): Promise<Instant> {
  return (await new MarketSnapshotStore(database).findLatest({ firmId }))?.asOf ?? start;
}

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

/** All lines of one underlying after a small move. */
function linesOf(underlying: string, change: number, at: Instant): string {
  const spot = 100 + ((change % 7) - 3) / 10;
  const timestamp = new Date(at).toISOString();
  const lines = contractsOf(underlying).map((contract) => {
    const middle = middleOf(contract, spot);
    return { instrument: contract.id, bid: (middle - 0.05).toFixed(2), ask: (middle + 0.05).toFixed(2), timestamp };
  });
  return [{ underlying, price: spot.toFixed(2), timestamp }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');
} // prettier-ignore

interface Figures {
  readonly stored: readonly number[];
  readonly evaluated: readonly number[];
  readonly bytes: number;
  readonly engine: number;
  readonly server: number;
}

async function follow(
  database: Database,
  settings: {
    readonly firmId: string;
    readonly changes: number;
    readonly dataDir: string;
    readonly superuserUrl: string;
    readonly underlyings: number;
  },
): Promise<Figures> {
  // prettier-ignore
  const { firmId, changes, dataDir, superuserUrl, underlyings } = settings;
  const engine = openRunEngine(database);
  const events: { readonly event: FollowEvent['event']; readonly at: number }[] = [];
  const told = async (event: FollowEvent['event'], count: number): Promise<number> => {
    for (;;) {
      const found = events.filter((each) => each.event === event);
      if (found.length >= count) return (found[count - 1] as (typeof found)[number]).at;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  const sizeOf = () => withClient(superuserUrl, async (client) => Number((await client.query<{ size: string }>('SELECT pg_database_size(current_database()) AS size')).rows[0]?.size)); // prettier-ignore
  const figures = { stored: [] as number[], evaluated: [] as number[], bytes: 0, engine: 0, server: 0 };
  const began = await newestOf(database, firmId);
  let now = began;
  const batches = async function* (): AsyncGenerator<StreamBatch> {
    let evaluations = 0;
    let before = 0;
    // The first two judge and read what later ones need not: they are not counted.
    for (let change = 0; change < changes + 2; change += 1) {
      const isHeld = change < 2 || change % 10 === 0;
      const name = isHeld ? firstUnderlying : underlyingOf(1 + ((change * 37) % (underlyings - 1)));
      now = instantOf(began + 100 * (change + 1));
      if (change === 2) {
        before = await sizeOf();
        figures.engine = -processorTime(process.pid);
        figures.server = -serverTime(dataDir);
      }
      const text = linesOf(name, change, now);
      const handed = performance.now();
      for await (const lines of readMarketStream({ name: 'bench', chunks: chunksOf(text) })) yield { lines };
      const stored = (await told('committed', change + 1)) - handed;
      if (change >= 2) figures.stored.push(stored);
      if (!isHeld) continue;
      const evaluated = (await told('evaluated', (evaluations += 1))) - handed;
      if (change >= 2) figures.evaluated.push(evaluated);
    }
    figures.engine += processorTime(process.pid);
    figures.server += serverTime(dataDir);
    figures.bytes = (await sizeOf()) - before;
  };
  await openMarketFollower(database, engine.runMargin).execute(
    {
      ...{ firmId, recordedBy: 'bench', stream: 'bench', limits: liveQuoteLimits, everyMs: 1, silenceMs: 600_000 },
      now: () => now,
      onEvent: ({ event }) => events.push({ event, at: performance.now() }),
    },
    batches(),
  );
  await engine.close();
  return figures;
}

function quantile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((left, right) => left - right);
  return (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0).toFixed(0);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      contracts: { type: 'string', default: '50000' },
      holders: { type: 'string', default: '1000' },
      changes: { type: 'string', default: '200' },
      'data-dir': { type: 'string' },
    },
  });
  const [contracts, holders, changes] = [values.contracts, values.holders, values.changes].map(Number) as [number, number, number]; // prettier-ignore
  const dataDir = values['data-dir'] ?? fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-follow-'));
  fs.mkdirSync(dataDir, { recursive: true });
  fs.chmodSync(dataDir, 0o755);
  const server = await EmbeddedPostgres.acquire({ dataDir });
  const environment = { DATA_DIR: dataDir, POOL_MAX: '4', STATEMENT_TIMEOUT_MS: '600000' };
  const database = new Database(() => persistenceOptionsFromEnv(environment));
  try {
    await database.connect();
    const kept = path.join(dataDir, firmFile);
    if (!fs.existsSync(kept)) fs.writeFileSync(kept, await fill(database, { contracts, holders }));
    const firmId = fs.readFileSync(kept, 'utf8');
    const superuserUrl = server.urlOf('superuser', 'ballast');
    await withClient(superuserUrl, (client) => client.query('VACUUM (ANALYZE)'));
    if (changes === 0) return;
    const underlyings = Math.ceil(contracts / perUnderlying);
    const { stored, evaluated, bytes, ...spent } = await follow(database, { firmId, changes, dataDir, superuserUrl, underlyings }); // prettier-ignore
    const per = (sum: number): string => ((1_000 * sum) / changes).toFixed(1);
    process.stdout.write(`${describeMachine()}\n${JSON.stringify({ contracts, holders, changes })}\n`);
    process.stdout.write(
      [
        `lines to committed snapshot   ${quantile(stored, 0.5)} ms p50, ${quantile(stored, 0.99)} ms p99, ${quantile(stored, 1)} ms worst of ${stored.length}`,
        `lines to committed buffers    ${quantile(evaluated, 0.5)} ms p50, ${quantile(evaluated, 0.99)} ms p99, ${quantile(evaluated, 1)} ms worst of ${evaluated.length}`,
        `per change                    ${(bytes / changes / 1_000).toFixed(1)} kB with what was evaluated, ${per(spent.engine)} + ${per(spent.server)} ms of processor time`,
        '',
      ].join('\n'),
    );
  } finally {
    await database.close();
    await server.release();
    if (values['data-dir'] === undefined) fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

if (require.main === module) {
  main().catch((failure: unknown) => {
    process.stderr.write(`${failure instanceof Error ? failure.stack : String(failure)}\n`);
    process.exitCode = 1;
  });
}
