/** What the findings mean together: which of the well-known faults an endpoint has. */
import type { SendOutcome } from '../send.js';
import { type Bench, isTaken } from './bench.js';
import { footingOf, knowsFooting, parsedBody } from './footing.js';
import { isCrash } from './judge.js';
import type { CheckResult, Diagnosis } from './model.js';
import { attemptedBody } from './raw-body.js';
import { attempted, FORGERIES } from './rejects.js';
import { STYLES } from './restyle.js';
import { VARIANTS } from './variants.js';

/** Looks only at what was tried; sends nothing. */
export async function diagnose(bench: Bench, results: readonly CheckResult[]): Promise<Diagnosis[]> {
  const tried = new Set(results.filter(({ status }) => status !== 'skip').map(({ id }) => id));
  if (tried.size === 0 || !knowsFooting(bench)) return [];
  const footing = await footingOf(bench);
  const { answer } = footing;
  if (answer.outcome === 'failed') return [unreachable(answer)];

  const found: Diagnosis[] = [];
  const forged = new Map<string, SendOutcome>();
  for (const forgery of FORGERIES) {
    if (!tried.has(forgery.id)) continue;
    const outcome = await attempted(bench, forgery);
    if (typeof outcome !== 'string') forged.set(forgery.id.slice('rejects.'.length), outcome);
  }
  const taken = [...forged].filter(([, outcome]) => isTaken(outcome)).map(([name]) => name);
  const crashed = [...forged].filter(([, outcome]) => isCrash(outcome)).map(([name]) => name);
  found.push(...fromForgeries(new Set(forged.keys()), taken, crashed));

  if (footing.cause !== null) found.push(footing.cause);
  else if (footing.kind === 'none' && taken.length === 0) found.push(refusesAll(answer, [...forged.values()]));
  else found.push(...(await fromBodies(bench, tried)));
  if (bench.notes.expectedSignature) {
    found.push({
      code: 'leaks_signature',
      message: 'It tells whoever sends a forged delivery what the right signature is.',
      hint: 'Answer no more than that the signature is not valid.',
    });
  }
  return found;
}

function unreachable(answer: SendOutcome & { outcome: 'failed' }): Diagnosis {
  return {
    code: answer.reason === 'timeout' ? 'no_answer' : 'unreachable',
    message: `There was no answer to look at: ${answer.message}`,
    hint: 'Start the app, and check scheme, host and port; --wait 30s waits for it.',
  };
}

/** Faults that only show in the form of a signature, before it is compared. */
const FORM = ['empty', 'garbage', 'not_encoded', 'too_short', 'too_long'];

function fromForgeries(tried: ReadonlySet<string>, taken: readonly string[], crashed: readonly string[]): Diagnosis[] {
  const found: Diagnosis[] = [];
  const verify =
    'Compute the signature over the raw bytes with your secret, compare it with timingSafeEqual, answer 401 where it differs.';
  if (taken.length > 1 && taken.length === tried.size) {
    found.push({
      code: 'no_verification',
      message: `It verifies nothing: all ${taken.length} forged deliveries were taken.`,
      hint: verify,
    });
  } else if (taken.includes('other_secret')) {
    found.push({
      code: 'presence_only',
      message: 'It looks whether there is a signature, and not whether it is the right one.',
      hint: verify,
    });
  } else if (taken.includes('missing') || taken.includes('empty')) {
    found.push({
      code: 'optional_signature',
      message: 'It verifies a signature where there is one, and takes what has none.',
      hint: 'Refuse what carries no signature; a secret that is not configured has to be an error too.',
    });
  } else if (taken.includes('other_body')) {
    found.push({ code: 'body_not_covered', message: 'It does not verify the body: any other is taken.', hint: verify });
  }
  if (!taken.includes('other_secret') && (taken.includes('stale') || taken.includes('future'))) {
    found.push({
      code: 'no_replay_window',
      message: 'It verifies the signature, and not how old it is.',
      hint: 'Refuse what was signed longer ago, or further ahead, than the provider’s tolerance.',
    });
  }
  if (crashed.length > 0) {
    const formOnly = crashed.every((name) => FORM.includes(name)) && tried.has('other_secret');
    found.push({
      code: 'crashes_on_malformed',
      message: `It fails over what it should refuse: ${crashed.map((name) => name.replaceAll('_', ' ')).join(', ')}.`,
      hint: formOnly
        ? 'timingSafeEqual throws where the lengths differ: compare the lengths first, and answer 401.'
        : 'Answer 401 where the signature is not right; an exception makes the provider send it again and again.',
    });
  }
  return found;
}

function refusesAll(answer: SendOutcome & { outcome: 'responded' }, forged: readonly SendOutcome[]): Diagnosis {
  const { status } = answer;
  const tellsApart = forged.length > 0 && forged.every((outcome) => outcome.outcome === 'responded' && outcome.status !== status);
  if (tellsApart) {
    return {
      code: 'payload_refused',
      message: `It tells right signatures from wrong ones (${status} against others), and refuses the payload.`,
      hint: 'Set the values the app knows (--set data.order.id=77), or choose another event (--event).',
    };
  }
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
    return {
      code: 'wrong_url',
      message: `Everything is answered ${status}: this is not the URL of the endpoint.`,
      hint: 'Check the path, and that the route takes POST.',
    };
  }
  if (status >= 500) {
    return { code: 'broken', message: `Genuine deliveries are answered ${status}.`, hint: 'Look at the app’s log.' };
  }
  return {
    code: 'refuses_everything',
    message: `Genuine and forged deliveries alike are answered ${status}, and no fault was found that explains it.`,
    hint: 'Most likely the app has another secret. Compare the two, white space included.',
  };
}

/** Of the bodies that were refused: whether they are those that a writer of JSON would have spelled otherwise. */
async function fromBodies(bench: Bench, tried: ReadonlySet<string>): Promise<Diagnosis[]> {
  const refused: string[] = [];
  const lost = new Map(STYLES.map((style) => [style, new Set<string>()]));
  for (const variant of VARIANTS) {
    if (!tried.has(variant.id)) continue;
    const attempt = await attemptedBody(bench, variant);
    if (typeof attempt === 'string') continue;
    const name = variant.id.slice('raw-body.'.length);
    if (!isTaken(attempt.answer)) refused.push(name);
    for (const [style, names] of lost) {
      const again = style.write(attempt.body);
      if (again === null || !Buffer.from(again).equals(Buffer.from(attempt.body))) names.add(name);
    }
  }
  if (refused.length === 0) return [];
  if (refused.every((name) => name === 'trailing_newline')) {
    return [
      {
        code: 'trailing_newline',
        message: 'It trims the body before verifying it.',
        hint: 'Hash the bytes as they came, the last newline included.',
      },
    ];
  }
  if (refused.every((name) => ['emoji', 'line_separator'].includes(name))) {
    return [
      {
        code: 'text_encoding',
        message: 'It verifies text in another encoding than UTF-8: only what is not ASCII is refused.',
        hint: 'Hash the bytes, not a text made of them.',
      },
    ];
  }
  // Two are enough to tell it from one odd parser, and all that this writer would lose have to be among them.
  const explained = [...lost].find(
    ([, names]) => refused.filter((name) => names.has(name)).length > 1 && refused.every((name) => names.has(name)),
  );
  return explained === undefined ? [] : [parsedBody(explained[0].name)];
}
