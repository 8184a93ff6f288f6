import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { StoreTaskView } from '../../../api/contract/stores';
import { TaskForm } from './act-on-task';

export function ShipForm({ task, onDone }: { readonly task: StoreTaskView; readonly onDone: () => void }) {
  const [tracking, setTracking] = useState('');
  const body = () => (tracking.trim() === '' ? {} : { trackingNumber: tracking.trim() });
  return (
    <TaskForm task={task} step="ship" body={body} button="The carrier has it" onDone={onDone}>
      <TextInput
        label="Tracking number"
        description="Only where it is not the one of the label"
        maxLength={50}
        value={tracking}
        onChange={(event) => setTracking(event.currentTarget.value)}
        data-autofocus
      />
    </TaskForm>
  );
}
