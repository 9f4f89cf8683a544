import type { Renderer, RendererOptions, Speaker } from './renderer.js';

/** The renderer that the options ask for; only its own modules are loaded. */
export async function createRenderer(options: RendererOptions): Promise<Renderer> {
  if (options.json) return (await import('./json.js')).createJsonRenderer(options);
  return (await import('./human.js')).createHumanRenderer(options);
}

/** The same for a command that says little. */
export async function createSpeaker(options: RendererOptions): Promise<Speaker> {
  if (options.json) return (await import('./json.js')).createJsonRenderer(options);
  return (await import('./speaker.js')).createHumanSpeaker(options);
}
