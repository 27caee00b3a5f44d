export * from './evaluate-portfolio-file';
export * from './margin-output';
export * from './principal';
export * from './use-case-error';
