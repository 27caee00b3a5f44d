import { type Instant, instantOf, parseInstant } from '@ballast/domain';
import { readMarketStream } from '@ballast/formats';
import { liveQuoteLimits } from '@ballast/market-data';
import {
  AccountStore,
  MarginRunStore,
  MarketSnapshotStore,
  MarketStreamStore,
  RequirementStore,
} from '@ballast/persistence';
import { type FollowCommand, type FollowEvent, type RunMargin, type StreamBatch } from '@ballast/use-cases';
import { Client } from 'pg';
import { fileOf, newFirm, openImportDesk } from './import-desk';
import { openMarketFollower } from './market-follower';
import { type TestDatabase, withClient } from './postgres';
import { openRunEngine } from './run-engine';

/** When the market of the desk closed before the stream begins. */
export const streamStart = parseInstant('2026-01-05T15:00:00Z', 'start');
export const strikes = Array.from({ length: 20 }, (_, index) => 80 + 2 * index);
const expiry = '2026-03-20T21:00:00Z';

/** An instant so many seconds after the start of the stream, as text. */
export function textAt(seconds: number): string {
  return new Date(streamStart + Math.round(1_000 * seconds)).toISOString();
}

/** A line of a stream. */
export function lineOf(members: object): string {
  return JSON.stringify(members);
}

/** A quote of a call on X, some tenths of its value wide. */
export function quoteLine(strike: number, seconds: number, more: object = {}): string {
  const middle = Math.max(0, 100 - strike) + 4;
  const prices = { bid: (middle - 0.1).toFixed(2), ask: (middle + 0.1).toFixed(2) };
  return lineOf({ instrument: `X-${strike}-C`, ...prices, timestamp: textAt(seconds), ...more });
}

/** The price of an underlying. */
export function priceLine(underlying: string, price: string, seconds: number, more: object = {}): string {
  return lineOf({ underlying, price, timestamp: textAt(seconds), ...more });
}

/** Batches of lines; the clock of the desk is moved to the time of a batch before it is read. */
export interface StreamedLines {
  readonly lines: readonly string[];
  /** Seconds after the start at which they come. */
  readonly seconds: number;
  /** Waited for after they were handed over; told of everything that happened. */
  readonly after?: (events: readonly FollowEvent[]) => Promise<unknown>;
}

/**
 * A firm with three accounts: CALLS is short calls on X, SHARES long shares of Y, PLEDGE has pledged shares of X. A market
 * of both was imported at the start.
 */
export async function openStreamDesk(db: TestDatabase, { shardSize }: { readonly shardSize?: number } = {}) {
  const { database } = db;
  const desk = openImportDesk(db);
  const context = await newFirm(desk);
  const scope = { firmId: context.firmId };
  await importBook(desk, context);
  const streams = new MarketStreamStore(database);
  const snapshots = new MarketSnapshotStore(database);
  const runs = new MarginRunStore(database);
  const engine = openRunEngine(database);
  const { runMargin } = engine;
  // A desk has a few accounts and cuts its runs as if they were thousands.
  const start: RunMargin['start'] = (command) =>
    runMargin.start({ ...command, ...(shardSize === undefined ? {} : { shardSize }) });
  const runsAsCut = Object.create(runMargin, { start: { value: start } }) as RunMargin;
  const accounts = new AccountStore(database);
  const followMarket = openMarketFollower(database, runsAsCut);
  const ids = new Map((await accounts.findAll(scope)).map(({ code, id }) => [code, id]));
  const follow = async (batches: readonly StreamedLines[], more: Partial<FollowCommand> = {}) => {
    const events: FollowEvent[] = [];
    let now: Instant = streamStart;
    const command: FollowCommand = {
      ...{ firmId: context.firmId, recordedBy: 'test', stream: 'test', limits: liveQuoteLimits, everyMs: 1 },
      ...{ silenceMs: 60_000, now: () => now, ...more },
      onEvent: (event: FollowEvent) => {
        events.push(event);
        more.onEvent?.(event);
      },
    };
    const source = (async function* (): AsyncGenerator<StreamBatch> {
      for (const { lines, seconds, after } of batches) {
        now = instantOf(streamStart + 1_000 * seconds);
        yield* batchesOf(lines);
        await after?.(events);
      }
    })();
    const report = await followMarket.execute(command, source);
    return { report, events, of: <Kind extends FollowEvent['event']>(kind: Kind) => events.filter((event): event is Extract<FollowEvent, { event: Kind }> => event.event === kind) }; // prettier-ignore
  };
  const latest = async () => {
    const header = await snapshots.findLatest(scope);
    const stored = header === null ? null : await snapshots.load(scope, header.id);
    if (stored === null) throw new Error('no snapshot');
    return stored;
  };
  const requirementOf = async (code: string) => {
    const id = ids.get(code) ?? '';
    return (await new RequirementStore(database).findLatest(scope, [id])).get(id);
  };
  /** Makes whoever reads or stores a snapshot wait, as a slow record would. */
  const hold = async (what: 'reading' | 'storing') => {
    const session = new Client({ connectionString: db.superuserUrl });
    await session.connect();
    await session.query('BEGIN');
    if (what === 'reading') await session.query('LOCK TABLE market_snapshots IN ACCESS EXCLUSIVE MODE');
    else await session.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 5))', [`${context.firmId} market`]);
    const waiting = 'SELECT pid FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))';
    return {
      untilWaited: () => until(async () => (await session.query(waiting)).rows.length > 0),
      /** Ends the connections of those who wait. */
      cut: () => session.query(`SELECT pg_terminate_backend(pid) FROM (${waiting}) AS waiting`),
      release: () => session.end(),
    };
  };
  /**
   * Adds who owes euros, who has pledged what has a price in euros, who has dollars and an account in euros, and who has pledged
   * shares of Y by another name.
   */
  const addAccountsInEuros = async () => {
    const validFrom = parseInstant('2026-01-01T00:00:00Z', 'validFrom');
    const codes = ['OWES,OWES,USD,TIMS', 'PRICED,PRICED,USD,TIMS', 'ABROAD,ABROAD,EUR,TIMS', 'NAMED,NAMED,USD,TIMS'];
    const lines = ['code,name,baseCurrency,methodology', ...codes];
    await desk.importAccounts.execute(context, fileOf('accounts.csv', lines.join('\n')));
    const balances = ['account,currency,amount', 'OWES,EUR,-1000', 'ABROAD,USD,100'];
    await desk.importBalances.execute({ ...context, valueAt: validFrom }, streamOfText('balances.csv', balances));
    const haircuts = fileOf('haircuts.csv', 'assetClass,haircut\nShares,0.25\n');
    await desk.importHaircuts.execute({ ...context, effectiveFrom: validFrom }, [haircuts]);
    const terms = 'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,premiumStyle,settlement';
    const named = `${terms}\nUS0000000009,underlying,Y,,,,,1,USD,,\n`;
    await desk.importInstruments.execute(context, [fileOf('instruments.csv', named)]);
    const pledges = ['account,asset,kind,assetClass,quantity,price,currency', 'PRICED,FUND,security,Shares,10,10,EUR'];
    pledges.push('NAMED,US0000000009,security,Shares,10,,');
    const mode = 'REPLACE' as const;
    await desk.importCollateral.execute({ ...context, mode, validFrom }, fileOf('collateral.csv', pledges.join('\n')));
    for (const account of await accounts.findAll(scope)) ids.set(account.code, account.id);
  };
  /** Ends the connection that holds the claim of a stream. */
  const cutClaim = (stream = 'test') =>
    withClient(db.superuserUrl, (client) =>
      client.query(
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
         AND (classid::bigint << 32) | objid::bigint = hashtextextended($1, 7)`,
        [`${context.firmId} ${stream}`],
      ),
    );
  return {
    addAccountsInEuros,
    cutClaim,
    engine,
    hold,
    context,
    scope,
    desk,
    ids,
    follow,
    latest,
    requirementOf,
    runMargin,
    runs,
    streams,
    snapshots,
  };
}

export type StreamDesk = Awaited<ReturnType<typeof openStreamDesk>>;

/** Waits until so many events of a kind happened. */
export function untilTold(event: FollowEvent['event'], count: number) {
  return (events: readonly FollowEvent[]): Promise<void> =>
    until(() => events.filter((each) => each.event === event).length >= count);
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it never came to hold');
}

async function* batchesOf(lines: readonly string[]): AsyncGenerator<StreamBatch> {
  const chunks = (async function* () {
    yield new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
  })();
  for await (const read of readMarketStream({ name: 'feed', chunks })) {
    yield { lines: read };
  }
}

async function importBook(desk: ReturnType<typeof openImportDesk>, context: Awaited<ReturnType<typeof newFirm>>) {
  const time = textAt(0);
  const validFrom = parseInstant('2026-01-01T00:00:00Z', 'validFrom');
  const underlyings = fileOf(
    'underlyings.csv',
    [
      'underlying,kind,currency,price,rate,dividendYield,timestamp',
      `X,equity,USD,100,0.03,0,${time}`,
      `Y,equity,USD,50,0.03,0,${time}`,
    ].join('\n'),
  );
  const instruments = [
    'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle',
    ...strikes.map((strike) => `X-${strike}-C,option,X,call,${strike},${expiry},european,100,USD,linear,equity`),
    'Y,underlying,Y,,,,,1,USD,,',
  ];
  const quotes = [
    'instrument,bid,ask,mark,impliedVolatility,timestamp',
    ...strikes.map((strike) => {
      const middle = Math.max(0, 100 - strike) + 4;
      return `X-${strike}-C,${(middle - 0.1).toFixed(2)},${(middle + 0.1).toFixed(2)},,,${time}`;
    }),
  ];
  const file = (name: string, lines: readonly string[]) => fileOf(name, lines.join('\n'));
  await desk.importInstruments.execute(context, [file('instruments.csv', instruments), underlyings]);
  const accounts = ['code,name,baseCurrency,methodology', ...['CALLS', 'SHARES', 'PLEDGE'].map((code) => `${code},${code},USD,TIMS`)]; // prettier-ignore
  await desk.importAccounts.execute(context, file('accounts.csv', accounts));
  const positions = ['account,instrument,quantity', 'CALLS,X-100-C,-10', 'SHARES,Y,100'];
  await desk.importPositions.execute(
    { ...context, mode: 'REPLACE', validFrom },
    streamOfText('positions.csv', positions),
  );
  const balances = ['account,currency,amount', 'CALLS,USD,100000', 'SHARES,USD,1000', 'PLEDGE,USD,1000'];
  await desk.importBalances.execute({ ...context, valueAt: validFrom }, streamOfText('balances.csv', balances));
  const pledges = ['account,asset,kind,assetClass,quantity', 'PLEDGE,X,security,Equity,10'];
  await desk.importCollateral.execute({ ...context, mode: 'REPLACE', validFrom }, file('collateral.csv', pledges));
  await desk.importMarket.execute(context, [file('quotes.csv', quotes), underlyings]);
}

function streamOfText(name: string, lines: readonly string[]) {
  return {
    name,
    chunks: (async function* () {
      yield new TextEncoder().encode(lines.join('\n'));
    })(),
  };
}
