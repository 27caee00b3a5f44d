import { randomBytes } from 'node:crypto';
import { parseInstant } from '@ballast/domain';
import type { SourceFile } from '@ballast/formats';
import {
  AccountStore,
  BalanceFileStore,
  BalanceStore,
  CalendarStore,
  CollateralStore,
  FileDeliveryStore,
  FeedStore,
  FirmStore,
  HaircutScheduleStore,
  InstrumentStore,
  LifecycleStore,
  MarketSnapshotStore,
  PositionFileStore,
  PositionStore,
  RiskParameterStore,
} from '@ballast/persistence';
import { openProposals } from './parameter-desk';
import {
  ImportAccounts,
  ImportBalances,
  ImportCollateral,
  type ImportContext,
  ImportHaircuts,
  ImportInstruments,
  ImportMarket,
  type MarketImport,
  ImportParameters,
  ImportPositions,
  InstrumentChecks,
  InstrumentRegistration,
  MarketGuard,
  MarketReferences,
} from '@ballast/use-cases';
import type { TestDatabase } from './postgres';

/** The clock of the desk: later than every market of the tests. */
const deskNow = parseInstant('2030-01-01T00:00:00Z', 'now');

/** The imports and stores of one database, wired as the modules wire them. */
export function openImportDesk({ database }: TestDatabase) {
  const accounts = new AccountStore(database);
  const instruments = new InstrumentStore(database);
  const positions = new PositionStore(database);
  const balances = new BalanceStore(database);
  const collateral = new CollateralStore(database);
  const schedules = new HaircutScheduleStore(database);
  const snapshots = new MarketSnapshotStore(database);
  const parameterSets = new RiskParameterStore(database);
  const registration = new InstrumentRegistration(instruments);
  const references = new MarketReferences(new CalendarStore(database), new LifecycleStore(database));
  const guard = new MarketGuard(snapshots, new FeedStore(database), references);
  const markets = new ImportMarket(database, instruments, registration, guard);
  return {
    firms: new FirmStore(database),
    accounts,
    instruments,
    positions,
    balances,
    collateral,
    schedules,
    snapshots,
    parameterSets,
    importAccounts: new ImportAccounts(database, accounts),
    importInstruments: new ImportInstruments(
      database,
      registration,
      new InstrumentChecks(new CalendarStore(database), instruments),
    ),
    importPositions: new ImportPositions(database, new PositionFileStore(), new FileDeliveryStore(database)),
    importBalances: new ImportBalances(database, new BalanceFileStore(), new FileDeliveryStore(database)),
    importCollateral: new ImportCollateral(database, accounts, collateral, schedules),
    importHaircuts: new ImportHaircuts(database, schedules),
    importMarket: {
      execute: (command: Omit<MarketImport, 'now'>, sources: readonly SourceFile[]) =>
        markets.execute({ ...command, now: deskNow }, sources),
    },
    importParameters: new ImportParameters(openProposals(database)),
  };
}

export type ImportDesk = ReturnType<typeof openImportDesk>;

/** A firm of its own, so that tests do not see each other's rows. */
export async function newFirm(desk: ImportDesk): Promise<ImportContext> {
  const code = `F${randomBytes(4).toString('hex')}`;
  return { firmId: (await desk.firms.create({ code, name: code })).id, recordedBy: 'ada' };
}

/** A file from its text. */
export function fileOf(name: string, text: string): SourceFile {
  return { name, bytes: new TextEncoder().encode(text) };
}
