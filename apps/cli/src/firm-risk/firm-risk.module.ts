import { RunMarginModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { FirmRiskCommand } from './firm-risk.command';

/** `ballast firm-risk` with the use cases it needs. */
export const firmRiskCommandModule = databaseCommand(FirmRiskCommand, [RunMarginModule]);
