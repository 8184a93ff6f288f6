import { z } from 'zod';

export const replayBody = z
  .strictObject({
    confirmed: z
      .boolean()
      .default(false)
      .meta({ description: 'Do it although the partner has sent the same purchase orders again' }),
  })
  .meta({ id: 'ReplayDocument' });
export const reissueBody = z
  .strictObject({
    confirmed: z.boolean().default(false).meta({ description: 'Do it although it may double an 856 or 810' }),
  })
  .meta({ id: 'ReissueDocument' });
export const releaseHeldBody = z
  .strictObject({
    subject: z.string().min(1).max(200).meta({ description: 'As the exception names it (`subjectKey`)' }),
  })
  .meta({ id: 'ReleaseHeldDocument' });
export const documentAction = z
  .object({ status: z.enum(['queued', 'requested']), reference: z.string() })
  .meta({ id: 'DocumentAction' });
