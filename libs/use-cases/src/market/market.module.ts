import { Module } from '@nestjs/common';
import { MarketGuard } from './market-guard';
import { MarketReferences } from './market-references';
import { PublishMarketSnapshot } from './publish-market-snapshot';

const providers = [MarketGuard, PublishMarketSnapshot];

/** The door through which markets enter the record, whoever brings them; needs the stores of the persistence module. */
@Module({ providers: [MarketReferences, ...providers], exports: providers })
export class MarketModule {}
