import { Module } from '@nestjs/common';
import { DecideRiskParameters } from './decide-risk-parameters';
import { ParameterImpactReport } from './parameter-impact';
import { ProposalStores, ProposeRiskParameters } from './propose-risk-parameters';
import { RunMarginModule } from '../run/run-margin.module';

const useCases = [DecideRiskParameters, ParameterImpactReport, ProposeRiskParameters];

/** Parameters under control: proposal with impact, and decision; needs the stores of the persistence module. */
@Module({ imports: [RunMarginModule], providers: [ProposalStores, ...useCases], exports: useCases })
export class RiskParametersModule {}
