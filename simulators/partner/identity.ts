import { z } from 'zod';

const character = z.string().length(1);

/** One company that buys: its ids, its dialect of X12 and the key of its mailbox at the hub. */
export const identity = z.object({
  id: z.string(),
  name: z.string(),
  apiKey: z.string(),
  isaQualifier: z.string().length(2),
  isaId: z.string().min(1).max(15),
  gsId: z.string().min(2).max(15),
  usage: z.enum(['P', 'T']),
  /** ISA12 */
  isaVersion: z.string(),
  /** GS08 */
  version: z.string(),
  separators: z.object({
    element: character,
    component: character,
    repetition: character,
    segment: character,
  }),
  seller: z.object({ isaQualifier: z.string(), isaId: z.string(), gsId: z.string() }),
});
export type Identity = z.infer<typeof identity>;
