/** Rightly signed bodies that only survive where the bytes themselves are what is verified. */
import type { SendOutcome } from '../send.js';
import { type Bench, isTaken } from './bench.js';
import { footingOf } from './footing.js';
import { judgeTaken, saidOf } from './judge.js';
import { type Check, type Finding, skip, warn } from './model.js';
import { signsBytes } from './rejects.js';
import { addMember, VARIANTS, type Variant } from './variants.js';

export const rawBody: readonly Check[] = VARIANTS.map((variant) => ({
  id: variant.id,
  title: variant.title,
  why: variant.why,
  fix: 'Verify the raw bytes of the body, before anything parses, trims or decodes them.',
  async run(bench) {
    const tried = await attemptedBody(bench, variant);
    return typeof tried === 'string' ? skip(tried) : judge(bench, variant, tried.answer);
  },
}));

function judge(bench: Bench, variant: Variant, answer: SendOutcome): Finding {
  // 400 and 422 are what parsers say; 401 and 403 are what a signature check says.
  if (variant.doubtful && answer.outcome === 'responded' && [400, 422].includes(answer.status)) {
    return warn(
      `${saidOf(bench, answer)}: its parser does not take it.`,
      'If the provider never sends such a body, this is no harm.',
    );
  }
  return judgeTaken(bench, answer, ', though it is rightly signed');
}

/** Sends a delivery in this spelling, once; a sentence where that would say nothing. */
export function attemptedBody(bench: Bench, variant: Variant): Promise<{ answer: SendOutcome; body: Uint8Array } | string> {
  return bench.once(variant.id, async () => {
    const { kind } = await footingOf(bench);
    if (!bench.signs) return `${bench.provider.title} does not sign its deliveries.`;
    if (kind === 'none' || kind === 'otherwise_signed') return 'It refuses what is rightly signed, so that this cannot be told.';
    if (!signsBytes(bench)) return `${bench.provider.title} does not sign the bytes of the body.`;
    const delivery = bench.right();
    if (!isJson(delivery.body)) return `${bench.provider.title} does not send JSON.`;
    if (variant.adds && !(await takesUnknownField(bench)))
      return 'It refuses any field it does not know, so that this cannot be told.';
    const body = variant.write(delivery.body);
    if (body === null) return 'The payload has no object to put it in.';
    const request = bench.signedAnew(delivery, { body });
    if (!bench.isGenuine(request)) return 'The scheme cannot sign this body.';
    return { answer: await bench.send(request), body };
  });
}

/** Whether it takes a delivery with a plain member more. */
async function takesUnknownField(bench: Bench): Promise<boolean> {
  const answer = await sendUnknownField(bench);
  return answer !== null && isTaken(answer);
}

/** Sends a delivery with a plain member more, once; null where there is no place for one. */
export function sendUnknownField(bench: Bench): Promise<SendOutcome | null> {
  return bench.once('unknown field', async () => {
    await footingOf(bench);
    const delivery = bench.right();
    const body = withUnknownField(delivery.body);
    return body === null ? null : bench.deliver(bench.signedAnew(delivery, { body }));
  });
}

const FORM = /^[\w.%+*-]+=[^&\s]*(?:&[\w.%+*-]+=[^&\s]*)*$/;

function withUnknownField(body: Uint8Array): Uint8Array | null {
  const text = Buffer.from(body).toString('utf8');
  if (FORM.test(text)) return Buffer.from(`${text}&webhook_check=a`);
  return addMember(body, '"a"');
}

function isJson(body: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(body).toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
