import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capture } from '../../../src/core/capture/capture.js';
import { parsePattern } from '../../../src/core/events/path-pattern.js';

const captured = (json: string, keep: readonly string[] = []) => {
  const { body, redactions } = capture(Buffer.from(json), { keep: keep.map(parsePattern) });
  return { text: Buffer.from(body).toString(), told: redactions.map(({ path, kind, standIn }) => `${path}: ${kind} ${standIn}`) };
};

describe('a payload that can be shown', () => {
  it('has stand-ins in place of what is private, and every other byte', () => {
    const json =
      '{ "total": 499.00,\r\n\t"customer":{"name":"Zo\\u00eb de Vries","email":"zoe@devries.nl","company":"De Vries B.V."},"note":"Mail zoe@devries.nl or call Zoë \\/ ë" }\n';
    expect(captured(json)).toEqual({
      text: '{ "total": 499.00,\r\n\t"customer":{"name":"Alex Sample","email":"person1@example.com","company":"Company 1"},"note":"Mail person1@example.com or call Alex \\/ ë" }\n',
      told: [
        'customer.name: name Alex Sample',
        'customer.email: e-mail address person1@example.com',
        'customer.company: company Company 1',
        'note: e-mail address person1@example.com',
        'note: given name Alex',
      ],
    });
  });

  it('gives the same value the same stand-in: earlier, later, in lists, in keys, as a number', () => {
    const json =
      '{"text":"for anna.b@x.org","by_mail":{"anna.b@x.org":1},"emails":["anna.b@x.org","c@x.org"],"phone":31612345678,"seen":31612345678,"said":"31612345678"}';
    expect(captured(json).text).toBe(
      '{"text":"for person1@example.com","by_mail":{"person1@example.com":1},"emails":["person1@example.com","person2@example.com"],"phone":12025550101,"seen":12025550101,"said":"12025550101"}',
    );
  });

  it('takes a number for the same however it is grouped', () => {
    const { text } = captured(
      '{"note":"card 4242 4242 4242 4242, call +31 6 12345678","card_number":"4242424242424242","phone":"+31612345678","iban":"NL91 ABNA 0417 1643 00","account_number":"NL91ABNA0417164300"}',
    );
    const { note, ...whole } = JSON.parse(text);
    expect(note.replace(/ /g, '')).toBe(`card${whole.card_number},call${whole.phone}`);
    expect(whole.iban.replace(/ /g, '')).toBe(whole.account_number);
  });

  it('tells a person’s name from a product’s', () => {
    const json =
      '{"items":[{"name":"Business cards","sku":"BC"}],"shipping_address":{"name":"Jan Jansen","city":"Utrecht","country":"NL"}}';
    const { text } = captured(json);
    expect(text).toContain('"name":"Business cards"');
    expect(text).toContain('{"name":"Alex Sample","city":"Town 1","country":"NL"}');
  });

  it('looks into JSON within texts', () => {
    const inner = JSON.stringify({ user: { name: 'Jan Jansen', email: 'jan@x.nl' } });
    const { text, told } = captured(JSON.stringify({ payload: inner, by: 'Jan Jansen' }));
    expect(JSON.parse(JSON.parse(text).payload)).toEqual({ user: { name: 'Alex Sample', email: 'person1@example.com' } });
    expect(JSON.parse(text).by).toBe('Alex Sample');
    expect(told).toContain('payload.user.email: e-mail address person1@example.com');
  });

  it('keeps what is to be kept, there', () => {
    const json = '{"customer":{"email":"a@x.nl","name":"Jan"},"items":[{"email":"b@x.nl"},{"email":"c@x.nl"}]}';
    expect(captured(json, ['customer', 'items[*].email'])).toEqual({ text: json, told: [] });
    expect(captured(json, ['customer.email']).text).toContain('"email":"a@x.nl","name":"Alex"');
  });

  it('takes a form field by field', () => {
    const form = 'From=%2B31612345678&Body=I%27m+Jan&token=abcdefgh12&a=%7e&FromName=&payload=%7B%22email%22%3A%22a%40x.nl%22%7D';
    const { body, redactions } = capture(Buffer.from(form), { form: true });
    expect(Buffer.from(body).toString()).toBe(
      'From=%2B12025550101&Body=I%27m+Jan&token=redacted1&a=%7e&FromName=&payload=%7B%22email%22%3A%22person1%40example.com%22%7D',
    );
    expect(redactions.map(({ path }) => path)).toEqual(['From', 'token', 'payload.email']);
  });

  it('finds in other texts what looks private, and leaves what is no text', () => {
    const { body, readAs } = capture(Buffer.from('<mail>zoe@x.nl</mail>'));
    expect([Buffer.from(body).toString(), readAs]).toEqual(['<mail>person1@example.com</mail>', 'text']);
    const binary = Uint8Array.of(0xff, 0x00);
    expect(capture(binary)).toEqual({ body: binary, redactions: [], readAs: 'binary' });
  });

  it('prints no private value in what it tells', () => {
    const { told } = captured('{"people":{"zoe@devries.nl":{"phone":"+31201234567"}}}');
    expect(told.join('\n')).not.toMatch(/zoe|devries|31201/);
  });
});

const word = fc.stringMatching(/^Q[a-z]{5,9}x$/);
const secrets = fc.uniqueArray(word, { minLength: 4, maxLength: 4 });

describe('whatever the payload', () => {
  it('no private value remains anywhere, the result is JSON, and what is outside is as it was', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.json({ maxDepth: 3 }),
        fc.constantFrom(0, 2),
        fc.string({ maxLength: 10 }),
        (words, other, indent, text) => {
          const [given = '', family = '', street = '', local = ''] = words;
          const mail = `${local}@${family}.example`;
          const before = {
            early: `to ${mail}, ${given} ${family}`,
            customer: { first_name: given, last_name: family, name: `${given} ${family}`, email: mail, street: `${street} 12` },
            list: [{ note: `${text} ${street} 12 ${text}` }, mail.toUpperCase()],
            [mail]: true,
          };
          const json = JSON.stringify(before, null, indent).replace(/\}$/, () => `,"other":${other}}`);
          const { body } = capture(Buffer.from(json));
          const after = Buffer.from(body).toString();
          for (const value of [given, family, mail, `${street} 12`])
            expect(after.toLowerCase()).not.toContain(value.toLowerCase());
          const parsed = JSON.parse(after);
          expect(parsed.customer.name).toBe(`${parsed.customer.first_name} ${parsed.customer.last_name}`);
          expect(parsed.early).toContain(parsed.customer.email);
          expect(after.endsWith(`,"other":${other}}`)).toBe(true);
          expect(after.slice(0, 8)).toBe(json.slice(0, 8));
        },
      ),
    );
  });

  it('what holds nothing private stays, to the byte', () => {
    const plain = fc.jsonValue({ maxDepth: 4 }).filter((value) => !/[@+:?&=]|\d{6}|[a-z_-]{8}/i.test(JSON.stringify(value)));
    fc.assert(
      fc.property(plain, fc.constantFrom(0, 1, 3), (value, indent) => {
        const json = Buffer.from(JSON.stringify({ value }, null, indent));
        const { body, redactions } = capture(json);
        expect(redactions).toEqual([]);
        expect(Buffer.compare(body, json)).toBe(0);
      }),
    );
  });

  it('bytes between the stand-ins are those there were', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.json({ maxDepth: 3 }), (one, other) => {
        fc.pre(!/@|email|phone|name/i.test(one + other));
        const json = `{"a":${one},"email":"qwx@host.example","b":${other}}`;
        const { body, redactions } = capture(Buffer.from(json));
        fc.pre(redactions.length === 1);
        expect(Buffer.from(body).toString()).toBe(json.replace('qwx@host.example', 'person1@example.com'));
      }),
    );
  });

  it('deep and large ones take no more than their size', () => {
    const deep = `${'['.repeat(50_000)}"a@x.nl"${']'.repeat(50_000)}`;
    expect(captured(deep).text).toBe(deep.replace('a@x.nl', 'person1@example.com'));
    const many = JSON.stringify(
      Array.from({ length: 5_000 }, (_, index) => ({ email: `p${index}@x.nl`, name: `Jan Nr${index}x` })),
    );
    const { text } = captured(many);
    expect(text).not.toMatch(/@x\.nl|Nr\d+x/);
  });
});
