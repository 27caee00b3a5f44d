import { ImportModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { ImportCommand } from './import.command';
import { HoldingImports, ImportRunners, ReferenceImports } from './import-runners';

/** `ballast import` with the use cases it needs. */
const base = databaseCommand(ImportCommand, [ImportModule]);
export const importCommandModule = {
  ...base,
  providers: [ReferenceImports, HoldingImports, ImportRunners, ...(base.providers ?? [])],
};
