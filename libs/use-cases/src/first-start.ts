// Loaded before the rest of the service, so that a first start has both cores to work from its first moment.
import fs from 'node:fs';
import path from 'node:path';
import type { Instant } from '@ballast/domain';
import { Database, FirmStore, type PersistenceOptions, persistenceOptionsFromEnv } from '@ballast/persistence';
import { canLoadInThread, stopFirmThread, warmFirmThread } from './demo-firm/demo-firm-thread';
import type { DemoLoaded } from './demo-firm/load-demo-firm';

export { persistenceOptionsFromEnv };

/** A first start of the demo on the way. */
export interface FirstStart {
  /** The history ends at the last close up to this instant. */
  readonly until: Instant;
  /** The record that is being made; whoever takes it over closes it. */
  readonly database: Database;
  /** Resolves when the record is open and the thread writes to it, or when that failed: the load says of what. */
  readonly handedOver: Promise<void>;
  /** The load, which begins as soon as the record is open. */
  readonly loaded: Promise<DemoLoaded>;
  /** From now on this listener is told of the record's events and transactions. */
  readonly tell: (listener: RecordListener) => void;
}

type RecordListener = Pick<PersistenceOptions, 'onEvent' | 'onTransaction'>;

let begun: (FirstStart & { readonly dataDir: string }) | null = null;

/**
 * Begins what takes longest when the demo starts without a record: a thread draws its firms and evaluates their days, the
 * embedded database is made and migrated meanwhile, and the firms are written as soon as it is open. All of it goes on while
 * the caller loads the service.
 *
 * @param input.until  the history ends at the last close up to this instant
 * @returns what is on the way, also that of an earlier call; null where there is a record already, or a database of the
 *          operator's own
 */
export function beginFirstStart(input: {
  readonly persistence: PersistenceOptions;
  readonly until: Instant;
}): FirstStart | null {
  const { persistence, until } = input;
  const { databaseUrl, dataDir } = persistence;
  if (begun?.dataDir === dataDir) return begun;
  if (databaseUrl !== undefined || fs.existsSync(path.join(dataDir, 'postgres')) || !canLoadInThread()) return null;
  warmFirmThread(until);
  let listener: RecordListener = {};
  const settings: PersistenceOptions = {
    ...persistence,
    onEvent: (message, failure) => listener.onEvent?.(message, failure),
    onTransaction: () => listener.onTransaction?.() ?? (() => undefined),
  };
  const database = new Database(() => settings);
  const connected = database.connect();
  let onHandedOver: () => void = () => undefined;
  const handedOver = new Promise<void>((resolve) => (onHandedOver = resolve));
  const loaded = loadFirms(database, { connected, until, persistence: settings, onHandedOver });
  loaded.then(onHandedOver, onHandedOver);
  begun = { dataDir, until, database, handedOver, loaded, tell: (heard) => (listener = heard) };
  return begun;
}

/** The service runs, and closes the record itself. */
export function forgetFirstStart(): void {
  begun = null;
}

/** Ends what was begun: the caller cannot go on. Firms that were not written whole are not there afterwards. */
export async function abandonFirstStart(): Promise<void> {
  const abandoned = begun;
  begun = null;
  if (abandoned === null) return;
  await stopFirmThread();
  await abandoned.database.close();
}

async function loadFirms(
  database: Database,
  input: {
    readonly connected: Promise<unknown>;
    readonly until: Instant;
    readonly persistence: PersistenceOptions;
    readonly onHandedOver: () => void;
  },
): Promise<DemoLoaded> {
  const { connected, ...load } = input;
  const [{ LoadDemoFirm }, { demoFirmWriterOf }] = await Promise.all([
    import('./demo-firm/load-demo-firm'),
    import('./demo-firm/demo-firm-writer'),
  ]);
  await connected;
  return new LoadDemoFirm(new FirmStore(database), demoFirmWriterOf(database)).execute(load);
}
