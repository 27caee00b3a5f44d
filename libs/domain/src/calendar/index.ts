export * from './calendar-date';
export * from './calendar-years';
export * from './exchange-calendar';
export * from './exchange-calendars';
export * from './series-expiry';
export * from './time-zone';
