// Changes of exchange calendars: `calendar,date,change,name[,close]`.
import { type CalendarChange, exchangeCalendars } from '@ballast/domain';
import { type CellReader, CellRefusal, choiceCell, dateCell, nameCell } from './cell';
import { readTable, type SourceFile, type TableContent, type TableFormat } from './table';

/** A day that an exchange announces to treat otherwise. */
export interface CalendarChangeRecord extends CalendarChange {
  readonly calendarId: string;
}

const timeCell: CellReader<string> = (text) => {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) throw new CellRefusal('expected a local time such as 13:00');
  return text;
};

const format: TableFormat<CalendarChangeRecord> = {
  columns: [
    { name: 'calendar' },
    { name: 'date' },
    { name: 'change' },
    { name: 'name' },
    { name: 'close', optional: true },
  ],
  toRecord: (cells) => {
    const change = cells.required('change', choiceCell(['holiday', 'session', 'early-close']));
    const close = change === 'early-close' ? cells.required('close', timeCell) : cells.optional('close', timeCell);
    if (change !== 'early-close' && close !== undefined) cells.refuse('close', `must be empty for a ${change}`);
    return {
      calendarId: cells.required('calendar', choiceCell([...exchangeCalendars.keys()])),
      date: cells.required('date', dateCell),
      change,
      name: cells.required('name', nameCell),
      ...(close === undefined ? {} : { close }),
    };
  },
  unique: { column: 'date', key: ({ calendarId, date }) => `${calendarId} ${date}` },
};

/** Reads changes of exchange calendars (CSV or JSON). @throws FileRefusal */
export function readCalendarChangeFile(source: SourceFile): TableContent<CalendarChangeRecord> {
  return readTable(source, format);
}
