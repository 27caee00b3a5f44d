import { PersistenceModule } from '@ballast/persistence';
import type { DynamicModule, ModuleMetadata, Type } from '@nestjs/common';

/** Marks the module of commands that work on the database. */
class DatabaseCommandModule {}

/** A module of one command with the stores and the use cases it needs. The database opens at the first use. */
export function databaseCommand(command: Type, imports: ModuleMetadata['imports'] = []): DynamicModule {
  return {
    module: DatabaseCommandModule,
    imports: [PersistenceModule.register(), ...imports],
    providers: [command],
  };
}
