// Loaded before the rest of the service, so that a first start has both cores to work from its first moment.
import fs from 'node:fs';
import path from 'node:path';
import type { Instant } from '@ballast/domain';
import { EmbeddedPostgres, type PersistenceOptions, persistenceOptionsFromEnv } from '@ballast/embedded-database';
import type { Database } from '@ballast/persistence';
import { compileAsUsual, compileSparingly } from './demo-firm/compiler-thrift';
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

let begun: { readonly dataDir: string; readonly start: Promise<FirstStart> } | null = null;

/**
 * Begins what takes longest when the demo starts without a record: a thread draws its firms and evaluates their days, the
 * embedded database is made and migrated meanwhile, and the firms are written as soon as it is open. All of it goes on while
 * the caller loads the service.
 *
 * @param input.until  the history ends at the last close up to this instant
 * @returns what is on the way, also that of an earlier call; null where there is a record already, or a database of the
 *          operator's own
 */
export async function beginFirstStart(input: {
  readonly persistence: PersistenceOptions;
  readonly until: Instant;
}): Promise<FirstStart | null> {
  const { persistence, until } = input;
  const { databaseUrl, dataDir, pgBin } = persistence;
  if (begun?.dataDir === dataDir) return begun.start;
  if (databaseUrl !== undefined || fs.existsSync(path.join(dataDir, 'postgres')) || !canLoadInThread()) return null;
  compileSparingly();
  warmFirmThread(until);
  // What it fails of is met again, and told, when the database is opened.
  EmbeddedPostgres.prepare({ dataDir, pgBin }).catch(() => undefined);
  begun = { dataDir, start: openAndLoad(persistence, until) };
  return begun.start;
}

async function openAndLoad(persistence: PersistenceOptions, until: Instant): Promise<FirstStart> {
  const { Database } = await import('@ballast/persistence');
  let listener: RecordListener = {};
  const settings: PersistenceOptions = {
    ...persistence,
    onEvent: (message, failure) => listener.onEvent?.(message, failure),
    onTransaction: () => listener.onTransaction?.() ?? (() => undefined),
  };
  const database = new Database(() => settings);
  let onHandedOver: () => void = () => undefined;
  const handedOver = new Promise<void>((resolve) => (onHandedOver = resolve));
  const loaded = loadFirms(database, { until, persistence: settings, onHandedOver });
  const settle = (): void => {
    onHandedOver();
    compileAsUsual();
  };
  loaded.then(settle, settle);
  return { until, database, handedOver, loaded, tell: (heard) => (listener = heard) };
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
  await (await abandoned.start).database.close();
}

async function loadFirms(
  database: Database,
  load: {
    readonly until: Instant;
    readonly persistence: PersistenceOptions;
    readonly onHandedOver: () => void;
  },
): Promise<DemoLoaded> {
  const connected = database.connect();
  const [{ FirmStore }, { LoadDemoFirm }, { demoFirmWriterOf }] = await Promise.all([
    import('@ballast/persistence'),
    import('./demo-firm/load-demo-firm'),
    import('./demo-firm/demo-firm-writer'),
  ]);
  await connected;
  return new LoadDemoFirm(new FirmStore(database), demoFirmWriterOf(database)).execute(load);
}
