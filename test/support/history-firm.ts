import { Decimal } from '@ballast/domain';
import {
  AccountStore,
  BalanceStore,
  BufferPolicyStore,
  FirmStore,
  InstrumentStore,
  MarginRunStore,
  MarketSnapshotStore,
  PositionStore,
  RiskParameterStore,
} from '@ballast/persistence';
import type { TestDatabase } from './postgres';
import { account, at, newRun, option, result, snapshot } from './record-samples';

/** A firm with a past: six accounts, eight runs over two months, corrected positions and balances, a decided parameter set. */
export async function fillHistory(
  { database }: Pick<TestDatabase, 'database'>,
  code: string,
): Promise<{ readonly firmId: string; readonly accountIds: readonly string[] }> {
  const scope = { firmId: (await new FirmStore(database).create({ code, name: code })).id };
  const instruments = new InstrumentStore(database);
  await instruments.upsertUnderlyings(scope, [{ id: 'XYZ', kind: 'equity', currency: 'USD' }]);
  await instruments.upsertMany(scope, [option(100)]);
  const codes = Array.from({ length: 6 }, (_, index) => `${code}-${index + 1}`);
  const { accounts } = await new AccountStore(database).upsertMany(scope, codes.map(account));
  const accountIds = [...accounts.values()].map(({ id }) => id);
  const parameters = new RiskParameterStore(database);
  const set = { methodology: 'SPAN' as const, name: 'd', effectiveFrom: at('2026-01-01T00:00:00Z'), parameters: {} };
  const parameterSetId = (await parameters.propose(scope, { ...set, proposedBy: 'ann' })).id;
  await parameters.decide(scope, { id: parameterSetId, status: 'APPROVED', decidedBy: 'bob' });
  await parameters.propose(scope, { ...set, parameters: { a: 1 }, proposedBy: 'ann' });
  await new BufferPolicyStore(database).add(scope, {
    accountId: null,
    effectiveFrom: at('2026-01-01T00:00:00Z'),
    liquidationMultiple: new Decimal('0.75'),
    marginCallMultiple: new Decimal(1),
    watchMultiple: new Decimal('1.1'),
    callTargetMultiple: new Decimal('1.2'),
    releaseMultiple: new Decimal('1.3'),
    fxHaircuts: {},
    recordedBy: 'ann',
  });
  for (let day = 0; day < 8; day += 1) {
    const asOf = at(`2026-${day < 4 ? '09' : '10'}-1${day}T21:00:00Z`);
    for (const [index, accountId] of accountIds.entries()) {
      if ((index + day) % 3 !== 0) continue;
      const positions = [{ instrumentId: 'XYZ-100-C', quantity: new Decimal(day - 20) }];
      const statement = { accountId, validFrom: asOf, mode: 'REPLACE' as const, positions, source: 'test' };
      await new PositionStore(database).record(scope, statement);
      const cash = { accountId, currency: 'USD', amount: new Decimal(day), valueAt: asOf };
      await new BalanceStore(database).record(scope, { ...cash, reason: 'test', recordedBy: 'test' });
    }
    const market = { snapshot: snapshot(asOf, [option(100)]), source: 'test', quality: 'OK' as const };
    const snapshotId = (await new MarketSnapshotStore(database).insert(scope, market)).header.id;
    const parameterSets = [{ methodology: 'SPAN' as const, parameterSetId, hash: 'ab'.repeat(32) }];
    const run = newRun({ asOf, snapshotId, accountCount: accountIds.length, parameterSets });
    await new MarginRunStore(database).record(scope, run, async (sink) => {
      await sink.write(accountIds.map((id, index) => result(id, parameterSetId, `${100 * day + index}.25`)));
      return { resultHash: 'a'.repeat(64) };
    });
  }
  return { ...scope, accountIds };
}
