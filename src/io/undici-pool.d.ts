/**
 * The pool alone, without the nine tenths of undici (fetch, WebSocket, caches, mocks) that its main entry loads with it:
 * they would cost every command that sends some 50 ms of its start.
 */
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  // biome-ignore lint/style/noDefaultExport: what a CommonJS module looks like from here
  export default Pool;
}
