// The public attack lists on the real server as a deployment runs it (identity provider, no developer tools), and on a
// fixture without protection, where every one of them must find something.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openVulnerableServer, type VulnerableServer } from '../attack-fixture/vulnerable-server';
import { fillFirm } from '../support/api-world';
import { dvga } from '../support/attacks/dvga';
import { graphqlCop } from '../support/attacks/graphql-cop';
import { ownAttacks, slowLoris } from '../support/attacks/own';
import { leak, type Target } from '../support/attacks/target';
import { forgeTokens, type IdentityProvider, openIdentityProvider, tokenAttacks } from '../support/attacks/tokens';
import { type RunningService, startService } from '../support/ballast-process';
import { countAllRows } from '../support/bad-inputs';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const attacks = [...graphqlCop, ...dvga, ...tokenAttacks, ...ownAttacks];

let database: TestDatabase;
let provider: IdentityProvider;
let service: RunningService;
let fixture: VulnerableServer;
let ours: Target;
let theirs: Target;
let before: Record<string, number>;
/** Takes its time, so it runs beside the others. */
let slow: Promise<(string | null)[]>;
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-attack-'));

beforeAll(async () => {
  [database, provider, fixture] = await Promise.all([
    openTestDatabase(),
    openIdentityProvider(),
    openVulnerableServer(),
  ]);
  const alpha = await fillFirm(database, 'ALPHA', 12);
  const beta = await fillFirm(database, 'BETA', 1);
  service = await startService(['serve'], {
    ...database.environment,
    ...provider.environment,
    DATA_DIR: dataDir,
    PORT: '0',
    NODE_ENV: 'production',
    RATE_LIMIT_PER_MINUTE: '1000',
  });
  const claims = (sub: string, firm: string) => ({ sub, firm_id: firm, roles: ['risk'] });
  const good = claims('ada', alpha.firmId);
  const tokens = {
    token: await provider.sign(good),
    otherToken: await provider.sign(claims('bob', beta.firmId)),
    spareToken: await provider.sign(claims('eve', alpha.firmId)),
    forged: await forgeTokens(provider, good),
  };
  ours = { url: service.url, logs: service.printed, ...tokens };
  theirs = { url: fixture.url, logs: fixture.logs, ...tokens };
  slow = Promise.all([slowLoris(ours), slowLoris(theirs)]);
  before = await rowsOfCallers();
}, 60_000);

afterAll(async () => {
  await service?.stop();
  await Promise.all([fixture?.close(), provider?.close()]);
  await database?.close();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

/** Tables that the service fills by itself while it runs: sealing of history, margin calls and their messages. */
const ownWork = /^(?:history_|record_writes|margin_call|notifications)/;

async function rowsOfCallers(): Promise<Record<string, number>> {
  return Object.fromEntries(Object.entries(await countAllRows(database)).filter(([table]) => !ownWork.test(table)));
}

describe('attacks', () => {
  it.each(attacks.map((attack) => [`${attack.list}: ${attack.name}`, attack] as const))(
    '%s',
    async (_title, { check }) => {
      const [finding, yardstick] = check === slowLoris ? await slow : [await check(ours), await check(theirs)];
      expect({ finding, fires: yardstick !== null }).toEqual({ finding: null, fires: true });
    },
    30_000,
  );
});

describe('after the attacks', () => {
  it('nothing was written, the log holds one entry per line and no place of the inside left the house', async () => {
    expect(await rowsOfCallers()).toEqual(before);
    const lines = service
      .printed()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(lines.filter((line) => line.includes('INTERNAL_SERVER_ERROR'))).toEqual([]);
    expect(service.printed()).not.toContain(ours.token);
    const health = await (await fetch(`${ours.url}/health/ready`)).text();
    expect([health.includes('"ready":true') || health.includes('asOf'), leak.exec(health)]).toEqual([true, null]);
  });
});
