import { useState } from 'react';
import type { StoreTaskView } from '../../../api/contract/stores';
import { TaskForm } from './act-on-task';
import { Quantities } from './quantities';

export function PickForm({ task, onDone }: { readonly task: StoreTaskView; readonly onDone: () => void }) {
  const [picked, setPicked] = useState(() =>
    task.lines.map(({ lineNumber, quantity }) => ({ lineNumber, quantity })),
  );
  const short = task.lines.some((line, at) => (picked[at]?.quantity ?? 0) < line.quantity);
  return (
    <TaskForm task={task} step="pick" body={() => ({ lines: picked })} button="Picked" onDone={onDone}>
      <Quantities
        lines={task.lines}
        most={(line) => line.quantity}
        values={picked}
        onChange={setPicked}
        label="Picked"
      />
      {short && (
        <p className="small">
          What is missing leaves the stock of the store; it is looked for elsewhere, or the buyer waits.
        </p>
      )}
    </TaskForm>
  );
}
