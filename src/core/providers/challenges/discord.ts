import type { Challenge } from '../challenge.js';
import { answered, emptyAnswer, jsonAnswer, unlessForged } from './kit.js';

/**
 * Discord's PING of an interactions endpoint. It sends some with a wrong signature on purpose, which have to get 401.
 *
 * https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
 */
export const discordPing: Challenge = {
  name: 'PING',
  summary: 'Discord pings the interactions endpoint: answer {"type":1}, and 401 if the signature is wrong',
  signed: true,
  matches: ({ request, reader }) =>
    request.method === 'POST' && reader.read('body:/type') === '1' && reader.read('body:/event/type') === null,
  answer: (input) => unlessForged(input, () => answered(jsonAnswer({ type: 1 }))),
};

/** Discord's PING of a webhook events URL. https://docs.discord.com/developers/events/webhook-events#preparing-for-events */
export const discordEventsPing: Challenge = {
  name: 'events.PING',
  summary: 'Discord pings the webhook events URL: answer 204, and 401 if the signature is wrong',
  signed: true,
  matches: ({ request, reader }) => request.method === 'POST' && reader.read('body:/type') === '0',
  answer: (input) => unlessForged(input, () => answered(emptyAnswer(204, [['Content-Type', 'application/json']]))),
};
