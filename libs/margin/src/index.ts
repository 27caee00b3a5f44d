export * from './margin-method';
export * from './margin-requirement';
export * from './portfolio';
