// A list of trades that an analysis is asked about: JSON or the short form of the command line.
import { Decimal, describeValue, DomainError } from '@ballast/domain';
import { parseJsonDocument } from './json-document';
import {
  decimalAt,
  identifierAt,
  type JsonPlace,
  listAt,
  objectAt,
  optionalMember,
  refusePlace,
  requiredMember,
} from './json-member';

/** A trade by the identifier of its contract. */
export interface TradeRow {
  readonly instrumentId: string;
  /** Contracts: bought > 0, sold < 0. */
  readonly quantity: Decimal;
  /** Price per unit [instrument currency]; the mark when absent. */
  readonly price?: Decimal;
  /** Fees per contract [instrument currency]. */
  readonly feePerContract?: Decimal;
}

/**
 * Parses a file of trades: `[{ "instrument": "ID", "quantity": "-2", "price": "1.25", "fee": "0.65" }]`, price and fee
 * optional, amounts in quotes.
 *
 * @throws FileRefusal naming line and member
 */
export function parseTradeFile(text: string, file: string): readonly TradeRow[] {
  const document = parseJsonDocument(text, file);
  return listAt({ file, path: '', node: document }).map(readTrade);
}

/**
 * Parses the short form `ID=QUANTITY[@PRICE]`, several separated by commas; the last `=` ends the identifier.
 *
 * @throws DomainError 'INVALID_DECIMAL' or 'INVALID_POSITION' naming the part
 *
 * @example
 * parseTradeWords('IBM-95P=-10@1.02').map(({ quantity }) => quantity.toFixed()) // ['-10']
 */
export function parseTradeWords(text: string): readonly TradeRow[] {
  return text.split(',').map((word) => {
    const [, instrumentId = '', quantity = '', price] = /^(.+)=([^=@]+)(?:@([^=@]+))?$/.exec(word.trim()) ?? [];
    if (instrumentId === '')
      throw new DomainError(
        'INVALID_POSITION',
        `expected ID=QUANTITY or ID=QUANTITY@PRICE, got ${describeValue(word)}`,
      );
    return {
      instrumentId,
      quantity: plainDecimal(quantity, `quantity of ${instrumentId}`),
      ...(price === undefined ? {} : { price: plainDecimal(price, `price of ${instrumentId}`) }),
    };
  });
}

function readTrade(place: JsonPlace): TradeRow {
  const object = objectAt(place, ['instrument', 'quantity', 'price', 'fee']);
  const price = optionalMember(object, 'price');
  const fee = optionalMember(object, 'fee');
  const quantityAt = requiredMember(object, 'quantity');
  const quantity = decimalAt(quantityAt);
  if (quantity.isZero()) refusePlace(quantityAt, 'a trade of no contracts');
  return {
    instrumentId: identifierAt(requiredMember(object, 'instrument')),
    quantity,
    ...(price === undefined ? {} : { price: decimalAt(price) }),
    ...(fee === undefined ? {} : { feePerContract: decimalAt(fee) }),
  };
}

function plainDecimal(text: string, field: string): Decimal {
  if (!/^[-+]?\d{1,18}(?:\.\d{1,10})?$/.test(text))
    throw new DomainError(
      'INVALID_DECIMAL',
      `${field}: expected plain digits such as -1234.50, got ${describeValue(text)}`,
    );
  return new Decimal(text.replace(/^\+/, ''));
}
