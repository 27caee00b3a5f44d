// A month that is kept before one that was given up: what it holds is not what later runs were compared with.
import { type Instant } from '@ballast/domain';
import {
  Database,
  FirmControlsStore,
  FirmStore,
  HistoryChainStore,
  type MarginRun,
  RequirementStore,
} from '@ballast/persistence';
import { MaintainHistory, VerifyHistory } from '@ballast/use-cases';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { at } from '../support/record-samples';
import { openExplanations, openReplay } from '../support/run-engine';
import { openStreamDesk, priceLine, type StreamDesk, streamStart, untilTold } from '../support/stream-desk';

let db: TestDatabase;
let database: Database;
let desk: StreamDesk;
const march: MarginRun[] = [];

/** Evaluates who holds Y at a price of it, and nobody else. */
async function moveTo(price: string, time: string): Promise<void> {
  const seconds = (at(time) - streamStart) / 1_000;
  await desk.follow([{ lines: [priceLine('Y', price, seconds)], seconds, after: untilTold('evaluated', 1) }]);
}

beforeAll(async () => {
  db = await openTestDatabase();
  desk = await openStreamDesk(db);
  database = new Database(() => ({ ...db.options, migrationDatabaseUrl: db.ownerUrl }));
  // The newest figures of everybody but the holder of Y.
  await desk.runMargin.execute({ ...desk.scope, asOf: streamStart, requestedBy: 'test' });
  await moveTo('80', '2026-02-10T15:00:00Z');
  const effectiveFrom: Instant = at('2026-03-01T00:00:00Z');
  const controls = { releaseFraction: 0.25, releaseAmount: 1 };
  await new FirmControlsStore(database).add(desk.scope, { effectiveFrom, controls, recordedBy: 'ruth' });
  await moveTo('120', '2026-03-03T15:00:00Z');
  await moveTo('81', '2026-03-04T15:00:00Z');
  const { items } = await desk.runs.findPage(desk.scope, { first: 100 });
  march.push(...items.map(({ node }) => node).filter(({ asOf }) => asOf >= effectiveFrom));
}, 60_000);

afterAll(async () => {
  await desk?.engine.close();
  await database?.close();
  await db?.close();
});

it('runs after both are replayed and explained as they were', async () => {
  const keys = (
    await Promise.all(march.map(({ id }) => new RequirementStore(database).findByRun(desk.scope, id)))
  ).flat();
  expect(keys.map(({ quality, hold }) => [quality, hold?.released.asOf])).toEqual([
    ['OK', undefined],
    ['HELD', at('2026-02-10T15:00:00Z')],
  ]);
  const replays = () =>
    Promise.all(march.map(({ id: runId }) => openReplay(database).execute({ firmId: desk.scope.firmId, runId })));
  for (const { differences } of await replays()) expect(differences).toEqual([]);
  const maintain = new MaintainHistory(
    database,
    new VerifyHistory(new FirmStore(database), new HistoryChainStore(database), database),
  );
  const now = at('2026-04-10T00:00:00Z');
  const { months } = await maintain.execute({ now, keepMonths: 1, dryRun: false, operator: 'test' });
  const kept = months.map(({ month, keptBecause }) => `${month.slice(0, 7)} ${keptBecause === null ? 'gone' : 'kept'}`);
  expect([...new Set(kept)]).toEqual(['2026-01 kept', '2026-02 gone']);
  for (const { differences } of await replays()) expect(differences).toEqual([]);
  expect((await database.withTenant(desk.scope, (tx) => openExplanations(database).find(tx, keys))).size).toBe(2);
});
