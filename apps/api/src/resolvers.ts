import { AccountAnalysisResolver } from './analysis/account-analysis.resolver';
import { AccountBufferResolver } from './account/account-buffer.resolver';
import { AccountHoldingsResolver } from './account/account-holdings.resolver';
import { AccountResolver } from './account/account.resolver';
import { AccountStressResolver } from './stress/account-stress.resolver';
import { ImportPositionsResolver } from './position/import-positions.resolver';
import { RecordBalanceResolver } from './balance/record-balance.resolver';
import { AccountRiskResolver } from './analysis/account-risk.resolver';
import { BufferChangedResolver } from './buffer-observation/buffer-changed.resolver';
import { MarginRunProgressResolver } from './margin-run/margin-run-progress.resolver';
import { MarginCallRaisedResolver } from './margin-call/margin-call-raised.resolver';
import { FirmRiskResolver } from './firm-risk/firm-risk.resolver';
import { InstrumentResolver } from './instrument/instrument.resolver';
import { LifecycleEventResolver } from './lifecycle-event/lifecycle-event.resolver';
import { MarginRequirementResolver } from './margin-requirement/margin-requirement.resolver';
import { ChangeMarginCallResolver } from './margin-call/change-margin-call.resolver';
import { AccountMarginCallResolver, MarginCallResolver } from './margin-call/margin-call.resolver';
import { MarginRunResolver } from './margin-run/margin-run.resolver';
import { MarketSnapshotResolver } from './market-snapshot/market-snapshot.resolver';
import { PublishMarketSnapshotResolver } from './market-snapshot/publish-market-snapshot.resolver';
import { ReleaseHeldResolver } from './margin-run/release-held.resolver';
import { ParameterControlResolver } from './risk-parameter-set/parameter-control.resolver';
import { ParameterImpactResolver, ParameterSetImpactResolver } from './risk-parameter-set/parameter-impact.resolver';
import { PositionResolver } from './position/position.resolver';
import { PriceResolver } from './price/price.resolver';
import { ReconciliationResolver } from './reconciliation/reconciliation.resolver';
import { RiskParameterSetResolver } from './risk-parameter-set/risk-parameter-set.resolver';
import { SetBufferPolicyResolver } from './buffer-policy/set-buffer-policy.resolver';
import { SetRiskControlsResolver } from './risk-controls/set-risk-controls.resolver';
import { StartMarginRunResolver } from './margin-run/start-margin-run.resolver';

/** Every resolver of the schema: the server registers them, the schema writer reads them. */
export const resolvers = [
  AccountResolver,
  AccountHoldingsResolver,
  AccountBufferResolver,
  AccountAnalysisResolver,
  BufferChangedResolver,
  AccountStressResolver,
  ImportPositionsResolver,
  AccountRiskResolver,
  FirmRiskResolver,
  InstrumentResolver,
  LifecycleEventResolver,
  MarginCallRaisedResolver,
  MarginRequirementResolver,
  MarginRunProgressResolver,
  AccountMarginCallResolver,
  ChangeMarginCallResolver,
  MarginCallResolver,
  MarginRunResolver,
  MarketSnapshotResolver,
  ParameterControlResolver,
  ParameterImpactResolver,
  ParameterSetImpactResolver,
  PositionResolver,
  PriceResolver,
  PublishMarketSnapshotResolver,
  RecordBalanceResolver,
  ReconciliationResolver,
  ReleaseHeldResolver,
  RiskParameterSetResolver,
  SetBufferPolicyResolver,
  SetRiskControlsResolver,
  StartMarginRunResolver,
];
