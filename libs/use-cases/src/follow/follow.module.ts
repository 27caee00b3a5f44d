import { Module } from '@nestjs/common';
import { MarketModule } from '../market/market.module';
import { RunMarginModule } from '../run/run-margin.module';
import { FollowMarket } from './follow-market';
import { ChangePlacer } from './change-placer';
import { MarketJudge } from './market-judge';
import { StreamPublisher } from './stream-publisher';

/** Following streams of quotes; needs the stores of the persistence module. */
@Module({
  imports: [MarketModule, RunMarginModule],
  providers: [ChangePlacer, MarketJudge, StreamPublisher, FollowMarket],
  exports: [FollowMarket],
})
export class FollowModule {}
