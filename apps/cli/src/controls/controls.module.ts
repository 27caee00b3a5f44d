import { RunMarginModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { ControlsCommand } from './controls.command';

/** `ballast controls` with the use case it needs. */
export const controlsCommandModule = databaseCommand(ControlsCommand, [RunMarginModule]);
