/** What Lambda's on-failure destination puts into the retry queue. */

interface QueueEvent {
  readonly Records: readonly { readonly eventSource?: string; readonly body: string }[];
}

function isQueueEvent(event: unknown): event is QueueEvent {
  const records = (event as QueueEvent | null)?.Records;
  return Array.isArray(records) && records.every(({ eventSource }) => eventSource === 'aws:sqs');
}

/**
 * The events to be handled: the one delivered, or those that failed before and come again from the
 * retry queue, wrapped with the reason.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function eventsOf(event: unknown): readonly unknown[] {
  if (!isQueueEvent(event)) return [event];
  return event.Records.map(({ body }) => {
    const wrapped = JSON.parse(body) as { readonly requestPayload?: unknown };
    return wrapped.requestPayload ?? wrapped;
  });
}
