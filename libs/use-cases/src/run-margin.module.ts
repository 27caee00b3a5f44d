import { Module } from '@nestjs/common';
import { AccountStateReader } from './account-state-reader';
import { AnalyseAccount } from './analyse-account';
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
    AccountStateReader,
    AnalyseAccount,
  ],
  exports: [
    AccountStateReader,
    AnalyseAccount,
    ParameterSetsInEffect,
    ReleaseHeldRequirement,
    RunInputReader,
    RunMargin,
  ],
})
export class RunMarginModule {}
