import 'reflect-metadata';
import { Database, FirmStore, MarginRunStore, openDataDir, SnapshotWitness } from '@ballast/persistence';
import { instantOf, type Instant } from '@ballast/domain';
import {
  abandonFirstStart,
  beginFirstStart,
  type FirstStart,
  forgetFirstStart,
  JobQueue,
  LoadDemoFirm,
  ReadOperations,
  RunWorker,
} from '@ballast/use-cases';
import websocket from '@fastify/websocket';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { type ApiConfig, readApiConfig } from './api-config';
import { ApiModule } from './api.module';
import { openSigningKey, type SigningKey } from './authentication/signing-key';
import { rememberVerified, type TokenVerifier, verifierOfJwks, verifierOfLocalKey } from './authentication/token';
import { hotFieldsOf } from './hot-path/hot-fields';
import { openHotDoor } from './hot-path/hot-door';
import { HotPath } from './hot-path/hot-path';
import { SharedReads } from './hot-path/shared-reads';
import { type FirmAdmission, openFirmAdmission } from './http/firm-admission';
import { addGraphiqlRoutes } from './graphiql/graphiql-routes';
import { addHealthRoutes, type Readiness } from './health/health-routes';
import { frameworkLog, setLogLevel, writeLogLine } from './http/process-log';
import { addOperationPolicy, type OperationPolicy, readOperationManifest } from './http/persisted-operations';
import { addRequestBounds, queuedMaximum } from './http/request-bounds';
import { addRequestGate } from './http/request-gate';
import { MarginCallClock } from './margin-call/margin-call-clock';
import { RollUpClock } from './buffer-observation/roll-up-clock';
import { addMetricsRoutes } from './metrics/metrics-routes';
import { ServiceMetrics } from './metrics/service-metrics';
import { guardConnections } from './subscription/socket-guard';
import { addRequestObserver } from './telemetry/request-observer';
import { startTracing, traceTransaction, type Tracing } from './telemetry/tracing';
import { announce } from './announce';

/** Largest body of a request [bytes]. */
const bodyLimit = 100 * 1024;
/** Longest time a client may take to send a request [ms]. */
const requestTimeout = 10_000;
/** Longest time a shutdown waits for requests in flight [ms]. */
const drainTimeout = 10_000;
/** Time a shutdown leaves to requests that are on their way on open connections [ms]. */
const arrivalTime = 1_000;

type WebSocketServer = Parameters<typeof guardConnections>[0];

interface ServiceState {
  /** True from the first moment of a shutdown. */
  draining: boolean;
}

export interface ServeOptions {
  /** Loads the demo firms into an empty database, and signs tokens with a key of this installation. */
  readonly demo: boolean;
  /** The demo's history ends at the last close up to this instant; now unless given. */
  readonly demoUntil?: Instant;
  /** Environment variables; those of the process unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where the announcement goes; standard output unless given. */
  readonly print?: (text: string) => void;
  /** Told when signals end the service gracefully: whoever minded them until then stops doing so. */
  readonly onSignalsMinded?: () => void;
}

/** The running service. */
export interface RunningApi {
  /** Address without a trailing slash, for example `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Drains requests in flight, then closes the database, and stops the embedded one when nobody else uses it. */
  readonly close: () => Promise<void>;
  /** Resolves when the service has ended, by `close` or by a signal. */
  readonly closed: Promise<void>;
}

/**
 * Starts the API: configuration, database with migrations, demo firms where asked for, abandoned runs marked as failed,
 * HTTP server, announcement. SIGTERM and SIGINT end it gracefully; a second signal ends it at once.
 *
 * @throws ConfigurationError with exit code 78; PersistenceError when the database cannot be had
 */
export async function serve(options: ServeOptions): Promise<RunningApi> {
  try {
    const running = await startService(options);
    forgetFirstStart();
    return running;
  } catch (failure) {
    await abandonFirstStart();
    throw failure;
  }
}

async function startService(options: ServeOptions): Promise<RunningApi> {
  const config = readApiConfig(options.environment ?? process.env, { demo: options.demo });
  const until = options.demoUntil ?? instantOf(Date.now());
  const first = options.demo ? await beginFirstStart({ persistence: config.persistence, until }) : null;
  setLogLevel(config.logLevel);
  const tracing = config.traceEndpoint === undefined ? null : await startTracing(config.traceEndpoint);
  const state = { draining: false };
  const key = config.authentication.kind === 'local-key' ? localKey(config) : null;
  const tokens = rememberVerified(verifierOf(config, key), Date.now);
  const { verify } = tokens;
  const { persistedOperationsFile: file, adHocRoles } = config;
  const operations = { manifest: file === undefined ? null : readOperationManifest(file), adHocRoles };
  const hotPath = new HotPath();
  const app = await createApplication(config, { state, verify, operations, hotPath, first });
  try {
    const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    const metrics = metricsOf(app, hotPath);
    addRequestObserver(fastify, metrics);
    addRequestGate(fastify, verify);
    addOperationPolicy(fastify, operations);
    const admission = openFirmAdmission({ active: config.firmConcurrency, queued: queuedMaximum });
    const charge = await addRequestBounds(fastify, { ratePerMinute: config.ratePerMinute, admission });
    const isDraining = (): boolean => state.draining;
    openHotDoor(fastify, { hotPath, tokens, operations, charge, metrics, bodyLimit, isDraining });
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (state.draining) reply.header('connection', 'close');
      done(null, payload);
    });
    addHealthRoutes(fastify, () => readiness(app, state));
    addMetricsRoutes(fastify, { metrics, token: config.metricsToken });
    if (config.developerTools) addGraphiqlRoutes(fastify);
    if (config.developerTools && config.authentication.kind === 'jwks')
      writeLogLine({
        level: 'warn',
        message: 'DEVELOPER_TOOLS is on: everybody may read the schema and open GraphiQL',
      });
    await Promise.all([app.init(), app.get(Database).connect()]);
    openHotPath(app, hotPath, admission);
    if (options.demo) await loadDemo(app, config, { until, first });
    await markAbandonedRuns(app);
    await app.listen(config.port, config.host);
    const url = addressOf(fastify, config);
    const running = shutdownOf(app, url, { state, tracing });
    options.onSignalsMinded?.();
    await startWorker(app, config);
    app.get(MarginCallClock).start(config);
    app.get(RollUpClock).start();
    await announce({ url, key, firms: await app.get(FirmStore).findAll(), print: options.print ?? printLine });
    return running;
  } catch (error) {
    await app.close();
    await tracing?.close();
    throw error;
  }
}

function openHotPath(app: NestFastifyApplication, hotPath: HotPath, admission: FirmAdmission): void {
  const witness = app.get(SnapshotWitness);
  const reads = new SharedReads(app.get(Database), admission, Date.now, witness);
  hotPath.open({ fields: hotFieldsOf(app), reads, witness, now: Date.now });
}

async function createApplication(
  config: ApiConfig,
  parts: {
    readonly state: ServiceState;
    readonly verify: TokenVerifier;
    readonly operations: OperationPolicy;
    readonly hotPath: HotPath;
    readonly first: FirstStart | null;
  },
): Promise<NestFastifyApplication> {
  const { state, verify, operations, hotPath, first } = parts;
  const adapter = new FastifyAdapter({
    bodyLimit,
    requestTimeout,
    http: { headersTimeout: requestTimeout, connectionsCheckingInterval: 1_000 },
    forceCloseConnections: 'idle',
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  const persistence = {
    ...config.persistence,
    onTransaction: traceTransaction,
    onEvent: (message: string, failure?: unknown) => {
      if (!state.draining) writeLogLine({ level: 'warn', message, reason: failure && String(failure) });
    },
  };
  first?.tell(persistence);
  const module = ApiModule.register(first?.database ?? persistence, { ...config, operations }, verify, hotPath);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: frameworkLog,
    bodyParser: false,
    abortOnError: false,
  });
  // The driver would take messages of a megabyte.
  await app.register(websocket as never, { options: { maxPayload: bodyLimit } });
  guardConnections((adapter.getInstance() as unknown as { readonly websocketServer: WebSocketServer }).websocketServer);
  return app;
}

function localKey({ persistence }: ApiConfig): SigningKey {
  openDataDir(persistence.dataDir);
  return openSigningKey(persistence.dataDir);
}

function verifierOf({ authentication }: ApiConfig, key: SigningKey | null): TokenVerifier {
  if (authentication.kind === 'jwks') return verifierOfJwks(authentication);
  if (key === null) throw new Error('the local signing key was not opened');
  return verifierOfLocalKey(key);
}

function metricsOf(app: NestFastifyApplication, hotPath: HotPath): ServiceMetrics {
  return new ServiceMetrics({
    poolUse: () => app.get(Database).poolUse(),
    hotWork: () => hotPath.work,
    readOperations: () => app.get(ReadOperations).execute(),
    now: Date.now,
  });
}

async function readiness(app: NestFastifyApplication, { draining }: ServiceState): Promise<Readiness> {
  if (draining) return { ready: false, reason: 'shutting down' };
  try {
    const runs = (await app.get(ReadOperations).execute()).flatMap(({ latestRun }) => latestRun ?? []);
    if (runs.length === 0) return { ready: true, asOf: null, ageMs: null };
    const asOf = Math.min(...runs.map((run) => run.asOf));
    return { ready: true, asOf: new Date(asOf).toISOString(), ageMs: Math.max(0, Date.now() - asOf) };
  } catch {
    return { ready: false, reason: 'the database does not answer' };
  }
}

async function loadDemo(
  app: NestFastifyApplication,
  { persistence }: ApiConfig,
  { until, first }: { readonly until: Instant; readonly first: FirstStart | null },
): Promise<void> {
  const loading = first === null ? app.get(LoadDemoFirm).execute({ until, persistence }) : first.loaded;
  const { loaded, firms, accounts, runs } = await loading;
  if (loaded) process.stderr.write(`loaded the demo: ${firms} firms, ${accounts} accounts, ${runs} margin runs\n`);
}

/** Runs of a process that was killed are marked as failed; nothing of them was ever visible. */
async function markAbandonedRuns(app: NestFastifyApplication): Promise<void> {
  for (const firm of await app.get(FirmStore).findAll()) {
    const abandoned = await app.get(MarginRunStore).failAbandoned({ firmId: firm.id });
    for (const runId of abandoned)
      writeLogLine({ level: 'warn', message: `margin run ${runId} was abandoned by a process that ended` });
  }
}

/** This process helps with runs over many accounts, one shard at a time, so that requests keep their turn. */
async function startWorker(app: NestFastifyApplication, config: ApiConfig): Promise<void> {
  const { workerConcurrency: concurrency, workerThreads: threads, workerThreadMemory: threadMemory } = config;
  const worker = app.get(RunWorker);
  worker.prepare({ threads, threadMemory });
  if (concurrency > 0 && (await app.get(JobQueue).isProvided())) worker.start({ concurrency, threads, threadMemory });
}

function addressOf(fastify: FastifyInstance, { host }: ApiConfig): string {
  const address = fastify.server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function shutdownOf(
  app: NestFastifyApplication,
  url: string,
  { state, tracing }: { readonly state: ServiceState; readonly tracing: Tracing | null },
): RunningApi {
  let ended: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (ended = resolve));
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= drain(app, state).finally(async () => {
      await tracing?.close();
      process.off('SIGTERM', onSignal);
      process.off('SIGINT', onSignal);
      ended();
    });
    return closing;
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (closing !== null) process.exit(signal === 'SIGINT' ? 130 : 143);
    close().catch((error: unknown) => {
      writeLogLine({ level: 'error', message: 'the shutdown failed', reason: String(error) });
      process.exit(1);
    });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return { url, close, closed };
}

/** Lets requests that are on their way arrive and be answered, each on its last connection, before the doors close. */
async function drain(app: NestFastifyApplication, state: ServiceState): Promise<void> {
  state.draining = true;
  const { server } = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const force = setTimeout(() => server.closeAllConnections(), drainTimeout);
  try {
    const connections = await new Promise<number>((resolve) => {
      server.getConnections((error, count) => resolve(error === null ? count : 0));
    });
    if (connections > 0) await new Promise((resolve) => setTimeout(resolve, arrivalTime));
    await app.close();
  } finally {
    clearTimeout(force);
  }
}

function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}
