/** What every way to a public URL has in common: its traits, whether it is ready here, and how it is opened. */

/** Null: it depends on what it is used with. */
export interface TunnelTraits {
  /** A body comes out byte for byte as it went in, so that its signature holds. */
  readonly bytesExact: boolean | null;
  /** The sender gets the listener's own answer. */
  readonly repliesPass: boolean | null;
  /** Whether the URL is the same after a restart: `asked` where one can ask for it again. */
  readonly urlStable: 'always' | 'asked' | 'never' | null;
  /** Needs an account. */
  readonly account: boolean | null;
  /** Between the service and this machine, requests travel unencrypted. */
  readonly plaintextHop: boolean | null;
}

/** What a tunnel is to be like. Every driver reads what concerns it, and refuses what it cannot do. */
export interface TunnelSettings {
  /** The listener: an address of this machine. */
  readonly local: {
    readonly host: string;
    readonly port: number;
    /** Both, as a URL writes them: `[::1]:4400`. */
    readonly authority: string;
    /** Where a delivery goes that has no path of its own. */
    readonly path: string;
  };
  /** `--tunnel-host`: whose service it is, in the driver's own form; null: its usual one. */
  readonly server: string | null;
  /** `--subdomain`: the name to ask for. */
  readonly subdomain: string | null;
  /** `--tunnel-command` and `--tunnel-pattern`. */
  readonly command: string | null;
  readonly pattern: string | null;
  readonly publicUrl: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface OpenRequest extends TunnelSettings {
  /** Aborted where opening takes too long or is no longer wanted: the driver gives up and leaves nothing behind. */
  readonly signal: AbortSignal;
  /** The tunnel that was lost, whose URL is asked for again; null the first time. */
  readonly again: Tunnel | null;
  /** Tells something worth a line. */
  tell(message: string): void;
}

/** An open tunnel. */
export interface Tunnel {
  /** The public URL, without a slash at the end. */
  readonly url: string;
  /** Resolves with the reason, a sentence, where the tunnel itself finds that it is gone. Never rejects. */
  readonly lost: Promise<string>;
  /** True where the tunnel watches itself, because a request through it cannot tell. */
  readonly selfWatching?: boolean;
  /** How far it got, for the one that takes its place; null: nothing to go on from. */
  position?(): string | null;
  /** Ends it and what belongs to it. Never rejects; may be called twice. */
  close(): Promise<void>;
}

/** Whether a driver could be used here, and if not, what is missing. */
export interface Readiness {
  readonly ready: boolean;
  readonly detail: string;
}

export interface TunnelDriver {
  /** Looks at this machine only: nothing is contacted outside of it. */
  check(world: Pick<TunnelSettings, 'env' | 'cwd'>): Promise<Readiness>;
  /** @throws WebhookError `tunnel_unavailable`, or `usage` where a setting cannot be. */
  open(request: OpenRequest): Promise<Tunnel>;
}

/** A driver as the list shows it; its module is loaded only when it is used. */
export interface TunnelKind {
  readonly name: string;
  /** What it is, as a clause. */
  readonly summary: string;
  /** What it needs, as a clause. */
  readonly needs: string;
  readonly traits: TunnelTraits;
  load(): Promise<TunnelDriver>;
}
