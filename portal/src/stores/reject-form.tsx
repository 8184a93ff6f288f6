import { NativeSelect, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { StoreTaskView } from '../../../api/contract/stores';
import { TaskForm } from './act-on-task';

const reasons = [
  { value: 'not-found', label: 'The goods are not on the shelf' },
  { value: 'damaged', label: 'The goods cannot be sold' },
  { value: 'busy', label: 'Nobody has the time' },
  { value: 'closing', label: 'The store closes' },
  { value: 'other', label: 'Another reason' },
];

export function RejectForm({ task, onDone }: { readonly task: StoreTaskView; readonly onDone: () => void }) {
  const [reason, setReason] = useState('not-found');
  const [note, setNote] = useState('');
  const body = () => ({ reason, ...(note.trim() !== '' && { note: note.trim() }) });
  return (
    <TaskForm task={task} step="reject" body={body} button="Reject" onDone={onDone}>
      <NativeSelect
        label="Why"
        description={
          task.method === 'pickup'
            ? 'The pickup is cancelled, and the buyer is told.'
            : 'Another node is asked; this store is not asked again for this order.'
        }
        data={reasons}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label="Note"
        maxLength={300}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </TaskForm>
  );
}
