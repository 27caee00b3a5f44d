import { RiskParametersModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { ParametersCommand } from './parameters.command';

/** `ballast parameters` with the use cases it needs. */
export const parametersCommandModule = databaseCommand(ParametersCommand, [RiskParametersModule]);
