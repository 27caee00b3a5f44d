import { Decimal } from '@ballast/domain';
import {
  AccountStore,
  BalanceStore,
  FirmStore,
  InstrumentStore,
  MarginRunStore,
  MarketSnapshotStore,
  PositionStore,
  RiskParameterStore,
} from '@ballast/persistence';
import type { TestDatabase } from './postgres';
import { account, at, newRun, option, result, snapshot } from './record-samples';

/** When everything of a sample firm is true. */
export const sampleTime = at('2026-11-20T21:00:00Z');

export interface SampleFirm {
  readonly firmId: string;
  readonly accountIds: readonly string[];
}

/** Makes a firm with three accounts, `<code>-1` to `<code>-3`, and rows in nearly every table that knows firms. */
export async function fillFirm({ database }: TestDatabase, code: string): Promise<SampleFirm> {
  const { id: firmId } = await new FirmStore(database).create({ code, name: code });
  const scope = { firmId };
  const instruments = new InstrumentStore(database);
  await instruments.upsertUnderlyings(scope, [{ id: 'XYZ', kind: 'equity', currency: 'USD' }]);
  await instruments.upsertMany(scope, [option(100)]);
  const codes = [`${code}-1`, `${code}-2`, `${code}-3`];
  const { accounts } = await new AccountStore(database).upsertMany(scope, codes.map(account));
  const ids = [...accounts.values()].map(({ id }) => id);
  const positions = [{ instrumentId: 'XYZ-100-C', quantity: new Decimal(-5) }];
  for (const accountId of ids) {
    const statement = { accountId, validFrom: sampleTime, mode: 'REPLACE' as const, positions, source: 'test' };
    await new PositionStore(database).record(scope, statement);
    const cash = {
      accountId,
      currency: 'USD',
      amount: new Decimal(1),
      valueAt: sampleTime,
      reason: 'test',
      recordedBy: 'test',
    };
    await new BalanceStore(database).record(scope, cash);
  }
  const market = { snapshot: snapshot(sampleTime, [option(100)]), source: 'test', quality: 'OK' as const };
  const snapshotId = (await new MarketSnapshotStore(database).insert(scope, market)).header.id;
  const set = { methodology: 'SPAN' as const, name: 'd', effectiveFrom: sampleTime, parameters: {}, proposedBy: 'ann' };
  const parameterSetId = (await new RiskParameterStore(database).propose(scope, set)).id;
  await new MarginRunStore(database).record(
    scope,
    newRun({ asOf: sampleTime, snapshotId, accountCount: 3 }),
    async (sink) => {
      await sink.write(ids.map((id) => result(id, parameterSetId)));
      return { resultHash: 'a'.repeat(64) };
    },
  );
  return { firmId, accountIds: ids };
}
