import { DefineDomainsAndGuards1795219200000 } from './1795219200000-define-domains-and-guards';
import { CreateFirmsAccountsAndInstruments1795219200001 } from './1795219200001-create-firms-accounts-and-instruments';
import { CreateMarketSnapshots1795219200002 } from './1795219200002-create-market-snapshots';
import { CreatePositionsAndBalances1795219200003 } from './1795219200003-create-positions-and-balances';
import { CreateRunsAndRequirements1795219200004 } from './1795219200004-create-runs-and-requirements';
import { CreateCollateral1795306000000 } from './1795306000000-create-collateral';
import { RecordLifecycleEvents1795306100000 } from './1795306100000-record-lifecycle-events';
import { GuardFigures1795306200000 } from './1795306200000-guard-figures';
import { ChainHistory1795306300000 } from './1795306300000-chain-history';
import { RollUpBufferHistory1795306300001 } from './1795306300001-roll-up-buffer-history';
import { RecordPreviousStatus1795306300002 } from './1795306300002-record-previous-status';
import { RetireOldMonths1795306300003 } from './1795306300003-retire-old-months';
import { ChainLifecycleEvents1795306300100 } from './1795306300100-chain-lifecycle-events';
import { CreateFileDeliveries1795306400000 } from './1795306400000-create-file-deliveries';
import { CreatePriceHistory1795306500000 } from './1795306500000-create-price-history';
import { RecordMarginCalls1795306700000 } from './1795306700000-record-margin-calls';
import { NotifyRunChanges1795306800000 } from './1795306800000-notify-run-changes';
import { ChainCollateral1795306900000 } from './1795306900000-chain-collateral';
import { CutRunsIntoShards1795306900010 } from './1795306900010-cut-runs-into-shards';
import { RecordReconciliations1795307000000 } from './1795307000000-record-reconciliations';
import { CheckPositionStatementsAtOnce1795308100000 } from './1795308100000-check-position-statements-at-once';
import { KeepFiguresAsBytes1795308204000 } from './1795308204000-keep-figures-as-bytes';
import { CheckQuotesByStatement1795309700000 } from './1795309700000-check-quotes-by-statement';
import { WriteResultsByStatement1795309904000 } from './1795309904000-write-results-by-statement';
import { RecordOpenInterestAndVolume1795309910000 } from './1795309910000-record-open-interest-and-volume';
import { FindRunOutcomesByTime1795309950000 } from './1795309950000-find-run-outcomes-by-time';
import { MarkRunsOfPartOfAFirm1795309960000 } from './1795309960000-mark-runs-of-part-of-a-firm';
import { RecordEffectsOnCollateral1795309970000 } from './1795309970000-record-effects-on-collateral';
import { TellSettlementSessions1795309970001 } from './1795309970001-tell-settlement-sessions';
import { TellWhenWritesWereSeen1795310100000 } from './1795310100000-tell-when-writes-were-seen';
import { SealEachValueOnce1795310400000 } from './1795310400000-seal-each-value-once';
import { FindHoldersByContract1795310400001 } from './1795310400001-find-holders-by-contract';
import { RecordMarketStreams1795310500000 } from './1795310500000-record-market-streams';
import { ShareNoFurtherStamps1795310650000 } from './1795310650000-share-no-further-stamps';
import { FindRestatedAccounts1795310700000 } from './1795310700000-find-restated-accounts';
import { KeepNewestBuffersLean1795310800000 } from './1795310800000-keep-newest-buffers-lean';
import { RollUpLargeStatementsLater1795310820000 } from './1795310820000-roll-up-large-statements-later';
import { DeriveObservationsFromRequirements1795310820001 } from './1795310820001-derive-observations-from-requirements';
import { SealRowsInBinary1795310820002 } from './1795310820002-seal-rows-in-binary';
import { MergeNewestBuffers1795310820003 } from './1795310820003-merge-newest-buffers';
import { KeepClosedCallsClosed1795310840000 } from './1795310840000-keep-closed-calls-closed';
import { ChainWhatFiguresRestOn1795310850000 } from './1795310850000-chain-what-figures-rest-on';
import { LimitKnownTimes1795310851000 } from './1795310851000-limit-known-times';
import { CheckResultsInOnePass1795310910000 } from './1795310910000-check-results-in-one-pass';
import { KeepLeanObservations1795310910001 } from './1795310910001-keep-lean-observations';
import { StoreMarketsAsDifferences1795310940000 } from './1795310940000-store-markets-as-differences';
import { LimitWhatRunsKnew1795310970000 } from './1795310970000-limit-what-runs-knew';
import { SampleWhatPlansNeed1795311000000 } from './1795311000000-sample-what-plans-need';
import { LookUpAccountsOfResultsAtOnce1795311000001 } from './1795311000001-look-up-accounts-of-results-at-once';
import { GiveUpMonthsOfSeveralFirms1795311100000 } from './1795311100000-give-up-months-of-several-firms';
import { CloseMonthsGivenUp1795311200000 } from './1795311200000-close-months-given-up';
import { RollUpOnlyWhatIsTaken1795311210000 } from './1795311210000-roll-up-only-what-is-taken';

/** Every migration in the order it runs; forward only. A new one is a new file and a new line here. */
export const migrations = [
  DefineDomainsAndGuards1795219200000,
  CreateFirmsAccountsAndInstruments1795219200001,
  CreateMarketSnapshots1795219200002,
  CreatePositionsAndBalances1795219200003,
  CreateRunsAndRequirements1795219200004,
  CreateCollateral1795306000000,
  RecordLifecycleEvents1795306100000,
  GuardFigures1795306200000,
  ChainHistory1795306300000,
  RollUpBufferHistory1795306300001,
  RecordPreviousStatus1795306300002,
  RetireOldMonths1795306300003,
  ChainLifecycleEvents1795306300100,
  CreateFileDeliveries1795306400000,
  CreatePriceHistory1795306500000,
  RecordMarginCalls1795306700000,
  NotifyRunChanges1795306800000,
  ChainCollateral1795306900000,
  CutRunsIntoShards1795306900010,
  RecordReconciliations1795307000000,
  CheckPositionStatementsAtOnce1795308100000,
  KeepFiguresAsBytes1795308204000,
  CheckQuotesByStatement1795309700000,
  WriteResultsByStatement1795309904000,
  RecordOpenInterestAndVolume1795309910000,
  FindRunOutcomesByTime1795309950000,
  MarkRunsOfPartOfAFirm1795309960000,
  RecordEffectsOnCollateral1795309970000,
  TellSettlementSessions1795309970001,
  TellWhenWritesWereSeen1795310100000,
  SealEachValueOnce1795310400000,
  FindHoldersByContract1795310400001,
  RecordMarketStreams1795310500000,
  ShareNoFurtherStamps1795310650000,
  FindRestatedAccounts1795310700000,
  KeepNewestBuffersLean1795310800000,
  RollUpLargeStatementsLater1795310820000,
  DeriveObservationsFromRequirements1795310820001,
  SealRowsInBinary1795310820002,
  MergeNewestBuffers1795310820003,
  KeepClosedCallsClosed1795310840000,
  ChainWhatFiguresRestOn1795310850000,
  LimitKnownTimes1795310851000,
  CheckResultsInOnePass1795310910000,
  KeepLeanObservations1795310910001,
  StoreMarketsAsDifferences1795310940000,
  LimitWhatRunsKnew1795310970000,
  SampleWhatPlansNeed1795311000000,
  LookUpAccountsOfResultsAtOnce1795311000001,
  GiveUpMonthsOfSeveralFirms1795311100000,
  CloseMonthsGivenUp1795311200000,
  RollUpOnlyWhatIsTaken1795311210000,
];
