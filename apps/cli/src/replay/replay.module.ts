import { ReplayModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { ReplayCommand } from './replay.command';

/** `ballast replay` with the use case it needs. */
export const replayCommandModule = databaseCommand(ReplayCommand, [ReplayModule]);
