/**
 * The spelling that every JSON number of the same value has in common: `499.00`, `499` and `4.99e2` are `499e0`. Exact, however
 * long: no number is rounded to compare it.
 */
export function canonicalNumber(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const digits = whole + fraction;
  let start = 0;
  let end = digits.length;
  while (start < end && digits[start] === '0') start++;
  if (start === end) return '0';
  while (digits[end - 1] === '0') end--;
  const exponent = Number(power) - fraction.length + (digits.length - end);
  return Number.isSafeInteger(exponent) ? `${sign}${digits.slice(start, end)}e${exponent}` : text;
}
