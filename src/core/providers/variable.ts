/** The environment variable of a provider's secret: `standard-webhooks` -> `STANDARD_WEBHOOKS_WEBHOOK_SECRET`. */
export function secretVariable(provider: string): string {
  return `${provider.toUpperCase().replaceAll('-', '_')}_WEBHOOK_SECRET`;
}

/** The environment variable of where a provider's API is: `CONNECT2PRINT_API_URL`. */
export function apiUrlVariable(provider: string): string {
  return `${provider.toUpperCase().replaceAll('-', '_')}_API_URL`;
}
