import {
  AccountStore,
  CalendarStore,
  type Database,
  FeedStore,
  InstrumentStore,
  LifecycleStore,
  MarginRunStore,
  MarketDifferenceStore,
  MarketSnapshotStore,
  MarketStreamStore,
} from '@ballast/persistence';
import {
  ChangePlacer,
  FollowMarket,
  MarketGuard,
  MarketJudge,
  MarketReferences,
  type RunMargin,
  StreamPublisher,
} from '@ballast/use-cases';

/** What follows a stream of quotes, wired as the modules wire it. */
export function openMarketFollower(database: Database, runMargin: RunMargin): FollowMarket {
  const snapshots = new MarketSnapshotStore(database);
  const streams = new MarketStreamStore(database);
  const references = new MarketReferences(new CalendarStore(database), new LifecycleStore(database));
  const guard = new MarketGuard(snapshots, new FeedStore(database), references);
  const judge = new MarketJudge(guard, snapshots, new MarketDifferenceStore(database, snapshots));
  const placer = new ChangePlacer(new InstrumentStore(database));
  const publisher = new StreamPublisher(database, placer, judge, snapshots, streams);
  return new FollowMarket(publisher, streams, runMargin, new MarginRunStore(database), new AccountStore(database));
}
