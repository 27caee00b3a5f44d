import { type Instant, parseInstant } from '@ballast/domain';
import {
  CalendarStore,
  FirmControlsStore,
  LifecycleHoldingReader,
  LifecycleStore,
  MarginCallStore,
} from '@ballast/persistence';
import {
  AmendCalendar,
  ApplyLifecycleEvents,
  ApplyLifecycleFile,
  type ImportContext,
  LifecycleBook,
  LifecycleChangePlanner,
  LifecycleReversalPlanner,
  LifecycleStores,
  MarginCallTermsReader,
  MovedCallDeadlines,
  ProcessExpiries,
} from '@ballast/use-cases';
import { fileOf, newFirm, openImportDesk } from './import-desk';
import type { TestDatabase } from './postgres';

/** The imports and the life-cycle use cases of one database. */
export function openLifecycleDesk(db: TestDatabase) {
  const { database } = db;
  const desk = openImportDesk(db);
  const holders = new LifecycleHoldingReader(database);
  const lifecycle = new LifecycleStore(database);
  const calendars = new CalendarStore(database);
  const terms = new MarginCallTermsReader(new FirmControlsStore(database));
  const movedCalls = new MovedCallDeadlines(new MarginCallStore(database), desk.accounts, calendars, terms);
  const stores = new LifecycleStores(lifecycle, desk.positions, desk.balances, desk.collateral);
  const book = new LifecycleBook(desk.accounts, desk.instruments, desk.positions, holders, desk.collateral);
  const [planner, reversals] = [new LifecycleChangePlanner(book), new LifecycleReversalPlanner(lifecycle, book)];
  const events = new ApplyLifecycleEvents(database, stores, planner, reversals, book);
  return {
    ...desk,
    holders,
    lifecycle,
    calendars,
    events,
    eventFile: new ApplyLifecycleFile(events, database),
    expiries: new ProcessExpiries(database, holders, desk.snapshots, events),
    amendCalendar: new AmendCalendar(database, calendars, holders, desk.instruments, movedCalls),
    movedCalls,
  };
}

export type LifecycleDesk = ReturnType<typeof openLifecycleDesk>;

export const opened = parseInstant('2026-06-01T00:00:00Z', 'opened');

/** A firm with three accounts, an index, a share, a coin and contracts on them. */
export async function lifecycleFirm(desk: LifecycleDesk): Promise<ImportContext> {
  const context = await newFirm(desk);
  await desk.importAccounts.execute(
    context,
    fileOf('accounts.csv', 'code,name,baseCurrency,methodology\nA1,Ann,USD,TIMS\nA2,Bob,USD,TIMS\nA3,Cy,USD,TIMS\n'),
  );
  const underlyings = fileOf(
    'underlyings.csv',
    `underlying,kind,currency,price,rate,dividendYield
ALTA,equity,USD,105,0.04,0
IDX,broad-index,USD,5100,0.04,0
BTC,crypto,USD,75000,0,0
`,
  );
  const instruments = fileOf(
    'instruments.csv',
    `id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle,calendar,delivery
ALTA,underlying,ALTA,,,,,1,USD,,,,
ALTA-C100,option,ALTA,call,100,2026-06-18T20:00:00Z,american,100,USD,,,US-EQUITY-OPTIONS,
ALTA-P100,option,ALTA,put,100,2026-06-18T20:00:00Z,american,100,USD,,,US-EQUITY-OPTIONS,
ALTA-C90-SEP,option,ALTA,call,90,2026-09-18T20:00:00Z,american,100,USD,,,US-EQUITY-OPTIONS,
IDX-C5000,option,IDX,call,5000,2026-06-18T13:30:00Z,european,100,USD,,,US-INDEX-OPTIONS,
IDX-FUT,future,IDX,,,2026-06-18T13:30:00Z,,50,USD,,,CME,cash
BTC-C60,option,BTC,call,60000,2026-06-26T08:00:00Z,european,1,BTC,inverse,,DERIBIT,
`,
  );
  await desk.importInstruments.execute(context, [instruments, underlyings]);
  return context;
}

/** Positions of a firm from rows `account,instrument,quantity,averagePrice`. */
export function holdPositions(
  desk: LifecycleDesk,
  context: ImportContext,
  rows: readonly string[],
  validFrom: Instant = opened,
) {
  const file = fileOf('positions.csv', `account,instrument,quantity,averagePrice\n${rows.join('\n')}\n`);
  return desk.importPositions.execute({ ...context, mode: 'REPLACE', validFrom }, file);
}

/** Positions and cash of an account as text, at a time and as known at a time. */
export async function bookOf(
  desk: LifecycleDesk,
  context: ImportContext,
  code: string,
  at: { readonly validAt: Instant; readonly knownAt?: Instant },
): Promise<{ readonly positions: readonly string[]; readonly cash: readonly string[] }> {
  const account = await desk.accounts.findByCode(context, code);
  const id = account?.id ?? '';
  const positions = (await desk.positions.findAsOf(context, [id], at)).get(id) ?? [];
  const cash = (await desk.balances.findAsOf(context, [id], at)).get(id) ?? [];
  return {
    positions: positions.map(({ instrumentId, quantity }) => `${instrumentId} ${quantity.toFixed()}`),
    cash: cash.map(({ currency, amount }) => `${amount.toFixed()} ${currency}`),
  };
}
