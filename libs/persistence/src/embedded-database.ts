// The embedded server without the stores: loading it loads the driver alone.
export { EmbeddedPostgres } from './embedded-postgres';
export { type PersistenceOptions, persistenceOptionsFromEnv } from './persistence-options';
