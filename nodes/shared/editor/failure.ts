/** The reason that the runtime gave for not doing what it was asked, as `{ error }`; undefined where it gave none. */
export function failureReason(reply: JQuery.jqXHR<unknown>): string | undefined {
  const body: unknown = reply.responseJSON;
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  return typeof body.error === 'string' && body.error !== '' ? body.error : undefined;
}
