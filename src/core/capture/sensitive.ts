/** Tells what of a payload is private or secret: by what a value is called, where it stands, and what it looks like. */

export type Sensitive =
  | 'secret'
  | 'e-mail address'
  | 'phone number'
  | 'name'
  | 'given name'
  | 'family name'
  | 'company'
  | 'street'
  | 'city'
  | 'part of an address'
  | 'card number'
  | 'account number'
  | 'id number'
  | 'date of birth'
  | 'IP address';

/** Where a value stands. Names are as {@link plainKey} spells them. */
export interface Setting {
  /** What it is called; of an item, what the array is called. Empty: nothing names it. */
  readonly key: string;
  /** What holds it is about a person: it is called so, or it holds what only persons have. */
  readonly personal: boolean;
}

/** `customerEmail`, `Customer-Email` and `customer_email` are one name. */
export function plainKey(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

const SECRET_KEY =
  /(^|_)(token|secret|password|passwd|pwd|api_?key|access_key|private_key|authorization|signature|hmac|cookie|session|session_id|credentials?|otp|pin|cvc|cvv|csrf|jwt)$/;
const NAMES: ReadonlyArray<readonly [pattern: RegExp, kind: Sensitive]> = [
  [SECRET_KEY, 'secret'],
  [/(^|_)e_?mail(_address)?$/, 'e-mail address'],
  [/(^|_)(phone|telephone|tel|mobile|cell|fax|msisdn)(_?(number|no|nr))?$/, 'phone number'],
  [/^(first|given)_?names?$|_(first|given)_?name$/, 'given name'],
  [/^(last|family|maiden|middle)_?name$|_(last|family)_?name$|^surname$/, 'family name'],
  [
    /^(full|nick|user|display|real|customer|recipient|contact|cardholder|holder|account_holder|sender|author|billing|shipping|ship_to|bill_to|buyer|payer|employee|person|guest|patient|client|member|attendee|owner|driver|signer)_?name$/,
    'name',
  ],
  [/^(cardholder|card_holder|account_holder|attention|attn|contact_person|signed_by)$/, 'name'],
  [/^(street|street_name|street_address|address|address_?(line_?)?[1-4]|line_?[1-4]|full_address|formatted_address)$/, 'street'],
  [/(^|_)(city|town|locality)$/, 'city'],
  [
    /(^|_)(house_?(number|no|nr)(_addition|_suffix)?|postal_?code|post_?code|zip|zip_?code|latitude|longitude|lat|lng|lon)$/,
    'part of an address',
  ],
  [/(^|_)(card_number|card_no|pan)$/, 'card number'],
  [/(^|_)(iban|account_number|account_no|routing_number|sort_code)$/, 'account number'],
  [/(^|_)(ssn|bsn|national_id|passport|passport_number|tax_id|vat_number|vat_id|tin|licen[cs]e_number)$/, 'id number'],
  [/(^|_)(dob|date_of_birth|birth_?date|birthday)$/, 'date of birth'],
  [/(^|_)(ip|ip_address|remote_addr|client_ip)$/, 'IP address'],
];

/** Names that mean a person's only where it is about a person. */
const PERSONAL_NAMES: ReadonlyArray<readonly [pattern: RegExp, kind: Sensitive]> = [
  [/^(name|login|username)$/, 'name'],
  [/^(company|company_name|organi[sz]ation|business_name|employer)$/, 'company'],
];

const PERSON =
  /(^|_)(customer|recipient|contact|user|person|sender|owner|author|shipping|billing|address|buyer|cardholder|employee|member|attendee|guest|patient|client|payer|payee|receiver|subscriber|consignee|assignee|reviewer|creator|committer|pusher|actor|requester|passenger|student|driver|invitee|signer|profile|ship_to|bill_to)(s|es)?$/;
const ONLY_PERSONS_HAVE =
  /^(e_?mail|email_address|phone|phone_number|first_?name|last_?name|street|street_address|postal_?code|postcode|zip)$/;

/** Whether what is called so is about a person. */
export function isPersonal(key: string): boolean {
  return PERSON.test(key);
}

/** Whether only what is about a person holds something that is called so. */
export function onlyPersonsHave(key: string): boolean {
  return ONLY_PERSONS_HAVE.test(key);
}

/** What the value at a place is by its name; null: nothing private. */
export function sensitiveBy({ key, personal }: Setting, isNumber: boolean): Sensitive | null {
  const kind = (personal ? PERSONAL_NAMES : []).concat(NAMES).find(([pattern]) => pattern.test(key))?.[1] ?? null;
  // A number of tokens is none.
  return kind === 'secret' && isNumber && !/(^|_)(pin|otp|cvc|cvv|password)$/.test(key) ? null : kind;
}

export interface Match {
  readonly start: number;
  readonly end: number;
  readonly kind: Sensitive;
}

const PATTERNS: ReadonlyArray<readonly [pattern: RegExp, kind: Sensitive, holds: (text: string) => boolean]> = [
  [/[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62}\.)+[\p{L}]{2,24}/gu, 'e-mail address', () => true],
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, 'secret', () => true],
  [
    /\b(?:sk|pk|rk|whsec|xox[abposr]|gh[pousr]|glpat|github_pat|shpat|shpss|ya29|SG|c2p|v1)[-_.][\w.-]{12,}|\bAKIA[0-9A-Z]{16}\b/g,
    'secret',
    () => true,
  ],
  [/(?<=\b(?:Bearer|Basic)\s)[\w.~+/-]{8,}=*/g, 'secret', () => true],
  [/(?<=[?&](?:[\w.-]*(?:token|secret|api[-_]?key|password|signature|hmac)|key|sig)=)[^&#\s"']+/gi, 'secret', () => true],
  [/(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^/?#@\s]+(?=@)/gi, 'secret', () => true],
  [/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g, 'account number', isIban],
  [/(?<![\d+.-])\d(?:[ -]?\d){13,18}(?![\d.-])/g, 'card number', isCard],
  [/(?<![\w+])\+\d(?:[ ().-]{0,2}\d){7,14}(?!\w)/g, 'phone number', () => true],
];

/** What in a text looks private or secret, in order. */
export function sensitiveIn(text: string): Match[] {
  // Every pattern needs one of these, and most texts have none.
  if (!/[@+:&?=]|\d{4}|eyJ|[-_.]\w{12}|earer|asic/.test(text)) return [];
  const found: Match[] = [];
  for (const [pattern, kind, holds] of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      if (holds(match[0])) found.push({ start: match.index, end: match.index + match[0].length, kind });
    }
  }
  return found;
}

/** ISO 13616: with its first four characters at the end and letters as numbers, it leaves 1 when divided by 97. */
function isIban(text: string): boolean {
  const plain = text.replaceAll(' ', '');
  let rest = 0;
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** 14 to 19 digits of a card's networks, with a right check digit (ISO/IEC 7812). */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return /^[3-6]|^2[2-7]/.test(digits) && luhn(digits) === 0;
}

/** What the check digits sum up to, modulo 10. */
export function luhn(digits: string): number {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10;
}
