import { LifecycleModule, ReportsModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { ReportCommand } from './report.command';

/** `ballast report` with the use cases it needs. */
export const reportCommandModule = databaseCommand(ReportCommand, [LifecycleModule, ReportsModule]);
