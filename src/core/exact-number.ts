/** The one reader of numbers in what hosts say: exact, or none. Pure. */

const decimal = /^[-+]?(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d{1,4}))?$/;

/**
 * The number that a text writes in decimals, `-0` as 0; undefined for any other text, and for a number that would be read as
 * another one: 12345678901234567890 and its neighbour are one number to a program, and unequal values would look equal.
 */
export function exactNumber(text: string): number | undefined {
  const written = digitsOf(text);
  const number = Number(text);
  return written !== undefined && written === digitsOf(String(number)) ? number + 0 : undefined;
}

/** Digits without zeros at their ends, and the power of ten of the first one: alike for all spellings of one number, but for its sign. */
function digitsOf(text: string): string | undefined {
  const found = decimal.exec(text);
  if (!found) return undefined;
  const [, whole = '', fraction = '', power = '0'] = found;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutZerosAtEnd(digits);
  if (significant === '') return '0';
  return `${significant}e${Number(power) - fraction.length + digits.length}`;
}

function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
