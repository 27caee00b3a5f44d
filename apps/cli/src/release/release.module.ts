import { RunMarginModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { ReleaseCommand } from './release.command';

/** `ballast release` with the use case it needs. */
export const releaseCommandModule = databaseCommand(ReleaseCommand, [RunMarginModule]);
