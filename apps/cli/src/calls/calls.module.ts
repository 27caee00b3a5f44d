import { MarginCallsModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { CallsCommand } from './calls.command';

/** `ballast calls` with the use cases it needs. */
export const callsCommandModule = databaseCommand(CallsCommand, [MarginCallsModule]);
