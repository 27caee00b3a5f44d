import { FollowModule, ImportModule } from '@ballast/use-cases';
import { databaseCommand } from '../database-module';
import { ImportCommand } from './import.command';
import { FollowImport } from './follow-import';
import { HoldingImports, ImportRunners, ReferenceImports } from './import-runners';

/** `ballast import` with the use cases it needs. */
const base = databaseCommand(ImportCommand, [ImportModule, FollowModule]);
export const importCommandModule = {
  ...base,
  providers: [FollowImport, ReferenceImports, HoldingImports, ImportRunners, ...(base.providers ?? [])],
};
