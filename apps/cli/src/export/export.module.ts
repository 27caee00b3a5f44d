import { ExportModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { ExportCommand } from './export.command';

/** `ballast export` with the use cases it needs. */
export const exportCommandModule = databaseCommand(ExportCommand, [ExportModule]);
