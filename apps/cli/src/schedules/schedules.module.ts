import { RunMarginModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { SchedulesCommand } from './schedules.command';

/** `ballast schedules` with what it needs. */
export const schedulesCommandModule = databaseCommand(SchedulesCommand, [RunMarginModule]);
