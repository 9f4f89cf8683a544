/** The built-in providers' outlines, in their order. The build writes in place of this module what comes out of it. */
import { builtinProviders } from './list.js';
import { type Outline, outlineOf } from './outline.js';

export const builtinOutlines: readonly Outline[] = builtinProviders.map(outlineOf);
