import {
  AccountStore,
  BalanceStore,
  BufferPolicyStore,
  CollateralStore,
  type Database,
  HaircutScheduleStore,
  IdempotencyStore,
  InstrumentStore,
  LifecycleStore,
  MarginCallStore,
  MarketSnapshotStore,
  ParameterImpactStore,
  PositionStore,
  RequirementStore,
  RiskParameterStore,
} from '@ballast/persistence';
import {
  AssetStores,
  LadderStores,
  ParameterImpactReport,
  ParameterSetsInEffect,
  ProposalStores,
  ProposeRiskParameters,
  RunInputReader,
  SplitReader,
} from '@ballast/use-cases';

/** Proposals of one database, wired as the module wires them. */
export function openProposals(database: Database): ProposeRiskParameters {
  const parameterSets = new RiskParameterStore(database);
  const inputs = new RunInputReader(
    new PositionStore(database),
    new AssetStores(new BalanceStore(database), new CollateralStore(database), new HaircutScheduleStore(database)),
    new InstrumentStore(database),
    new LadderStores(new BufferPolicyStore(database), new RequirementStore(database), new MarginCallStore(database)),
    new SplitReader(new LifecycleStore(database), new InstrumentStore(database)),
  );
  const report = new ParameterImpactReport(
    database,
    new AccountStore(database),
    new MarketSnapshotStore(database),
    inputs,
    new ParameterSetsInEffect(parameterSets),
  );
  const stores = new ProposalStores(parameterSets, new ParameterImpactStore(database), new IdempotencyStore(database));
  return new ProposeRiskParameters(database, stores, report);
}
