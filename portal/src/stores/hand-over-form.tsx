import { Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { StoreTaskView } from '../../../api/contract/stores';
import { TaskForm } from './act-on-task';
import { Quantities } from './quantities';

/** The buyer has it: by the code that they show, or by name and signature. */
export function HandOverForm({
  task,
  onDone,
}: {
  readonly task: StoreTaskView;
  readonly onDone: () => void;
}) {
  const [kind, setKind] = useState('code');
  const [code, setCode] = useState('');
  const [receivedBy, setReceivedBy] = useState('');
  const [signatureReference, setSignatureReference] = useState('');
  const [rest, setRest] = useState('later');
  const [taken, setTaken] = useState(() =>
    task.lines.map((line) => ({ lineNumber: line.lineNumber, quantity: line.picked ?? 0 })),
  );
  const left = task.lines.some((line, at) => (taken[at]?.quantity ?? 0) < (line.picked ?? 0));
  const proof = kind === 'code' ? { kind, code } : { kind, receivedBy, signatureReference };
  return (
    <TaskForm
      task={task}
      step="hand-over"
      body={() => ({ proof, taken, rest })}
      button="Handed over"
      onDone={onDone}
    >
      <Radio.Group label="Proof" value={kind} onChange={setKind}>
        <Stack gap="xs" mt="xs">
          <Radio value="code" label="Code of the buyer" />
          <Radio value="signature" label="Name and signature" />
        </Stack>
      </Radio.Group>
      {kind === 'code' ? (
        <TextInput
          label="Code"
          required
          inputMode="numeric"
          autoComplete="off"
          pattern="\d{8}"
          title="Eight digits"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value.trim())}
          data-autofocus
        />
      ) : (
        <>
          <TextInput
            label="Received by"
            required
            minLength={2}
            maxLength={100}
            value={receivedBy}
            onChange={(event) => setReceivedBy(event.currentTarget.value)}
          />
          <TextInput
            label="Where the signature is kept"
            description="Number of the slip, or of the signature on the device"
            required
            maxLength={100}
            value={signatureReference}
            onChange={(event) => setSignatureReference(event.currentTarget.value)}
          />
        </>
      )}
      <Quantities
        lines={task.lines}
        most={(line) => line.picked ?? 0}
        values={taken}
        onChange={setTaken}
        label="Taken"
      />
      {left && (
        <Radio.Group label="What is not taken" value={rest} onChange={setRest}>
          <Stack gap="xs" mt="xs">
            <Radio value="later" label="is fetched another time" />
            <Radio value="cancel" label="is not wanted any more" />
          </Stack>
        </Radio.Group>
      )}
    </TaskForm>
  );
}
