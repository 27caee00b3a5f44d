import { LifecycleModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { LifecycleCommand } from './lifecycle.command';

/** `ballast lifecycle` with the use cases it needs. */
export const lifecycleCommandModule = databaseCommand(LifecycleCommand, [LifecycleModule]);
