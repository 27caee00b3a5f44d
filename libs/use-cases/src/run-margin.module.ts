import { Module } from '@nestjs/common';
import { ParameterSetsInEffect } from './parameter-sets-in-effect';
import { ReleaseHeldRequirement } from './release-held-requirement';
import { RunGuard } from './run-guard';
import { AssetStores, RunInputReader } from './run-inputs';
import { RunMargin, RunMarginStores } from './run-margin';

/** Margin runs; needs the stores of the persistence module. */
@Module({
  providers: [
    AssetStores,
    ParameterSetsInEffect,
    RunGuard,
    RunInputReader,
    RunMarginStores,
    RunMargin,
    ReleaseHeldRequirement,
  ],
  exports: [ParameterSetsInEffect, ReleaseHeldRequirement, RunInputReader, RunMargin],
})
export class RunMarginModule {}
