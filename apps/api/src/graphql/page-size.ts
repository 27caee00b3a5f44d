/** Rows a page holds at most, whatever a client asks for. */
export const pageSizeMaximum = 500;

/** Documentation of every `first` argument. */
export const pageSizeDescription = 'Rows of the page, 1 to 500; more is taken as 500.';
