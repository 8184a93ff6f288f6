import type { Client } from '@temporalio/client';
import { orderWorkflowId } from '../../workflows/contracts/order-workflow';

export const callKinds = ['activity', 'local-activity', 'signal'] as const;
export type Call = (typeof callKinds)[number];

export interface CallsOfOrder {
  /** In the order of the history. */
  readonly calls: readonly Call[];
  readonly names: readonly string[];
  readonly workflowTasks: number;
  readonly events: number;
}

/** What an order's workflow asked for, read from its recorded history. */
export async function callsOf(client: Client, orderId: string): Promise<CallsOfOrder> {
  const { events } = await client.workflow.getHandle(orderWorkflowId(orderId)).fetchHistory();
  const calls: Call[] = [];
  const names: string[] = [];
  let workflowTasks = 0;
  for (const event of events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    const marker = event.markerRecordedEventAttributes;
    if (scheduled) {
      calls.push('activity');
      names.push(`${scheduled.activityType?.name} (activity)`);
    } else if (marker?.markerName === 'core_local_activity') {
      calls.push('local-activity');
      names.push(localActivityName(marker.details?.['data']?.payloads?.[0]?.data));
    } else if (event.workflowExecutionSignaledEventAttributes) {
      calls.push('signal');
      names.push(`${event.workflowExecutionSignaledEventAttributes.signalName} (signal)`);
    }
    if (event.workflowTaskCompletedEventAttributes) workflowTasks++;
  }
  return { calls, names, workflowTasks, events: events?.length ?? 0 };
}

function localActivityName(data: Uint8Array | null | undefined): string {
  try {
    const { activity_type } = JSON.parse(Buffer.from(data ?? []).toString()) as { activity_type?: string };
    return activity_type ?? 'local activity';
  } catch {
    return 'local activity';
  }
}

/** The calls that most of these orders have: a signal that overtakes a step moves places now and then. */
export async function usualCalls(
  client: Client,
  orderIds: readonly string[],
): Promise<CallsOfOrder & { readonly share: number }> {
  const all: CallsOfOrder[] = [];
  for (const id of orderIds) all.push(await callsOf(client, id));
  const counts = new Map<string, CallsOfOrder[]>();
  for (const one of all) {
    const key = callKinds.map((kind) => one.calls.filter((call) => call === kind).length).join('/');
    counts.set(key, [...(counts.get(key) ?? []), one]);
  }
  const [usual] = [...counts.values()].sort((a, b) => b.length - a.length);
  const [first] = usual ?? [];
  if (!usual || !first) throw new Error('no order to count the calls of');
  return { ...first, share: usual.length / all.length };
}
