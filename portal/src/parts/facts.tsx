import type { ReactNode } from 'react';

/** Each a name and what is to be said under it. */
export type FactList = readonly (readonly [string, ReactNode])[];

/** What is known of one thing, side by side. */
export function Facts({ facts }: { readonly facts: FactList }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
