import { Module } from '@nestjs/common';
import { ReplayRun, ReplayStores } from './replay-run';
import { RunGuard } from './run-guard';
import { AssetStores, RunInputReader } from './run-inputs';

/** Replays of past runs; needs the stores of the persistence module. */
@Module({ providers: [AssetStores, RunInputReader, RunGuard, ReplayStores, ReplayRun], exports: [ReplayRun] })
export class ReplayModule {}
