import { RunMarginModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { RunCommand } from './run.command';

/** `ballast run` with the use case it needs. */
export const runCommandModule = databaseCommand(RunCommand, [RunMarginModule]);
