/** The right of an option: to buy ('call') or to sell ('put') the underlying at the strike. */
export type OptionRight = 'call' | 'put';
