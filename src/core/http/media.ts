/** The kinds of body that a Content-Type announces. */

/** True for a urlencoded form. */
export function isFormType(contentType: string | null): boolean {
  const [type = ''] = (contentType ?? '').split(';', 1);
  return type.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}
