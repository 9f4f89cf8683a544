/** The package's version, put in at build time. */
declare const WEBHOOK_VERSION: string;
