import { ReconciliationModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { ReconcileCommand } from './reconcile.command';

/** `ballast reconcile` with the use cases it needs. */
export const reconcileCommandModule = databaseCommand(ReconcileCommand, [ReconciliationModule]);
