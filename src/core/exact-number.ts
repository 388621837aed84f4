/** The one reader of numbers in what hosts say: exact, or none. Pure. */

const decimal = /^([-+]?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d{1,4}))?$/;

/**
 * The number that a text writes in decimals, `-0` as 0; undefined for any other text, and for a number that would be read as
 * another one: 12345678901234567890 and its neighbour are one number to a program, and unequal values would look equal.
 */
export function exactNumber(text: string): number | undefined {
  if (!decimal.test(text)) return undefined;
  const number = Number(text);
  if (!Number.isFinite(number)) return undefined;
  return canonical(text) === canonical(String(number)) ? number + 0 : undefined;
}

/** Sign, digits without zeros at their ends, and the power of ten of the last one: alike for all spellings of one number. */
function canonical(text: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] = decimal.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = withoutZerosAtEnd(digits);
  if (significant === '') return '0';
  const exponent = Number(power) - fraction.length + digits.length - significant.length;
  return `${sign === '-' ? '-' : ''}${significant}e${exponent}`;
}

function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
