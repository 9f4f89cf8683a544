/** Every command, in the order of the overview. */
import type { Entry } from './shared/verb.js';

export const verbs: readonly Entry[] = [
  {
    name: 'listen',
    summary: 'Receive deliveries: verify, show, keep and forward them',
    load: async () => (await import('./listen.js')).listen,
  },
  {
    name: 'forward',
    summary: 'Get a public URL and hand on what comes in through it to your app',
    load: async () => (await import('./forward.js')).forward,
  },
  {
    name: 'trigger',
    summary: 'Send signed sample deliveries of any event to any URL',
    load: async () => (await import('./trigger.js')).trigger,
  },
  {
    name: 'check',
    summary: 'Judge an endpoint from outside, with what to mend',
    load: async () => (await import('./check.js')).check,
  },
  {
    name: 'test-event',
    summary: 'Have the provider itself send a test event, and wait for it',
    load: async () => (await import('./test-event.js')).testEvent,
  },
  {
    name: 'verify',
    summary: 'Say whether a saved body carries a valid signature',
    load: async () => (await import('./verify.js')).verify,
  },
  {
    name: 'sign',
    summary: 'Print the headers a provider would sign a body with',
    load: async () => (await import('./sign.js')).sign,
  },
  { name: 'list', summary: 'List kept deliveries', load: async () => (await import('./list.js')).list },
  { name: 'show', summary: 'Show a kept delivery in full', load: async () => (await import('./show.js')).show },
  { name: 'diff', summary: 'Compare two deliveries, or one with its sample', load: async () => (await import('./diff.js')).diff },
  { name: 'replay', summary: 'Send kept deliveries again', load: async () => (await import('./replay.js')).replay },
  {
    name: 'export',
    summary: 'Write kept deliveries to files: JSON, HAR, curl or HTTP messages',
    load: async () => (await import('./export.js')).exportVerb,
  },
  {
    name: 'import',
    summary: 'Keep deliveries from files: exports, HTTP Archives and others',
    load: async () => (await import('./import.js')).importVerb,
  },
  {
    name: 'prune',
    summary: 'Delete kept deliveries, after saying how many',
    load: async () => (await import('./prune.js')).prune,
  },
  {
    name: 'store',
    summary: 'Say where deliveries are kept, how many, and whether all is sound',
    load: async () => (await import('./store.js')).store,
  },
  { name: 'events', summary: 'List the event types of a provider', load: async () => (await import('./events.js')).events },
  {
    name: 'fixtures',
    summary: 'Show, copy, make and check sample payloads',
    load: async () => (await import('./fixtures.js')).fixtures,
  },
  {
    name: 'providers',
    summary: 'List the providers, or all about one',
    load: async () => (await import('./providers.js')).providers,
  },
  {
    name: 'keys',
    summary: 'Make a signing secret or key pair in the form a provider uses',
    load: async () => (await import('./keys.js')).keys,
  },
  {
    name: 'tunnels',
    summary: 'List the ways to a public URL, and which are ready here',
    load: async () => (await import('./tunnels.js')).tunnels,
  },
  { name: 'init', summary: 'Write a config file', load: async () => (await import('./init.js')).init },
  {
    name: 'completion',
    summary: 'Print a completion script for bash, zsh or fish',
    load: async () => (await import('./completion.js')).completion,
  },
];
